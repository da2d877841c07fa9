"""Notice and consent: six lines of summary, one row for each purpose, nothing ticked beforehand."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.register.flow import is_consent_complete
from kiosk.flows.register.state import Consenting, ConsentToggled, FullTextChosen
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from kiosk.ports.values import Purpose, Reason
from screens.frame.message import reason_title
from screens.frame.page import Page, Send
from screens.widgets.checkrow import CheckRow
from screens.widgets.kv import load_beside

ROWS = 4
ROW_TOP, ROWS_HEIGHT, ROW_GAP, ROW_MAX = 992, 564, 12, 132
TALL_MORE = 36
"""What a row whose note takes two lines is higher than the others."""
LARGE_TOP, LARGE_PITCH, LARGE_HEIGHT = 944, 232, 220
LEAF = 2
"""Rows at a time in large type."""


class ConsentPage(Page):
    """The choices. A journey with more purposes than rows would hide one: that is an error of the notice.

    Attributes:
        version: Version of the notice.
        title: What to do; in large type why once more, where that is so.
        note: How to choose, or why the member must agree once more.
        is_again: The member agreed before, and must once more.
        is_complete: Every mandatory purpose is ticked.
        leaf: Large type shows half of the summary and some of the rows at a time; this says which.
    """

    touches = {"back": Back, "full": FullTextChosen, "next": Continued}

    version = StringProperty("")
    title = StringProperty("")
    note = StringProperty("")
    is_again = BooleanProperty(False)
    is_complete = BooleanProperty(False)
    leaf = NumericProperty(0)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the rows once."""
        super().__init__(send, **kwargs)
        self._rows = [self._row(place) for place in range(ROWS)]

    def render(self, state: Consenting, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show notice and choices."""
        self.step = 1
        notice = state.notice
        if len(notice.purposes) > ROWS:
            raise ValueError(f"notice {notice.version} has {len(notice.purposes)} purposes, the screen has {ROWS} rows")
        self.version = notice.version
        self.is_complete = is_consent_complete(state)
        self._say(state.again)
        self.ids.summary.show(notice.summary)
        for row, purpose in zip(self._rows, notice.purposes, strict=False):
            self._fill(row, purpose, is_checked=purpose.id in state.draft.consents)
        # A guardian who looked at the own notice first must not see its choices below those for the child.
        for row in self._rows[len(notice.purposes) :]:
            _empty(row)
        self._show_leaf()

    def enter(self) -> None:
        """Reading begins at the first line."""
        self.leaf = 0

    def turn(self) -> None:
        """Large type: the other half."""
        self.leaf = 1 - self.leaf
        self._show_leaf()

    def toggle(self, purpose: str) -> None:
        """Send the touch on a row."""
        self.send(ConsentToggled(purpose))

    def wipe(self) -> None:
        """Forget what was ticked."""
        for row in self._rows:
            _empty(row)

    def _say(self, again: Reason | None) -> None:
        self.is_again = again is not None
        if again is None:
            self.title, self.note = self.tr("consent.title"), self.tr("consent.note")
        else:
            self.note = self.tr("consent.again.note", why=reason_title(self.tr, again))
            # Large type has no line below the title: there the reason stands for both.
            self.title = self.note if self.is_large else self.tr("consent.again.title")

    def _show_leaf(self) -> None:
        self.ids.summary.leaf = self.leaf if self.is_large else -1
        for place, row in enumerate(self._rows):
            row.is_shown = bool(row.title) and (not self.is_large or place // LEAF == self.leaf)

    def _row(self, place: int) -> CheckRow:
        large = [48, LARGE_TOP + place % LEAF * LARGE_PITCH, 984, LARGE_HEIGHT]
        row = CheckRow(box=[48, ROW_TOP + place * (ROW_MAX + ROW_GAP), 984, ROW_MAX], box_large=large)
        row.fbind("is_tall", self._lay_rows)
        row.bind(on_release=lambda touched: self.toggle(touched.test_id.partition(".")[2]))
        self.add_widget(row)
        return row

    def _lay_rows(self, *_args: Any) -> None:
        """Share the height out, so that rows with a long note get air and the others lose little."""
        tall = sum(row.is_tall for row in self._rows)
        height = min(ROW_MAX, (ROWS_HEIGHT - (ROWS - 1) * ROW_GAP - TALL_MORE * tall) / ROWS)
        top = float(ROW_TOP)
        for row in self._rows:
            row.box = [48, top, 984, height + TALL_MORE * row.is_tall]
            top += row.box[3] + ROW_GAP

    def _fill(self, row: CheckRow, purpose: Purpose, *, is_checked: bool) -> None:
        row.test_id = f"consent.{purpose.id}"
        row.title, row.note, row.reason = purpose.title, purpose.note, purpose.note
        row.disabled = not purpose.allowed
        row.is_checked, row.is_required = is_checked, purpose.mandatory
        kind = "blocked" if not purpose.allowed else "mandatory" if purpose.mandatory else "optional"
        row.tag = self.tr(f"consent.{kind}")


def _empty(row: CheckRow) -> None:
    row.is_checked = False
    row.title = row.note = row.reason = ""


load_beside(__file__)
