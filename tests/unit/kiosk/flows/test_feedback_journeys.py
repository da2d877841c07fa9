"""Feedback as scripts of events: the shortest way, what is lost on the way and comes back, and following a case up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.flows.feedback.flow import FEEDBACK
from kiosk.flows.feedback.state import (
    AboutChosen,
    AnonymousToggled,
    CaseDigitsTyped,
    CaseLoaded,
    CaseUnavailable,
    ChoosingAbout,
    EnteringCase,
    FaceChosen,
    FeedbackReceived,
    FeedbackSent,
    FollowUpChosen,
    GiveVerdict,
    JudgingCase,
    LoadCase,
    LookingUpCase,
    NotSent,
    PrintFeedbackSlip,
    QuickToggled,
    Saying,
    SendingFeedback,
    ShowingCase,
    SubmitFeedback,
    Typed,
    VerdictGiven,
    WordsTyped,
    Writing,
    WritingChosen,
)
from kiosk.flows.home.flow import HOME
from kiosk.flows.home.state import Journey, JourneyChosen, Menu
from kiosk.flows.places import ToAttract, ToFeedback, ToMember, ToMenu, ToScan, ToSignIn
from kiosk.flows.register.state import SlipFailed
from kiosk.flows.sign_in.state import PhoneChosen, ScanChosen
from kiosk.flows.step import Back, Continued, DeskRefused, DeskUnreachable, Go, RetryChosen
from kiosk.ports import feedback as port
from kiosk.ports.feedback import LONGEST_TEXT, QUICK_OF_FACE, CaseKey, Quick, Said, Verdict
from kiosk.ports.values import Reason, Visitor
from kiosk.session.beginnings import begin
from kiosk.session.goals import Goal
from server_stub.domain.feedback import case as centre_case
from server_stub.domain.feedback import numbers as centre_numbers
from server_stub.domain.feedback.phrases import OF_FACE
from tests.support.flow_samples import CASE, TICKET, VISITOR


def play(state: Any, *happened: Any) -> tuple[Any, list[Any]]:
    """Return the last state and all effects."""
    effects: list[Any] = []
    for event in happened:
        step = FEEDBACK.step(state, event)
        state = step.state
        effects += step.effects
    return state, effects


def test_three_taps_lead_from_the_menu_to_the_centre() -> None:
    assert HOME.step(Menu(), JourneyChosen(Journey.FEEDBACK)).effects == (Go(ToFeedback()),)
    state, effects = play(Saying(None), FaceChosen(2), Continued())
    assert effects == [SubmitFeedback("", Said(2))]
    sent, effects = play(state, FeedbackReceived(TICKET))
    assert sent == FeedbackSent(None, TICKET)
    assert effects == [PrintFeedbackSlip(TICKET)]


def test_nothing_is_sent_without_a_face() -> None:
    assert play(Saying(None), Continued()) == (Saying(None), [])
    assert play(Saying(None), FaceChosen(6)) == (Saying(None), [])


def test_phrases_fit_the_face_and_go_with_it() -> None:
    state, _ = play(Saying(None), QuickToggled(Quick.STAFF_KIND))
    assert state.said.quick == ()
    state, _ = play(state, FaceChosen(4), QuickToggled(Quick.STAFF_KIND), QuickToggled(Quick.CHECKOUT_SLOW), QuickToggled(Quick.STAFF_RUDE))
    assert state.said.quick == (Quick.STAFF_KIND, Quick.CHECKOUT_SLOW)
    state, _ = play(state, FaceChosen(1))
    assert state.said.quick == (Quick.CHECKOUT_SLOW,)
    state, _ = play(state, QuickToggled(Quick.CHECKOUT_SLOW))
    assert state.said.quick == ()


def test_kiosk_and_centre_agree_on_phrases_lists_and_numbers() -> None:
    assert {face: {one.value.upper() for one in quick} for face, quick in QUICK_OF_FACE.items()} == {
        face: {one.value for one in phrases} for face, phrases in OF_FACE.items()
    }
    for ours, theirs in (
        (port.Category, centre_case.Category),
        (port.Department, centre_case.Department),
        (port.CaseState, centre_case.CaseState),
        (port.Verdict, centre_case.Verdict),
    ):
        assert {one.value.upper() for one in ours} == {one.value for one in theirs}
    assert (port.NUMBER_DIGITS, port.SECRET_DIGITS, port.QR_PREFIX) == (
        centre_numbers.NUMBER_DIGITS, centre_numbers.SECRET_DIGITS, centre_numbers.QR_PREFIX,
    )  # fmt: skip


def test_an_anonymous_member_sends_no_token() -> None:
    _, named = play(Saying(VISITOR), FaceChosen(3), Continued())
    _, anonymous = play(Saying(VISITOR), FaceChosen(3), AnonymousToggled(), Continued())
    assert named[0].visit_token == "visit"
    assert anonymous[0].visit_token == ""


def test_words_are_cut_where_they_end_and_go_to_their_field() -> None:
    state, _ = play(Saying(None), FaceChosen(3), WritingChosen(), WordsTyped("好" * 500), WritingChosen(Typed.RECEIPT_NUMBER))
    assert isinstance(state, Writing)
    state, _ = play(state, WordsTyped("2" * 100), Continued())
    assert (len(state.said.text), len(state.said.receipt_number), state.said.face) == (LONGEST_TEXT, 40, 3)


@pytest.mark.parametrize("ending", [Continued(), Back()])
def test_who_was_choosing_what_it_is_about_comes_back_there_from_the_keyboard(ending: Any) -> None:
    """Department and category are chosen beside the receipt's number: to open the page again for each is a touch too many."""
    opened = (FaceChosen(3), AboutChosen(), WritingChosen(Typed.RECEIPT_NUMBER), WordsTyped("20"))
    assert play(Saying(None), *opened, ending)[0] == ChoosingAbout(None, Said(3, receipt_number="20"))
    assert isinstance(play(Saying(None), *opened, WritingChosen(Typed.TEXT), ending)[0], ChoosingAbout)


@pytest.mark.parametrize("failure", [DeskUnreachable(), DeskRefused(Reason("RATE_LIMITED"), retry_after_s=540)])
def test_what_was_said_is_not_lost_and_is_sent_again_as_it_was(failure: Any) -> None:
    state, effects = play(Saying(VISITOR), FaceChosen(2), Continued(), failure)
    assert isinstance(state, NotSent)
    assert state.wait_s == getattr(failure, "retry_after_s", 0)
    again, more = play(state, RetryChosen())
    assert isinstance(again, SendingFeedback)
    assert more == effects
    assert play(state, Back())[0] == Saying(VISITOR, Said(2))


def test_what_was_written_in_a_visit_that_is_over_is_sent_without_a_name_or_after_signing_in_again() -> None:
    written = Said(2, text="排队太久")
    state, _ = play(Saying(VISITOR, written), Continued(), DeskRefused(Reason("VISIT_OVER")))
    nameless, effects = play(state, AnonymousToggled())
    assert nameless == SendingFeedback(VISITOR, replace(written, is_anonymous=True))
    assert effects == [SubmitFeedback("", replace(written, is_anonymous=True))]
    again, effects = play(state, Continued())
    assert (again, effects) == (state, [Go(ToSignIn(said=written))])
    goal, member = Goal(), Visitor("next visit", "欧阳**")
    goal.on_the_way(ToSignIn(said=written))
    flow, first = begin(goal.on_the_way(ToMember(member)))
    assert (flow.name, first.state) == ("feedback", Saying(member, written))
    for left in (ToMenu(), ToAttract()):
        goal.on_the_way(ToSignIn(said=written))
        goal.on_the_way(left)
        assert goal.on_the_way(ToMember(member)) == ToMember(member), "the next member sees nothing of it"
    assert written.text not in repr(ToSignIn(said=written)) + repr(ToFeedback(said=written))


def test_what_may_have_been_received_with_a_name_is_not_sent_without_one() -> None:
    state, _ = play(Saying(VISITOR), FaceChosen(2), Continued(), DeskUnreachable())
    assert play(state, AnonymousToggled()) == (state, [])
    assert play(state, Continued()) == (state, [])


def test_without_paper_the_ticket_stays_on_the_screen() -> None:
    state, _ = play(FeedbackSent(None, TICKET), SlipFailed(Reason("PAPER_OUT")))
    assert state == FeedbackSent(None, TICKET, "failed")


@pytest.mark.parametrize(("visitor", "place"), [(None, ToMenu()), (VISITOR, ToMember(VISITOR))])
def test_everybody_comes_back_to_where_they_came_from(visitor: Any, place: Any) -> None:
    for state in (Saying(visitor), FeedbackSent(visitor, TICKET), ShowingCase(visitor, CASE, CaseKey("1"))):
        assert play(state, Back())[1] == [Go(place)]


def test_a_slip_is_typed_or_read() -> None:
    state, _ = play(Saying(None), FollowUpChosen(), CaseDigitsTyped("1234 5678 97"), Continued())
    assert state == EnteringCase(None, "1234567897", Reason("CASE_UNKNOWN"))
    read, effects = play(state, CaseDigitsTyped(TICKET.code), Continued())
    assert read == LookingUpCase(None, TICKET.digits)
    assert effects == [LoadCase(CaseKey("1234567897", secret="123456"))]


def test_the_code_of_a_slip_is_shown_to_the_camera_unless_somebody_is_signed_in() -> None:
    assert play(EnteringCase(None), ScanChosen())[1] == [Go(ToScan())]
    assert play(EnteringCase(VISITOR), ScanChosen()) == (EnteringCase(VISITOR), [])


def test_a_member_sees_the_newest_case_or_types_a_slip() -> None:
    looking, effects = play(Saying(VISITOR), FollowUpChosen())
    assert effects == [LoadCase(CaseKey(visit_token="visit"))]
    shown, _ = play(looking, CaseLoaded(CASE))
    assert shown.key == CaseKey(CASE.number, visit_token="visit")
    assert play(looking, DeskRefused(Reason("CASE_UNKNOWN")))[0] == EnteringCase(VISITOR)


@pytest.mark.parametrize("refused", [Reason("CASE_UNKNOWN"), Reason("HOLDER_PROOF")])
@pytest.mark.parametrize("visitor", [None, VISITOR])
def test_what_is_said_of_a_campaign_is_still_said_of_it_after_a_look_at_an_older_case(visitor: Any, refused: Reason) -> None:
    saying = Saying(visitor, Said(campaign_id="cmp_1"))
    first = (FollowUpChosen(), DeskRefused(refused), RetryChosen()) if visitor else (FollowUpChosen(),)
    wrong = (CaseDigitsTyped(TICKET.digits), Continued(), DeskUnreachable(), RetryChosen(), DeskRefused(Reason("CASE_UNKNOWN")))
    assert play(saying, *first, *wrong, RetryChosen(), Back())[0] == saying


def test_who_came_with_a_card_is_led_to_the_phone_or_to_the_slip() -> None:
    looking, _ = play(Saying(VISITOR), FollowUpChosen())
    refused, _ = play(looking, DeskRefused(Reason("HOLDER_PROOF")))
    assert play(refused, PhoneChosen())[1] == [Go(ToSignIn(by_phone=True))]
    assert play(refused, RetryChosen())[0] == EnteringCase(VISITOR)


def test_a_wrong_slip_is_typed_again_and_a_lost_link_asked_again() -> None:
    looking = LookingUpCase(None, TICKET.digits)
    wrong, _ = play(looking, DeskRefused(Reason("CASE_UNKNOWN")))
    assert isinstance(wrong, CaseUnavailable)
    assert play(wrong, RetryChosen())[0] == EnteringCase(None)
    lost, _ = play(looking, DeskUnreachable())
    assert play(lost, RetryChosen())[0] == looking


def test_a_verdict_is_given_once_and_a_lost_answer_looks_at_the_case() -> None:
    key = CaseKey("1234567897", secret="123456")
    showing = ShowingCase(None, CASE, key)
    judging, effects = play(showing, VerdictGiven(Verdict.HELPED))
    assert isinstance(judging, JudgingCase)
    assert effects == [GiveVerdict(key, Verdict.HELPED)]
    judged = replace(CASE, may_judge=False, verdict=Verdict.HELPED)
    assert play(judging, CaseLoaded(judged), VerdictGiven(Verdict.NOT_HELPED)) == (ShowingCase(None, judged, key), [])
    lost, _ = play(judging, DeskUnreachable())
    assert play(lost, RetryChosen())[1] == [LoadCase(key)]
