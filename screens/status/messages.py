"""Messages of asking after an application."""

from __future__ import annotations

from kiosk.flows.status.state import LookingUp, StatusUnavailable, Withdrawing
from kiosk.flows.step import Back, RetryChosen
from kiosk.texts import Texts
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

RETRY = Choice("message.retry", "button.retry", RetryChosen(), "arrow-counter-clockwise")
BACK = Choice("message.back", "button.return", Back())


def _looking(_state: LookingUp, tr: Texts) -> Message:
    return Message(tr("status.looking"), tr("status.looking.body"), "magnifying-glass", "blue")


def _withdrawing(_state: Withdrawing, tr: Texts) -> Message:
    return Message(tr("status.withdrawing"), tr("status.looking.body"), "arrow-counter-clockwise", "blue")


def _unavailable(state: StatusUnavailable, tr: Texts) -> Message:
    why = reason_title(tr, state.reason)
    title = tr("status.unavailable.title")
    return Message(title, reason_help(tr, state.reason), "warning-circle", "warn", "", why, "info", RETRY, BACK)


MESSAGES: Table = {LookingUp: _looking, Withdrawing: _withdrawing, StatusUnavailable: _unavailable}
