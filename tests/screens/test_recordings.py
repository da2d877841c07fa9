"""The committed recordings are those of today's words; `make voice` makes what is missing or was made from other words."""

from __future__ import annotations

import hashlib
import re
import wave
from pathlib import Path

import numpy as np
import pytest

from kiosk.texts.catalogue import TextError
from kiosk.texts.voice import EARCONS, load_spoken
from screens.assets import SOUNDS, VOICE
from screens.sound import earcons
from screens.sound.recordings import earcon_file, file_of, load_manifest, name_of, source_of

MOST_BYTES = 4_000_000
SAID = [(ear, key, words) for key, prompt in load_spoken().items() for ear, words in prompt.words.items()]


@pytest.mark.parametrize(("ear", "key", "words"), SAID, ids=[name_of(ear, key) for ear, key, _words in SAID])
def test_each_text_has_a_recording_that_was_made_from_it(ear: str, key: str, words: str) -> None:
    recording = load_manifest().get(name_of(ear, key))
    assert recording is not None, "run make voice"
    assert recording.made_from == source_of(ear, words), "the words changed: run make voice"
    assert hashlib.sha256(file_of(ear, key).read_bytes()).hexdigest() == recording.file


@pytest.mark.parametrize(("ear", "written"), [("zh", r"[一-鿿，；。？！]+"), ("en", r"[A-Za-z,.?!' ]+")])
def test_what_is_said_is_written_as_it_is_read_aloud(ear: str, written: str) -> None:
    """Letters in Mandarin, digits and signs would be read as something else, without an error."""
    assert not [key for of, key, words in SAID if of == ear and not re.fullmatch(written, words)]


def test_no_recording_is_left_over_and_all_of_them_are_small() -> None:
    files = [path for path in (*VOICE.rglob("*.ogg"), *SOUNDS.iterdir()) if path.is_file()]
    assert {name_of(path.parent.name, path.stem) for path in files if path.suffix == ".ogg"} == set(load_manifest())
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


def test_the_longest_prompt_is_over_before_anybody_gives_up_listening() -> None:
    assert max(recording.seconds for recording in load_manifest().values()) < 10


def test_the_licences_travel_with_the_voice() -> None:
    assert {"LICENSE-APACHE.txt", "NOTICE.txt"} <= {path.name for path in VOICE.iterdir()}


@pytest.mark.parametrize("name", ["click", *EARCONS])
def test_earcons_are_what_their_script_makes(name: str) -> None:
    with wave.open(str(earcon_file(name))) as file:
        assert (file.getframerate(), file.getnchannels()) == (24_000, 1)
        committed = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(int)
    made = earcons.samples(name).astype(int)
    assert len(made) == len(committed)
    # The last bit may differ between processors.
    assert np.max(np.abs(made - committed)) <= 1


def test_a_click_is_over_at_once() -> None:
    assert len(earcons.samples("click")) / 24_000 <= 0.008


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[a]\nzh = "请"\n', "no text in en"),
        ('[a]\nzh = "请"\nen = "Please"\nfr = "Merci"\n', "unknown fields"),
        ('[a]\nzh = "请"\nen = "Please"\nearcon = "bang"\n', "no such earcon"),
        ('[a]\nzh = "您有{count}分"\nen = "You have {count} points"\n', "no variables"),
    ],
)
def test_a_text_that_cannot_be_said_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "voice.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TextError, match=said):
        load_spoken(tmp_path / "voice.toml")
