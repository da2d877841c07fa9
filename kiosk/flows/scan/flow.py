"""Showing a code to the camera as a table."""

from __future__ import annotations

from typing import Any

from kiosk.codes.kinds import CodeKind
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.places import ToFeedback, ToMember, ToMenu, ToSignIn, ToStatus
from kiosk.flows.scan.state import (
    ApplicationFound,
    CameraLost,
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
from kiosk.flows.step import (
    COMMON_EVENTS,
    Back,
    CardInserted,
    Continued,
    DeskRefused,
    DeskUnreachable,
    Flow,
    Go,
    RetryChosen,
    Step,
    TimeIsUp,
    Wait,
)
from kiosk.ports.feedback import QR_PREFIX
from kiosk.ports.values import Reason

LOCKED = Reason("MEMBER_CODE_LOCKED")
PAUSE = "scan pause"


def _shown(state: Scanning, event: CodeShown) -> Step:
    match event.kind:
        case CodeKind.MEMBER:
            return Step(CheckingCode(event.text), (IdentifyByCode(event.text),))
        case CodeKind.RECEIPT:
            return Step(CheckingCode(event.text), (UseReceipt(event.text),))
        case CodeKind.CASE:
            return Step(state, (Go(ToFeedback(case_digits=event.text.removeprefix(QR_PREFIX))),))
        case _:
            return Step(Scanning(ScanHint(event.kind)))


def _identified(state: CheckingCode, event: MemberIdentified) -> Step:
    return Step(state, (Go(ToMember(event.visitor)),))


def _resumed(state: CheckingCode, event: VisitResumed) -> Step:
    return Step(state, (Go(ToMember(event.visitor, event.page)),))


def _application(state: CheckingCode, event: ApplicationFound) -> Step:
    return Step(state, (Go(ToStatus(event.number)),))


def _refused(_state: CheckingCode, event: DeskRefused) -> Step:
    if event.reason == LOCKED:
        return Step(ScanPaused(event.retry_after_s), (Wait(PAUSE, event.retry_after_s),))
    # The camera goes on: a code that was refreshed meanwhile is taken without a touch.
    return Step(Scanning(reason=event.reason))


def _pause_over(state: ScanPaused, event: TimeIsUp) -> Step:
    return Step(Scanning()) if event.name == PAUSE else Step(state)


def _sign_in(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToSignIn()),))


def _by_phone(state: Any, _event: PhoneChosen) -> Step:
    return Step(state, (Go(ToSignIn(by_phone=True)),))


def _menu(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToMenu()),))


SCAN = Flow(
    name="scan",
    states=(Scanning, CheckingCode, ScanPaused, ScanUnavailable),
    events=(*COMMON_EVENTS, CodeShown, CameraLost, MemberIdentified, VisitResumed, ApplicationFound, PhoneChosen),
    rules={
        (Scanning, CodeShown): _shown,
        (Scanning, CameraLost): lambda _state, event: Step(ScanUnavailable(event.reason)),
        (Scanning, CardInserted): _sign_in,
        (Scanning, PhoneChosen): _by_phone,
        (Scanning, Back): _menu,
        (CheckingCode, MemberIdentified): _identified,
        (CheckingCode, VisitResumed): _resumed,
        (CheckingCode, ApplicationFound): _application,
        (CheckingCode, DeskRefused): _refused,
        (CheckingCode, DeskUnreachable): lambda _state, _event: Step(ScanUnavailable(UNREACHABLE)),
        (ScanPaused, TimeIsUp): _pause_over,
        (ScanPaused, CardInserted): _sign_in,
        (ScanPaused, PhoneChosen): _by_phone,
        (ScanPaused, Back): _menu,
        (ScanUnavailable, RetryChosen): lambda _state, _event: Step(Scanning()),
        (ScanUnavailable, CardInserted): _sign_in,
        (ScanUnavailable, PhoneChosen): _by_phone,
        (ScanUnavailable, Continued): _menu,
        (ScanUnavailable, Back): _menu,
    },
)
