"""What can be wrong with a file of rules, as stable codes; the words are data of who shows them. Knows no rule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RuleFlaw(StrEnum):
    """What is wrong with one field of a rule file."""

    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    MISSING_FIELD = "MISSING_FIELD"
    BAD_FIELD = "BAD_FIELD"
    FORBIDDEN_ATTRIBUTE = "FORBIDDEN_ATTRIBUTE"
    TWICE = "TWICE"
    TIERS_OVERLAP = "TIERS_OVERLAP"
    TIERS_GAP = "TIERS_GAP"
    ZERO_WINDOW = "ZERO_WINDOW"
    NEVER_TRUE = "NEVER_TRUE"
    ALWAYS_TRUE = "ALWAYS_TRUE"
    DATES_PAST = "DATES_PAST"
    NO_EFFECT = "NO_EFFECT"
    NAME_MISSING = "NAME_MISSING"
    NAME_TOO_LONG = "NAME_TOO_LONG"
    NAME_SAYS_MEMBER = "NAME_SAYS_MEMBER"
    CANNOT_BE_DRAWN = "CANNOT_BE_DRAWN"
    WRONG_LANGUAGE = "WRONG_LANGUAGE"
    BASE_UNKNOWN = "BASE_UNKNOWN"
    EFFECTIVE_PAST = "EFFECTIVE_PAST"
    EFFECTIVE_TAKEN = "EFFECTIVE_TAKEN"
    VERSION_TAKEN = "VERSION_TAKEN"
    NOTICE_TOO_SHORT = "NOTICE_TOO_SHORT"


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """One thing that is wrong.

    Attributes:
        field: Where, e.g. ``params.multipliers.BIRTHDAY.pct``.
        about: The word or number that it is about, or empty.
    """

    field: str
    flaw: RuleFlaw
    about: str = ""
