"""The type faces of the slips: which one draws a text, how wide it is, where a line breaks. Knows no page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import KeysView
from dataclasses import dataclass
from enum import StrEnum
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont


class Weight(StrEnum):
    """Weights in use: what is read, and what is found at a glance. A thermal head needs no thinner one than Medium."""

    MEDIUM = "500"
    BOLD = "700"


MISSING: Final = "〓"
"""Stands for a letter that cannot be drawn; the mark for this in GB 2312."""
_NO_LINE_START: Final = frozenset("，。、：；！？）》」』”’,.;:!?)%")
"""Characters that stay with what is before them (GB/T 15834 annex B, shortened to what our texts use)."""
_CLAUSE: Final = re.compile("[^，。；？！]*[，。；？！]+[”’」』》）]*|[^，。；？！]+")


@dataclass(frozen=True, slots=True)
class _Face:
    name: str
    characters: KeysView[int]


@dataclass(frozen=True, slots=True)
class _Mapped:
    """A font's file as reportlab reads it, which keeps what it read: 15 MB that stay on the disk this way."""

    name: str
    content: mmap

    def read(self) -> mmap:
        """Return all of it."""
        return self.content


class Faces:
    """Loaded faces. Immutable; Thread: any."""

    def __init__(self, simplified: dict[Weight, _Face], traditional: dict[Weight, _Face]) -> None:
        """Take over one face per weight and script; see `load_faces`."""
        self._simplified = simplified
        self._traditional = traditional

    def name(self, text: str, weight: Weight, language: str) -> str:
        """Return the face that draws `text`.

        The TC face is cut down to our own zh-Hant texts; what it lacks, such as a store's or a tier's name that the centre
        sends, is drawn whole in the SC face, which has all of GBK.
        """
        if language == "zh-Hant" and not self._lacking(text, self._traditional[weight]):
            return self._traditional[weight].name
        return self._simplified[weight].name

    def lacking(self, text: str, weight: Weight, language: str) -> frozenset[str]:
        """Return the characters of `text` that the face chosen for it cannot draw."""
        is_traditional = self.name(text, weight, language) == self._traditional[weight].name
        return self._lacking(text, (self._traditional if is_traditional else self._simplified)[weight])

    def drawable(self, text: str) -> str:
        """Return `text` with a mark for each character that has a shape and no face draws; a name may hold any letter (GB 18030-2022)."""
        known = self._simplified[Weight.MEDIUM].characters
        return "".join(character if ord(character) in known else MISSING for character in visible(text))

    def width(self, text: str, weight: Weight, language: str, size: float) -> float:
        """Return the width of `text` at `size`, in the unit of `size`."""
        return float(pdfmetrics.stringWidth(text, self.name(text, weight, language), size))

    def lines(self, text: str, weight: Weight, language: str, size: float, width: float) -> list[str]:
        """Return `text` in as few lines as `width` allows, of about one length: no last line of one or two characters.

        Lines break where `text` does, else after a Chinese clause where that costs no line, else between words and between
        Chinese characters.
        """
        return [line for part in text.split("\n") for line in self._balanced(self.drawable(part), weight, language, size, width)]

    def _balanced(self, text: str, weight: Weight, language: str, size: float, width: float) -> list[str]:
        lines = self._evened(_pieces(text), weight, language, size, width)
        if len(lines) < 2:
            return lines
        clauses = self._evened(_CLAUSE.findall(text), weight, language, size, width)
        is_as_short = len(clauses) == len(lines) and all(self.width(line, weight, language, size) <= width for line in clauses)
        return clauses if is_as_short else lines

    def _evened(self, pieces: list[str], weight: Weight, language: str, size: float, width: float) -> list[str]:
        lines = self._filled(pieces, weight, language, size, width)
        narrower = width
        while len(lines) > 1 and (narrower := narrower - size / 2) > 0:
            closer = self._filled(pieces, weight, language, size, narrower)
            if len(closer) > len(lines):
                break
            lines = closer
        return lines

    def _filled(self, pieces: list[str], weight: Weight, language: str, size: float, width: float) -> list[str]:
        lines = [""]
        for piece in pieces:
            if self.width((lines[-1] + piece).rstrip(), weight, language, size) <= width:
                lines[-1] += piece
            else:
                lines.append(piece.lstrip())
        return [line.rstrip() for line in lines if line.strip()]

    @staticmethod
    def _lacking(text: str, face: _Face) -> frozenset[str]:
        return frozenset(character for character in text if ord(character) not in face.characters)


def visible(text: str) -> str:
    """Return `text` without control and format characters (Unicode Cc, Cf): they have no shape, and some turn others round."""
    return "".join(character for character in text if unicodedata.category(character) not in {"Cc", "Cf"})


def load_faces(folder: Path) -> Faces:
    """Return the faces of `folder`, which holds ``NotoSans{SC,TC}-{500,700}.ttf``; takes about a second.

    Raises:
        OSError: A file is missing.
    """
    return Faces({weight: _load(folder, "SC", weight) for weight in Weight}, {weight: _load(folder, "TC", weight) for weight in Weight})


def _load(folder: Path, script: str, weight: Weight) -> _Face:
    name = f"NotoSans{script}-{weight.value}"
    with (folder / f"{name}.ttf").open("rb") as file:
        font = TTFont(name, _Mapped(file.name, mmap(file.fileno(), 0, access=ACCESS_READ)))
    # Needed while the file is read only; a list for each of 22,000 glyphs.
    font.face.glyphToChar.clear()  # type: ignore[attr-defined]
    pdfmetrics.registerFont(font)
    return _Face(name, font.face.charToGlyph.keys())


def _pieces(text: str) -> list[str]:
    """Return the smallest parts of `text` between which a line may break; spaces stay at the end of a part."""
    pieces: list[str] = []
    for character in text:
        joins = bool(pieces) and (
            character in _NO_LINE_START or character.isspace() or (_is_latin(character) and _is_latin(pieces[-1][-1]))
        )
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _is_latin(character: str) -> bool:
    """Return whether `character` belongs to a word rather than standing for one; everything from CJK radicals on does not."""
    return not character.isspace() and ord(character) < 0x2E80
