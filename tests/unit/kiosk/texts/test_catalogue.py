"""The catalogue refuses what is missing before it says anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.texts import LANGUAGES, Catalogue, TextError, load_catalogue
from kiosk.texts.money import Yuan
from kiosk.texts.numbers import say_signed

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


def test_a_latin_name_stands_apart_from_chinese_words() -> None:
    texts = {"tier": {"zh-Hans": "您是{name}会员，{count}次", "zh-Hant": "您是{name}會員，{count}次", "en": "You are {name}, {count}"}}
    catalogue = Catalogue(texts)
    assert catalogue.say("zh-Hans", "tier", name="Platinum Plus", count=2) == "您是 Platinum Plus 会员，2次"
    assert catalogue.say("zh-Hant", "tier", name="金卡", count=2) == "您是金卡會員，2次"
    assert catalogue.say("en", "tier", name="Platinum Plus", count=2) == "You are Platinum Plus, 2"


def test_a_number_with_a_sign_takes_no_other_face() -> None:
    assert load_catalogue().say("zh-Hant", "purchases.points", count=say_signed(-1_200)).is_own


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


@pytest.mark.parametrize(
    ("fen", "before_yuan", "after_sign"), [(5_000, "50", "50.00"), (1_205, "12.05", "12.05"), (109_900, "1,099", "1,099.00")]
)
def test_an_amount_is_said_as_each_language_writes_it(fen: int, before_yuan: str, after_sign: str) -> None:
    said = load_catalogue().say
    assert said("zh-Hans", "purchases.yuan", amount=Yuan(fen)) == f"{before_yuan} 元"
    assert said("en", "purchases.yuan", amount=Yuan(fen)) == f"¥{after_sign}"


def test_money_is_said_in_one_way_in_english() -> None:
    catalogue, english = load_catalogue(), dict[str, str]()
    keys = catalogue.keys()
    for key in keys:
        # The centre fills its own lines, with both places.
        amount = "50.00" if key.startswith("explain.") else Yuan(5_000)
        values = {name: amount if name == "amount" else 3 for name in catalogue.variables(key)}
        if "amount" in values and "元" in catalogue.say("zh-Hans", key, **values):
            english[key] = str(catalogue.say("en", key, **values))
    assert len(english) > 20
    assert {key: text for key, text in english.items() if "¥50.00" not in text or "yuan" in text} == {}
