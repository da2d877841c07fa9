"""The wording of messages: complete in three languages, filled once, never sent with a hole."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from server_stub.messages.emulation.phones import Phones
from server_stub.messages.message import Way
from server_stub.messages.wording import LANGUAGES, TEMPLATES, VariableMissing, Wording, WordingError

COMPLETE = """
variables = ["code"]
[sms.text]
zh-Hans = "码 {code}"
zh-Hant = "碼 {code}"
en = "code {code}"
"""
BROKEN = {
    "language": COMPLETE.replace('zh-Hant = "碼 {code}"', ""),
    "empty text": COMPLETE.replace('en = "code {code}"', 'en = ""'),
    "undeclared variable": COMPLETE.replace("code {code}", "code {code} {minutes}"),
    "declared but unused": COMPLETE.replace('["code"]', '["code", "minutes"]'),
    "mail without a subject": COMPLETE + '[mail.text]\nzh-Hans = "{code}"\nzh-Hant = "{code}"\nen = "{code}"\n',
}


@pytest.mark.parametrize("what", BROKEN)
def test_an_incomplete_file_is_found_when_it_is_read(what: str, tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(BROKEN[what], encoding="utf-8")
    with pytest.raises(WordingError):
        Wording(tmp_path)


@pytest.mark.parametrize("variables", [{}, {"code": ""}, {"minutes": "5"}])
def test_a_missing_value_is_told_without_a_value(variables: dict[str, str]) -> None:
    with pytest.raises(VariableMissing, match=r"one_time_code: (code|minutes)") as caught:
        Wording().render("one_time_code", Way.SMS, "en", variables)
    assert "5" not in str(caught.value)


def test_no_template_no_way_no_language() -> None:
    for name, way, language in (("nothing", Way.SMS, "en"), ("one_time_code", Way.MAIL, "en"), ("welcome", Way.SMS, "fr")):
        with pytest.raises(VariableMissing):
            Wording().render(name, way, language, {"code": "1", "minutes": "5"})


def test_amounts_in_english_messages_stand_after_the_sign() -> None:
    for path in TEMPLATES.glob("*.toml"):
        words = tomllib.loads(path.read_text(encoding="utf-8"))
        assert not [text for parts in (words["sms"], words.get("mail", {})) for table in parts.values() if "yuan" in (text := table["en"])]


def test_a_returned_application_is_sent_again_by_the_words_of_the_button() -> None:
    button = tomllib.loads((KIOSK_WORDS.parent / "status.toml").read_text(encoding="utf-8"))["status.correct"]
    slip = tomllib.loads((KIOSK_WORDS.parent / "paper.toml").read_text(encoding="utf-8"))["paper.returned.how"]
    message = tomllib.loads((TEMPLATES / "application_returned.toml").read_text(encoding="utf-8"))
    for language in LANGUAGES:
        for text in (message["sms"]["text"], message["mail"]["text"], slip):
            assert button[language] in text[language]


# What a text tells the member to choose stands in the quotation marks of its language.
QUOTED = {"zh-Hans": r"选择“(.+?)”", "zh-Hant": r"選擇「(.+?)」", "en": r"choose “(.+?)”"}
KIOSK_WORDS = Path(__file__).parents[3] / "kiosk" / "texts" / "catalogue" / "home.toml"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_message_says_to_choose_is_in_the_menu(language: str) -> None:
    entry = tomllib.loads(KIOSK_WORDS.read_text(encoding="utf-8"))["menu.status"][language]
    found = set()
    for path in TEMPLATES.glob("*.toml"):
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
        for way in {"sms", "mail"} & tree.keys():
            for quoted in re.findall(QUOTED[language], tree[way]["text"][language]):
                assert quoted == entry, (path.stem, way)
                found.add((path.stem, way))
    texts = {(name, way) for name in ("application_returned", "application_approved") for way in ("sms", "mail")}
    assert found >= texts | {("card_uncollected", "mail")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_is_worded_in_every_language(language: str) -> None:
    wording = Wording()
    assert wording.names == {path.stem for path in TEMPLATES.glob("*.toml")} >= {"one_time_code", "welcome", "application_approved"}
    for name in wording.names:
        values = {variable: f"<{variable}&>" for variable in wording.variables(name)}
        subject, text, as_html = wording.render(name, Way.SMS, language, values)
        assert (subject, as_html) == ("", "")
        assert all(value in text for value in values.values())
        # What a carrier splits into more than three parts of 67 characters arrives late and in pieces.
        assert len(text) < 201


def test_a_value_that_looks_like_a_variable_or_markup_stays_what_it_is() -> None:
    values = {"name": "{benefits}<script>", "membership_number": "1\x1b[2J2", "benefits": "a\nb"}
    subject, text, as_html = Wording().render("welcome", Way.MAIL, "en", values)
    assert "{benefits}<script>" in text
    assert "<script>" not in as_html
    assert "\x1b" not in text
    assert "\n" not in subject


def test_a_phone_keeps_one_message_per_key_and_refuses_what_is_none(tmp_path: Path) -> None:
    phones = Phones(tmp_path)
    first = phones.receive("+8613800138000", "code 123456", "k")
    assert phones.receive("+8613800138000", "code 123456", "k").reference == first.reference
    assert phones.code("+8613800138000") == "123456"
    assert phones.code("+8613900139000") is None
    assert Phones(tmp_path).messages()[0].tries == 2
    for to, text, key in (("138", "t", "k"), ("+8613800138000", "", "k"), ("+8613800138000", "t", "")):
        with pytest.raises(ValueError, match=r"E\.164"):
            phones.receive(to, text, key)
