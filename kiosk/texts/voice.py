"""What the kiosk says aloud: fixed texts by key, from voice.toml. They have no variables: nothing personal can be said.

Languages are those of the ear, two: zh-Hans and zh-Hant are read aloud alike.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.texts.catalogue import TextError, variables

EARS: Mapping[str, str] = {"zh-Hans": "zh", "zh-Hant": "zh", "en": "en"}
"""Language that is heard, by the language that is read."""

EARCONS = ("attention", "success", "error", "answered")
"""Sounds that may come before a prompt."""

_FILE = Path(__file__).parent / "voice.toml"
_HEARD = frozenset(EARS.values())


@dataclass(frozen=True, slots=True)
class Spoken:
    """A prompt: its words by language of the ear, and the earcon before it, "" for none."""

    words: Mapping[str, str] = field(default_factory=dict)
    earcon: str = ""


def load_spoken(path: Path = _FILE) -> dict[str, Spoken]:
    """Return every prompt by its key.

    Raises:
        TextError: A language is missing, a field or an earcon is unknown, or a text has a variable: what is said is never put together.
    """
    return {key: _spoken(key, table) for key, table in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def _spoken(key: str, table: Mapping[str, str]) -> Spoken:
    words = {language: table.get(language, "") for language in sorted(_HEARD)}
    if not all(words.values()):
        raise TextError(f"{key}: no text in {', '.join(language for language, text in words.items() if not text)}")
    if table.keys() - {*_HEARD, "earcon"}:
        raise TextError(f"{key}: unknown fields {sorted(table.keys() - {*_HEARD, 'earcon'})}")
    if table.get("earcon", EARCONS[0]) not in EARCONS:
        raise TextError(f"{key}: no such earcon: {table['earcon']}")
    if any(variables(text) for text in words.values()):
        raise TextError(f"{key}: what is said has no variables")
    return Spoken(words, table.get("earcon", ""))
