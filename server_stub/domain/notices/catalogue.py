"""Reads the notices from their files and says which is in force. A published file is never edited: a new version is a new folder."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from server_stub.domain.birthday import AgeBand
from server_stub.domain.language import Language

IN_FORCE = "2026-12"
MEMBERSHIP = "membership"
ID_NUMBER = "id_number"
MAIL = "mail"
MARKETING = "marketing"


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A line of the summary."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class NoticePurpose:
    """A purpose to which the member says yes or no.

    Attributes:
        allowed: False where this age band may not be asked; the note then says why.
    """

    purpose: str
    title: str
    note: str
    mandatory: bool
    allowed: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in one language, for one age band.

    Attributes:
        text_sha256: SHA-256 of ``full_text`` in UTF-8, hex; the same from 14 years on.
        full_text: Paragraphs divided by an empty line; the purposes are its last ones, so that the digest covers them.
    """

    version: str
    language: Language
    text_sha256: str
    summary: tuple[NoticeLine, ...]
    full_text: str
    purposes: tuple[NoticePurpose, ...]

    def purpose(self, purpose: str) -> NoticePurpose | None:
        """Returns the purpose of this id."""
        return next((p for p in self.purposes if p.purpose == purpose), None)


class NoticeCatalogue:
    """The notices that ship with the service."""

    def __init__(
        self, in_force: str, texts: Mapping[Language, Mapping[str, Any]], child_texts: Mapping[Language, Mapping[str, Any]]
    ) -> None:
        self.in_force = in_force
        self._texts = texts
        self._child_texts = child_texts

    def get(self, language: Language, band: AgeBand) -> Notice:
        """Returns the notice in force; under 14 the one that a guardian reads."""
        text = (self._child_texts if band is AgeBand.UNDER_14 else self._texts)[language]
        full_text = _full_text(text)
        return Notice(
            version=self.in_force,
            language=language,
            text_sha256=hashlib.sha256(full_text.encode()).hexdigest(),
            summary=tuple(NoticeLine(line["heading"], line["text"]) for line in text["summary"]),
            full_text=full_text,
            purposes=tuple(_purpose(p, band) for p in text["purposes"]),
        )


def _full_text(text: Mapping[str, Any]) -> str:
    summary = [f"{line['heading']}: {line['text']}" for line in text["summary"]]
    purposes = [" / ".join((p["title"], p["note"], *filter(None, [p.get("note_for_minors")]))) for p in text["purposes"]]
    return "\n\n".join([text["full_text"].strip(), "\n".join(summary), "\n".join(purposes)])


def _purpose(purpose: Mapping[str, Any], band: AgeBand) -> NoticePurpose:
    allowed = band is AgeBand.ADULT or not purpose.get("adults_only", False)
    note = purpose["note"] if allowed else purpose["note_for_minors"]
    return NoticePurpose(purpose["id"], purpose["title"], note, purpose["mandatory"], allowed)


@functools.cache
def load_notices() -> NoticeCatalogue:
    """Returns the catalogue of the version in force."""
    folder = files("server_stub.domain.notices").joinpath(IN_FORCE)

    def read(prefix: str) -> dict[Language, dict[str, Any]]:
        return {
            language: tomllib.loads(folder.joinpath(f"{prefix}{language.value}.toml").read_text(encoding="utf-8")) for language in Language
        }

    texts, child_texts = read(""), read("child-")
    if {text["version"] for text in (*texts.values(), *child_texts.values())} != {IN_FORCE}:
        raise ValueError("a notice file names another version than its folder")
    return NoticeCatalogue(IN_FORCE, texts, child_texts)
