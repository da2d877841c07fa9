"""Messages of joining: what was asked of the centre, what went wrong, where to go."""

from __future__ import annotations

from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.register.state import (
    Cancelling,
    CheckingGuardian,
    GuardianNeeded,
    GuardianRefused,
    LoadingNotice,
    NotAccepted,
    NoticeUnavailable,
    Submitting,
    SubmitUncertain,
)
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.texts import Texts
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

BACK = Choice("message.back", "button.back", Back())
HOME = Choice("message.home", "button.home", Continued())
RETRY = Choice("message.retry", "button.retry", RetryChosen(), "arrow-counter-clockwise")


def _guardian(_state: GuardianNeeded, tr: Texts) -> Message:
    back = Choice("guardian.back", "guardian.back", Back())
    begin = Choice("guardian.begin", "guardian.begin", Continued(), "arrow-right")
    note = tr("guardian.note")
    return Message(tr("guardian.title"), tr("guardian.body"), "users-three", "gold", "", note, "identification-card", begin, back)


def _checking_guardian(_state: CheckingGuardian, tr: Texts) -> Message:
    return Message(tr("guardian.checking"), tr("guardian.checking.body"), "users-three", "blue")


def _guardian_refused(state: GuardianRefused, tr: Texts) -> Message:
    is_silent = state.reason == UNREACHABLE
    icon = "cloud-slash" if is_silent else "warning-circle"
    again = RETRY if is_silent else Choice("guardian.other", "guardian.other", RetryChosen())
    return Message(reason_title(tr, state.reason), reason_help(tr, state.reason), icon, "warn", primary=HOME, secondary=again)


def _loading(_state: LoadingNotice, tr: Texts) -> Message:
    return Message(tr("notice.loading.title"), tr("notice.loading.body"), "file-text", "blue", secondary=BACK, step=1)


def _unavailable(state: NoticeUnavailable, tr: Texts) -> Message:
    title, why = tr("notice.unavailable.title"), reason_title(tr, state.reason)
    return Message(title, reason_help(tr, state.reason), "cloud-slash", "warn", "", why, "warning-circle", RETRY, BACK, 1)


def _submitting(_state: Submitting, tr: Texts) -> Message:
    return Message(tr("submit.title"), tr("submit.body"), "paper-plane-tilt", "blue", step=4)


def _uncertain(_state: SubmitUncertain, tr: Texts) -> Message:
    give_up = Choice("uncertain.give_up", "uncertain.give_up", Back())
    return Message(tr("uncertain.title"), tr("uncertain.body"), "cloud-slash", "warn", primary=RETRY, secondary=give_up, step=4)


def _cancelling(_state: Cancelling, tr: Texts) -> Message:
    return Message(tr("cancelling.title"), tr("cancelling.body"), "arrow-counter-clockwise", "blue")


def _not_accepted(state: NotAccepted, tr: Texts) -> Message:
    back = BACK if state.draft is not None else None
    return Message(
        reason_title(tr, state.reason), reason_help(tr, state.reason), "warning-circle", "warn", primary=HOME, secondary=back, step=4
    )


MESSAGES: Table = {
    GuardianNeeded: _guardian,
    CheckingGuardian: _checking_guardian,
    GuardianRefused: _guardian_refused,
    LoadingNotice: _loading,
    NoticeUnavailable: _unavailable,
    Submitting: _submitting,
    SubmitUncertain: _uncertain,
    Cancelling: _cancelling,
    NotAccepted: _not_accepted,
}
