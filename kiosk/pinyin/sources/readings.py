"""How characters are read: syllables in plain letters, v for ü, the usual reading first."""

from __future__ import annotations

import ast
from importlib import resources
from typing import TYPE_CHECKING

from pypinyin import Style, pinyin
from pypinyin.style import convert

from kiosk.pinyin.sources.archives import member_text

if TYPE_CHECKING:
    from pathlib import Path


def common_characters(folder: Path) -> dict[str, list[str]]:
    """The 8,105 characters of the state's list of 2013 and the rest of GB 2312, each with its readings, the usual one first."""
    source = member_text(folder, "pypinyin_dict", "pinyin_data/kmandarin_8105.py")
    usual: dict[str, str] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            usual |= {chr(code): reading for code, reading in ast.literal_eval(node).items()}
    characters = [*usual, *(character for character in gb2312() if character not in usual)]
    return {character: _readings(character, usual.get(character, "")) for character in characters}


def gb2312() -> list[str]:
    """The 6,763 characters of GB 2312, level 1 (everyday ones) first."""
    found: list[str] = []
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.append(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def surname_readings() -> dict[str, list[str]]:
    """Readings of the surnames that are not read like the everyday character, the usual one first."""
    return {name: readings.split() for name, readings in rows("surname_readings.txt")}


def rows(name: str) -> list[list[str]]:
    """Fields of the lines of one of our own files, comments left out."""
    text = (resources.files(__package__) / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def _readings(character: str, usual: str) -> list[str]:
    marked = [*usual.split(","), *pinyin(character, style=Style.TONE, heteronym=True)[0]]
    plain = [convert(reading, Style.NORMAL, strict=False).replace("ü", "v").replace("ê", "e") for reading in marked if reading]
    return [reading for reading in dict.fromkeys(plain) if reading.isascii() and reading.isalpha() and set(reading) & set("aeiouv")]
