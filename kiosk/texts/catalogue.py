"""The catalogue of texts: TOML tables `["key"]` with one text for each language.

A table is `["bar.staff"]` with `zh-Hans`, `zh-Hant`, `en`, and, where English needs a singular, `en-one`,
which is taken when the variable `count` is 1. Variables are named: `{count}`.
Everything that is missing is an error: a key, a language, a variable; an unused variable too.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from kiosk.texts.money import Yuan
from kiosk.texts.numbers import MINUS

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
"""Languages of the product; the first is the source."""

SINGULAR = "en-one"
_FOLDER = Path(__file__).parent / "catalogue"
_BESIDE_HAN = re.compile(r"([一-鿿]?)\{(\w+)\}(?=([一-鿿]?))")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_FIELDS = frozenset({*LANGUAGES, SINGULAR})


class TextError(LookupError):
    """A key, a language or a variable is missing or is not used; the message names it."""


class Phrase(str):
    """A text of the catalogue that knows its language.

    Attributes:
        language: One of LANGUAGES.
        is_own: True while it holds nothing but our own words and ASCII values. A phrase with a member's name
            in it is not own: such a text is always drawn in the SC face (the TC face lacks common names).
    """

    __slots__ = ("is_own", "language")

    language: str
    is_own: bool

    def __new__(cls, text: str, language: str, *, is_own: bool = True) -> Phrase:
        """Make a phrase."""
        phrase = super().__new__(cls, text)
        phrase.language = language
        phrase.is_own = is_own
        return phrase


class Texts(Protocol):
    """What a screen is given: says a text in the language of the session."""

    def __call__(self, key: str, /, **values: object) -> Phrase:
        """Return the text of `key`; raises TextError where it or a variable is missing."""
        ...


class Speaker:
    """The catalogue in one language; implements Texts."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        """Bind `catalogue` to `language`."""
        self._catalogue = catalogue
        self.language = language

    def __call__(self, key: str, /, **values: object) -> Phrase:
        """Return the text of `key` in this language."""
        return self._catalogue.say(self.language, key, **values)


class Catalogue:
    """All texts; immutable after it is built. Thread: any."""

    def __init__(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        """Take over `tables` (key -> language -> text).

        Raises:
            TextError: A language is missing, a field is unknown, or the languages use different variables.
        """
        for key, table in tables.items():
            _check(key, table)
        self._tables = {key: dict(table) for key, table in tables.items()}
        self._variables = {key: variables(table[LANGUAGES[0]]) for key, table in tables.items()}

    def keys(self) -> tuple[str, ...]:
        """Return every key, sorted."""
        return tuple(sorted(self._tables))

    def variables(self, key: str) -> frozenset[str]:
        """Return the names of the variables that `key` needs."""
        self._table(key)
        return self._variables[key]

    def say(self, language: str, key: str, /, **values: object) -> Phrase:
        """Return the text of `key` in `language` with `values` filled in.

        Raises:
            TextError: The key or language is unknown, or `values` are not exactly the variables of the text.
        """
        table = self._table(key)
        if language not in LANGUAGES:
            raise TextError(f"no such language: {language}")
        if values.keys() != self._variables[key]:
            raise TextError(f"{key}: needs {sorted(self._variables[key])}, was given {sorted(values)}")
        text = table[SINGULAR] if language == "en" and values.get("count") == 1 and SINGULAR in table else table[language]
        if not values:
            return Phrase(text, language)
        filled = {name: value.in_language(language) if isinstance(value, Yuan) else value for name, value in values.items()}
        return Phrase(_set_apart(text, filled).format(**filled), language, is_own=all(map(_is_own, filled.values())))

    def in_language(self, language: str) -> Speaker:
        """Return the texts in `language`."""
        if language not in LANGUAGES:
            raise TextError(f"no such language: {language}")
        return Speaker(self, language)

    def characters(self, language: str) -> frozenset[str]:
        """Return every character that our own texts need in `language`."""
        return frozenset("".join(table[language] for table in self._tables.values()))

    def _table(self, key: str) -> dict[str, str]:
        table = self._tables.get(key)
        if table is None:
            raise TextError(f"no such text: {key}")
        return table


def load_catalogue(folder: Path = _FOLDER) -> Catalogue:
    """Load every *.toml of `folder`.

    Raises:
        TextError: A key stands in two files, or a table is not complete.
    """
    tables: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        for key, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if key in tables:
                raise TextError(f"{key}: stands in {path.name} and in a file before it")
            tables[key] = table
    return Catalogue(tables)


def variables(text: str) -> frozenset[str]:
    """Return the names in braces in `text`."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def _is_own(value: object) -> bool:
    return (isinstance(value, Phrase) and value.is_own) or str(value).replace(MINUS, "").isascii()


def _set_apart(text: str, values: Mapping[str, object]) -> str:
    """Return `text` with a space between Chinese words and a variable whose value is Latin there, such as the name of a tier."""

    def spaced(match: re.Match[str]) -> str:
        before, name, after = match.groups()
        value = str(values[name])
        left = " " if before and _LATIN.match(value[:1]) else ""
        return f"{before}{left}{{{name}}}{' ' if after and _LATIN.match(value[-1:]) else ''}"

    return _BESIDE_HAN.sub(spaced, text)


def _check(key: str, table: Mapping[str, str]) -> None:
    missing = [language for language in LANGUAGES if not table.get(language)]
    if missing:
        raise TextError(f"{key}: no text in {', '.join(missing)}")
    if table.keys() - _FIELDS:
        raise TextError(f"{key}: unknown fields {sorted(table.keys() - _FIELDS)}")
    _check_variables(key, table[LANGUAGES[0]], table.values())


def _check_variables(key: str, source: str, texts: Iterable[str]) -> None:
    if any(variables(text) != variables(source) for text in texts):
        raise TextError(f"{key}: the languages use different variables")
