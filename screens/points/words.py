"""Says places, days and amounts of points in the language of the screen. Knows no widget."""

from __future__ import annotations

from datetime import date

from kiosk.ports.points import PointsEntry
from kiosk.texts import Phrase, Texts
from kiosk.texts.days import SOON_DAYS, say_day, say_moment
from kiosk.texts.money import Yuan
from kiosk.texts.names import say_origin


def say_place(tr: Texts, place: str, moment: str) -> str:
    """Return where and when, a day or a moment; `place` is a store or what gave points, "" for neither."""
    when = say_moment(tr, moment)
    return f"{place}　{when}" if place else when


def days_left(last_day: str, today: date) -> int | None:
    """Return how many days points can still be spent after today; None where they do not end."""
    return (date.fromisoformat(last_day) - today).days if last_day else None


def say_left(tr: Texts, left: int | None) -> Phrase | str:
    """Return how many days are left, "" where that is long."""
    if left is None or left > SOON_DAYS:
        return ""
    return tr("points.lot.days", count=left) if left > 0 else tr("points.lot.today")


def say_yuan(tr: Texts, fen: int) -> Phrase:
    """Return an amount that was paid."""
    return tr("purchases.yuan", amount=Yuan(fen))


def say_payers(tr: Texts, entry: PointsEntry, *, is_large: bool) -> Phrase | str:
    """Return which lot paid for a redemption, or how many; "" where none did."""
    if not entry.payers:
        return ""
    if len(entry.payers) > 1:
        return tr("points.entry.paid_by.more", lots=len(entry.payers))
    (payer,) = entry.payers
    count = f"{payer.points:,}"
    if payer.campaign and is_large:
        # A title tells a lot as well as a day does, and both are too long for a line of large type.
        return tr("points.entry.paid_by.campaign", title=payer.campaign, count=count)
    origin = payer.campaign or say_origin(tr, payer.origin)
    return tr("points.entry.paid_by", date=say_day(tr, payer.earned_on), origin=origin, count=count)
