"""Lost and found cards as scripts: who is asked for the phone, what is never offered, what a finder learns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flows.lost.flow import LOST, begin, look_for_found
from kiosk.flows.lost.state import (
    AskingReplacement,
    AskingTurnIn,
    AskingWhich,
    AskReplacement,
    CardLoaded,
    CardLost,
    CardTurnedIn,
    ExplainingLoss,
    FoundChosen,
    IdentifyingHolder,
    LoadCard,
    LoadingCard,
    LossChosen,
    LossFailed,
    LossReported,
    LossTakenBack,
    LossWithdrawn,
    NewCardChosen,
    NoCardYet,
    ProvingHolder,
    ReplacementGranted,
    ReportingLoss,
    ReportLoss,
    TurnInCard,
    TurnInFailed,
    TurningIn,
    TurnInNoted,
    WaitingForFound,
    WithdrawingLoss,
    WithdrawLoss,
    WithdrawLossChosen,
)
from kiosk.flows.member.flow import MEMBER
from kiosk.flows.member.state import MemberHome, TakeCardChosen
from kiosk.flows.phone_proof.state import AskingMobile, CodeVerified, VerifyingCode
from kiosk.flows.places import ToFoundCard, ToIssueCard, ToLostCard, ToMember, ToMenu, ToSignIn
from kiosk.flows.register.state import PrintChosen, SlipFailed, SlipPrinted
from kiosk.flows.sign_in.flow import SIGN_IN
from kiosk.flows.sign_in.state import IdentifyByPhone, MemberIdentified, NotIdentified, ReadingCard
from kiosk.flows.slips import PrintDeed
from kiosk.flows.step import (
    Back,
    CardInserted,
    CardRemoved,
    CardTrouble,
    Continued,
    DeskRefused,
    DeskUnreachable,
    Go,
    RetryChosen,
    StaffWanted,
)
from kiosk.ports.own_card import CardStanding, OwnCard
from kiosk.ports.values import ApplicationState, CardSeen, CodePurpose, Reason, Receipt
from tests.support.flow_samples import ASKING_CODE, CARD, LOST_CARD, MEMBERSHIP, OWN_CARD, RECEIPT, VISITOR
from tests.support.journey import Journey

UNREACHABLE = Reason("UNREACHABLE")
OTHER_RECEIPT = Receipt("D03-000002", "HR1:OTHER")
ASKING_MOBILE = AskingMobile(CodePurpose.SIGN_IN)


def step(state, event):
    return LOST.step(state, event)


# Who may report.


def test_from_the_menu_the_phone_comes_before_anything_is_said_of_a_card() -> None:
    assert begin(None).state == AskingWhich()
    assert step(AskingWhich(), LossChosen()).state == ProvingHolder(ASKING_MOBILE)
    proved = step(ProvingHolder(VerifyingCode(ASKING_CODE)), CodeVerified("proof"))
    assert (proved.state, proved.effects[-1]) == (IdentifyingHolder("proof"), IdentifyByPhone("proof"))
    identified = step(proved.state, MemberIdentified(VISITOR))
    assert (identified.state, identified.effects) == (LoadingCard(VISITOR), (LoadCard("visit"),))


def test_whoever_came_with_a_card_is_asked_for_the_phone_and_cannot_report_before() -> None:
    loading = begin(VISITOR)
    assert loading.state == LoadingCard(VISITOR)
    asked = step(loading.state, CardLoaded(replace(OWN_CARD, is_holder_proved=False)))
    assert asked.state == ProvingHolder(ASKING_MOBILE, VISITOR)
    assert asked.effects == ()
    assert step(asked.state, Back()).effects == (Go(ToMember(VISITOR)),)


def test_a_member_who_never_had_a_card_is_told_so() -> None:
    assert step(LoadingCard(VISITOR), CardLoaded(OwnCard(CardStanding.NONE))).state == NoCardYet(VISITOR)


# Reporting.


def test_nothing_is_reported_before_it_was_explained_and_confirmed() -> None:
    explained = step(LoadingCard(VISITOR), CardLoaded(OWN_CARD))
    assert (explained.state, explained.effects) == (ExplainingLoss(VISITOR, OWN_CARD), ())
    reported = step(explained.state, Continued())
    assert (reported.state, reported.effects) == (ReportingLoss(VISITOR, OWN_CARD), (ReportLoss("visit"),))
    done = step(reported.state, LossReported("2026-11-25"))
    assert (done.state, done.effects) == (CardLost(VISITOR, LOST_CARD), ()), "of a centre that gives no receipt yet"


def test_without_an_answer_the_same_report_is_made_again() -> None:
    lost = step(ReportingLoss(VISITOR, OWN_CARD), DeskUnreachable()).state
    assert lost == LossFailed(ReportingLoss(VISITOR, OWN_CARD), UNREACHABLE)
    again = step(lost, RetryChosen())
    assert (again.state, again.effects) == (ReportingLoss(VISITOR, OWN_CARD), (ReportLoss("visit"),))


@pytest.mark.parametrize("asked", [LoadingCard(VISITOR), ReportingLoss(VISITOR, OWN_CARD), AskingReplacement(VISITOR, LOST_CARD)])
def test_a_refusal_leads_home_and_a_visit_that_is_over_to_the_menu(asked) -> None:
    refused = step(asked, DeskRefused(Reason("LOSS_FINAL"))).state
    assert step(refused, Continued()).effects == (Go(ToMember(VISITOR)),)
    over = step(asked, DeskRefused(Reason("VISIT_OVER"))).state
    assert step(over, Continued()).effects == (Go(ToMenu()),)
    unknown = step(IdentifyingHolder("proof"), DeskRefused(Reason("MEMBER_UNKNOWN"))).state
    assert step(unknown, Continued()).effects == (Go(ToMenu()),)


def test_a_report_is_proved_on_paper_at_once_and_once_more_as_a_copy() -> None:
    journey = Journey(LOST, step(ExplainingLoss(VISITOR, OWN_CARD), Continued())).on(LossReported("2026-11-25", RECEIPT))
    journey.expect(CardLost, card=LOST_CARD, receipt=RECEIPT, slip="printing")
    assert journey.last.effects == (PrintDeed(RECEIPT, VISITOR.name_masked, is_copy=False),)
    journey.on(SlipFailed(Reason("PAPER_OUT"))).expect(CardLost, slip="failed")
    journey.on(PrintChosen(), SlipPrinted(), PrintChosen()).expect(CardLost, slip="printing", is_copy=True)
    assert journey.last.effects == (PrintDeed(RECEIPT, VISITOR.name_masked, is_copy=True),)
    journey.on(SlipPrinted(), PrintChosen()).expect(CardLost, slip="printed").asks()


def test_a_report_that_is_taken_back_is_proved_too_and_one_of_an_earlier_visit_prints_nothing() -> None:
    journey = Journey(LOST, step(CardLost(VISITOR, LOST_CARD, RECEIPT, "printed"), WithdrawLossChosen())).on(LossTakenBack(OTHER_RECEIPT))
    journey.expect(LossWithdrawn, receipt=OTHER_RECEIPT, slip="printing")
    assert journey.last.effects == (PrintDeed(OTHER_RECEIPT, VISITOR.name_masked, is_copy=False),)
    earlier = step(LoadingCard(VISITOR), CardLoaded(LOST_CARD))
    assert (earlier.state, earlier.effects) == (CardLost(VISITOR, LOST_CARD), ())


def test_the_slip_of_the_report_says_nothing_of_that_of_its_end() -> None:
    """It still printed when the member took the report back."""
    journey = Journey(LOST, step(WithdrawingLoss(VISITOR, LOST_CARD), LossTakenBack(OTHER_RECEIPT))).expect(LossWithdrawn, slip="printing")
    journey.on(SlipPrinted(RECEIPT.number)).expect(LossWithdrawn, slip="printing")
    journey.on(SlipFailed(Reason("PAPER_OUT"), number=RECEIPT.number)).expect(LossWithdrawn, slip="printing")
    journey.on(SlipPrinted(OTHER_RECEIPT.number)).expect(LossWithdrawn, slip="printed")


# A new card, later, or a mistake.


def test_a_new_card_is_written_as_the_first_one_was() -> None:
    asked = step(CardLost(VISITOR, LOST_CARD), NewCardChosen())
    assert asked.effects == (AskReplacement("visit"),)
    assert step(asked.state, ReplacementGranted("grant")).effects == (Go(ToIssueCard("grant")),)


def test_where_it_costs_a_fee_no_card_is_asked_for_here() -> None:
    state = CardLost(VISITOR, replace(LOST_CARD, fee_fen=1000))
    assert step(state, NewCardChosen()).effects == ()


def test_later_leads_home_and_home_leads_back_until_there_is_a_new_card() -> None:
    assert step(CardLost(VISITOR, LOST_CARD), Continued()).effects == (Go(ToMember(VISITOR)),)
    home = MemberHome(VISITOR, replace(MEMBERSHIP, card=LOST_CARD))
    assert MEMBER.step(home, TakeCardChosen()).effects == (Go(ToLostCard(VISITOR)),)
    again = step(LoadingCard(VISITOR), CardLoaded(replace(LOST_CARD, may_withdraw=False)))
    assert again.state == CardLost(VISITOR, replace(LOST_CARD, may_withdraw=False))


def test_a_mistake_is_taken_back_only_where_the_centre_says_so() -> None:
    state = CardLost(VISITOR, LOST_CARD)
    taken_back = step(state, WithdrawLossChosen())
    assert (taken_back.state, taken_back.effects) == (WithdrawingLoss(VISITOR, LOST_CARD), (WithdrawLoss("visit"),))
    assert step(taken_back.state, LossTakenBack()).state == LossWithdrawn(VISITOR)
    final = CardLost(VISITOR, replace(LOST_CARD, may_withdraw=False))
    assert step(final, WithdrawLossChosen()).effects == ()


def test_the_first_card_is_written_for_who_proved_the_phone_and_for_nobody_else() -> None:
    waiting = replace(MEMBERSHIP, application_state=ApplicationState.CARD_PENDING, issue_grant="")
    assert MEMBER.step(MemberHome(VISITOR, waiting), TakeCardChosen()).effects == (Go(ToSignIn(by_phone=True)),)
    proved = MemberHome(VISITOR, replace(waiting, issue_grant="grant"))
    assert MEMBER.step(proved, TakeCardChosen()).effects == (Go(ToIssueCard("grant")),)
    member = MemberHome(VISITOR, replace(waiting, application_state=ApplicationState.ACTIVE))
    assert MEMBER.step(member, TakeCardChosen()).effects == ()


# The old card, and found cards.


def test_the_old_card_says_why_and_its_finder_hands_it_in_without_seeing_whose_it_is() -> None:
    refused = SIGN_IN.step(ReadingCard(CARD), DeskRefused(Reason("CARD_LOST"), on_day="2026-11-25")).state
    assert refused == NotIdentified(Reason("CARD_LOST"), by_card=True, on_day="2026-11-25")
    assert SIGN_IN.step(refused, FoundChosen()).effects == (Go(ToFoundCard()),)
    blocked = NotIdentified(Reason("CARD_BLOCKED"), by_card=True)
    assert SIGN_IN.step(blocked, FoundChosen()).effects == ()
    finding = Journey(LOST, look_for_found()).on(CardInserted(CARD)).expect(AskingTurnIn, card=CARD)
    finding.on(Continued()).expect(TurningIn).asks(TurnInCard).on(TurnInNoted()).expect(CardTurnedIn)
    assert step(TurningIn(CARD), TurnInNoted()).effects == (StaffWanted(),)
    assert step(CardTurnedIn(), Continued()).effects == (Go(ToMenu()),)


def test_whoever_takes_the_card_away_again_hands_nothing_in() -> None:
    asking = step(WaitingForFound(), CardInserted(CARD)).state
    assert step(asking, CardRemoved()).state == WaitingForFound()
    other = CardSeen(bytes(7), b"")
    assert step(asking, CardInserted(other)).state == AskingTurnIn(other)


def test_two_cards_are_one_too_many_and_a_card_of_nobody_goes_to_staff() -> None:
    assert step(WaitingForFound(), CardTrouble(Reason("CARD_SEVERAL"))).state == WaitingForFound(Reason("CARD_SEVERAL"))
    failed = step(TurningIn(CARD), DeskRefused(Reason("CARD_UNKNOWN"))).state
    assert failed == TurnInFailed(CARD, Reason("CARD_UNKNOWN"))
    assert step(TurnInFailed(CARD, UNREACHABLE), RetryChosen()).effects == (TurnInCard(CARD),)
