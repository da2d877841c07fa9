"""The catalogue refuses what is missing before it says anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.texts import LANGUAGES, Catalogue, TextError, load_catalogue

GREETING = {"hello": {"zh-Hans": "您好，{name}", "zh-Hant": "您好，{name}", "en": "Hello {name}"}}
TRIES = {"tries": {"zh-Hans": "还有 {count} 次", "zh-Hant": "還有 {count} 次", "en": "{count} tries", "en-one": "{count} try"}}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_language_is_refused(language: str) -> None:
    table = {name: text for name, text in GREETING["hello"].items() if name != language}
    with pytest.raises(TextError, match=language):
        Catalogue({"hello": table})


def test_different_variables_are_refused() -> None:
    with pytest.raises(TextError, match="different variables"):
        Catalogue({"hello": {**GREETING["hello"], "en": "Hello {nmae}"}})


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(TextError, match="zh-Hnt"):
        Catalogue({"hello": {**GREETING["hello"], "zh-Hnt": "{name}"}})


def test_missing_key_language_and_variables_are_errors() -> None:
    catalogue = Catalogue(GREETING)
    with pytest.raises(TextError, match="no such text"):
        catalogue.say("en", "bye")
    with pytest.raises(TextError, match="no such language"):
        catalogue.in_language("fr")
    with pytest.raises(TextError, match="needs"):
        catalogue.say("en", "hello")
    with pytest.raises(TextError, match="needs"):
        catalogue.say("en", "hello", name="A", more=1)


def test_a_key_in_two_files_is_refused(tmp_path: Path) -> None:
    text = '["a"]\nzh-Hans = "一"\nzh-Hant = "一"\nen = "one"\n'
    (tmp_path / "one.toml").write_text(text, encoding="utf-8")
    (tmp_path / "two.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TextError, match=r"two\.toml"):
        load_catalogue(tmp_path)


def test_english_has_a_singular() -> None:
    catalogue = Catalogue(TRIES)
    assert catalogue.say("en", "tries", count=1) == "1 try"
    assert catalogue.say("en", "tries", count=2) == "2 tries"
    assert catalogue.say("zh-Hans", "tries", count=1) == "还有 1 次"


def test_a_phrase_with_a_members_name_is_not_our_own() -> None:
    speak = Catalogue(GREETING).in_language("zh-Hant")
    assert not speak("hello", name="欧阳**").is_own
    assert speak("hello", name="03").is_own
    assert speak("hello", name="03").language == "zh-Hant"


def test_the_products_catalogue_is_complete() -> None:
    catalogue = load_catalogue()
    assert len(catalogue.keys()) > 50
    assert "店" in catalogue.characters("zh-Hans")


def test_english_has_no_quotes_that_the_chinese_face_draws_a_character_wide() -> None:
    catalogue = load_catalogue()
    assert not set("“”‘’") & catalogue.characters("en")
