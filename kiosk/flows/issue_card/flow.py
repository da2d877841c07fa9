"""Issuing a card as a table.

What may never happen: an active number without a good card, a good card without a number. The centre holds both;
this flow never says "done" before the centre has activated a card that it read back itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
    Order,
    PrintMembershipSlip,
    WaitingForBlank,
    WriteCard,
    WritingCard,
    WritingStopped,
    WrongCard,
)
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.places import ToMember, ToMenu
from kiosk.flows.register.state import PrintChosen, SlipFailed, SlipPrinted
from kiosk.flows.slips import slip_rules
from kiosk.flows.step import (
    COMMON_EVENTS,
    Back,
    CardInserted,
    CardRemoved,
    CardTrouble,
    Continued,
    DeskRefused,
    DeskUnreachable,
    Flow,
    Go,
    RetryChosen,
    Step,
    StopWait,
    TimeIsUp,
    Wait,
)
from kiosk.ports.values import AbortCause, Reason, Visitor

PUT_BACK = "put_back"
PUT_BACK_S = 30.0
CARD_REMOVED = Reason("CARD_REMOVED")
CARD_SPOILED = Reason("CARD_SPOILED")

# Found before the first byte was written: the card is given back, nothing is charged or spoiled.
WRONG_CARDS = frozenset(
    map(
        Reason,
        (
            "CARD_TYPE",
            "CARD_NOT_BLANK",
            "CARD_FOREIGN",
            "CARD_SEVERAL",
            "CARD_ELSEWHERE",
            "CARD_BLOCKED",
            "CARD_LOST",
            "CARD_UNKNOWN",
            "CARD_KEY_VERSION",
        ),
    )
)
_SPOILED = frozenset(map(Reason, ("CARD_SPOILED", "CARD_DAMAGED")))
_AGAIN = frozenset(map(Reason, ("CARD_DIALOG",)))


def _write(order: Order, card: Any, attempt: int, issue_id: str = "") -> Step:
    effects = (StopWait(PUT_BACK), WriteCard(order.grant, card, attempt))
    return Step(WritingCard(order, card, issue_id, attempt=attempt), effects)


def _laid(state: WaitingForBlank, event: CardInserted) -> Step:
    return _write(state.order, event.card, 0)


def _trouble(state: WaitingForBlank | WrongCard, event: CardTrouble) -> Step:
    return Step(WrongCard(state.order, event.reason))


def _progress(state: WritingCard, event: IssueProgress) -> Step:
    return Step(replace(state, issue_id=event.issue_id, stage=event.stage, done=event.done, total=event.total))


def _written(state: WritingCard, event: CardWritten) -> Step:
    return Step(Activating(state.order, state.card, event.issue_id), (ActivateCard(event.issue_id),))


def _stopped(state: WritingCard, event: WritingStopped) -> Step:
    issue_id = event.issue_id or state.issue_id
    if event.reason == CARD_REMOVED:
        pulled = CardPulled(state.order, state.card, issue_id, state.attempt)
        # The card may be back already: its insertion was reported while the dialogue was still failing.
        return Step(pulled, (Wait(PUT_BACK, PUT_BACK_S), LookAtReader()))
    return Step(Interrupted(state.order, state.card, issue_id, event.reason, state.attempt))


def _refused(state: WritingCard, event: DeskRefused) -> Step:
    if event.reason in WRONG_CARDS:
        return Step(WrongCard(state.order, event.reason))
    if event.reason in _SPOILED:
        if not state.issue_id:
            # The centre knew it by its record: nothing was begun, and it is as useless as when it was written.
            return Step(CardSpoiled(state.order, event.reason))
        return _give_up(state.order, state.issue_id, AbortCause.CARD_FAULT, event.reason)
    if event.reason in _AGAIN:
        return Step(Interrupted(state.order, state.card, state.issue_id, event.reason, state.attempt))
    return Step(IssueRefused(event.reason))


def _unreachable(state: WritingCard, _event: DeskUnreachable) -> Step:
    return Step(Interrupted(state.order, state.card, state.issue_id, UNREACHABLE, state.attempt))


def _put_back(state: CardPulled | Interrupted, event: CardInserted) -> Step:
    if event.card.uid != state.card.uid:
        # I7: another card is never written with what belongs to the first.
        return Step(state)
    return _write(state.order, event.card, state.attempt + 1, state.issue_id)


def _not_put_back(state: CardPulled, event: TimeIsUp) -> Step:
    if event.name != PUT_BACK:
        return Step(state)
    return _give_up(state.order, state.issue_id, AbortCause.CARD_GONE, CARD_REMOVED)


def _give_up(order: Order, issue_id: str, cause: AbortCause, reason: Reason) -> Step:
    if not issue_id:
        return Step(WaitingForBlank(order), (StopWait(PUT_BACK), LookAtReader()))
    return Step(GivingUp(order, issue_id, cause, reason), (StopWait(PUT_BACK), AbortIssue(issue_id, cause)))


def _aborted(state: GivingUp, event: IssueAborted) -> Step:
    order = replace(state.order, grant=event.grant or state.order.grant)
    if event.is_spoiled:
        return Step(CardSpoiled(order, state.reason))
    return Step(WaitingForBlank(order), (LookAtReader(),))


def _abort_failed(state: GivingUp, event: DeskRefused | DeskUnreachable) -> Step:
    # The centre keeps the issue open; the half-written card is recognised on its next insertion anywhere.
    return Step(CardSpoiled(state.order, event.reason if isinstance(event, DeskRefused) else UNREACHABLE))


def _again(state: Interrupted, _event: RetryChosen) -> Step:
    return Step(state, (LookAtReader(),))


def _wrong_taken(state: WrongCard, _event: CardRemoved) -> Step:
    return Step(WaitingForBlank(state.order))


def _another(state: CardSpoiled, _event: Continued) -> Step:
    return Step(WaitingForBlank(state.order), (LookAtReader(),))


def _activated(_state: Activating, event: CardActivated) -> Step:
    return Step(CardIssued(event.issued), (PrintMembershipSlip(event.issued, is_copy=False), LookAtReader()))


def _not_activated(_state: Activating, event: DeskRefused) -> Step:
    return Step(IssueRefused(event.reason))


def _activation_lost(state: Activating, _event: DeskUnreachable) -> Step:
    return Step(ActivationUncertain(state.order, state.card, state.issue_id))


def _activate_again(state: ActivationUncertain, _event: RetryChosen) -> Step:
    return Step(Activating(state.order, state.card, state.issue_id), (ActivateCard(state.issue_id),))


def _home(state: CardIssued, _event: HomeChosen) -> Step:
    return Step(state, (Go(ToMember(Visitor(state.issued.visit_token, ""))),))


def _menu(state: Any, _event: Any) -> Step:
    return Step(state, (StopWait(PUT_BACK), Go(ToMenu())))


def _give_up_pulled(state: CardPulled | Interrupted, _event: Back) -> Step:
    return _give_up(state.order, state.issue_id, AbortCause.CARD_GONE, CARD_REMOVED)


def _stop(state: Interrupted, event: Back) -> Step:
    # Who stops before anything was begun is not asked for a blank, nor is the one on the reader written after all.
    return _give_up_pulled(state, event) if state.issue_id else _menu(state, event)


ISSUE_CARD = Flow(
    name="issue_card",
    states=(
        WaitingForBlank,
        WritingCard,
        CardPulled,
        WrongCard,
        Activating,
        ActivationUncertain,
        Interrupted,
        GivingUp,
        CardSpoiled,
        IssueRefused,
        CardIssued,
    ),
    events=(
        *COMMON_EVENTS,
        IssueProgress,
        CardWritten,
        WritingStopped,
        CardActivated,
        IssueAborted,
        SlipPrinted,
        SlipFailed,
        PrintChosen,
        HomeChosen,
    ),
    rules={
        (WaitingForBlank, CardInserted): _laid,
        (WaitingForBlank, CardTrouble): _trouble,
        (WaitingForBlank, Back): _menu,
        (WritingCard, IssueProgress): _progress,
        (WritingCard, CardWritten): _written,
        (WritingCard, WritingStopped): _stopped,
        (WritingCard, DeskRefused): _refused,
        (WritingCard, DeskUnreachable): _unreachable,
        (CardPulled, CardInserted): _put_back,
        (CardPulled, TimeIsUp): _not_put_back,
        (CardPulled, Back): _give_up_pulled,
        (WrongCard, CardRemoved): _wrong_taken,
        (WrongCard, CardTrouble): _trouble,
        (WrongCard, Back): _menu,
        (Activating, CardActivated): _activated,
        (Activating, DeskRefused): _not_activated,
        (Activating, DeskUnreachable): _activation_lost,
        (ActivationUncertain, RetryChosen): _activate_again,
        (ActivationUncertain, Back): _menu,
        (Interrupted, CardInserted): _put_back,
        (Interrupted, RetryChosen): _again,
        (Interrupted, Back): _stop,
        (GivingUp, IssueAborted): _aborted,
        (GivingUp, DeskRefused): _abort_failed,
        (GivingUp, DeskUnreachable): _abort_failed,
        (CardSpoiled, Continued): _another,
        (CardSpoiled, Back): _menu,
        (IssueRefused, Continued): _menu,
        (IssueRefused, Back): _menu,
        (CardIssued, CardRemoved): lambda state, _event: Step(replace(state, is_taken=True)),
        (CardIssued, CardInserted): lambda state, _event: Step(replace(state, is_taken=False)),
        **slip_rules(CardIssued, lambda state: PrintMembershipSlip(state.issued, state.is_copy)),
        (CardIssued, HomeChosen): _home,
    },
)
