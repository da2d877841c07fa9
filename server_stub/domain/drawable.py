"""Which characters the faces of kiosks draw: GBK and Latin. What they cannot draw would stand in a shop window as empty boxes.

The faces are made by ``screens/assets/build.py``; a test holds this against what they carry.
"""

from __future__ import annotations

_LATIN = (range(0x20, 0x7F), range(0xA0, 0x100))
# Of GBK, but in none of the faces.
_MISSING = "≒"


def undrawable(text: str) -> str:
    """Returns the characters of a text that no face has, in order."""
    return "".join(character for character in text if not _is_drawable(character))


def _is_drawable(character: str) -> bool:
    if any(ord(character) in some for some in _LATIN):
        return True
    # Two bytes: the ideographs and their punctuation.
    return character not in _MISSING and len(character.encode("gbk", errors="ignore")) == 2
