"""Showing a code, step by step: every way that it can lead, and what the member hears where it leads nowhere."""

from __future__ import annotations

import pytest

from kiosk.flows.member.flow import MEMBER, NEXT_CODE
from kiosk.flows.member.state import CodeMade, LoadingMember, LoadNews, MakeCode, MemberHome, MemberLoaded, MemberUnavailable
from kiosk.flows.places import ToCoupons, ToFeedback, ToMember, ToMenu, ToSignIn, ToStatus
from kiosk.flows.scan.flow import PAUSE, SCAN
from kiosk.flows.scan.state import (
    ApplicationFound,
    CheckingCode,
    CodeShown,
    IdentifyByCode,
    ScanHint,
    Scanning,
    ScanPaused,
    ScanUnavailable,
    UseReceipt,
    VisitResumed,
)
from kiosk.flows.sign_in.state import MemberIdentified, PhoneChosen
from kiosk.flows.step import CardInserted, Continued, DeskRefused, DeskUnreachable, Go, Step, TimeIsUp, Wait
from kiosk.ports.values import Reason
from kiosk.session.beginnings import begin
from tests.support.flow_samples import CARD, MEMBERSHIP, VISITOR

CHECKING = CheckingCode("HM1:1")


def test_a_member_code_and_a_receipt_are_asked_about() -> None:
    assert SCAN.step(Scanning(), CodeShown("member", "HM1:1")) == Step(CHECKING, (IdentifyByCode("HM1:1"),))
    assert SCAN.step(Scanning(), CodeShown("receipt", "HR1:1")) == Step(CheckingCode("HR1:1"), (UseReceipt("HR1:1"),))


def test_the_slip_of_a_case_leads_to_its_case() -> None:
    step = SCAN.step(Scanning(), CodeShown("case", "FB1:1234567897123456"))
    assert step.effects == (Go(ToFeedback(case_digits="1234567897123456")),)
    assert "1234567897123456" not in repr(step.effects)
    flow, first = begin(step.effects[0].place)
    assert (flow.name, type(first.state).__name__) == ("feedback", "LookingUpCase")


def test_the_slip_of_an_application_asks_for_the_phone_that_applied() -> None:
    step = SCAN.step(CHECKING, ApplicationFound("A123"))
    assert step.effects == (Go(ToStatus("A123")),)
    flow, first = begin(step.effects[0].place)
    assert (flow.name, type(first.state).__name__, first.state.number) == ("status", "ProvingApplicant", "A123")


def test_a_member_who_is_known_and_one_who_goes_on_reach_their_pages() -> None:
    assert SCAN.step(CHECKING, MemberIdentified(VISITOR)).effects == (Go(ToMember(VISITOR)),)
    assert SCAN.step(CHECKING, VisitResumed(VISITOR, "coupons")).effects == (Go(ToMember(VISITOR, "coupons")),)
    assert MEMBER.step(LoadingMember(VISITOR, "coupons"), MemberLoaded(MEMBERSHIP)).effects == (Go(ToCoupons(VISITOR)),)


@pytest.mark.parametrize("page", ["", "member", "nowhere", "../coupons"])
def test_a_page_that_is_none_is_the_first_one(page: str) -> None:
    step = MEMBER.step(LoadingMember(VISITOR, page), MemberLoaded(MEMBERSHIP))
    assert step == Step(MemberHome(VISITOR, MEMBERSHIP), (MakeCode("visit"), LoadNews("visit")))


@pytest.mark.parametrize("kind", list(ScanHint))
def test_what_leads_nowhere_is_said_and_the_camera_goes_on(kind: ScanHint) -> None:
    assert SCAN.step(Scanning(), CodeShown(kind)) == Step(Scanning(kind))


def test_too_many_bad_codes_pause_for_as_long_as_the_centre_says() -> None:
    step = SCAN.step(CHECKING, DeskRefused(Reason("MEMBER_CODE_LOCKED"), retry_after_s=30))
    assert step == Step(ScanPaused(30), (Wait(PAUSE, 30),))
    assert SCAN.step(ScanPaused(30), TimeIsUp("other")) == Step(ScanPaused(30))
    assert SCAN.step(ScanPaused(30), TimeIsUp(PAUSE)) == Step(Scanning())


def test_other_ways_stay_open() -> None:
    assert SCAN.step(CHECKING, DeskUnreachable()) == Step(ScanUnavailable(Reason("UNREACHABLE")))
    for state in (Scanning(), ScanPaused(30), ScanUnavailable(Reason("CAMERA_GONE"))):
        assert SCAN.step(state, CardInserted(CARD)).effects == (Go(ToSignIn()),)
        assert SCAN.step(state, PhoneChosen()).effects == (Go(ToSignIn(by_phone=True)),)
    flow, first = begin(ToSignIn(by_phone=True))
    assert (flow.name, type(first.state).__name__) == ("sign_in", "SigningInByPhone")


def test_who_came_with_a_code_or_a_receipt_sees_the_home_without_one_and_it_is_not_asked_for_again() -> None:
    home = MemberHome(VISITOR, MEMBERSHIP)
    assert MEMBER.step(home, DeskRefused(Reason("HOLDER_PROOF"))) == Step(home)
    assert [type(effect) for effect in MEMBER.step(home, DeskRefused(Reason("SERVICE_FAULT"))).effects] == [Wait]


def test_the_home_of_a_visit_that_is_over_leaves_the_screen() -> None:
    shown = MemberHome(VISITOR, MEMBERSHIP, "HM1:1")
    gone = MEMBER.step(shown, DeskRefused(Reason("VISIT_OVER")))
    assert gone == Step(MemberUnavailable(VISITOR, Reason("VISIT_OVER")))
    assert MEMBER.step(gone.state, Continued()).effects == (Go(ToMenu()),)


def test_the_own_code_is_made_anew_and_the_page_works_without() -> None:
    home = MemberHome(VISITOR, MEMBERSHIP)
    shown = MEMBER.step(home, CodeMade("HM1:1", 30))
    assert shown == Step(MemberHome(VISITOR, MEMBERSHIP, "HM1:1"), (Wait(NEXT_CODE, 30),))
    assert MEMBER.step(shown.state, TimeIsUp(NEXT_CODE)).effects == (MakeCode("visit"),)
    assert MEMBER.step(shown.state, TimeIsUp("other")) == Step(shown.state)
    gone = MEMBER.step(shown.state, DeskUnreachable())
    assert (gone.state, type(gone.effects[0])) == (home, Wait)
