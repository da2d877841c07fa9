"""Membership and application numbers: random, without meaning, with a check digit. Knows no storage.

Source: ISO/IEC 7812-1 annex B (Luhn) for the check digit: any single wrong digit and nearly any swap of neighbours shows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

MEMBERSHIP_PREFIX = "8800"
MEMBERSHIP_DIGITS = 16
APPLICATION_PREFIX = "A"
APPLICATION_DIGITS = 12

# Returns a number from 0 to below its argument, unforeseeable: secrets.randbelow.
RandomBelow = Callable[[int], int]


def new_membership_number(random_below: RandomBelow) -> str:
    """Returns 16 digits that begin with 8800 and end in the check digit; 10^11 of them."""
    return _numbered(MEMBERSHIP_PREFIX, MEMBERSHIP_DIGITS, random_below)


def new_application_number(random_below: RandomBelow) -> str:
    """Returns ``A`` and 12 digits, the last of them the check digit; 10^11 of them."""
    return APPLICATION_PREFIX + _numbered("", APPLICATION_DIGITS, random_below)


def is_membership_number(text: str) -> bool:
    """Returns whether form and check digit are right."""
    return bool(re.fullmatch(MEMBERSHIP_PREFIX + r"[0-9]{12}", text)) and check_digit(text[:-1]) == text[-1]


def is_application_number(text: str) -> bool:
    """Returns whether form and check digit are right."""
    return bool(re.fullmatch(APPLICATION_PREFIX + r"[0-9]{12}", text)) and check_digit(text[1:-1]) == text[-1]


def normalise_application_number(typed: str) -> str:
    """Returns a typed number without spaces and hyphens, in upper case, full-width characters folded."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", typed)).upper()


def mask_membership_number(number: str) -> str:
    """Returns the number as it may be shown: ``8800 •••• 9012``."""
    return f"{number[:4]} •••• {number[-4:]}"


def check_digit(digits: str) -> str:
    """Returns the Luhn digit that follows the digits."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def _numbered(prefix: str, length: int, random_below: RandomBelow) -> str:
    free = length - len(prefix) - 1
    digits = f"{prefix}{random_below(10**free):0{free}d}"
    return digits + check_digit(digits)
