"""It was received: the case number, what is typed or shown to follow it up, and what comes next."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.feedback.state import FeedbackSent
from kiosk.flows.step import Continued
from kiosk.ports.display import Chrome
from kiosk.ports.feedback import Ticket
from kiosk.texts import Texts
from kiosk.texts.days import say_day
from screens.frame.page import Page
from screens.widgets.kv import load_beside


class SentPage(Page):
    """The page.

    Attributes:
        number: Case number in groups.
        digits: What is typed to follow it up, in two lines of fours.
        code: What the QR code says.
        until: By when there is a reply, in words.
        kept: What was changed in the text, or "".
        is_told: A message will tell that there is a reply.
        slip: State of the slip: printing, printed, failed.
    """

    touches = {"home": Continued}

    number = StringProperty("")
    digits = StringProperty("")
    code = StringProperty("")
    until = StringProperty("")
    kept = StringProperty("")
    is_told = BooleanProperty(False)
    slip = StringProperty("printing")

    def render(self, state: FeedbackSent, chrome: Chrome) -> None:
        """Show the ticket."""
        ticket = state.ticket
        self.number, self.digits, self.code = in_groups(ticket.case_number), in_fours(ticket.digits), ticket.code
        self.until = self.tr("feedback.sent.note", date=say_day(self.tr, ticket.reply_by))
        self.kept, self.is_told = _kept(ticket, self.tr), ticket.is_told
        self.slip = state.slip if chrome.printer_ok or state.slip == "printed" else "failed"

    def wipe(self) -> None:
        """Forget number and code, and the code's picture."""
        self.number = self.digits = self.code = self.until = self.kept = ""
        self.ids.qr.wipe()


def in_groups(number: str) -> str:
    """Return a case number as the slip prints it."""
    return f"{number[:3]} {number[3:6]} {number[6:]}".strip()


def in_fours(digits: str) -> str:
    """Return what is typed to follow a case up, four by four, in two lines."""
    groups = [digits[start : start + 4] for start in range(0, len(digits), 4)]
    return "\n".join(" ".join(groups[start : start + 2]) for start in range(0, len(groups), 2))


def _kept(ticket: Ticket, tr: Texts) -> str:
    if ticket.is_masked:
        return str(tr("feedback.sent.masked"))
    return str(tr("feedback.sent.trimmed")) if ticket.is_trimmed else ""


load_beside(__file__)
