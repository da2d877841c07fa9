"""From words to what the voice model reads: Mandarin by misaki, English by espeak-ng. Used by the rendering alone, in its environment."""

from __future__ import annotations

import re
import subprocess

# espeak-ng writes IPA, the model was taught with misaki's letters: one for each diphthong and affricate. In this order.
_ENGLISH = (
    ("a^ɪ", "I"),
    ("a^ʊ", "W"),
    ("d^ʒ", "ʤ"),
    ("e^ɪ", "A"),
    ("t^ʃ", "ʧ"),
    ("ɔ^ɪ", "Y"),
    ("ə^l", "ᵊl"),
    ("o^ʊ", "O"),
    ("ɜː^ɹ", "ɜɹ"),
    ("^", ""),
    ("ʲ", ""),
    ("ɚ", "əɹ"),
    ("r", "ɹ"),
    ("ɐ", "ə"),
    ("ɜː", "ɜɹ"),
    ("ɜɹɹ", "ɜɹ"),
    ("ɪə", "iə"),
    ("ː", ""),
    ("o", "ɔ"),
    ("e", "A"),
    ("ɾ", "T"),
    ("ʔ", "t"),
)
_CLAUSE = re.compile(r"([^,.?!:;]+)([,.?!:;]?)\s*")


class UnknownPhoneme(ValueError):
    """The words have a sound that the model has no letter for; it would be passed over in silence."""


def english(words: str) -> str:
    """Return English words as phonemes; the signs between clauses stay, they are the pauses."""
    return " ".join(_clause(clause.strip()) + sign for clause, sign in _CLAUSE.findall(words))


def _clause(words: str) -> str:
    command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", "en-us", words]
    # Words of our own catalogue, and no shell.
    said = " ".join(subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.split())  # noqa: S603
    for written, read in _ENGLISH:
        said = said.replace(written, read)
    # A consonant that is a syllable of its own.
    return re.sub(r"(\S)\u0329", r"ᵊ\1", said)


def mandarin(words: str) -> str:
    """Return Mandarin words as phonemes with tones."""
    from misaki.zh import ZHG2P  # noqa: PLC0415 - only in the environment of the rendering

    return str(ZHG2P()(words)[0])


def tokens(phonemes: str, vocabulary: dict[str, int]) -> list[int]:
    """Return the model's numbers of phonemes.

    Raises:
        UnknownPhoneme: One of them has none.
    """
    unknown = sorted(set(phonemes) - set(vocabulary))
    if unknown:
        raise UnknownPhoneme(f"no letter for {unknown} in {phonemes!r}")
    return [vocabulary[phoneme] for phoneme in phonemes]
