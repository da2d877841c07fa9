"""Issuing a card and signing in, told as journeys."""

from __future__ import annotations

import pytest

from kiosk.flows.issue_card.flow import ISSUE_CARD
from kiosk.flows.issue_card.state import (
    AbortIssue,
    ActivateCard,
    Activating,
    ActivationUncertain,
    CardActivated,
    CardIssued,
    CardPulled,
    CardSpoiled,
    CardWritten,
    GivingUp,
    HomeChosen,
    Interrupted,
    IssueAborted,
    IssueProgress,
    IssueRefused,
    LookAtReader,
    PrintMembershipSlip,
    WaitingForBlank,
    WriteCard,
    WritingCard,
    WritingStopped,
    WrongCard,
)
from kiosk.flows.places import ToIssueCard, ToMember, ToMenu
from kiosk.flows.register.state import PrintChosen, SlipFailed, SlipPrinted
from kiosk.flows.sign_in.flow import SIGN_IN
from kiosk.flows.sign_in.state import CardUnfinished, CardUnreadable, MemberIdentified, NotIdentified, ReadCard, ReadingCard, WaitingForCard
from kiosk.flows.step import (
    Back,
    CardInserted,
    CardRemoved,
    CardTrouble,
    Continued,
    DeskRefused,
    DeskUnreachable,
    RetryChosen,
    StopWait,
    TimeIsUp,
)
from kiosk.ports.values import AbortCause, CardSeen, IssueStage, Reason
from tests.support.flow_samples import CARD, ISSUED, ORDER, VISITOR
from tests.support.journey import Journey

OTHER_CARD = CardSeen(bytes.fromhex("04ffffffffffff"), CARD.atr)
REMOVED = WritingStopped("issue", Reason("CARD_REMOVED"))


def waiting() -> Journey:
    return Journey(ISSUE_CARD, WaitingForBlank(ORDER))


def writing() -> Journey:
    return waiting().on(CardInserted(CARD)).expect(WritingCard).on(IssueProgress("issue", IssueStage.WRITING, 5, 35))


@pytest.mark.parametrize("reason", ["CARD_FOREIGN", "CARD_TYPE", "CARD_NOT_BLANK", "CARD_ELSEWHERE"])
def test_a_wrong_card_is_given_back_and_nothing_is_aborted(reason: str) -> None:
    waiting().on(CardInserted(CARD), DeskRefused(Reason(reason))).expect(WrongCard, reason=reason).asks().on(CardRemoved()).expect(
        WaitingForBlank
    )


def test_two_cards_on_the_reader() -> None:
    waiting().on(CardTrouble(Reason("CARD_SEVERAL"))).expect(WrongCard, reason="CARD_SEVERAL").on(CardRemoved()).expect(WaitingForBlank)


def test_a_pulled_card_that_comes_back_is_written_on() -> None:
    journey = writing().on(REMOVED).expect(CardPulled).on(CardInserted(CARD)).expect(WritingCard, attempt=1)
    assert WriteCard(ORDER.grant, CARD, 1) in journey.last.effects


def test_another_card_is_never_written_with_what_belongs_to_the_first() -> None:
    writing().on(REMOVED, CardInserted(OTHER_CARD)).expect(CardPulled).asks()


def test_a_card_that_does_not_come_back_is_given_up_and_another_blank_may_be_laid() -> None:
    journey = writing().on(REMOVED, TimeIsUp("put_back")).expect(GivingUp, cause=AbortCause.CARD_GONE)
    assert AbortIssue("issue", AbortCause.CARD_GONE) in journey.last.effects
    journey.on(IssueAborted(is_spoiled=True, grant="second")).expect(CardSpoiled).on(Continued()).expect(WaitingForBlank)
    assert journey.state.order.grant == "second"


def test_a_card_that_cannot_be_written_is_spoiled() -> None:
    journey = writing().on(DeskRefused(Reason("CARD_SPOILED"))).expect(GivingUp, cause=AbortCause.CARD_FAULT)
    journey.on(IssueAborted(is_spoiled=True, grant="second")).expect(CardSpoiled, reason="CARD_SPOILED")


@pytest.mark.parametrize("reason", ["CARD_SPOILED", "CARD_DAMAGED"])
def test_a_spoiled_card_left_on_the_reader_or_laid_again_is_named_again(reason: str) -> None:
    # Known by its record: the centre refuses before anything is begun, so there is nothing to give up.
    journey = Journey(ISSUE_CARD, CardSpoiled(ORDER, Reason(reason))).on(Continued()).expect(WaitingForBlank).asks(LookAtReader)
    journey.on(CardInserted(CARD), DeskRefused(Reason(reason))).expect(CardSpoiled, reason=reason, order=ORDER).asks()
    journey.on(Continued()).expect(WaitingForBlank).asks(LookAtReader)


def test_a_broken_link_waits_for_the_same_card() -> None:
    writing().on(DeskUnreachable()).expect(Interrupted).on(RetryChosen()).asks(LookAtReader).on(CardInserted(CARD)).expect(
        WritingCard, issue_id="issue"
    )


def test_who_stops_before_anything_was_begun_is_not_asked_for_the_blank_that_lies_there() -> None:
    waiting().on(CardInserted(CARD), DeskUnreachable()).expect(Interrupted, issue_id="").on(Back()).goes(ToMenu)


def test_a_blank_that_is_back_before_anything_was_begun_is_looked_at() -> None:
    pulled = Journey(ISSUE_CARD, CardPulled(ORDER, CARD, "", 0))
    pulled.on(TimeIsUp("put_back")).expect(WaitingForBlank).asks(StopWait, LookAtReader)


def test_without_permission_nothing_is_issued() -> None:
    waiting().on(CardInserted(CARD), DeskRefused(Reason("ISSUE_GRANT"))).expect(IssueRefused).on(Continued()).goes(ToMenu)


def test_done_is_only_said_after_activation() -> None:
    journey = writing().on(CardWritten("issue")).expect(Activating).asks(ActivateCard)
    journey.on(DeskUnreachable()).expect(ActivationUncertain).on(RetryChosen()).expect(Activating).asks(ActivateCard)
    journey.on(CardActivated(ISSUED)).expect(CardIssued, is_taken=False).asks(PrintMembershipSlip, LookAtReader)


def test_a_reprint_is_a_copy_and_a_failed_print_is_not() -> None:
    journey = Journey(ISSUE_CARD, CardIssued(ISSUED)).on(PrintChosen()).asks()
    journey.on(SlipFailed(Reason("PAPER_OUT"))).expect(CardIssued, slip="failed").on(PrintChosen())
    assert not journey.last.effects[0].is_copy
    journey.on(SlipPrinted(), PrintChosen())
    assert journey.last.effects[0].is_copy
    journey.on(SlipPrinted(), PrintChosen()).asks()


def test_a_slip_that_may_have_come_out_is_printed_again_as_a_copy() -> None:
    journey = (
        Journey(ISSUE_CARD, CardIssued(ISSUED))
        .on(SlipFailed(Reason("PRINT_TIMED_OUT"), is_unknown=True))
        .expect(CardIssued, slip="unknown")
    )
    journey.on(PrintChosen())
    assert journey.last.effects[0].is_copy


def test_from_the_card_to_the_own_page() -> None:
    place = Journey(ISSUE_CARD, CardIssued(ISSUED)).on(CardRemoved()).expect(CardIssued, is_taken=True).on(HomeChosen()).goes(ToMember)
    assert place.visitor.visit_token == ISSUED.visit_token


@pytest.mark.parametrize("reason", ["CARD_UNKNOWN", "CARD_BLOCKED", "CARD_EXPIRED", "CARD_CLONED", "CARD_FOREIGN"])
def test_each_useless_card_has_its_own_reason(reason: str) -> None:
    journey = Journey(SIGN_IN, WaitingForCard()).on(CardInserted(CARD)).expect(ReadingCard).asks(ReadCard)
    journey.on(DeskRefused(Reason(reason))).expect(NotIdentified, reason=reason).on(CardRemoved()).expect(WaitingForCard)


def test_a_card_pulled_while_it_is_read() -> None:
    journey = Journey(SIGN_IN, WaitingForCard()).on(CardInserted(CARD), CardUnreadable(Reason("CARD_REMOVED")))
    journey.expect(NotIdentified, reason="CARD_REMOVED").on(RetryChosen()).expect(WaitingForCard).asks(LookAtReader)


def test_a_card_that_left_while_it_was_read_is_read_again_when_it_is_back() -> None:
    journey = Journey(SIGN_IN, WaitingForCard()).on(CardInserted(CARD), CardRemoved(), CardUnreadable(Reason("CARD_REMOVED")))
    journey.expect(NotIdentified).on(CardInserted(CARD)).expect(ReadingCard).asks(ReadCard)


def test_a_half_written_card_is_finished() -> None:
    place = Journey(SIGN_IN, WaitingForCard()).on(CardInserted(CARD), CardUnfinished(CARD)).goes(ToIssueCard)
    assert place.grant == ""


def test_a_good_card_greets() -> None:
    assert Journey(SIGN_IN, WaitingForCard()).on(CardInserted(CARD), MemberIdentified(VISITOR)).goes(ToMember).visitor == VISITOR


def test_back_leaves() -> None:
    Journey(SIGN_IN, WaitingForCard()).on(Back()).goes(ToMenu)
