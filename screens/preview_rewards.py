"""Made-up rewards and redemptions for pictures and for the check of layouts. No real person is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kiosk.flows.phone_proof.state import AskingCode
from kiosk.flows.rewards.effects import LoadRewards
from kiosk.flows.rewards.state import (
    AskingForCode,
    AskingUndo,
    CancellingRedeem,
    CannotHave,
    CardStanding,
    Choosing,
    CodeNotSent,
    LoadingRedemptions,
    LoadingRewards,
    LookingForAlternative,
    NothingSpent,
    ProvingSpender,
    Redeeming,
    RedeemUncertain,
    RedemptionList,
    RedemptionShown,
    RewardList,
    RewardsUnavailable,
    Undoing,
    Undone,
    UndoRefused,
)
from kiosk.ports.perks import ExplanationLine
from kiosk.ports.points import Climb
from kiosk.ports.rewards import OwnRedemption, Payer, Quote, Redemption, RedemptionState, Reward
from kiosk.ports.values import Challenge, CodePurpose, Membership, Reason, Receipt, Visitor

Row = tuple[str, Any, dict[str, Any]]

VISITOR = Visitor("visit", "欧阳**")
UNREACHABLE = Reason("UNREACHABLE")
STORE = "湖滨店"
# As long as the receipt of a reward with a long name: the code on the page must stay readable.
RECEIPT = Receipt(
    "K03-000187", "HR1:" + "6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3/XIV0W23NTDEXWK G2EP4J0BGJLFX3R3VHXK.PJ:2DPF6R:5SVBWVBDKBYLDZ4D74DWZJ" * 4
)

_TOWEL = Reward("towel", "纯棉毛巾 3 条", "颜色随机", "reward-towel", 1_200, left=60)
_BOWL = Reward("bowl", "青花饭碗 4 只", "一组四只", "reward-bowl", 1_800)
_RICE = Reward("rice", "东北大米 5 千克", "当季新米", "reward-rice", 3_200, left=18, left_for_member=2)
_OIL = Reward("oil", "花生油 5 升", "一桶", "reward-oil", 4_600, left=7, until_day="2026-12-31")
_GONE = Reward("umbrella", "晴雨伞", "", "reward-umbrella", 2_400, left=0, refusal=Reason("OUT_OF_STOCK"), alternative="bowl")
_TIER = Reward(
    "cooker", "电饭煲 4 升", "", "reward-ricecooker", 9_800, left=3, min_tier="platinum", refusal=Reason("TIER_TOO_LOW"), alternative="oil"
)
_ADULT = Reward("wine", "绍兴花雕一坛", "", "", 400, left=8, adult_only=True, refusal=Reason("ADULT_ONLY"), alternative="towel")
_HAD = Reward(
    "eggs", "鲜鸡蛋一盒", "", "reward-eggs", 300, left=24, left_for_member=0, refusal=Reason("LIMIT_REACHED"), alternative="towel"
)
_DEAR = Reward(
    "robot", "扫地机器人礼盒", "", "reward-none", 52_000, left=2, refusal=Reason("INSUFFICIENT_AVAILABLE"), frees_on="2027-02-03"
)
_DEAR = replace(_DEAR, alternative="oil")
_LONG = Reward("long", "Family breakfast basket", "", "reward-tissue", 200, left=1_000)
_ALL = (_TOWEL, _BOWL, _RICE, _OIL, _GONE, _TIER, _ADULT, _HAD, _DEAR, _LONG)

_QUOTE = Quote(3_200, 9_280, (Payer(800, "2026-12-30"), Payer(2_400, "2027-08-30")), last_day="2027-12-10")
_WAITING = Redemption("red_1", RedemptionState.WAITING, 3_200, 9_280, "7KQ-2MX-RT4", "2026-12-10")
_OWN = OwnRedemption(_WAITING, "东北大米 5 千克", "reward-rice", 1, "2026-11-26", STORE, is_here=True, can_be_undone=True)
_PICKED_UP = replace(
    _OWN, redemption=Redemption("red_2", RedemptionState.PICKED_UP, 1_200, 9_280), title="纯棉毛巾 3 条", qty=2, can_be_undone=False
)
_BACK = replace(_PICKED_UP, redemption=Redemption("red_3", RedemptionState.GIVEN_BACK, 400, 9_280), title="晴雨伞", is_here=False)
_OTHER = replace(_BACK, redemption=Redemption("red_4", RedemptionState.OTHER, 52_000, 9_280), title="", made_on="2025-12-31")
_WHY = (
    ExplanationLine("explain.redemption.committed", (("points", "12345"),), "house-2026-11"),
    ExplanationLine("explain.redemption.oldest_first", (("day", "2026-12-31"),)),
    ExplanationLine("explain.redemption.given_back", (("points", "12345"),)),
)


def rewards_states(membership: Membership) -> Iterable[Row]:
    """Yield label, state and change of the chrome."""
    climbing = replace(membership, climb=Climb("platinum", 12_480, 15_000))
    listed = RewardList(VISITOR, climbing, _ALL)
    choice = Choosing(VISITOR, listed, _RICE, 1, _QUOTE)
    yield from _catalogue(listed)
    yield from _choice(choice)
    yield from _spending(choice)
    yield from _owning()


def _catalogue(listed: RewardList) -> Iterable[Row]:
    yield "rewards-loading", LoadingRewards(VISITOR), {}
    yield "rewards", listed, {}
    yield "rewards-second-page", replace(listed, first=6), {}
    yield "rewards-filtered", replace(listed, is_only_available=True), {}
    yield "rewards-none", replace(listed, rewards=_ALL[4:8], is_only_available=True), {}
    yield "rewards-empty", replace(listed, rewards=(), membership=replace(listed.membership, points_expiring=0)), {}
    yield "rewards-offline", listed, {"is_linked": False}
    asks = LoadRewards("visit")
    yield "rewards-unavailable", RewardsUnavailable(VISITOR, UNREACHABLE, LoadingRewards(VISITOR), asks), {"is_linked": False}
    for reward, near in ((_GONE, _BOWL), (_TIER, _OIL), (_ADULT, _TOWEL), (_HAD, None)):
        yield f"reward-refused-{reward.reward_id}", CannotHave(VISITOR, listed, reward, reward.refusal or UNREACHABLE, "", near), {}
    yield "reward-refused-short", CannotHave(VISITOR, listed, _DEAR, Reason("INSUFFICIENT_AVAILABLE"), "2027-02-03", _OIL), {}


def _choice(choice: Choosing) -> Iterable[Row]:
    yield "reward-checking", replace(choice, quote=None), {}
    yield "reward", choice, {}
    yield "reward-two", replace(choice, qty=2, quote=replace(_QUOTE, points=6_400, after=6_080)), {}
    yield "reward-code", replace(choice, reward=_OIL, quote=replace(_QUOTE, points=4_600, after=7_880, needs_code=True)), {}
    yield "reward-endless", replace(choice, reward=_LONG, quote=Quote(200, 12_280, (Payer(200, ""),))), {"is_linked": False}
    dearer = replace(choice, reward=replace(_RICE, points=3_600), quote=replace(_QUOTE, points=3_600, after=8_880), was_points=3_200)
    yield "reward-new-price", dearer, {}
    yield "reward-alternative", LookingForAlternative(VISITOR, choice, Reason("OUT_OF_STOCK")), {}


def _spending(choice: Choosing) -> Iterable[Row]:
    yield "reward-code-sending", AskingForCode(VISITOR, choice), {}
    yield (
        "reward-code-typing",
        ProvingSpender(VISITOR, choice, AskingCode(CodePurpose.REDEEM, "", Challenge("c", "138****8000", 300, 60))),
        {},
    )
    yield "reward-code-not-sent", CodeNotSent(VISITOR, choice, Reason("CODE_LIMIT"), 540), {}
    yield "redeeming", Redeeming(VISITOR, choice), {}
    yield "redeem-uncertain", RedeemUncertain(VISITOR, choice), {"is_linked": False}
    yield "redeem-closing", CancellingRedeem(VISITOR, choice), {}
    yield "redeem-nothing-spent", NothingSpent(VISITOR), {}


def _owning() -> Iterable[Row]:
    new = RedemptionShown(VISITOR, replace(_OWN, made_on="", store_name=""), receipt=RECEIPT)
    listed = RedemptionList(VISITOR, (_OWN, _PICKED_UP, _BACK, _OTHER, _OWN, _BACK))
    yield "redemption", new, {}
    yield "redemption-why", replace(new, is_why=True, why=_WHY), {}
    yield "redemption-why-loading", replace(new, is_why=True), {}
    yield "redemption-card-writing", replace(new, receipt=None, card=CardStanding.WRITING), {}
    yield "redemption-card-done", replace(new, card=CardStanding.DONE, slip="printing"), {}
    yield "redemption-card-later", replace(new, card=CardStanding.LATER, slip="printed"), {}
    yield "redemption-copied", replace(new, slip="printed", is_copy=True), {}
    yield "redemption-not-printed", replace(new, slip="failed", slip_reason=Reason("PAPER_OUT")), {"printer_ok": False}
    yield "redemption-unknown", replace(new, slip="unknown", slip_reason=Reason("PAPER_OUT")), {}
    yield "redemption-no-receipt", replace(new, receipt=None, is_receipt_missing=True), {"is_linked": False}
    yield "redemption-picked-up", RedemptionShown(VISITOR, _PICKED_UP, listed, RECEIPT), {}
    yield "redemption-given-back", RedemptionShown(VISITOR, _BACK, listed, is_receipt_missing=True), {}
    yield "redemption-other", RedemptionShown(VISITOR, _OTHER, listed, is_receipt_missing=True), {}
    masked = replace(_OWN, redemption=replace(_WAITING, pickup_code=""), can_be_undone=False)
    yield "redemption-masked", RedemptionShown(VISITOR, masked, listed, is_receipt_missing=True), {}
    yield "redemptions-masked", replace(listed, redemptions=(masked, _PICKED_UP, _BACK)), {}
    yield "redemptions-loading", LoadingRedemptions(VISITOR), {}
    yield "redemptions", listed, {}
    yield "redemptions-last-page", replace(listed, first=4), {}
    yield "redemptions-none", replace(listed, redemptions=()), {}
    yield "undo-asking", AskingUndo(VISITOR, new), {}
    yield "undoing", Undoing(VISITOR, new), {}
    yield "undo-refused", UndoRefused(VISITOR, new, Reason("PICKUP_USED")), {}
    yield "undo-refused-holder", UndoRefused(VISITOR, new, Reason("HOLDER_PROOF")), {}
    yield "undo-uncertain", UndoRefused(VISITOR, new, UNREACHABLE), {"is_linked": False}
    given_back = replace(_WAITING, state=RedemptionState.GIVEN_BACK, available=12_480, pickup_code="")
    undone = Undone(VISITOR, given_back, CardStanding.LATER, RECEIPT, "printing")
    yield "undone", Undone(VISITOR, given_back), {}
    yield "undone-printing", undone, {}
    yield "undone-copied", replace(undone, slip="printed", is_copy=True), {}
    yield "undone-not-printed", replace(undone, slip="failed"), {"printer_ok": False}
    yield "undone-unknown", replace(undone, slip="unknown"), {}
    yield "undone-card", Undone(VISITOR, _WAITING, CardStanding.WRITING), {}
