"""Messages of points and purchases."""

from __future__ import annotations

from typing import Any

from kiosk.flows.points.state import (
    LoadingEntries,
    LoadingPoints,
    LoadingPurchase,
    LoadingPurchases,
    PointsUnavailable,
    PreparingStatement,
)
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.texts import Texts
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

BACK = Choice("message.back", "points.back", Back())
RETRY = Choice("message.retry", "button.retry", RetryChosen(), "arrow-counter-clockwise")
HOME = Choice("message.home", "points.back", Continued())


def _loading(state: Any, tr: Texts) -> Message:
    match state:
        case LoadingPurchases() | LoadingPurchase():
            title, icon = tr("points.loading.purchases"), "receipt"
        case PreparingStatement():
            title, icon = tr("points.loading.statement"), "printer"
        case _:
            title, icon = tr("points.loading"), "coins"
    return Message(title, tr("member.loading.body"), icon, "blue", secondary=BACK)


def _unavailable(state: PointsUnavailable, tr: Texts) -> Message:
    why = reason_title(tr, state.reason)
    return Message(tr("points.unavailable"), reason_help(tr, state.reason), "cloud-slash", "warn", "", why, "info", RETRY, HOME)


MESSAGES: Table = {
    LoadingPoints: _loading,
    LoadingEntries: _loading,
    PreparingStatement: _loading,
    LoadingPurchases: _loading,
    LoadingPurchase: _loading,
    PointsUnavailable: _unavailable,
}
