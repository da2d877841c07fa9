"""Base45 (RFC 9285), the form in which bytes lie in the alphanumeric mode of a QR code. Knows no content."""

from __future__ import annotations

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_DIGIT_OF: Final = {character: digit for digit, character in enumerate(ALPHABET)}


class Base45Malformed(ValueError):
    """A text that no encoder writes.

    Attributes:
        place: Number of the character from 0 at which it fails, None where its length alone is impossible.
    """

    def __init__(self, place: int | None) -> None:
        super().__init__("a character is missing or too many" if place is None else f"not Base45 at character {place + 1}")
        self.place = place


def to_base45(data: bytes) -> str:
    """Return ``data`` as Base45 (section 4): two bytes in three characters, a last odd byte in two, lowest digit first."""
    characters: list[str] = []
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        value = int.from_bytes(pair)
        for _ in range(len(pair) + 1):
            value, digit = divmod(value, 45)
            characters.append(ALPHABET[digit])
    return "".join(characters)


def from_base45(text: str) -> bytes:
    """Return the bytes of ``text``.

    Raises:
        Base45Malformed: what no encoder writes (section 6).
    """
    if len(text) % 3 == 1:
        raise Base45Malformed(None)
    data = bytearray()
    for start in range(0, len(text), 3):
        group = text[start : start + 3]
        try:
            value = sum(_DIGIT_OF[character] * 45**place for place, character in enumerate(group))
            data += value.to_bytes(len(group) - 1)
        except (KeyError, OverflowError) as error:
            raise Base45Malformed(start) from error
    return bytes(data)
