"""The committed recordings: where each lies, and from which words and voice each was made.

Responsible for: the manifest beside the recordings; a test holds it against kiosk/texts/voice.toml. Knows no player and no model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.texts.voice import EARS
from screens.assets import SOUNDS, VOICE

MODEL = "Kokoro-82M 1.0 int8"
VOICES = {"zh": "zf_xiaoxiao", "en": "af_heart"}
SPEED = 0.9
"""Slower than the model speaks by itself: who hears badly follows more easily."""
RATE = 24_000
MANIFEST = VOICE / "manifest.json"


@dataclass(frozen=True, slots=True)
class Recording:
    """What is known of a recording.

    Attributes:
        made_from: SHA-256 of the words, the voice and the model that it was made from.
        file: SHA-256 of the file.
        seconds: How long it is heard.
    """

    made_from: str
    file: str
    seconds: float


def source_of(ear: str, words: str) -> str:
    """Return `made_from` of a recording of `words` as it would be made now."""
    return hashlib.sha256("\n".join((MODEL, VOICES[ear], str(SPEED), words)).encode("utf-8")).hexdigest()


def file_of(ear: str, key: str) -> Path:
    """Return where the recording of a prompt lies."""
    return VOICE / ear / f"{key}.ogg"


def prompt_file(key: str, language: str) -> Path:
    """Return the recording of a prompt in the language that is read on the screen."""
    return file_of(EARS[language], key)


def earcon_file(name: str) -> Path:
    """Return where an earcon lies."""
    return SOUNDS / f"{name}.wav"


def name_of(ear: str, key: str) -> str:
    """Return the name of a recording in the manifest."""
    return f"{ear}/{key}"


def load_manifest(path: Path = MANIFEST) -> dict[str, Recording]:
    """Return what is known of every recording; none where there is no manifest yet."""
    if not path.exists():
        return {}
    tables: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {name: Recording(**table) for name, table in tables.items()}
