"""Messages of lost and found cards: what is under way, what came of it, what went wrong."""

from __future__ import annotations

from kiosk.flows.lost.state import (
    AskingReplacement,
    AskingTurnIn,
    CardTurnedIn,
    IdentifyingHolder,
    LoadingCard,
    LossFailed,
    LossWithdrawn,
    NoCardYet,
    ReportingLoss,
    TurnInFailed,
    TurningIn,
    WaitingForFound,
    WithdrawingLoss,
)
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.texts import Texts
from screens.coupons.messages import TO_MEMBER
from screens.frame.done import Done
from screens.frame.done import Table as DoneTable
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

RETRY = Choice("message.retry", "button.retry", RetryChosen(), "arrow-counter-clockwise")
BACK = Choice("message.back", "button.return", Back())
HOME = Choice("message.home", "button.home", Continued())
HAND_IN = Choice("lost.turn_in", "lost.turn_in.confirm", Continued(), "hand-heart")
# Where asking again may help: nothing was heard, or somebody was quicker.
_AGAIN = frozenset({UNREACHABLE, "STALE_VERSION", "RATE_LIMITED", "REPLACEMENT_OPEN"})


def _loading(_state: LoadingCard | IdentifyingHolder, tr: Texts) -> Message:
    return Message(tr("lost.loading"), tr("lost.busy.body"), "cardholder", "blue")


def _reporting(_state: ReportingLoss, tr: Texts) -> Message:
    return Message(tr("lost.reporting"), tr("lost.busy.body"), "prohibit", "red")


def _withdrawing(_state: WithdrawingLoss, tr: Texts) -> Message:
    return Message(tr("lost.undoing"), tr("lost.busy.body"), "arrow-counter-clockwise", "blue")


def _asking(_state: AskingReplacement, tr: Texts) -> Message:
    return Message(tr("lost.asking"), tr("lost.busy.body"), "credit-card", "blue")


def _withdrawn(_state: LossWithdrawn, tr: Texts) -> Done:
    return Done(tr("lost.undone"), tr("lost.undone.body"), TO_MEMBER)


def _none(_state: NoCardYet, tr: Texts) -> Message:
    return Message(tr("lost.none"), tr("lost.none.body"), "credit-card", "blue", primary=TO_MEMBER)


def _failed(state: LossFailed, tr: Texts) -> Message:
    way_out = HOME if state.visitor is None else TO_MEMBER
    first, second = (RETRY, way_out) if state.reason in _AGAIN else (way_out, None)
    why = reason_title(tr, state.reason)
    return Message(tr("lost.failed"), reason_help(tr, state.reason), "warning-circle", "warn", "", why, "info", first, second)


def _waiting(state: WaitingForFound, tr: Texts) -> Message:
    note = reason_title(tr, state.reason) if state.reason else ""
    return Message(tr("lost.found.title"), tr("lost.found.body"), pose="wrong" if note else "lay", note=note, secondary=BACK)


def _asking_turn_in(_state: AskingTurnIn, tr: Texts) -> Message:
    return Message(tr("lost.turn_in.title"), tr("lost.turn_in.body"), pose="on", primary=HAND_IN, secondary=BACK)


def _turning_in(_state: TurningIn, tr: Texts) -> Message:
    return Message(tr("lost.turning_in"), tr("lost.busy.body"), pose="on")


def _turned_in(_state: CardTurnedIn, tr: Texts) -> Message:
    return Message(tr("lost.turned_in"), tr("lost.turned_in.body"), "hand-heart", "green", primary=HOME)


def _turn_in_failed(state: TurnInFailed, tr: Texts) -> Message:
    first, second = (RETRY, HOME) if state.reason in _AGAIN else (HOME, None)
    body = reason_title(tr, state.reason)
    note = tr("lost.turn_in.failed.note")
    return Message(tr("lost.turn_in.failed"), body, "warning-circle", "warn", "", note, "hand-heart", first, second)


MESSAGES: Table = {
    LoadingCard: _loading,
    IdentifyingHolder: _loading,
    ReportingLoss: _reporting,
    WithdrawingLoss: _withdrawing,
    AskingReplacement: _asking,
    NoCardYet: _none,
    LossFailed: _failed,
    WaitingForFound: _waiting,
    AskingTurnIn: _asking_turn_in,
    TurningIn: _turning_in,
    CardTurnedIn: _turned_in,
    TurnInFailed: _turn_in_failed,
}

DONE: DoneTable = {LossWithdrawn: _withdrawn}
