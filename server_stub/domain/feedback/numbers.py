"""Case numbers and the secret on the slip: what is typed at a kiosk to follow a case up. Knows no storage and no key.

Both are digits, because they are typed at a number pad: ten of the case number, the last of them its check digit, then six of the
secret. The slip's QR code says the same sixteen digits after FB1.
"""

from __future__ import annotations

import re
import unicodedata

from server_stub.domain.numbering import RandomBelow, check_digit

NUMBER_DIGITS = 10
SECRET_DIGITS = 6
QR_PREFIX = "FB1:"


def new_case_number(random_below: RandomBelow) -> str:
    """Returns ten digits, the last of them the check digit; the first is not 0, so that nobody drops it."""
    free = NUMBER_DIGITS - 2
    digits = f"{1 + random_below(9)}{random_below(10**free):0{free}d}"
    return digits + check_digit(digits)


def is_case_number(text: str) -> bool:
    """Returns whether form and check digit are right."""
    return bool(re.fullmatch(rf"[1-9][0-9]{{{NUMBER_DIGITS - 1}}}", text)) and check_digit(text[:-1]) == text[-1]


def read_case_number(typed: str) -> str:
    """Returns a typed number without spaces and hyphens, full-width digits folded."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", typed))


def secret_of(mac: bytes) -> str:
    """Returns the secret that follows from a keyed digest of at least 8 bytes: nothing has to be stored for it."""
    return f"{int.from_bytes(mac[:8]) % 10**SECRET_DIGITS:0{SECRET_DIGITS}d}"
