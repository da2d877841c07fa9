"""Makes the recordings whose words or voice have changed: `make voice`, which runs it in an environment of its own (.ci/voice).

Nothing of that environment is installed on a kiosk. The model reads one prompt in about one and a half times its length.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.texts.voice import load_spoken
from screens.sound.recordings import MANIFEST, RATE, SPEED, VOICES, Recording, file_of, load_manifest, name_of, source_of
from screens.sound.sources import phonemes

LOUDNESS = 0.1
"""Root mean square of the parts that are not silent: -20 dB of full scale, so that no prompt is louder than another."""
PEAK = 0.89
QUIET = 0.01
MARGIN_S = 0.06
COMPRESSION = 0.9
"""Of libsndfile: 0 is best and largest, 1 smallest; 24 kHz of one voice stays clear here."""
SLOWEST_S, FASTEST_S = 0.42, 0.07
"""Plausible seconds for a syllable (Mandarin) or for a letter (English) lie between; a model that stumbles is outside."""

log = logging.getLogger(__name__)


class Implausible(ValueError):
    """A recording is silent, clipped, or too short or long for its words."""


class Model:
    """The voice model with its letters and voices."""

    def __init__(self, folder: Path) -> None:
        """Load it; `folder` has model.onnx, vocab.json and the voices as NAME.bin."""
        import onnxruntime  # noqa: PLC0415 - only in the environment of the rendering

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
        self._vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        self._styles = {ear: np.fromfile(folder / f"{voice}.bin", dtype=np.float32).reshape(-1, 1, 256) for ear, voice in VOICES.items()}

    def read(self, ear: str, words: str) -> Any:
        """Return the words read aloud: float32, 24 kHz, one channel."""
        read = phonemes.mandarin(words) if ear == "zh" else phonemes.english(words)
        numbers = phonemes.tokens(read, self._vocabulary)
        given = {
            "tokens": np.array([[0, *numbers, 0]], dtype=np.int64),
            "style": self._styles[ear][len(numbers) - 1],
            "speed": np.array([SPEED], dtype=np.float32),
        }
        return np.asarray(self._session.run(None, given)[0], dtype=np.float32).ravel()


def level(sound: Any) -> Any:
    """Return a sound without silence at its ends, and as loud as every other."""
    heard = np.flatnonzero(np.abs(sound) > QUIET)
    margin = round(MARGIN_S * RATE)
    sound = sound[max(0, heard[0] - margin) : heard[-1] + margin]
    loud = np.sqrt(np.mean(np.square(sound[np.abs(sound) > QUIET])))
    return sound * min(LOUDNESS / loud, PEAK / np.max(np.abs(sound)))


def check(ear: str, words: str, sound: Any) -> None:
    """See that a recording can be what it is to be.

    Raises:
        Implausible: It cannot.
    """
    seconds = len(sound) / RATE
    syllables = sum("一" <= character <= "鿿" for character in words) if ear == "zh" else sum(map(str.isalpha, words)) / 3
    if not FASTEST_S * syllables < seconds < SLOWEST_S * syllables + 0.8:
        raise Implausible(f"{seconds:.1f} s for {syllables:.0f} syllables: {words}")
    if np.max(np.abs(sound)) > PEAK + 0.01 or np.sqrt(np.mean(np.square(sound))) < LOUDNESS / 4:
        raise Implausible(f"clipped or too quiet: {words}")


def render(folder: Path, only: str = "") -> None:
    """Make every recording that is missing or was made from other words; take away those that nothing says any more."""
    import soundfile  # noqa: PLC0415 - only in the environment of the rendering

    spoken, known = load_spoken(), load_manifest()
    wanted = {name_of(ear, key): (ear, key, words) for key, prompt in spoken.items() for ear, words in prompt.words.items()}
    for name in known.keys() - wanted.keys():
        file_of(*name.split("/")).unlink(missing_ok=True)
    kept = {name: recording for name, recording in known.items() if name in wanted}
    model = None
    for name, (ear, key, words) in wanted.items():
        path, source = file_of(ear, key), source_of(ear, words)
        if (name in kept and kept[name].made_from == source and path.exists()) or not key.startswith(only):
            continue
        model = model or Model(folder)
        sound = level(model.read(ear, words))
        check(ear, words, sound)
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, sound, RATE, format="OGG", subtype="VORBIS", compression_level=COMPRESSION)
        kept[name] = Recording(source, hashlib.sha256(path.read_bytes()).hexdigest(), round(len(sound) / RATE, 2))
        write_manifest(kept)
        log.info("%s: %.1f s, %d bytes", name, len(sound) / RATE, path.stat().st_size)
    write_manifest(kept)


def write_manifest(kept: Mapping[str, Recording]) -> None:
    """Write the manifest, one recording a line."""
    lines = [f' "{name}": {json.dumps(asdict(kept[name]))}' for name in sorted(kept)]
    MANIFEST.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m screens.sound.sources.render", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with model.onnx, vocab.json and the voices")
    parser.add_argument("--only", default="", help="only prompts whose key begins so")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    arguments = parser.parse_args()
    render(arguments.folder, arguments.only)
