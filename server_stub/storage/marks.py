"""Marks of personal data on columns. Knows what a mark says, not which columns exist."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class PiiKind(StrEnum):
    """What a column tells about a person."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "e-mail"
    ADDRESS = "postal address"
    BIRTHDAY = "birthday"
    AGE_BAND = "age band"
    ID_NUMBER = "keyed token or last digits of an ID number"
    PSEUDONYM = "key that leads to a person"
    MEMBERSHIP_NUMBER = "membership number"
    MESSAGE = "text of a message to a person"
    STAFF = "member of staff"
    CREDENTIAL = "credential of a member of staff"


class Erasure(StrEnum):
    """How a value ends."""

    KEY_DESTROYED = "the person's data key is destroyed, the value becomes unreadable"
    SET_EMPTY = "the value is emptied"
    ROW_DELETED = "the row is deleted"
    LINK_BROKEN = "stays; the person's row that it leads to is emptied"
    ACCOUNT_CLOSED = "emptied when the staff account is closed"


@dataclass(frozen=True, slots=True)
class PiiMark:
    """Marks a column as holding personal data.

    Attributes:
        kind: What it tells.
        purpose: What for it is kept.
        retention: How long (china.md 4.3).
        erased_by: How it ends.
    """

    kind: PiiKind
    purpose: str
    retention: str
    erased_by: Erasure


NOT_PERSONAL: Final = "not personal"

Mark = PiiMark | str

_MEMBERSHIP = "membership, then 30 days; applications that fail: 30 days"


def sealed(kind: PiiKind, purpose: str) -> PiiMark:
    """Returns the mark of a value that is sealed under the person's own data key."""
    return PiiMark(kind, purpose, _MEMBERSHIP, Erasure.KEY_DESTROYED)


def emptied(kind: PiiKind, purpose: str) -> PiiMark:
    """Returns the mark of a value in clear that the erasure of its person empties."""
    return PiiMark(kind, purpose, _MEMBERSHIP, Erasure.SET_EMPTY)


def lookup(kind: PiiKind, purpose: str) -> PiiMark:
    """Returns the mark of a keyed token by which a person is found again."""
    return PiiMark(kind, purpose, _MEMBERSHIP, Erasure.SET_EMPTY)


PERSON_LINK: Final = PiiMark(
    PiiKind.PSEUDONYM, "joins the facts about one person", "10 years, de-identified after closure", Erasure.LINK_BROKEN
)
STAFF_LINK: Final = PiiMark(PiiKind.STAFF, "says who decided", "with the record it belongs to", Erasure.LINK_BROKEN)
