"""The application came back: what is wrong with which field, and the way to mend it at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.properties import StringProperty

from kiosk.flows.register.state import Returned
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from kiosk.ports.values import Finding
from kiosk.texts import TextError, Texts
from screens.frame.info_row import InfoRow
from screens.frame.message import reason_help, reason_title
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside

ROWS = 5
TOP, PITCH, HEIGHT = 432, 168, 144
ROWS_LARGE, TOP_LARGE, PITCH_LARGE, HEIGHT_LARGE = 4, 520, 216, 192


def say_finding(tr: Texts, finding: Finding) -> tuple[str, str]:
    """Return field and fault as title, and what helps; fields of the contract that this form lacks are named by their fault alone."""
    title = reason_title(tr, finding.reason)
    try:
        label = tr(f"form.{finding.field.split('.')[0]}")
    except TextError:
        return title, reason_help(tr, finding.reason)
    return f"{label}：{title}" if label.language != "en" else f"{label}: {title}", reason_help(tr, finding.reason)


def say_short(tr: Texts, finding: Finding) -> tuple[str, str]:
    """Return field as title and fault as note, where there is no room for what helps."""
    try:
        return tr(f"form.{finding.field.split('.')[0]}"), reason_title(tr, finding.reason)
    except TextError:
        return reason_title(tr, finding.reason), reason_help(tr, finding.reason)


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
            said = say_short if is_short else say_finding
            row.title, row.note = said(tr, findings[place]) if row.is_shown else ("", "")

    def _row(self, place: int, top: float, top_large: float) -> InfoRow:
        large = [48, top_large + place * PITCH_LARGE, 984, HEIGHT_LARGE]
        return InfoRow(icon="warning-circle", hue="red", box=[48, top + place * PITCH, 984, HEIGHT], box_large=large)


class ReturnedPage(Page):
    """The findings.

    Attributes:
        number: Application number.
    """

    touches = {"mend": Continued, "later": Back}

    number = StringProperty("")

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the rows once."""
        super().__init__(send, **kwargs)
        self._rows = FindingRows(self)

    def render(self, state: Returned, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the findings."""
        self.step = 3
        self.number = state.application_number
        self._rows.show(self.tr, state.findings, most=ROWS_LARGE if self.is_large else ROWS, is_short=self.is_large)

    def wipe(self) -> None:
        """Forget the number and the findings."""
        self.number = ""
        self._rows.show(self.tr, ())


load_beside(__file__)
