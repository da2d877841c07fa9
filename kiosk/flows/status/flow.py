"""Asking after an application as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.flows.phone_proof.flow import PHONE_PROOF, UNREACHABLE
from kiosk.flows.phone_proof.state import AskingMobile, PhoneLeft, PhoneProved
from kiosk.flows.places import ToIssueCard, ToMenu, ToRegister, ToScan
from kiosk.flows.sign_in.state import ScanChosen
from kiosk.flows.status.state import (
    NUMBER_MAX,
    WHOLE_NUMBER,
    CorrectionChosen,
    EnteringNumber,
    LoadStatus,
    LookingUp,
    NumberTyped,
    ProvingApplicant,
    ShowingStatus,
    StatusLoaded,
    StatusUnavailable,
    WithdrawApplication,
    WithdrawChosen,
    Withdrawing,
)
from kiosk.flows.step import COMMON_EVENTS, Back, Continued, DeskRefused, DeskUnreachable, Flow, Go, RetryChosen, Step
from kiosk.ports.values import ApplicationState, CodePurpose, Draft, Reason

NUMBER_WRONG = Reason("APPLICATION_UNKNOWN")
OPEN_STATES = frozenset({ApplicationState.IN_REVIEW, ApplicationState.HELD, ApplicationState.RETURNED})


def _typed(state: EnteringNumber, event: NumberTyped) -> Step:
    return Step(replace(state, number=event.number[:NUMBER_MAX], reason=None))


def of_number(number: str) -> Step:
    """Return the step that asks for the phone that applied under a number; "" finds the newest of that phone."""
    return Step(ProvingApplicant(number[:NUMBER_MAX], AskingMobile(CodePurpose.STATUS)))


def _number_done(state: EnteringNumber, _event: Continued) -> Step:
    if state.number and not WHOLE_NUMBER.fullmatch(state.number):
        # Before a code is sent for it.
        return Step(replace(state, reason=NUMBER_WRONG))
    return of_number(state.number)


def _scan(state: EnteringNumber, _event: ScanChosen) -> Step:
    return Step(state, (Go(ToScan()),))


def _phone(state: ProvingApplicant, event: Any) -> Step:
    inner = PHONE_PROOF.step(state.phone, event)
    match inner.state:
        case PhoneProved(phone_proof=phone_proof) as proved:
            return Step(LookingUp(state.number, proved), (*inner.effects, LoadStatus(state.number, phone_proof)))
        case PhoneLeft():
            return Step(EnteringNumber(state.number))
        case _:
            return Step(replace(state, phone=inner.state), inner.effects)


def _loaded(state: LookingUp | Withdrawing, event: StatusLoaded) -> Step:
    return Step(ShowingStatus(event.status, state.phone))


def _failed(_state: LookingUp | Withdrawing, event: DeskRefused) -> Step:
    return Step(StatusUnavailable(event.reason))


def _take_card(state: ShowingStatus, _event: Continued) -> Step:
    if state.status.state is ApplicationState.CARD_PENDING:
        return Step(state, (Go(ToIssueCard(state.status.issue_grant)),))
    return _menu(state, _event)


def _withdraw(state: ShowingStatus, _event: WithdrawChosen) -> Step:
    if state.status.state not in OPEN_STATES:
        return Step(state)
    return Step(Withdrawing(state.status, state.phone), (WithdrawApplication(state.status, state.phone.phone_proof),))


def _correct(state: ShowingStatus, _event: CorrectionChosen) -> Step:
    """Lead to the form. The centre gives nobody's data back, so it is empty; what it replaces, and the proved phone, go with it."""
    status, phone = state.status, state.phone
    if status.state is not ApplicationState.RETURNED:
        return Step(state)
    draft = Draft(
        mobile=phone.mobile,
        mobile_masked=phone.mobile_masked,
        phone_proof=phone.phone_proof,
        replaces_application=status.application_number,
        corrections=status.findings,
    )
    return Step(state, (Go(ToRegister(mending=draft)),))


def _menu(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToMenu()),))


_PHONE_RULES: dict[tuple[type, type], Any] = {(ProvingApplicant, event): _phone for event in PHONE_PROOF.events}

STATUS = Flow(
    name="status",
    states=(EnteringNumber, ProvingApplicant, LookingUp, ShowingStatus, Withdrawing, StatusUnavailable),
    events=tuple(
        dict.fromkeys((*COMMON_EVENTS, *PHONE_PROOF.events, NumberTyped, ScanChosen, StatusLoaded, WithdrawChosen, CorrectionChosen))
    ),
    rules={
        **_PHONE_RULES,
        (EnteringNumber, NumberTyped): _typed,
        (EnteringNumber, Continued): _number_done,
        (EnteringNumber, ScanChosen): _scan,
        (EnteringNumber, Back): _menu,
        (LookingUp, StatusLoaded): _loaded,
        (LookingUp, DeskRefused): _failed,
        (LookingUp, DeskUnreachable): lambda _state, _event: Step(StatusUnavailable(UNREACHABLE)),
        (ShowingStatus, Continued): _take_card,
        (ShowingStatus, WithdrawChosen): _withdraw,
        (ShowingStatus, CorrectionChosen): _correct,
        (ShowingStatus, Back): _menu,
        (Withdrawing, StatusLoaded): _loaded,
        (Withdrawing, DeskRefused): _failed,
        (Withdrawing, DeskUnreachable): lambda _state, _event: Step(StatusUnavailable(UNREACHABLE)),
        (StatusUnavailable, RetryChosen): lambda _state, _event: Step(EnteringNumber()),
        (StatusUnavailable, Continued): _menu,
        (StatusUnavailable, Back): _menu,
    },
)
