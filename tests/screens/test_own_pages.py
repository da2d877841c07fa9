"""What the pages of a member's own matters say, and that they stay whole whatever others wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations, pairwise

import pytest
from kivy.metrics import Metrics

from kiosk.flows.campaigns.state import OwnCouponsChosen
from kiosk.flows.children.state import ChildChosen
from kiosk.ports.feedback import CaseReply
from kiosk.ports.values import Language
from kiosk.texts import load_catalogue
from kiosk.texts.days import say_moment
from screens.feedback.face import FaceButton
from screens.preview_campaigns import MANY
from screens.preview_points import ACCOUNT, points_states
from screens.rewards.reward_card import RewardCard
from screens.theme.tokens import COLOURS
from screens.widgets.card import Card
from screens.widgets.entry import Entry
from screens.widgets.key import Key
from screens.widgets.press import Target
from screens.widgets.qr import QRBox
from screens.widgets.text import Text
from tests.screens.lint import faults_of
from tests.screens.screen_views import NOW, Stand, told, views
from tests.screens.shots import picture_of
from tests.support.screen_driver import is_visible

SIZES = pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
SEATED = [
    "menu",
    "menu-campaigns",
    "member",
    "children",
    "campaigns",
    "campaigns-two",
    "case-camera",
    "case-camera-wrong",
    "coupons",
    "rewards",
]
REPLIES = {
    "lines": "您好！\n您反映的问题：\n\n一、收银台\n二、排队\n三、价签\n\n" + "\n".join(f"{n}. 加开" for n in range(1, 30)),
    "english": "We open two more tills from Monday on, and staff at the entrance will tell which queue is the shortest of all. " * 9,
    "one word": "https://member.example/" + "ab-" * 160,
}


@SIZES
@pytest.mark.parametrize("text", REPLIES.values(), ids=REPLIES)
def test_a_reply_is_read_whole_page_by_page_and_none_leaves_its_card(stand: Stand, text: str, *, is_large: bool) -> None:
    view = views(Language.EN, is_large=is_large)["case-replied"]
    case = replace(view.state.case, replies=(CaseReply(text, "2026-11-24"),))
    stand.show(replace(view, state=replace(view.state, case=case)))
    page = stand.router.page_of(view.state)
    read = []
    for leaf in range(int(page.leaves)):
        if leaf:
            stand.tap("feedback.case.next")
            stand.driver.wait(0.4)
        read.append(page.reply)
        words = page.ids.words
        assert words.texture_size[1] <= words.height + 3
        assert faults_of(stand.router) == []
    assert len(read) > 1
    assert "".join("".join(read).split()) == "".join(text.split())


@SIZES
def test_points_that_are_owed_are_told_with_their_number(stand: Stand, *, is_large: bool) -> None:
    stand.preview("points-debt", is_large=is_large)
    assert any("120" in text and "补" in text for text in told(stand))


@SIZES
@pytest.mark.parametrize("label", SEATED)
def test_a_seat_reaches_every_target(stand: Stand, label: str, *, is_large: bool) -> None:
    stand.preview(label, is_large=is_large)
    targets = [part for part in stand.router.walk(restrict=True) if isinstance(part, Target) and not isinstance(part, Key | Entry)]
    for target in targets:
        if is_visible(target) and not target.disabled:
            top, bottom = (stand.router.height - edge for edge in (target.top, target.y))
            assert (bottom - max(top, 1000 * Metrics.dp)) / Metrics.dp >= 87, target.test_id


def test_every_child_is_reached_leaf_by_leaf_in_large_type(stand: Stand) -> None:
    view = stand.preview("children", is_large=True)
    reached = []
    for leaf in range(3):
        if leaf:
            stand.tap("children.next")
            stand.driver.wait(0.4)
        assert faults_of(stand.router) == []
        reached += [event for place in (1, 2) if stand.driver.is_seen(f"children.{place}") for event in stand.tap(f"children.{place}")]
        stand.driver.wait(0.4)
    acting = [child.link_id for child in view.state.children.children if child.is_member]
    assert reached == [ChildChosen(link_id) for link_id in acting]


@SIZES
def test_every_campaign_is_reached_leaf_by_leaf_however_many_run(stand: Stand, *, is_large: bool) -> None:
    view = stand.preview("campaigns-many", Language.EN, is_large=is_large)
    page = stand.router.page_of(view.state)
    reached = []
    for leaf in range(int(page.leaves)):
        if leaf:
            stand.tap("campaigns.next")
            stand.driver.wait(0.4)
        if leaf in (0, 9, page.leaves - 1):
            assert faults_of(stand.router) == []
        rooms = [f"campaigns.{place}" for place in range(3) if stand.driver.is_seen(f"campaigns.{place}")]
        reached += [one.campaign_id for one in page._seen()]
        assert len(rooms) == len(page._seen())
    assert reached == [one.campaign_id for one in MANY]
    assert not stand.driver.is_seen("campaigns.next") or stand.driver.find("campaigns.next").disabled


def test_who_has_taken_part_is_told_where_it_lies_and_not_as_a_fault(stand: Stand) -> None:
    page = stand.router.page_of(stand.preview("campaign-claimed").state)
    assert (page.tone, page.icon) == ("green", "check-circle")
    assert "优惠券在“我的会员”的“优惠券”里" in told(stand)
    assert "怎样就能参加" not in told(stand)
    assert stand.tap("campaign.action") == [OwnCouponsChosen()]


@SIZES
def test_a_campaign_that_is_full_tells_its_days_once_and_where_to_go_on(stand: Stand, *, is_large: bool) -> None:
    stand.preview("campaign-full", is_large=is_large)
    said = [part.text for part in stand.router.walk(restrict=True) if isinstance(part, Text) and is_visible(part)]
    assert [text for text in said if "2098年12月31日" in text] == ["2026年1月1日 至 2098年12月31日"]
    assert {"名额已满", "可以看看其他活动"} <= set(said)


def test_a_campaign_that_has_not_begun_is_not_counted_as_running(stand: Stand) -> None:
    view = views()["campaigns-two"]
    first, second = view.state.campaigns
    later = replace(second, starts=NOW + timedelta(days=30))
    stand.show(replace(view, state=replace(view.state, campaigns=(first, later))))
    assert "本店正在进行 1 项" in told(stand)
    stand.show(replace(view, state=replace(view.state, campaigns=(later,))))
    assert "本店即将开始 1 项" in told(stand)
    menu = views()["menu-campaigns"]
    stand.show(replace(menu, chrome=replace(menu.chrome, campaigns=(first, later))))
    assert "正在进行 1 项" in told(stand)
    stand.show(replace(menu, chrome=replace(menu.chrome, campaigns=(later,))))
    assert "即将开始 1 项" in told(stand)


@SIZES
def test_a_purchase_tells_its_store_and_its_day(stand: Stand, *, is_large: bool) -> None:
    view = stand.preview("purchase", is_large=is_large)
    bought = view.state.detail.purchase
    said = " ".join(told(stand))
    assert bought.store_name in said
    assert say_moment(load_catalogue().in_language("zh-Hans"), bought.sold_at) in said


def test_only_coupons_that_can_be_used_today_are_called_so(stand: Stand) -> None:
    stand.preview("coupons")
    assert {"4", "未用 7"} <= told(stand)


def test_points_of_which_there_are_none_are_not_said_to_be_ready(stand: Stand) -> None:
    stand.preview("points-debt")
    assert "现在就能用" not in told(stand)
    stand.preview("points")
    assert "现在就能用" in told(stand)


@pytest.mark.parametrize(("view", "kind"), [("points", "按批次"), ("entries", "收支明细")])
def test_points_of_a_campaign_are_called_by_its_title(stand: Stand, view: str, kind: str) -> None:
    stand.preview(view)
    said = {one.text for one in stand.router.walk() if isinstance(one, Text) and is_visible(one)}
    assert {kind, "亲子烘焙课春季加开第二期"} <= said
    assert any(text.startswith("活动奖励　2026年") for text in said)


@SIZES
def test_the_lot_of_a_campaign_that_paid_is_called_by_its_title(stand: Stand, *, is_large: bool) -> None:
    stand.preview("entries", is_large=is_large)
    (paid,) = (text for text in told(stand) if text.endswith("1,200 分") and text.startswith("用了"))
    assert "亲子烘焙课春季加开第二期" in paid
    assert faults_of(stand.router) == []


@pytest.mark.parametrize(
    ("view", "is_shown"), [("lost-done", False), ("lost-done-copied", False), ("lost-done-failed", True), ("undone-unknown", True)]
)
def test_the_code_of_a_receipt_is_shown_where_there_may_be_no_paper_and_only_there(stand: Stand, view: str, is_shown: bool) -> None:
    page = stand.router.page_of(stand.preview(view).state)
    assert bool(page.proof) is is_shown
    assert is_visible(page.ids.proof) is is_shown


def test_a_member_without_points_is_not_told_that_they_can_be_used(stand: Stand) -> None:
    view = views()["member"]
    membership = replace(view.state.membership, points_available=0, points_pending=0)
    stand.show(replace(view, state=replace(view.state, membership=membership)))
    assert "积分随时可用" not in told(stand)


@SIZES
def test_the_page_of_a_receipt_says_that_its_code_takes_the_visit_up_elsewhere(stand: Stand, *, is_large: bool) -> None:
    view = stand.preview("redemption", is_large=is_large)
    assert view.state.receipt is not None
    assert [text for text in told(stand) if "15 分钟内" in text]
    # A code that is not there takes up nothing, and one of an earlier visit does not either.
    for other in (replace(view.state, receipt=None), views()["redemption-picked-up"].state):
        stand.show(replace(view, state=other))
        assert not [text for text in told(stand) if "15 分钟内" in text]


@pytest.mark.parametrize("language", list(Language))
def test_the_number_stands_beside_the_tier_as_it_was_drawn(stand: Stand, language: Language) -> None:
    page = stand.router.page_of(stand.preview("member-climbing", language).state)
    tier, number = page.ids.tier, page.ids.number
    assert abs(number.ink_pos[0] - tier.right - 24 * Metrics.dp) <= 2
    assert abs(number.center_y - tier.center_y) <= 1


@SIZES
def test_the_own_code_is_as_large_as_it_was_drawn_and_nothing_stands_on_it(stand: Stand, *, is_large: bool) -> None:
    stand.preview("member-climbing", is_large=is_large)
    (code,) = (part for part in stand.router.walk(restrict=True) if isinstance(part, QRBox) and part.text)
    assert round(code.width / Metrics.dp) == (300 if is_large else 252)
    assert code.side >= code.texture.width * int((5 if is_large else 4) * Metrics.dp)
    assert faults_of(stand.router) == []


def test_paper_of_a_redemption_from_the_list_is_offered_as_the_copy_that_it_is(stand: Stand) -> None:
    stand.preview("redemption")
    assert "打印回执" in told(stand)
    stand.preview("redemption-picked-up")
    assert "再打一张副本" in told(stand)


@SIZES
def test_coupons_to_be_claimed_are_told_apart_from_those_that_can_be_used(stand: Stand, *, is_large: bool) -> None:
    view = stand.preview("member", is_large=is_large)
    held = view.state.membership.coupons
    assert [(one.usable, one.claimable) for one in held] == [(True, False), (False, True)]
    tile = stand.driver.find("member.coupons")
    assert (tile.note, tile.badge) == (("可用 1 · 可领 1", "") if is_large else ("1 张可用", "1 张可领"))
    assert is_large or "1" in told(stand)
    stand.show(replace(view, state=replace(view.state, membership=replace(view.state.membership, coupons=held[:1]))))
    assert (tile.note, tile.badge) == ("1 张可用", "")


def test_a_message_is_promised_to_nobody_who_gets_none(stand: Stand) -> None:
    promise = load_catalogue().in_language("zh-Hans")("feedback.sent.next.2")
    stand.preview("feedback-sent-told")
    assert promise in told(stand)
    stand.preview("feedback-sent")
    assert promise not in told(stand)


def test_the_sample_of_points_adds_up() -> None:
    usable = [lot.points for lot in ACCOUNT.lots if lot.available_on and lot.available_on <= "2026-08-06"]
    assert sum(usable) == ACCOUNT.available
    assert sum(lot.points for lot in ACCOUNT.lots) - sum(usable) == ACCOUNT.pending
    entries = next(state.entries for label, state, _ in points_states() if label == "entries")
    assert entries[0].balance == ACCOUNT.available
    assert all(later.balance - later.points == before.balance for later, before in pairwise(entries))
    assert all(-entry.points == sum(payer.points for payer in entry.payers) for entry in entries if entry.payers)


def test_the_white_half_of_a_reward_has_no_rim_of_the_panels_colour(stand: Stand) -> None:
    page = stand.router.page_of(stand.preview("reward").state)
    card = next(one for one in page.walk() if isinstance(one, RewardCard))
    picture = picture_of(stand.router).convert("RGB")
    left, bottom = card.to_window(*card.pos)
    right, top = round(left + card.width), round(picture.height - bottom - card.height)
    middle, low = top + round(card.height / 2), round(picture.height - bottom)
    inside = [(right - 2, middle), (round(left + card.width * 0.75), top + 2), (round(left + card.width * 0.75), low - 2)]
    assert {picture.getpixel(place) for place in inside} == {COLOURS["surface"]}
    assert picture.getpixel((round(left) + 2, middle)) == COLOURS[card.ground]


def test_the_frame_of_the_chosen_face_keeps_clear_of_its_word_in_large_type(stand: Stand) -> None:
    page = stand.router.page_of(stand.preview("feedback", is_large=True).state)
    button = next(one for one in page.walk() if isinstance(one, FaceButton) and one.is_chosen)
    word = next(one for one in button.walk(restrict=True) if isinstance(one, Text))
    framed = [one for one in button.walk(restrict=True) if isinstance(one, Card) and is_visible(one) and one.edge == "red"]
    assert framed
    assert not [one for one in framed if one.y < word.top and word.y < one.top]


@SIZES
@pytest.mark.parametrize("label", ["member", "member-birthday", "member-card-pending-birthday", "purchases", "redemptions"])
def test_targets_stand_apart(stand: Stand, label: str, *, is_large: bool) -> None:
    page = stand.router.page_of(stand.preview(label, is_large=is_large).state)
    targets = [part for part in page.walk(restrict=True) if isinstance(part, Target) and is_visible(part)]
    assert len(targets) > 3
    for one, other in combinations(targets, 2):
        beside = max(one.x - other.right, other.x - one.right)
        above = max(one.y - other.top, other.y - one.top)
        # A pixel of the window of the tests is two of the drawings.
        assert max(beside, above) / Metrics.dp >= 23, (one.test_id, other.test_id)
