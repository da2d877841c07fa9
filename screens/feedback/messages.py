"""Messages of feedback."""

from __future__ import annotations

from kiosk.flows.feedback.flow import NEEDS_HOLDER, VISIT_OVER
from kiosk.flows.feedback.state import AnonymousToggled, CaseUnavailable, JudgingCase, LookingUpCase, NotSent, SendingFeedback
from kiosk.flows.sign_in.state import PhoneChosen
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.texts import Texts
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

RETRY = Choice("message.retry", "button.retry", RetryChosen(), "arrow-counter-clockwise")
BACK = Choice("message.back", "button.return", Back())
BY_PHONE = Choice("feedback.case.by_phone", "sign_in.phone", PhoneChosen(), "device-mobile")
BY_SLIP = Choice("feedback.case.by_slip", "feedback.case.by_slip", RetryChosen())
SIGN_IN = Choice("feedback.sign_in", "feedback.sign_in", Continued())
WITHOUT_NAME = Choice("feedback.without_name", "feedback.without_name", AnonymousToggled())
_MINUTE_S = 60


def _sending(_state: SendingFeedback, tr: Texts) -> Message:
    return Message(tr("feedback.sending"), tr("feedback.sending.body"), "paper-plane-tilt", "blue")


def _not_sent(state: NotSent, tr: Texts) -> Message:
    if state.reason == VISIT_OVER:
        # Sent as before it would be refused again.
        over, body = reason_title(tr, state.reason), tr("feedback.not_sent.over")
        return Message(tr("feedback.not_sent"), body, "warning-circle", "warn", "", over, "info", SIGN_IN, WITHOUT_NAME)
    body = tr("feedback.not_sent.wait", count=_minutes(state.wait_s)) if state.wait_s else tr("feedback.not_sent.body")
    why = reason_title(tr, state.reason)
    return Message(tr("feedback.not_sent"), body, "warning-circle", "warn", "", why, "info", *_ways_on(state.wait_s))


def _looking(_state: LookingUpCase, tr: Texts) -> Message:
    return Message(tr("feedback.looking"), tr("feedback.sending.body"), "magnifying-glass", "blue")


def _judging(_state: JudgingCase, tr: Texts) -> Message:
    return Message(tr("feedback.judging"), tr("feedback.sending.body"), "thumbs-up", "blue")


def _unavailable(state: CaseUnavailable, tr: Texts) -> Message:
    why = reason_title(tr, state.reason)
    if state.reason == NEEDS_HOLDER:
        return Message(why, tr("feedback.case.holder"), "shield-check", "blue", primary=BY_PHONE, secondary=BY_SLIP)
    body = tr("feedback.case.wait", count=_minutes(state.wait_s)) if state.wait_s else reason_help(tr, state.reason)
    return Message(tr("feedback.case.unavailable"), body, "warning-circle", "warn", "", why, "info", *_ways_on(state.wait_s))


def _ways_on(wait_s: int) -> tuple[Choice, Choice | None]:
    # Before the wait is over another try is refused again.
    return (BACK, None) if wait_s else (RETRY, BACK)


def _minutes(seconds: int) -> int:
    return -(-seconds // _MINUTE_S)


MESSAGES: Table = {
    SendingFeedback: _sending,
    NotSent: _not_sent,
    LookingUpCase: _looking,
    JudgingCase: _judging,
    CaseUnavailable: _unavailable,
}
