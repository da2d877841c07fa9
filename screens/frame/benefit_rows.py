"""Rows that tell benefits and coupons, a page of them at a time: each with its condition and its last day, in every size of type.

Knows where its rows lie; knows no journey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.texts import Texts
from kiosk.texts.days import say_day
from kiosk.texts.money import Yuan
from kiosk.texts.names import say_benefit
from screens.frame.info_row import InfoRow
from screens.widgets.stage import Stage, is_large

LOOKS = {"points": ("coins", "gold"), "coupon": ("ticket", "red")}


@dataclass(frozen=True, slots=True)
class Told:
    """What a row tells; `amount` in points or fen, `valid_until` as YYYY-MM-DD or empty, `minimum_spend_fen` 0 for none."""

    text_key: str
    amount: int
    valid_until: str
    minimum_spend_fen: int = 0
    is_usable: bool = True


@dataclass(frozen=True, slots=True)
class Slots:
    """Where rows lie in one size of type: design px, and how many of them.

    Attributes:
        top: Upper edge of the first row.
        pitch: From row to row.
        height: Of a row.
        most: Rows where all benefits fit on one page.
        paged: Rows where they do not, so that there is room for the pager.
    """

    top: int
    pitch: int
    height: int
    most: int
    paged: int

    def box(self, place: int) -> list[float]:
        """Return the box of a row."""
        return [48, self.top + place * self.pitch, 984, self.height]

    def room(self, count: int) -> int:
        """Return how many of `count` benefits a page shows."""
        return self.most if count <= self.most else self.paged


class BenefitRows:
    """The rows on a page; the page owns the number of its leaf. Large type is on or off before `leaves` and `show` are asked."""

    def __init__(self, stage: Stage, normal: Slots, large: Slots) -> None:
        """Build the rows once, as children of `stage`."""
        self._normal, self._large = normal, large
        self._rows = [InfoRow(box=normal.box(place), box_large=large.box(place)) for place in range(max(normal.most, large.most))]
        for row in self._rows:
            stage.add_widget(row)

    def leaves(self, count: int) -> int:
        """Return how many pages `count` benefits need, at least one."""
        return max(1, -(-count // self._slots().room(count)))

    def show(self, tr: Texts, told: Sequence[Told], leaf: int) -> None:
        """Show the benefits of one page, from 0; no rows where there are none."""
        room = self._slots().room(len(told))
        seen = told[leaf * room : (leaf + 1) * room]
        for place, row in enumerate(self._rows):
            row.is_shown = place < len(seen)
            if row.is_shown:
                _fill(tr, row, seen[place])
            else:
                row.title = row.note = row.aside = ""

    def hide(self) -> None:
        """Take every row away and forget what it told."""
        for row in self._rows:
            row.is_shown = False
            row.title = row.note = row.aside = ""

    def _slots(self) -> Slots:
        return self._large if is_large() else self._normal


def say_until(tr: Texts, iso: str) -> str:
    """Return until when something is valid in words, that day included; "" where there is none."""
    if not iso:
        return ""
    return tr("benefit.until", date=say_day(tr, iso))


def look_of(key: str) -> tuple[str, str]:
    """Return icon and hue of a benefit."""
    return LOOKS.get(key.split(".")[1] if "." in key else "", ("gift", "violet"))


def _fill(tr: Texts, row: InfoRow, told: Told) -> None:
    row.icon, row.hue = look_of(told.text_key)
    row.title, note = say_benefit(tr, told.text_key, told.amount)
    ends = say_until(tr, told.valid_until)
    condition = tr("benefit.condition", amount=Yuan(told.minimum_spend_fen)) if told.minimum_spend_fen else ""
    if is_large():
        # The long words go below, where a row of large type has its whole width.
        row.note, row.aside = _with_state(tr, told, ends or note), condition
    else:
        row.note, row.aside = _with_state(tr, told, condition or note), ends


def _with_state(tr: Texts, told: Told, words: str) -> str:
    return words if told.is_usable else tr("member.coupon.unusable", rest=words)
