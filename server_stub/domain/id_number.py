"""ID numbers of 18 characters: type, check digit, date and plausibility of the region. Knows no form and keeps nothing.

Source: GB 11643-1999 (resident identity number; check by ISO 7064, MOD 11-2); china.md 4.1 for the other documents.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from server_stub.domain.control_characters import holds_control_character
from server_stub.domain.reasons import Reason
from server_stub.domain.regions.table import Regions

LENGTH = 18
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
OLDEST_YEARS = 120
_PERMIT_REGIONS = frozenset({"810000", "820000", "830000"})
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015]")


class IdDocument(StrEnum):
    """Which document a number is of."""

    RESIDENT = "RESIDENT"
    RESIDENCE_PERMIT = "RESIDENCE_PERMIT"
    FOREIGN_PERMANENT_RESIDENT = "FOREIGN_PERMANENT_RESIDENT"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number whose form, date and check digit are right.

    Attributes:
        text: 18 characters, X in upper case; in memory only.
        document: Type.
        birthday: Date in the number.
        region_is_plausible: False where a person must look at the region code.
    """

    text: str = field(repr=False)
    document: IdDocument
    birthday: date = field(repr=False)
    region_is_plausible: bool

    @property
    def last4(self) -> str:
        """Returns the only part that is kept besides the keyed token."""
        return self.text[-4:]


def normalise(typed: str) -> str:
    """Returns the number without separators, full-width characters folded (NFKC), X in upper case."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper()


def check_character(first17: str) -> str:
    """Returns the 18th character that belongs to 17 digits."""
    return CHECK_CHARACTERS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def parse_id_number(typed: str, today: date, regions: Regions) -> IdNumber | Reason:
    """Returns the number, or the first check that failed."""
    text = normalise(typed)
    # Some of them count as white space and would go with the separators.
    wrong = Reason.ID_CHARACTERS if holds_control_character(typed) else _form(text)
    if wrong:
        return wrong
    birthday = _date(text[6:14], today)
    if birthday is None:
        return Reason.ID_DATE
    if check_character(text[:17]) != text[17]:
        return Reason.ID_CHECK_DIGIT
    document = _document(text)
    plausible = document is not IdDocument.RESIDENT or regions.could_be_issued(text[:6], birthday.year)
    return IdNumber(text, document, birthday, plausible)


def _form(text: str) -> Reason | None:
    if re.fullmatch(r"[0-9]{15}", text):
        return Reason.ID_OLD_15
    # Passports, old permanent residence cards and military IDs begin with letters or characters.
    if text and text[0].isalpha() and any(c.isdigit() for c in text):
        return Reason.ID_OTHER_DOCUMENT
    if len(text) != LENGTH:
        return Reason.ID_LENGTH
    # No document of 18 characters begins with 0.
    return None if re.fullmatch(r"[1-9][0-9]{16}[0-9X]", text) else Reason.ID_CHARACTERS


def _document(text: str) -> IdDocument:
    if text[:6] in _PERMIT_REGIONS:
        return IdDocument.RESIDENCE_PERMIT
    return IdDocument.FOREIGN_PERMANENT_RESIDENT if text[0] == "9" else IdDocument.RESIDENT


def _date(digits: str, today: date) -> date | None:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return day if today.year - OLDEST_YEARS <= day.year and day <= today else None
