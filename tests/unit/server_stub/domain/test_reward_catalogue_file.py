"""A catalogue of rewards as a file says it: all that is wrong is named, by field, and nothing is guessed."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.language import Language
from server_stub.domain.rewards.catalogue_file import BadCatalogue, CatalogueFlaw, parse_catalogue, read_catalogue
from tests.support.reward_shop import reward


def flaws(document: Any) -> list[str]:
    with pytest.raises(BadCatalogue) as caught:
        read_catalogue(document)
    return [f"{flawed.field} {flawed.flaw.value}" for flawed in caught.value.flaws]


@pytest.mark.parametrize(
    ("document", "wrong"),
    [
        ([], "file BAD_FIELD"),
        ({}, "reward MISSING_FIELD"),
        ({"reward": []}, "reward BAD_FIELD"),
        ({"reward": {}}, "reward BAD_FIELD"),
        ({"reward": ["rice"]}, "reward[1] BAD_FIELD"),
        ({"reward": [reward()], "rewards": 1}, "rewards UNKNOWN_FIELD"),
        ({"reward": [reward(price=5)]}, "reward[1].price UNKNOWN_FIELD"),
        ({"reward": [reward(points=0)]}, "reward[1].points BAD_FIELD"),
        ({"reward": [reward(points=1.0)]}, "reward[1].points BAD_FIELD"),
        ({"reward": [reward(points=True)]}, "reward[1].points BAD_FIELD"),
        ({"reward": [reward("a b")]}, "reward[1].id BAD_FIELD"),
        ({"reward": [reward(), reward()]}, "reward[2].id DUPLICATE_ID"),
        ({"reward": [reward(stores=[])]}, "reward[1].stores BAD_FIELD"),
        ({"reward": [reward(stores=["a", "a"])]}, "reward[1].stores BAD_FIELD"),
        ({"reward": [reward(picture="../x.png")]}, "reward[1].picture BAD_FIELD"),
        ({"reward": [reward(adult_only=1)]}, "reward[1].adult_only BAD_FIELD"),
        ({"reward": [reward(per_member=0)]}, "reward[1].per_member BAD_FIELD"),
        ({"reward": [reward(**{"from": "2026-13-01"})]}, "reward[1].from BAD_FIELD"),
        ({"reward": [reward(**{"from": "2026-12-02", "until": "2026-12-01"})]}, "reward[1].until BAD_FIELD"),
        ({"reward": [reward(stock={"S1": -1})]}, "reward[1].stock.S1 BAD_FIELD"),
        ({"reward": [reward(stores=["S1"], stock={"S2": 1})]}, "reward[1].stock.S2 BAD_FIELD"),
        ({"reward": [reward(name={"zh-Hans": "米", "en": "rice"})]}, "reward[1].name.zh-Hant MISSING_FIELD"),
        ({"reward": [reward(name={"zh-Hans": "米", "zh-Hant": "米", "en": "rice", "fr": "riz"})]}, "reward[1].name.fr UNKNOWN_FIELD"),
        ({"reward": [reward(name={"zh-Hans": " 米", "zh-Hant": "米", "en": "r" * 25})]}, "reward[1].name.zh-Hans BAD_FIELD"),
        ({"reward": [reward(description={"zh-Hans": "米\n", "zh-Hant": "米", "en": "rice"})]}, "reward[1].description.zh-Hans BAD_FIELD"),
    ],
)
def test_what_is_wrong_is_named(document: Any, wrong: str) -> None:
    assert flaws(document)[0] == wrong


def test_everything_that_is_wrong_is_named_at_once() -> None:
    found = flaws({"reward": [reward(points=0, price=1), {"id": "bowl", "name": {"en": ""}}]})
    assert found == [
        "reward[1].points BAD_FIELD",
        "reward[1].price UNKNOWN_FIELD",
        "reward[2].points MISSING_FIELD",
        "reward[2].name.zh-Hans MISSING_FIELD",
        "reward[2].name.zh-Hant MISSING_FIELD",
        "reward[2].name.en BAD_FIELD",
    ]


@pytest.mark.parametrize("raw", [b"", b"[", b"\xff\xfe", b"{" * 100_000])
def test_what_cannot_be_read_is_no_catalogue(raw: bytes) -> None:
    for is_json in (True, False):
        with pytest.raises(BadCatalogue):
            parse_catalogue(raw, is_json=is_json)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["reward", "id", "name", "stock", "zh-Hans", "x"]), inner),
    max_leaves=12,
)


@given(json_values)
def test_whatever_it_says_it_is_read_or_refused(document: Any) -> None:
    with suppress(BadCatalogue):
        assert read_catalogue(document)


def test_the_sample_can_be_loaded_and_has_its_pictures(project_root: Path) -> None:
    sample = parse_catalogue((project_root / "deploy/rewards.sample.toml").read_bytes(), is_json=False)
    assert len(sample) == 11
    pictures = [reward.picture for reward in sample if reward.picture]
    assert len(pictures) == 10, "one shows what a kiosk draws without a picture"
    assert all((project_root / "screens/assets/art" / f"{picture}.png").is_file() for picture in pictures)


def test_a_toml_and_a_json_file_say_the_same() -> None:
    toml = """
[[reward]]
id = "rice"
points = 1200
picture = "reward-rice"
stores = ["S001"]
from = 2026-11-01
until = 2026-12-31
min_tier = "silver"
per_member = 2
adult_only = true
name = {zh-Hans = "大米", zh-Hant = "大米", en = "Rice"}
description = {zh-Hans = "五公斤", zh-Hant = "五公斤", en = "5 kg"}
stock = {S001 = 20}
"""
    more = {"picture": "reward-rice", "stores": ["S001"], "from": "2026-11-01", "until": "2026-12-31", "min_tier": "silver"}
    names = {
        "name": {"zh-Hans": "大米", "zh-Hant": "大米", "en": "Rice"},
        "description": {"zh-Hans": "五公斤", "zh-Hant": "五公斤", "en": "5 kg"},
    }
    document = {"reward": [{"id": "rice", "points": 1200, "per_member": 2, "adult_only": True, "stock": {"S001": 20}, **more, **names}]}
    read = parse_catalogue(toml.encode(), is_json=False)
    assert read == parse_catalogue(json.dumps(document).encode(), is_json=True)
    assert (read[0].terms.until_day, read[0].names[Language.EN], read[0].stock) == (date(2026, 12, 31), "Rice", {"S001": 20})


def test_every_flaw_has_its_words_in_three_languages() -> None:
    words = tomllib.loads((Path(__file__).parents[4] / "server_stub/cli/reward_flaws.toml").read_text("utf-8"))
    assert set(words) == {flaw.value for flaw in CatalogueFlaw}
    assert all(set(texts) == {"zh-Hans", "zh-Hant", "en"} and all(texts.values()) for texts in words.values())
