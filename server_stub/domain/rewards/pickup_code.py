"""The code with which a reward is picked up: nine characters that people read out and type. Knows no redemption.

Eight drawn characters and one that checks them. The alphabet leaves out what looks like something else (0 and O, 1, I and L), which
leaves 31, a prime: so every single wrong character and every two neighbours that changed places are noticed (weights 1 to 9, modulo 31).
Drawn codes: 31**8, about 8.5e11; with a million of them in use a guess that the check lets through finds one in 850,000 times.
"""

from __future__ import annotations

import unicodedata

from server_stub.domain.numbering import RandomBelow

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_DRAWN = 8
_LENGTH = _DRAWN + 1
_GROUP = 3
_MODULUS = len(ALPHABET)
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_SEPARATORS = dict.fromkeys(map(ord, " -\u2010\u2011\u2013\u2014\u3000\u00b7"))


def new_code(random_below: RandomBelow) -> str:
    """Returns a code of nine characters, without separators."""
    drawn = [random_below(_MODULUS) for _ in range(_DRAWN)]
    check = -_weighed(drawn) * pow(_LENGTH, -1, _MODULUS) % _MODULUS
    return "".join(ALPHABET[value] for value in (*drawn, check))


def read_code(typed: str) -> str | None:
    """Returns the code that was typed or scanned, or None where it cannot be one; case, width and separators do not matter."""
    plain = unicodedata.normalize("NFKC", typed[: 4 * _LENGTH]).upper().translate(_SEPARATORS)
    values = [_VALUES.get(character, -1) for character in plain]
    if len(values) != _LENGTH or -1 in values or _weighed(values) % _MODULUS:
        return None
    return plain


def shown(code: str) -> str:
    """Returns the code in groups of three, e.g. ``7KQ-2MX-RT4``."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def _weighed(values: list[int]) -> int:
    return sum(weight * value for weight, value in enumerate(values, 1))
