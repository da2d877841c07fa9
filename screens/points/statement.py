"""The statement to take along: on paper, and as a code that a telephone reads without a network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kivy.properties import StringProperty

from kiosk.flows.points.state import PrintAgainChosen, StatementReady
from kiosk.flows.step import Continued
from kiosk.ports.display import Chrome
from kiosk.ports.points import PointsLot, Statement
from kiosk.texts import Texts
from kiosk.texts.days import say_day, say_moment
from kiosk.texts.names import say_origin
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside

MOST_BYTES = 480
"""Of the text in the code: more makes its modules too small for a telephone's camera at arm's length."""

BUTTONS = {"printing": "statement.busy", "printed": "statement.copy", "failed": "statement.again", "unknown": "statement.copy"}


class StatementPage(Page):
    """The page.

    Attributes:
        said: How far the paper is, in words.
        again: What the button that prints once more says.
        slip: State of the slip: printing, printed, copied, failed, unknown.
        code: What the code says.
    """

    touches = {"print": PrintAgainChosen, "done": Continued}

    said = StringProperty("")
    again = StringProperty("")
    slip = StringProperty("printing")
    code = StringProperty("")

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Build the page once; `now` is the moment that the code tells."""
        super().__init__(send, **kwargs)
        self._now = now

    def render(self, state: StatementReady, chrome: Chrome) -> None:  # noqa: ARG002 - the slip says how the printer is
        """Show how far the paper is, and the code."""
        self.slip = "copied" if state.slip == "printed" and state.is_copy else state.slip
        self.said = self.tr(f"statement.{state.slip}")
        self.again = self.tr("statement.copied") if self.slip == "copied" else self.tr(BUTTONS[state.slip])
        self.code = told_in_code(self.tr, state.statement, self._now())

    def wipe(self) -> None:
        """Forget the statement."""
        self.code = ""
        self.ids.qr.wipe()


def told_in_code(tr: Texts, statement: Statement, now: datetime) -> str:
    """Return sums and as many lots as the code has room for, one a line; it says how many are left out."""
    account = statement.account
    lines = [
        f"{tr('statement.title')} {statement.number_masked}",
        say_moment(tr, now.strftime("%Y-%m-%d %H:%M")),
        f"{tr('points.available')} {account.available:,}",
    ]
    if account.pending:
        lines.append(f"{tr('points.pending')} {account.pending:,}")
    if account.expiring:
        lines.append(f"{tr('points.expiring')} {account.expiring:,} {say_day(tr, account.expiring_last_day)}")
    for place, lot in enumerate(account.lots):
        said = _lot(tr, lot)
        left = tr("statement.qr.more", count=len(account.lots) - place)
        if len("\n".join([*lines, said, left]).encode()) > MOST_BYTES:
            lines.append(left)
            break
        lines.append(said)
    return "\n".join(lines)


def _lot(tr: Texts, lot: PointsLot) -> str:
    until = tr("points.lot.until", date=say_day(tr, lot.last_day)) if lot.last_day else tr("points.lot.endless")
    return tr("statement.qr.lot", origin=say_origin(tr, lot.origin), date=say_day(tr, lot.earned_on), count=f"{lot.points:,}", until=until)


load_beside(__file__)
