"""How often surnames and the characters of given names are used, from several lists that each see a part.

Every source gives raw weights; only their proportions count. No list of real people's records is used: ngender's figures come from
a leaked hotel register and were refused for that (docs/decisions).
"""

from __future__ import annotations

import ast
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.pinyin.sources.archives import member_text
from kiosk.pinyin.sources.readings import rows

if TYPE_CHECKING:
    from pathlib import Path

_NOT_IN_GIVEN_NAMES = frozenset(
    "尔斯克特氏爷叔伯婶姨姑舅哥姐弟妹姊嫂娘奶爸妈婆县镇村庄寺庙州郡府寨路街区省市乡屯沟湾宫殿帝后妃嫔皇"
    "先生太公侯爵将帅兵匪贼盗说道笑叹怒问答听看见引领率入进出侠侍员来去过到被把从与及等是不了的地得着者们你我他她它"
    "老二三四五六七八九十百千两个只几某这那哪什么师徒主仆丫鬟官吏拉纳诺罗姆卡塔布勒里普"
)
"""Characters that make a three-character entry of the word list a title, a place, a foreign name or half a sentence."""

_EVERYDAY_WORD = 300
"""From this frequency on, a word that is no name in the word list is taken as the word, not as a given name."""


_FAMILY = "家"
"""Most entries of the word list with it in the middle are villages (张家坡, 李家河)."""


@dataclass(slots=True)
class Weights:
    """Raw weights of one source: given names of one and of two characters, and characters by place where no whole name is known."""

    single: Counter[str] = field(default_factory=Counter)
    double: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    second: Counter[str] = field(default_factory=Counter)


def surnames(folder: Path) -> dict[str, float]:
    """Share of each surname of one character, in parts of one: Faker's national ranking, corrected, completed by mingzi's list."""
    ranking = {name: float(percent) for name, percent in [*_literals(_faker(folder))["last_names"], *rows("surname_shares.txt")]}
    shares: dict[str, float] = json.loads(member_text(folder, "mingzi", "data.json"))["surname"]
    rare = min(ranking.values()) / 2
    return {name: ranking.get(name, rare) / 100 for name in {**ranking, **shares} if len(name) == 1}


def compound_surnames() -> dict[str, tuple[list[str], float]]:
    """Reading and share of each surname of two characters; shares of 1.4 thousand million people."""
    return {name: (reading.split(), float(thousands) / 1_400_000) for name, reading, thousands in rows("compound_surnames.txt")}


def own_estimate() -> Weights:
    """Our own tiers of characters by place."""
    weights = Weights()
    places = {"first": weights.first, "second": weights.second, "only": weights.single}
    for tier, characters in rows("given_characters.txt"):
        place, weight = tier.split()
        for character in characters:
            places[place][character] = max(places[place][character], int(weight))
    return weights


def generators(folder: Path) -> Weights:
    """Given names of two name generators, Faker (a national top list) and mingzi (present-day taste)."""
    lists = _literals(_faker(folder))
    mingzi = json.loads(member_text(folder, "mingzi", "data.json"))
    given = [*lists["first_names_male"], *lists["first_names_female"]] * 3
    given += mingzi["male_double"] + mingzi["female_double"]
    weights = Weights(single=Counter(mingzi["male_single"] + mingzi["female_single"]))
    for name in given:
        (weights.single if len(name) == 1 else weights.double)[name] += 1
    return weights


def word_list(folder: Path, known_surnames: frozenset[str]) -> Weights:
    """Given names of the people that jieba's word list holds (tag nr), as far as they do not look like something else."""
    words = [line.split(" ") for line in member_text(folder, "jieba", "jieba/dict.txt").splitlines()]
    everyday = {word for word, count, tag in words if not tag.startswith("nr") and int(count) >= _EVERYDAY_WORD}
    weights = Weights()
    for word, _, tag in words:
        surname, given = word[:1], word[1:]
        if tag != "nr" or surname not in known_surnames or len(given) != 2:
            continue
        if given not in everyday and given[0] != _FAMILY and not _NOT_IN_GIVEN_NAMES & set(given):
            weights.double[given] += 1
    return weights


def character_use(folder: Path) -> Counter[str]:
    """How often characters are used at all, from jieba's word list."""
    use: Counter[str] = Counter()
    for line in member_text(folder, "jieba", "jieba/dict.txt").splitlines():
        word, count, _ = line.split(" ")
        for character in word:
            use[character] += int(count)
    return use


def _faker(folder: Path) -> ast.ClassDef:
    module = ast.parse(member_text(folder, "faker", "providers/person/zh_CN/__init__.py"))
    return next(node for node in module.body if isinstance(node, ast.ClassDef))


def _literals(provider: ast.ClassDef) -> dict[str, list[str]]:
    """Lists of a Faker provider by name, read without running its code."""
    found = {}
    for node in provider.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value.args[0] if isinstance(node.value, ast.Call) else node.value
            if isinstance(value, ast.List | ast.Tuple):
                found[node.targets[0].id] = ast.literal_eval(value)
    return found
