"""Spending: the code before much, the one request, and finding out what became of it where its answer was lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.flows.phone_proof.flow import PHONE_PROOF, RESEND
from kiosk.flows.phone_proof.state import AskingCode, AskingMobile, CodeSent, PhoneLeft, PhoneProved, SendCode, SendingCode
from kiosk.flows.register.state import CloseRequest, RequestClosed
from kiosk.flows.rewards.answers import Redeemed
from kiosk.flows.rewards.choosing import UNREACHABLE, VISIT_OVER, gone, price_changed, unavailable
from kiosk.flows.rewards.effects import RedeemReward
from kiosk.flows.rewards.owning import bought
from kiosk.flows.rewards.state import (
    AskingForCode,
    CancellingRedeem,
    Choosing,
    CodeNotSent,
    NothingSpent,
    ProvingSpender,
    Redeeming,
    RedeemUncertain,
)
from kiosk.flows.step import DeskRefused, Step, StopWait, TimeIsUp, Wait
from kiosk.ports.rewards import Bargain
from kiosk.ports.values import CodePurpose, Reason

FIND_OUT = "find_out"
FIND_OUT_S = 4.0
"""Until what became of a request is asked again: soon enough to be waited for, and no burden to a centre that comes back."""

STEP_UP_NEEDED = Reason("STEP_UP_NEEDED")
REQUEST_CANCELLED = Reason("REQUEST_CANCELLED")
PRICE_CHANGED = Reason("PRICE_CHANGED")


def confirmed(state: Choosing, _event: Any) -> Step:
    """Spend, after a code where one is needed; without a price nothing is confirmed. A code that was typed for the old price will do."""
    if state.quote is None:
        return Step(state)
    return send_code(state, 0) if state.quote.needs_code and not state.phone_proof else redeem(state, state.phone_proof)


# The code.


def send_code(choice: Choosing, attempt: int) -> Step:
    """Return the step in which the centre sends a code to the number that it knows."""
    effect = SendCode("", CodePurpose.REDEEM, attempt, choice.visitor.visit_token)
    return Step(AskingForCode(choice.visitor, choice, attempt), (effect,))


def code_sent(state: AskingForCode, event: CodeSent) -> Step:
    """The code is on its way: it is typed next."""
    asking = AskingCode(CodePurpose.REDEEM, "", event.challenge, attempt=state.attempt + 1)
    return Step(ProvingSpender(state.visitor, state.choice, asking), (Wait(RESEND, event.challenge.resend_after_s),))


def code_refused(state: AskingForCode, event: DeskRefused) -> Step:
    """No code came."""
    return Step(CodeNotSent(state.visitor, state.choice, event.reason, event.retry_after_s))


def code_unreachable(state: AskingForCode, _event: Any) -> Step:
    """No answer came; the same code is asked for again where the member wants it."""
    return Step(CodeNotSent(state.visitor, state.choice, UNREACHABLE))


def prove(state: ProvingSpender, event: Any) -> Step:
    """Go on proving the number; the part that types a number has no place here."""
    inner = PHONE_PROOF.step(state.phone, event)
    match inner.state:
        case PhoneProved(phone_proof=proof):
            return _with(inner.effects, redeem(state.choice, proof))
        case SendingCode(attempt=attempt):
            return send_code(state.choice, attempt)
        case AskingMobile(reason=None) | PhoneLeft():
            return Step(state.choice, inner.effects)
        case AskingMobile(reason=reason, wait_s=wait_s) if reason is not None:
            return Step(CodeNotSent(state.visitor, state.choice, reason, wait_s), inner.effects)
        case _:
            return Step(replace(state, phone=inner.state), inner.effects)


def code_again(state: CodeNotSent, _event: Any) -> Step:
    """Another try."""
    return send_code(state.choice, 0)


def choice_again(state: Any, _event: Any) -> Step:
    """Back to the page before confirming."""
    return Step(state.choice)


# The request.


def redeem(choice: Choosing, proof: str = "") -> Step:
    """Return the step in which points are spent; a second try of the same choice is the same request."""
    return Step(Redeeming(choice.visitor, choice, proof), (_request(choice, proof),))


def _request(choice: Choosing, proof: str) -> RedeemReward:
    agreed = choice.quote.points if choice.quote else 0
    return RedeemReward(choice.visitor.visit_token, Bargain(choice.wanted, agreed), proof)


def redeemed(state: Redeeming | RedeemUncertain | CancellingRedeem, event: Redeemed) -> Step:
    """It is spent: the code is shown at once, receipt and card follow."""
    return _with((StopWait(FIND_OUT),), bought(state.choice, event.redemption))


def refused(state: Redeeming, event: DeskRefused) -> Step:
    """Nothing was spent."""
    choice = state.choice
    match event.reason:
        case reason if reason == STEP_UP_NEEDED:
            # What was spent meanwhile counts too; a proof that was given and is not enough is too old.
            return send_code(choice, 0)
        case reason if reason == REQUEST_CANCELLED:
            # The member gave this request up and wants the reward after all: that is another request.
            return redeem(choice, state.phone_proof)
        case reason if reason == PRICE_CHANGED:
            return price_changed(choice, event.points, state.phone_proof)
        case reason if reason == VISIT_OVER:
            return unavailable(state, reason, _request(choice, state.phone_proof))
        case reason:
            return gone(choice, reason)


def lost(state: Redeeming, _event: Any) -> Step:
    """The answer was lost: it is asked for again until it is known, on its own and when the member wants it."""
    return Step(RedeemUncertain(state.visitor, state.choice, state.phone_proof), (Wait(FIND_OUT, FIND_OUT_S),))


def find_out(state: RedeemUncertain, _event: Any) -> Step:
    """Ask again, as the same request; where the kiosk asks already, its answer will do."""
    if state.is_asked:
        return Step(Redeeming(state.visitor, state.choice, state.phone_proof))
    return _with((StopWait(FIND_OUT),), redeem(state.choice, state.phone_proof))


def time_to_find_out(state: RedeemUncertain, event: TimeIsUp) -> Step:
    """Ask again by itself, which is no wish of the member's: the state stays, and with it the idle time."""
    if event.name != FIND_OUT or state.is_asked:
        return Step(state)
    return Step(replace(state, is_asked=True), (_request(state.choice, state.phone_proof),))


def still_lost(state: RedeemUncertain, _event: Any) -> Step:
    """Still nobody answers."""
    return Step(replace(state, is_asked=False), (Wait(FIND_OUT, FIND_OUT_S),))


def found_refused(state: RedeemUncertain, event: DeskRefused) -> Step:
    """Nothing was spent; a request that the member gave up stays so, as nobody wants it after all."""
    if event.reason == REQUEST_CANCELLED:
        return Step(NothingSpent(state.visitor))
    return refused(Redeeming(state.visitor, state.choice, state.phone_proof), event)


def give_up(state: RedeemUncertain, _event: Any) -> Step:
    """Close the fate of the request: spent, or never."""
    closing = CancellingRedeem(state.visitor, state.choice, state.phone_proof, is_asked=state.is_asked)
    return Step(closing) if state.is_asked else _close(closing)


def _close(state: CancellingRedeem) -> Step:
    closing = replace(state, is_asked=False)
    return Step(closing, (StopWait(FIND_OUT), CloseRequest(_request(state.choice, state.phone_proof))))


def closed(state: CancellingRedeem, event: RequestClosed) -> Step:
    """What had been spent has a receipt; else nothing will ever be."""
    return redeem(state.choice, state.phone_proof) if event.was_applied else Step(NothingSpent(state.visitor))


def not_closed(state: CancellingRedeem, _event: Any) -> Step:
    """Still not known; where it was the request itself that ended so, it is closed now."""
    if state.is_asked:
        return _close(state)
    return Step(RedeemUncertain(state.visitor, state.choice, state.phone_proof), (Wait(FIND_OUT, FIND_OUT_S),))


def _with(effects: tuple[Any, ...], step: Step) -> Step:
    return Step(step.state, (*effects, *step.effects))
