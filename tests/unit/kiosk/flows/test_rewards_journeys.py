"""Journeys of redeeming, told as scripts; the centre's answers are events like touches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.phone_proof.state import CodeSent, CodeTyped, CodeVerified, SendCode, VerifyCode
from kiosk.flows.places import ToMember, ToMenu
from kiosk.flows.register.state import CloseRequest, PrintChosen, RequestClosed, SlipFailed, SlipPrinted
from kiosk.flows.rewards.answers import (
    CardUpdated,
    NotQuoted,
    Quoted,
    ReceiptFetched,
    Redeemed,
    RedemptionExplained,
    RedemptionsLoaded,
    RedemptionUndone,
    RewardsLoaded,
)
from kiosk.flows.rewards.choosing import VISIT_OVER, load
from kiosk.flows.rewards.effects import (
    ExplainRedemption,
    FetchReceipt,
    LoadRedemptions,
    LoadRewards,
    PrintRedemption,
    QuoteReward,
    RedeemReward,
    UndoRedemption,
    UpdateCard,
)
from kiosk.flows.rewards.flow import REWARDS
from kiosk.flows.rewards.spending import FIND_OUT, PRICE_CHANGED, REQUEST_CANCELLED, STEP_UP_NEEDED
from kiosk.flows.rewards.state import (
    AlternativeChosen,
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
    OnlyAvailableToggled,
    ProvingSpender,
    QtyStepped,
    Redeeming,
    RedeemUncertain,
    RedemptionChosen,
    RedemptionList,
    RedemptionsChosen,
    RedemptionShown,
    RedemptionWhyChosen,
    RewardChosen,
    RewardList,
    RewardsUnavailable,
    RowsTurned,
    SlipChosen,
    UndoChosen,
    Undoing,
    Undone,
    UndoRefused,
)
from kiosk.flows.slips import PrintDeed
from kiosk.flows.step import Back, Continued, DeskRefused, DeskUnreachable, LanguageSwitched, RetryChosen, StopWait, TimeIsUp, Wait
from kiosk.ports.rewards import Bargain, Pieces, Quote, Reward
from kiosk.ports.values import Language, Reason, Receipt, Visitor
from tests.support.flow_samples import CARD, CHALLENGE, MEMBERSHIP, OWN_REDEMPTION, QUOTE, RECEIPT, REDEMPTION, REWARD, VISITOR, WHY
from tests.support.journey import Journey

SOLD_OUT, SHORT = Reason("OUT_OF_STOCK"), Reason("INSUFFICIENT_AVAILABLE")
GONE = Reward("gone", "晴雨伞", "", "", 30, left=0, refusal=SOLD_OUT, alternative="rice")
RICH = replace(MEMBERSHIP, points_available=1_000)
CARRIER = Visitor("visit", "欧阳**", CARD)


def catalogue(visitor: Visitor = VISITOR, *rewards: Reward) -> Journey:
    return Journey(REWARDS, load(visitor)).asks(LoadRewards).on(RewardsLoaded(RICH, rewards or (REWARD, GONE)))


def quoted(qty: int = 1, quote: Quote = QUOTE) -> Quoted:
    return Quoted(Pieces("rice", qty), quote)


def choice(visitor: Visitor = VISITOR, quote: Quote = QUOTE) -> Journey:
    return catalogue(visitor).on(RewardChosen("rice")).asks(QuoteReward).on(quoted(quote=quote)).expect(Choosing, quote=quote)


def redeeming(visitor: Visitor = VISITOR) -> Journey:
    return choice(visitor).on(Continued()).expect(Redeeming).asks(RedeemReward)


# The catalogue.


def test_from_the_tile_two_touches_lead_to_the_code() -> None:
    journey = catalogue().on(RewardChosen("rice"), quoted(), Continued(), Redeemed(REDEMPTION))
    journey.expect(RedemptionShown, card=CardStanding.NONE, slip="none").asks(StopWait, FetchReceipt)
    assert journey.state.own.redemption.pickup_code == "7KQ-2MX-RT4"


def test_a_catalogue_that_does_not_come_is_asked_for_again() -> None:
    lost = Journey(REWARDS, load(VISITOR)).on(DeskUnreachable()).expect(RewardsUnavailable, reason=UNREACHABLE)
    lost.on(RetryChosen()).expect(LoadingRewards).asks(LoadRewards)
    lost.on(DeskRefused(VISIT_OVER)).on(Continued()).goes(ToMenu)


def test_the_filter_leaves_what_can_be_had_and_begins_at_its_first_row() -> None:
    journey = catalogue().on(RowsTurned(6), OnlyAvailableToggled()).expect(RewardList, is_only_available=True, first=0)
    assert [one.reward_id for one in journey.state.meant] == ["rice"]
    journey.on(OnlyAvailableToggled())
    assert [one.reward_id for one in journey.state.meant] == ["rice", "gone"]
    journey.on(Back()).goes(ToMember)


def test_another_language_asks_for_its_words() -> None:
    catalogue().on(LanguageSwitched(Language.EN)).expect(LoadingRewards).asks(LoadRewards)
    english = replace(REWARD, title="Rice")
    journey = choice().on(QtyStepped(1), LanguageSwitched(Language.EN)).expect(LoadingRewards).asks(LoadRewards)
    # What was chosen stays, pieces included.
    journey.on(RewardsLoaded(RICH, (english,))).expect(Choosing, reward=english, qty=2, quote=None).asks(QuoteReward)
    journey = choice().on(LanguageSwitched(Language.EN), RewardsLoaded(RICH, (GONE,))).expect(RewardList)
    sold_out = replace(english, refusal=SOLD_OUT)
    choice().on(LanguageSwitched(Language.EN), RewardsLoaded(RICH, (sold_out,))).expect(CannotHave, reward=sold_out)


def test_another_language_keeps_filter_and_place_of_the_catalogue() -> None:
    many = tuple(replace(REWARD, reward_id=f"r{at}") for at in range(8))
    listed = catalogue(VISITOR, *many, GONE).on(OnlyAvailableToggled(), RowsTurned(6))
    listed.on(LanguageSwitched(Language.EN), RewardsLoaded(RICH, (*many, GONE))).expect(RewardList, is_only_available=True, first=6)
    fewer = listed.on(LanguageSwitched(Language.ZH_HANT), RewardsLoaded(RICH, many[:6])).expect(RewardList, first=0)
    chosen = fewer.on(RewardChosen("r1"), LanguageSwitched(Language.EN), RewardsLoaded(RICH, many)).expect(Choosing)
    chosen.on(Back()).expect(RewardList, is_only_available=True)


def test_another_language_keeps_the_page_that_says_why() -> None:
    english, other = replace(GONE, title="Umbrella"), replace(REWARD, title="Rice")
    why = catalogue().on(RewardChosen("gone"), LanguageSwitched(Language.EN)).expect(LoadingRewards).asks(LoadRewards)
    why.on(RewardsLoaded(RICH, (other, english))).expect(CannotHave, reward=english, reason=SOLD_OUT, alternative=other)
    # What was refused at the last moment stays refused for that reason, whatever the catalogue says, or where it names it no more.
    refused = Journey(REWARDS, replace(why.state, reward=REWARD, reason=SHORT, frees_on="2026-12-01", alternative=None))
    refused.on(LanguageSwitched(Language.EN), RewardsLoaded(RICH, (other,))).expect(CannotHave, reward=other, reason=SHORT)
    assert refused.state.frees_on == "2026-12-01"
    refused.on(LanguageSwitched(Language.EN), RewardsLoaded(RICH, ())).expect(CannotHave, reward=other, reason=SHORT)
    refused.on(Back()).expect(LoadingRewards).asks(LoadRewards)


def test_what_was_redeemed_is_called_by_the_name_of_another_language() -> None:
    english = replace(OWN_REDEMPTION, title="Rice", store_name="elsewhere")
    bought = redeeming().on(Redeemed(REDEMPTION), LanguageSwitched(Language.EN)).expect(RedemptionShown).asks(LoadRedemptions)
    bought.on(DeskUnreachable()).expect(RedemptionShown).on(RedemptionsLoaded((english,))).expect(RedemptionShown)
    assert (bought.state.own.title, bought.state.own.store_name, bought.state.back) == ("Rice", "", None)
    listed = RedemptionList(VISITOR, (OWN_REDEMPTION,))
    journey = Journey(REWARDS, RedemptionShown(VISITOR, OWN_REDEMPTION, listed)).on(RedemptionsLoaded((english,)))
    journey.expect(RedemptionShown, back=replace(listed, redemptions=(english,)))


def test_why_a_redemption_cost_what_it_did_is_asked_for_once_and_back_leads_to_its_code_first() -> None:
    shown = RedemptionShown(VISITOR, OWN_REDEMPTION)
    journey = Journey(REWARDS, shown).on(RedemptionWhyChosen()).expect(RedemptionShown, is_why=True, why=None).asks(ExplainRedemption)
    journey.on(RedemptionExplained("other", WHY)).expect(RedemptionShown, why=None)
    journey.on(RedemptionExplained("red_1", WHY)).expect(RedemptionShown, why=WHY)
    journey.on(Back()).expect(RedemptionShown, is_why=False).asks()
    journey.on(RedemptionWhyChosen()).expect(RedemptionShown, is_why=True).asks()
    # Where it could not be had, another touch asks again.
    lost = Journey(REWARDS, shown).on(RedemptionWhyChosen(), RedemptionExplained("red_1", ()), RedemptionWhyChosen()).asks()
    lost.on(RedemptionWhyChosen()).asks(ExplainRedemption)


# What cannot be had.


def test_what_cannot_be_had_says_why_and_names_what_comes_nearest() -> None:
    journey = catalogue().on(RewardChosen("gone")).expect(CannotHave, reason=SOLD_OUT, alternative=REWARD).asks()
    journey.on(AlternativeChosen()).expect(Choosing, reward=REWARD, quote=None).asks(QuoteReward)


def test_an_alternative_that_cannot_be_had_either_says_so_too() -> None:
    nearest = replace(REWARD, refusal=SHORT, frees_on="2027-01-01")
    journey = catalogue(VISITOR, nearest, GONE).on(RewardChosen("gone"), AlternativeChosen())
    journey.expect(CannotHave, reason=SHORT, frees_on="2027-01-01", alternative=None).on(AlternativeChosen()).expect(CannotHave)


def test_what_the_quote_refuses_is_said_with_its_alternative() -> None:
    refused = Quote(40, 30, refusal=SHORT, frees_on="2027-02-01", alternative=GONE)
    journey = catalogue().on(RewardChosen("rice"), quoted(quote=refused))
    journey.expect(CannotHave, reason=SHORT, frees_on="2027-02-01", alternative=GONE).on(Back()).expect(LoadingRewards)


def test_out_of_stock_between_choosing_and_confirming_says_so_and_asks_what_comes_nearest() -> None:
    journey = redeeming().on(DeskRefused(SOLD_OUT)).expect(LookingForAlternative, reason=SOLD_OUT).asks(QuoteReward)
    # It came back meanwhile, or not: what was refused was refused.
    journey.on(quoted(quote=Quote(40, 60, refusal=SOLD_OUT, alternative=GONE))).expect(CannotHave, reason=SOLD_OUT, alternative=GONE)


def test_without_an_answer_the_reason_is_still_said() -> None:
    journey = redeeming().on(DeskRefused(SOLD_OUT), NotQuoted(Pieces("rice", 1), UNREACHABLE))
    journey.expect(CannotHave, reason=SOLD_OUT, alternative=None)


# Pieces and price.


def test_pieces_stay_within_stock_limit_and_points_and_each_step_asks_for_the_price() -> None:
    assert choice().state.most == 5
    few = replace(REWARD, left=-1, left_for_member=2)
    journey = catalogue(VISITOR, few).on(RewardChosen("rice"), quoted())
    journey.on(QtyStepped(1)).expect(Choosing, qty=2, quote=None).asks(QuoteReward)
    journey.on(quoted(2), QtyStepped(1)).expect(Choosing, qty=2, quote=QUOTE).asks()
    dear = catalogue(VISITOR, replace(REWARD, points=400)).on(RewardChosen("rice"), QtyStepped(9))
    assert (dear.state.most, dear.state.qty) == (2, 2)
    journey.on(QtyStepped(-9)).expect(Choosing, qty=1)


def test_a_price_for_other_pieces_is_no_price() -> None:
    journey = choice().on(QtyStepped(1), quoted(1)).expect(Choosing, qty=2, quote=None)
    journey.on(Continued()).expect(Choosing, qty=2).asks()
    journey.on(NotQuoted(Pieces("rice", 1), UNREACHABLE)).expect(Choosing)
    journey.on(NotQuoted(Pieces("rice", 2), UNREACHABLE)).expect(RewardsUnavailable)
    journey.on(RetryChosen()).expect(Choosing, qty=2).asks(QuoteReward)


def test_what_is_sent_names_the_price_that_was_read() -> None:
    (asked,) = redeeming().last.effects
    assert asked.bargain == Bargain(Pieces("rice", 1), QUOTE.points)


def test_a_price_that_changed_is_shown_and_asked_about_again_as_another_request() -> None:
    journey = redeeming()
    (before,) = journey.last.effects
    journey.on(DeskRefused(PRICE_CHANGED, points=55)).expect(Choosing, quote=None, was_points=REWARD.points).asks(QuoteReward)
    assert (journey.state.reward.points, journey.state.has_new_price) == (55, True)
    # Nothing is confirmed before it is known what is left.
    journey.on(Continued()).expect(Choosing).asks()
    journey.on(quoted(quote=replace(QUOTE, points=55))).expect(Choosing).on(Continued()).expect(Redeeming).asks(RedeemReward)
    (after,) = journey.last.effects
    assert (after.bargain.agreed_points, after == before) == (55, False)


def test_a_price_that_came_back_meanwhile_is_no_new_one() -> None:
    journey = redeeming().on(DeskRefused(PRICE_CHANGED, points=55), quoted()).expect(Choosing, quote=QUOTE)
    assert not journey.state.has_new_price


def test_a_new_price_is_that_of_a_piece() -> None:
    journey = catalogue().on(RewardChosen("rice"), quoted(), QtyStepped(1), quoted(2, replace(QUOTE, points=2 * REWARD.points)))
    journey.on(Continued(), DeskRefused(PRICE_CHANGED, points=100)).expect(Choosing, qty=2, was_points=REWARD.points)
    assert journey.state.reward.points == 50


def test_a_new_price_that_is_too_high_says_so() -> None:
    journey = redeeming().on(DeskRefused(PRICE_CHANGED, points=5_000), quoted(quote=Quote(5_000, 1_000, refusal=SHORT)))
    journey.expect(CannotHave, reason=SHORT)


def test_a_code_that_was_typed_for_the_old_price_is_not_asked_for_again() -> None:
    journey = choice(quote=replace(QUOTE, needs_code=True)).on(Continued(), CodeSent(CHALLENGE), CodeTyped("123456"), CodeVerified("proof"))
    journey.on(DeskRefused(PRICE_CHANGED, points=55), quoted(quote=replace(QUOTE, points=55, needs_code=True)), Continued())
    journey.expect(Redeeming, phone_proof="proof").on(DeskRefused(STEP_UP_NEEDED)).expect(AskingForCode)


def test_a_reward_that_left_the_catalogue_is_said_to_have() -> None:
    catalogue().on(RewardChosen("rice"), NotQuoted(Pieces("rice", 1), Reason("REWARD_UNKNOWN"))).expect(
        CannotHave, reason=Reason("REWARD_UNKNOWN")
    )


# The code.


def test_above_the_limit_a_code_comes_first_to_the_number_that_nobody_types() -> None:
    journey = choice(quote=replace(QUOTE, needs_code=True)).on(Continued()).expect(AskingForCode).asks(SendCode)
    (sent,) = journey.last.effects
    assert (sent.mobile, sent.visit_token) == ("", "visit")
    journey.on(CodeSent(CHALLENGE)).expect(ProvingSpender).asks(Wait)
    journey.on(CodeTyped("123456")).asks(VerifyCode).on(CodeVerified("proof")).expect(Redeeming, phone_proof="proof")
    asked = next(effect for effect in journey.last.effects if isinstance(effect, RedeemReward))
    assert asked.phone_proof == "proof"


def test_a_limit_that_was_reached_meanwhile_asks_for_a_code_and_goes_on_as_the_same_request() -> None:
    journey = redeeming()
    (before,) = journey.last.effects
    journey.on(DeskRefused(STEP_UP_NEEDED)).expect(AskingForCode).on(CodeSent(CHALLENGE), CodeTyped("123456"), CodeVerified("proof"))
    after = next(effect for effect in journey.last.effects if isinstance(effect, RedeemReward))
    assert after == before, "the proof is no part of the intent"
    assert hash(after) == hash(before)


def test_a_code_that_does_not_come_is_said_and_can_be_asked_for_again() -> None:
    journey = choice(quote=replace(QUOTE, needs_code=True)).on(Continued(), DeskRefused(Reason("CODE_LIMIT"), retry_after_s=60))
    journey.expect(CodeNotSent, reason=Reason("CODE_LIMIT"), wait_s=60).on(RetryChosen()).expect(AskingForCode)
    journey.on(DeskUnreachable()).expect(CodeNotSent, reason=UNREACHABLE).on(Back()).expect(Choosing)


def test_too_many_wrong_codes_end_the_code_and_back_leads_to_the_choice() -> None:
    start = choice(quote=replace(QUOTE, needs_code=True)).on(Continued(), CodeSent(CHALLENGE))
    Journey(REWARDS, start.state).on(Back()).expect(Choosing)
    tried = Journey(REWARDS, start.state).on(CodeTyped("000000"), DeskRefused(Reason("CODE_TRIES_EXHAUSTED")))
    tried.expect(CodeNotSent, reason=Reason("CODE_TRIES_EXHAUSTED"))


# What became of it.


def test_a_lost_answer_is_asked_for_again_as_the_same_request_until_it_is_known() -> None:
    journey = redeeming()
    (first,) = journey.last.effects
    journey.on(DeskUnreachable()).expect(RedeemUncertain).asks(Wait)
    journey.on(TimeIsUp("another")).expect(RedeemUncertain, is_asked=False)
    journey.on(TimeIsUp(FIND_OUT)).expect(RedeemUncertain, is_asked=True)
    assert journey.last.effects == (first,)
    journey.on(DeskUnreachable()).expect(RedeemUncertain, is_asked=False).asks(Wait)
    journey.on(RetryChosen()).expect(Redeeming).on(Redeemed(REDEMPTION)).expect(RedemptionShown)


def test_who_gives_up_learns_whether_it_was_spent() -> None:
    closing = redeeming().on(DeskUnreachable(), Continued()).expect(CancellingRedeem).asks(StopWait, CloseRequest)
    Journey(REWARDS, closing.state).on(RequestClosed(was_applied=False)).expect(NothingSpent).on(Continued()).expect(LoadingRewards)
    Journey(REWARDS, closing.state).on(RequestClosed(was_applied=True)).expect(Redeeming).on(Redeemed(REDEMPTION)).expect(RedemptionShown)
    Journey(REWARDS, closing.state).on(DeskUnreachable()).expect(RedeemUncertain).asks(Wait)


def test_who_gives_up_while_it_is_asked_for_learns_first_what_became_of_that() -> None:
    waiting = redeeming().on(DeskUnreachable(), TimeIsUp(FIND_OUT), Continued()).expect(CancellingRedeem, is_asked=True).asks()
    for answer in (DeskUnreachable(), DeskRefused(SOLD_OUT)):
        closing = Journey(REWARDS, waiting.state).on(answer).expect(CancellingRedeem, is_asked=False)
        closing.asks(StopWait, CloseRequest).on(DeskUnreachable()).expect(RedeemUncertain, is_asked=False).asks(Wait)
    Journey(REWARDS, waiting.state).on(Redeemed(REDEMPTION)).expect(RedemptionShown)


def test_what_the_kiosk_finds_out_by_itself_is_said() -> None:
    asked = redeeming().on(DeskUnreachable(), TimeIsUp(FIND_OUT))
    Journey(REWARDS, asked.state).on(RetryChosen()).expect(Redeeming).asks()
    Journey(REWARDS, asked.state).on(DeskRefused(VISIT_OVER)).expect(RewardsUnavailable).on(RetryChosen()).expect(Redeeming).asks(
        RedeemReward
    )
    Journey(REWARDS, asked.state).on(DeskRefused(REQUEST_CANCELLED)).expect(NothingSpent).asks()


def test_a_reward_that_was_given_up_can_be_had_after_all_by_another_request() -> None:
    redeeming().on(DeskRefused(REQUEST_CANCELLED)).expect(Redeeming).asks(RedeemReward)


def test_a_visit_that_is_over_leads_to_the_menu() -> None:
    redeeming().on(DeskRefused(VISIT_OVER)).expect(RewardsUnavailable).on(Back()).goes(ToMenu)


# The receipt, the paper, the card.


def test_who_came_with_a_card_sees_it_written_and_nothing_hangs_on_it() -> None:
    journey = redeeming(CARRIER).on(Redeemed(REDEMPTION)).expect(RedemptionShown, card=CardStanding.WRITING)
    journey.asks(StopWait, FetchReceipt, UpdateCard)
    Journey(REWARDS, journey.state).on(CardUpdated(is_done=True)).expect(RedemptionShown, card=CardStanding.DONE)
    torn = Journey(REWARDS, journey.state).on(CardUpdated(is_done=False)).expect(RedemptionShown, card=CardStanding.LATER)
    assert torn.state.own.redemption == REDEMPTION


def test_what_became_of_the_card_is_not_lost_behind_the_question() -> None:
    asking = redeeming(CARRIER).on(Redeemed(REDEMPTION), UndoChosen(), CardUpdated(is_done=True)).expect(AskingUndo)
    asking.on(Back()).expect(RedemptionShown, card=CardStanding.DONE)


def test_a_receipt_is_printed_once_and_once_more_as_a_copy() -> None:
    journey = redeeming().on(Redeemed(REDEMPTION), SlipChosen()).expect(RedemptionShown, slip="none").asks(FetchReceipt)
    journey.on(ReceiptFetched("other", Receipt("x", "x"))).expect(RedemptionShown, receipt=None)
    journey.on(ReceiptFetched("red_1", RECEIPT), SlipChosen()).expect(RedemptionShown, slip="printing", is_copy=False).asks(PrintRedemption)
    assert journey.last.effects == (PrintRedemption(RECEIPT, "欧阳**", is_copy=False),)
    journey.on(SlipChosen()).asks().on(SlipPrinted(), SlipChosen()).expect(RedemptionShown, slip="printing", is_copy=True)
    journey.on(SlipPrinted(), SlipChosen()).expect(RedemptionShown, slip="printed").asks()


@pytest.mark.parametrize(("is_unknown", "is_copy"), [(False, False), (True, True)])
def test_what_did_not_come_out_is_printed_anew_and_what_may_have_is_a_copy(is_unknown: bool, is_copy: bool) -> None:
    journey = redeeming().on(Redeemed(REDEMPTION), ReceiptFetched("red_1", RECEIPT), SlipChosen())
    journey.on(SlipFailed(Reason("PAPER_OUT"), is_unknown), SlipChosen()).expect(RedemptionShown, slip="printing", is_copy=is_copy)


def test_a_receipt_that_does_not_come_leaves_the_code_good() -> None:
    journey = redeeming().on(Redeemed(REDEMPTION), ReceiptFetched("red_1", None))
    journey.expect(RedemptionShown, receipt=None, is_receipt_missing=True).on(SlipChosen()).asks(FetchReceipt)


# Giving it back, and the list.


def test_what_proves_that_it_was_given_back_is_printed_and_once_more_as_a_copy() -> None:
    journey = redeeming().on(Redeemed(REDEMPTION), UndoChosen(), Continued(), RedemptionUndone(REDEMPTION, RECEIPT))
    journey.expect(Undone, slip="printing", receipt=RECEIPT).asks(PrintDeed)
    journey.on(SlipFailed(Reason("PAPER_OUT"))).expect(Undone, slip="failed").on(PrintChosen()).asks(PrintDeed)
    assert journey.last.effects == (PrintDeed(RECEIPT, "欧阳**", is_copy=False),)
    journey.on(SlipPrinted(), PrintChosen()).expect(Undone, slip="printing", is_copy=True)
    assert journey.last.effects == (PrintDeed(RECEIPT, "欧阳**", is_copy=True),)


def test_it_is_given_back_after_a_question_and_the_card_is_told() -> None:
    journey = redeeming(CARRIER).on(Redeemed(REDEMPTION), UndoChosen()).expect(AskingUndo).asks()
    journey.on(Continued()).expect(Undoing).asks(UndoRedemption)
    journey.on(RedemptionUndone(REDEMPTION)).expect(Undone, card=CardStanding.WRITING).asks(UpdateCard)
    journey.on(CardUpdated(is_done=False)).expect(Undone, card=CardStanding.LATER).on(Continued()).expect(LoadingRewards)


def test_what_cannot_be_given_back_is_not_asked_for() -> None:
    kept = replace(OWN_REDEMPTION, can_be_undone=False)
    Journey(REWARDS, RedemptionShown(VISITOR, kept)).on(UndoChosen()).expect(RedemptionShown).asks()


def test_a_refused_undo_says_why_and_a_lost_one_is_the_same_request() -> None:
    undoing = redeeming().on(Redeemed(REDEMPTION), UndoChosen(), Continued())
    (first,) = undoing.last.effects
    used = Journey(REWARDS, undoing.state).on(DeskRefused(Reason("PICKUP_USED"))).expect(UndoRefused)
    used.on(Continued()).expect(LoadingRedemptions).asks(LoadRedemptions)
    lost = Journey(REWARDS, undoing.state).on(DeskUnreachable()).expect(UndoRefused, reason=UNREACHABLE).on(RetryChosen())
    assert lost.last.effects == (first,)


def test_the_list_leads_to_each_and_back_with_what_was_bought_elsewhere_without_a_receipt() -> None:
    elsewhere = replace(OWN_REDEMPTION, redemption=replace(REDEMPTION, redemption_id="red_2"), is_here=False)
    journey = catalogue().on(RedemptionsChosen(), RedemptionsLoaded((OWN_REDEMPTION, elsewhere)), RowsTurned(1)).expect(RedemptionList)
    listed = journey.state
    journey.on(RedemptionChosen("red_1")).expect(RedemptionShown, back=listed).asks(FetchReceipt)
    journey.on(ReceiptFetched("red_1", RECEIPT), SlipChosen()).expect(RedemptionShown, is_copy=True)
    journey.on(Continued()).expect(RedemptionList, first=1)
    journey.on(RedemptionChosen("red_2")).expect(RedemptionShown, is_receipt_missing=True).asks().on(SlipChosen()).asks()
    journey.on(Back()).expect(RedemptionList).on(RedemptionChosen("unknown")).expect(RedemptionList).on(Back()).expect(LoadingRewards)


def test_what_a_card_may_not_see_is_shown_without_code_and_no_receipt_is_asked_for() -> None:
    masked = replace(OWN_REDEMPTION, redemption=replace(REDEMPTION, pickup_code=""), can_be_undone=False)
    assert (OWN_REDEMPTION.is_masked, masked.is_masked) == (False, True)
    assert not replace(masked, redemption=replace(masked.redemption, last_day="")).is_masked, "nothing is picked up"
    listed = RedemptionList(VISITOR, (masked,))
    opened = Journey(REWARDS, listed).on(RedemptionChosen(masked.redemption.redemption_id))
    opened.expect(RedemptionShown, is_receipt_missing=True, back=listed).asks()
    for event in (SlipChosen(), UndoChosen()):
        Journey(REWARDS, opened.state).on(event).expect(RedemptionShown, slip="none").asks()


def test_a_list_that_does_not_come_is_asked_for_again() -> None:
    journey = catalogue().on(RedemptionsChosen(), DeskUnreachable()).expect(RewardsUnavailable).on(RetryChosen())
    journey.expect(LoadingRedemptions).asks(LoadRedemptions)
