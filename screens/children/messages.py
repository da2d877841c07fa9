"""Messages of a guardian's children: what is under way, what taking the consent back does, what went wrong."""

from __future__ import annotations

from kiosk.flows.children.state import (
    ChildrenFailed,
    ConfirmingWithdrawal,
    ConsentWithdrawn,
    LoadingChildren,
    OpeningChild,
    WithdrawingConsent,
)
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.texts import Texts
from screens.children.naming import say_child_shortly
from screens.coupons.messages import TO_MEMBER
from screens.frame.done import Done
from screens.frame.done import Table as DoneTable
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

RETRY = Choice("message.retry", "button.retry", RetryChosen(), "arrow-counter-clockwise")
# Where asking again may help: nothing was heard, or somebody was quicker.
_AGAIN = frozenset({UNREACHABLE, "STALE_VERSION", "RATE_LIMITED"})


def _loading(_state: LoadingChildren | OpeningChild, tr: Texts) -> Message:
    return Message(tr("children.loading"), tr("children.busy"), "users-three", "gold")


def _confirming(state: ConfirmingWithdrawal, tr: Texts) -> Message:
    go = Choice("child.withdraw.confirm", "child.withdraw.confirm", Continued(), "x-circle")
    keep = Choice("child.withdraw.keep", "child.withdraw.keep", Back())
    title, body = tr("child.withdraw.title", name=say_child_shortly(tr, state.child)), tr("child.withdraw.body")
    return Message(title, body, "warning-circle", "warn", "", tr("child.withdraw.final"), "warning-circle", go, keep, holds_name=True)


def _withdrawing(_state: WithdrawingConsent, tr: Texts) -> Message:
    return Message(tr("child.withdrawing"), tr("children.busy"), "x-circle", "red")


def _withdrawn(_state: ConsentWithdrawn, tr: Texts) -> Done:
    done = Choice("children.again", "children.again", Continued())
    return Done(tr("child.withdrawn"), tr("child.withdrawn.body"), done)


def _failed(state: ChildrenFailed, tr: Texts) -> Message:
    first, second = (RETRY, TO_MEMBER) if state.reason in _AGAIN else (TO_MEMBER, None)
    why = reason_title(tr, state.reason)
    return Message(tr("children.failed"), reason_help(tr, state.reason), "warning-circle", "warn", "", why, "info", first, second)


MESSAGES: Table = {
    LoadingChildren: _loading,
    OpeningChild: _loading,
    ConfirmingWithdrawal: _confirming,
    WithdrawingConsent: _withdrawing,
    ChildrenFailed: _failed,
}

DONE: DoneTable = {ConsentWithdrawn: _withdrawn}
