"""Says what the centre calls by a key: tiers, benefits, reasons, fields, origins, goods, ways of paying. Pure.

A centre may be newer than its kiosks, and its rules are data: each of these has words too where its key is not known here.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

from kiosk.texts.catalogue import TextError
from kiosk.texts.money import Yuan

Said = TypeVar("Said", bound=str)
Said_co = TypeVar("Said_co", bound=str, covariant=True)


class Says(Protocol[Said_co]):
    """Says a text of the catalogue in one language; on screens as a Phrase, on slips as a str."""

    def __call__(self, key: str, /, **values: object) -> Said_co:
        """Return the text of `key` with `values` filled in; raises TextError where it or a variable is missing."""
        ...


def say_tier(says: Says[Said], name: str) -> Said:
    """Return what a member of a tier is called; `name` as the centre says it, "" where it does not."""
    return says("tier.named", name=name) if name else says("tier.other")


def reason_title(says: Says[Said], reason: str) -> Said:
    """Return what happened."""
    return _or_other(says, f"reason.{reason}", "reason.OTHER")


def reason_help(says: Says[Said], reason: str) -> Said:
    """Return what to do and who helps."""
    return _or_other(says, f"reason.{reason}.help", "reason.OTHER.help")


def say_origin(says: Says[Said], origin: str) -> Said:
    """Return where points come from."""
    return _or_other(says, f"points.origin.{origin}", "points.origin.other")


def say_goods(says: Says[Said], category: str) -> Said:
    """Return the words of a category of goods."""
    return _or_other(says, f"goods.{category}", "goods.other")


def say_tender(says: Says[Said], kind: str) -> Said:
    """Return the words of a way of paying."""
    return _or_other(says, f"purchase.tender.{kind}", "purchase.tender.other")


def say_benefit(says: Says[Said], key: str, amount: int) -> tuple[Said, Said]:
    """Return title and note of a benefit; `amount` in points, or in fen where it is a coupon."""
    said = Yuan(amount) if ".coupon" in key else str(amount)
    try:
        return says(key, amount=said), says(f"{key}.note")
    except TextError:
        return says("benefit.other"), says("benefit.other.note")


def say_field(says: Says[Said], field: str) -> Said | None:
    """Return the label of a field of the form; None where the form lacks it."""
    try:
        return says(f"form.{field}")
    except TextError:
        return None


def say_finding(says: Says[Said], field: str, reason: str) -> tuple[Said, Said]:
    """Return field and fault; a field that the form lacks is named by its fault alone, with what helps."""
    label, title = say_field(says, field), reason_title(says, reason)
    return (label, title) if label is not None else (title, reason_help(says, reason))


def _or_other(says: Says[Said], key: str, other: str) -> Said:
    try:
        return says(key)
    except TextError:
        return says(other)
