"""Proving a phone number as a table. The centre judges; this part only knows what to ask next."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flows.phone_proof.state import (
    CODE_DIGITS,
    MOBILE_DIGITS_MAX,
    AskingCode,
    AskingMobile,
    CodeSent,
    CodeTyped,
    CodeVerified,
    MobileEntered,
    MobileTyped,
    PhoneLeft,
    PhoneProved,
    ResendChosen,
    SendCode,
    SendingCode,
    VerifyCode,
    VerifyingCode,
)
from kiosk.flows.step import COMMON_EVENTS, Back, DeskRefused, DeskUnreachable, Flow, Step, StopWait, TimeIsUp, Wait
from kiosk.ports.values import Reason

RESEND = "resend"
UNREACHABLE = Reason("UNREACHABLE")
FIELD_REQUIRED = Reason("FIELD_REQUIRED")
CODE_WRONG = Reason("CODE_WRONG")
CODE_EXPIRED = Reason("CODE_EXPIRED")

# After these the same number may not be tried at once; the member sees why and for how long.
_ENDS_CODE = {Reason("CODE_TRIES_EXHAUSTED"), Reason("CODE_LIMIT"), Reason("RATE_LIMITED")}


def send(sending: SendingCode) -> Step:
    """Return the step in which the centre sends a code."""
    return Step(sending, (SendCode(sending.mobile, sending.purpose, sending.attempt, sending.visit_token),))


def _mobile_typed(state: AskingMobile, event: MobileTyped) -> Step:
    return Step(replace(state, mobile=event.mobile[:MOBILE_DIGITS_MAX], reason=None, wait_s=0))


def _mobile_entered(state: AskingMobile, _event: MobileEntered) -> Step:
    if not state.mobile:
        return Step(replace(state, reason=FIELD_REQUIRED))
    return _send(state)


def _send(state: AskingMobile | AskingCode) -> Step:
    visit_token = state.visit_token if isinstance(state, AskingCode) else ""
    return send(SendingCode(state.purpose, state.mobile, state.attempt, visit_token))


def _code_sent(state: SendingCode, event: CodeSent) -> Step:
    asking = AskingCode(state.purpose, state.mobile, event.challenge, attempt=state.attempt + 1, visit_token=state.visit_token)
    return Step(asking, (Wait(RESEND, event.challenge.resend_after_s),))


def _not_sent(state: SendingCode, event: DeskRefused) -> Step:
    return Step(AskingMobile(state.purpose, state.mobile, event.reason, event.retry_after_s, state.attempt))


def _send_unreachable(state: SendingCode, _event: DeskUnreachable) -> Step:
    return Step(AskingMobile(state.purpose, state.mobile, UNREACHABLE, attempt=state.attempt))


def _code_typed(state: AskingCode, event: CodeTyped) -> Step:
    digits = event.digits[:CODE_DIGITS]
    asking = replace(state, digits=digits, reason=None)
    if len(digits) < CODE_DIGITS:
        return Step(asking)
    return Step(VerifyingCode(asking), (VerifyCode(state.challenge.id, digits),))


def _resend_allowed(state: AskingCode, event: TimeIsUp) -> Step:
    return Step(replace(state, may_resend=True)) if event.name == RESEND else Step(state)


def _resend(state: AskingCode, _event: ResendChosen) -> Step:
    if not state.may_resend:
        return Step(state)
    return _send(state)


def _to_mobile(state: AskingCode, _event: Back) -> Step:
    return Step(AskingMobile(state.purpose, state.mobile, attempt=state.attempt), (StopWait(RESEND),))


def _verified(state: VerifyingCode, event: CodeVerified) -> Step:
    asking = state.asking
    return Step(PhoneProved(asking.mobile, asking.challenge.mobile_masked, event.phone_proof), (StopWait(RESEND),))


def _not_verified(state: VerifyingCode, event: DeskRefused) -> Step:
    asking = state.asking
    if event.reason in _ENDS_CODE:
        return Step(AskingMobile(asking.purpose, asking.mobile, event.reason, event.retry_after_s, asking.attempt), (StopWait(RESEND),))
    tries_left = event.tries_left if event.tries_left >= 0 else asking.tries_left
    may_resend = asking.may_resend or event.reason == CODE_EXPIRED
    return Step(replace(asking, digits="", reason=event.reason, tries_left=tries_left, may_resend=may_resend))


def _verify_unreachable(state: VerifyingCode, _event: DeskUnreachable) -> Step:
    return Step(replace(state.asking, digits="", reason=UNREACHABLE))


def _resend_while_verifying(state: VerifyingCode, event: TimeIsUp) -> Step:
    return Step(VerifyingCode(replace(state.asking, may_resend=True))) if event.name == RESEND else Step(state)


PHONE_PROOF = Flow(
    name="phone_proof",
    states=(AskingMobile, SendingCode, AskingCode, VerifyingCode, PhoneProved, PhoneLeft),
    events=(*COMMON_EVENTS, MobileTyped, MobileEntered, CodeTyped, ResendChosen, CodeSent, CodeVerified),
    rules={
        (AskingMobile, MobileTyped): _mobile_typed,
        (AskingMobile, MobileEntered): _mobile_entered,
        (AskingMobile, Back): lambda _state, _event: Step(PhoneLeft()),
        (SendingCode, CodeSent): _code_sent,
        (SendingCode, DeskRefused): _not_sent,
        (SendingCode, DeskUnreachable): _send_unreachable,
        (AskingCode, CodeTyped): _code_typed,
        (AskingCode, TimeIsUp): _resend_allowed,
        (AskingCode, ResendChosen): _resend,
        (AskingCode, Back): _to_mobile,
        (VerifyingCode, CodeVerified): _verified,
        (VerifyingCode, DeskRefused): _not_verified,
        (VerifyingCode, DeskUnreachable): _verify_unreachable,
        (VerifyingCode, TimeIsUp): _resend_while_verifying,
    },
)
