"""Faces: names are never drawn with a face that lacks their characters; our own words have all their glyphs."""

from __future__ import annotations

import pytest

from kiosk.ports.values import Language
from kiosk.texts import Phrase, load_catalogue
from screens.theme.faces import MISSING, drawable, face_of, font_of, icon_glyphs
from server_stub.domain.person_name import parse_name
from tests.screens.lint import glyphs

CATALOGUE = load_catalogue()
WEIGHTS = (400, 500, 700, 800)


def gb2312() -> set[str]:
    return {bytes([high, low]).decode("gb2312", errors="ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)} - {""}


@pytest.mark.parametrize("weight", [400, 500, 700])
def test_the_sc_face_carries_all_of_gb_2312_and_rare_names(weight: int) -> None:
    assert gb2312() | set("喆堃赟翀玥珺昇淼劉陳張歐") <= glyphs(font_of("", weight))


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("language", Language)
def test_every_text_has_its_glyphs(language: Language, weight: int) -> None:
    speak = CATALOGUE.in_language(language)
    for key in CATALOGUE.keys():  # noqa: SIM118 - not a mapping
        text = speak(key, **dict.fromkeys(CATALOGUE.variables(key), "0"))
        missing = set(text) - glyphs(font_of(text, weight)) - {"\n"}
        assert not missing, f"{key} lacks {missing}: run python -m screens.assets.build"


def test_a_members_name_is_drawn_in_the_sc_face() -> None:
    assert face_of(Phrase("歡迎您，歐陽**", "zh-Hant", is_own=False)) == "SC"
    assert face_of("歐陽") == "SC"


def test_our_own_traditional_words_are_drawn_in_the_tc_face() -> None:
    assert face_of(CATALOGUE.say("zh-Hant", "bar.staff")) == "TC"
    assert face_of(CATALOGUE.say("zh-Hans", "bar.staff")) == "SC"


def test_most_of_our_traditional_words_are_in_the_tc_face() -> None:
    speak = CATALOGUE.in_language("zh-Hant")
    texts = [speak(key, **dict.fromkeys(CATALOGUE.variables(key), "0")) for key in CATALOGUE.keys()]  # noqa: SIM118
    stray = [text for text in texts if face_of(text) != "TC"]
    assert len(stray) <= len(texts) / 20, f"run python -m screens.assets.build: {stray[:10]}"


def test_an_icon_that_does_not_exist_is_refused() -> None:
    assert icon_glyphs("gift")[0] != icon_glyphs("gift")[1]
    with pytest.raises(KeyError):
        icon_glyphs("no-such-icon")


@pytest.mark.parametrize("weight", [400, 500, 700])
def test_every_character_that_the_centre_takes_in_a_name_is_drawn_or_marked(weight: int) -> None:
    carried = glyphs(font_of("", weight))
    taken = [character for character in map(chr, range(0x20, 0x110000)) if parse_name(f"A{character}") == f"A{character}"]
    assert len(taken) > 100_000
    assert {drawable(character) for character in taken} <= carried
    assert {character for character in taken if drawable(character) != character} == set(taken) - carried


def test_our_own_words_are_never_marked_so_that_a_missing_glyph_of_theirs_is_found() -> None:
    assert drawable(Phrase("𠮷", "zh-Hans")) == "𠮷"
    assert drawable(Phrase("欢迎您，𠮷**", "zh-Hans", is_own=False)) == f"欢迎您，{MISSING}**"
