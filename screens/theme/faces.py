"""Which font file draws a text: by its weight and by whose words it is. Knows no widget."""

from __future__ import annotations

import json
from functools import cache

from kiosk.texts import Phrase
from screens.assets import FONTS, ICONS

ICON_FACES = {
    "regular": str(ICONS / "Phosphor.ttf"),
    "bold": str(ICONS / "Phosphor-Bold.ttf"),
    "fill": str(ICONS / "Phosphor-Fill.ttf"),
    "duotone": str(ICONS / "Phosphor-Duotone.ttf"),
}
MISSING = "〓"
"""What printers set for a letter that they do not have (GETA MARK): seen to be a stand-in, unlike an empty box."""
NATURAL_LINE = 1.448
"""Ascent plus descent of Noto Sans, in em: the height that Kivy gives a line by itself."""


@cache
def _tc_characters() -> frozenset[str]:
    text = (FONTS / "tc-characters.txt").read_text(encoding="utf-8")
    return frozenset(text) | {"\n"}


@cache
def _beyond_gbk() -> frozenset[str]:
    return frozenset((FONTS / "sc-beyond-gbk.txt").read_text(encoding="utf-8"))


def drawable(text: str) -> str:
    """Return `text` with a mark for each character that the SC face lacks; our own words have all their glyphs and stay as they are.

    A name may hold any letter (GB 18030-2022); the face has GBK, some Latin letters and signs.
    """
    if (isinstance(text, Phrase) and text.is_own) or _is_gbk(text):
        return text
    return "".join(character if _is_gbk(character) or character in _beyond_gbk() else MISSING for character in text)


def _is_gbk(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def face_of(text: str) -> str:
    """Return "TC" for our own zh-Hant words, "SC" for everything else: members' data are always drawn in SC."""
    if isinstance(text, Phrase) and text.language == "zh-Hant" and text.is_own and _tc_characters().issuperset(text):
        return "TC"
    return "SC"


def font_of(text: str, weight: int) -> str:
    """Return the path of the font for `text` in `weight` (400, 500, 700 or 800)."""
    return _path(face_of(text), weight)


@cache
def _path(face: str, weight: int) -> str:
    return str(FONTS / f"NotoSans{face}-{weight}.ttf")


@cache
def _codepoints() -> dict[str, list[str]]:
    points: dict[str, list[str]] = json.loads((ICONS / "codepoints.json").read_text(encoding="utf-8"))
    return points


def icon_glyphs(name: str) -> tuple[str, str]:
    """Return the glyphs of the icon `name`: the plain one (under-layer of the duotone) and the duotone's upper one.

    Raises:
        KeyError: There is no such icon.
    """
    points = [chr(int(point, 16)) for point in _codepoints()[name]]
    return points[0], points[-1]
