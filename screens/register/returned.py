"""The application came back: what is wrong with which field, and the way to mend it at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.register.mending import field_name
from kiosk.flows.register.state import PrintChosen, Returned
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from kiosk.ports.values import Finding
from kiosk.texts import Texts
from kiosk.texts.names import say_field, say_finding
from screens.frame.info_row import InfoRow
from screens.frame.message import reason_help, reason_title
from screens.frame.page import Page, Send
from screens.frame.slip import SlipPage
from screens.widgets.kv import load_beside

ROWS = 5
TOP, PITCH, HEIGHT = 432, 168, 144
ROWS_LARGE, TOP_LARGE, PITCH_LARGE, HEIGHT_LARGE = 3, 520, 216, 192


def _say(tr: Texts, finding: Finding, *, is_short: bool) -> tuple[str, str]:
    """Return field and fault, where there is room with what helps."""
    label, title = say_field(tr, field_name(finding)), reason_title(tr, finding.reason)
    if is_short or label is None:
        return say_finding(tr, field_name(finding), finding.reason)
    return f"{label}: {title}" if label.language == "en" else f"{label}：{title}", reason_help(tr, finding.reason)


class FindingRows:
    """Rows for findings on a page; more findings than rows are mended after the first ones."""

    def __init__(self, page: Page, top: float = TOP, top_large: float = TOP_LARGE) -> None:
        """Put the rows on `page`."""
        self._rows = [self._row(place, top, top_large) for place in range(ROWS)]
        for row in self._rows:
            page.add_widget(row)

    def show(self, tr: Texts, findings: Sequence[Finding], *, most: int = ROWS, is_short: bool = False) -> None:
        """Show the first findings; the short form leaves out what helps."""
        for place, row in enumerate(self._rows):
            row.is_shown = place < min(len(findings), most)
            row.title, row.note = _say(tr, findings[place], is_short=is_short) if row.is_shown else ("", "")

    def _row(self, place: int, top: float, top_large: float) -> InfoRow:
        large = [48, top_large + place * PITCH_LARGE, 984, HEIGHT_LARGE]
        return InfoRow(icon="warning-circle", hue="red", box=[48, top + place * PITCH, 984, HEIGHT], box_large=large)


class ReturnedPage(SlipPage):
    """The findings, and the receipt.

    Attributes:
        number: Application number.
        code: The signed receipt as text, for the QR code.
        receipt: Its number.
        shows_code: The code lies over the findings.
    """

    touches = {"print": PrintChosen, "mend": Continued, "later": Back}

    number = StringProperty("")
    code = StringProperty("")
    receipt = StringProperty("")
    shows_code = BooleanProperty(False)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the rows once."""
        super().__init__(send, **kwargs)
        self._findings: tuple[Finding, ...] = ()
        self._rows = FindingRows(self)

    def render(self, state: Returned, chrome: Chrome) -> None:
        """Show findings, code and slip."""
        self.step = 3
        self.number, self.code, self.receipt = state.application_number, state.receipt.code, state.receipt.number
        self.tell_slip(state, chrome)
        self._findings = state.findings
        self._show()

    def enter(self) -> None:
        """The findings come first."""
        self.shows_code = False
        self._show()

    def turn(self) -> None:
        """Show the code, or the findings again."""
        self.shows_code = not self.shows_code
        self._show()

    def wipe(self) -> None:
        """Forget number, findings and code, and the code's picture."""
        self.number = self.code = self.receipt = ""
        self.ids.qr.wipe()
        self._findings = ()
        self._show()

    def _show(self) -> None:
        shown = () if self.shows_code else self._findings
        self._rows.show(self.tr, shown, most=ROWS_LARGE if self.is_large else ROWS, is_short=self.is_large)


load_beside(__file__)
