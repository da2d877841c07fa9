"""Changes of benefits: what one must say, and how long before it takes effect members are told. Knows no table and no message."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Any

from server_stub.domain.language import Language
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse

# Both go into one short message, which a carrier sends in parts of 67 characters.
LONGEST_TITLE = 40
LONGEST_TEXT = 200


class ChangeState(StrEnum):
    """State of a change of benefits."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """What a change says in one language."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """One version of the rules; days."""

    version: str
    minimum_days: int
    shown_after_days: int

    def require_notice(self, effective_on: date, notice_on: date | None, today: date) -> None:
        """Lets a change through that members hear of in time; notice that would have been in the past is given today.

        Raises:
            Refusal: BENEFIT_NOTICE_MISSING, BENEFIT_EFFECTIVE_TOO_SOON.
        """
        if notice_on is None:
            raise refuse(Reason.BENEFIT_NOTICE_MISSING, Finding("notice_on", Reason.BENEFIT_NOTICE_MISSING))
        if effective_on < max(notice_on, today) + timedelta(days=self.minimum_days):
            raise refuse(Reason.BENEFIT_EFFECTIVE_TOO_SOON, Finding("effective_on", Reason.BENEFIT_EFFECTIVE_TOO_SOON))

    def is_shown(self, effective_on: date, notice_on: date, today: date) -> bool:
        """Returns whether kiosks show a published change today."""
        return notice_on <= today <= effective_on + timedelta(days=self.shown_after_days)


def require_order(effective_on: date, notice_on: date | None) -> None:
    """Lets a draft through whose days are at least in order; whether they are far enough apart is asked when it is published.

    Raises:
        Refusal: BENEFIT_EFFECTIVE_TOO_SOON.
    """
    if notice_on is not None and effective_on <= notice_on:
        raise refuse(Reason.BENEFIT_EFFECTIVE_TOO_SOON, Finding("effective_on", Reason.BENEFIT_EFFECTIVE_TOO_SOON))


def require_words(words: Mapping[Language, ChangeWords]) -> None:
    """Lets words through that say something in every language.

    Raises:
        Refusal: REQUEST_MALFORMED with FIELD_REQUIRED or FIELD_TOO_LONG for each part, e.g. ``en.title``.
    """
    findings = [finding for language in Language for finding in _findings(language, words.get(language, ChangeWords("", "")))]
    if findings:
        raise refuse(Reason.REQUEST_MALFORMED, *findings)


def _findings(language: Language, words: ChangeWords) -> list[Finding]:
    found = []
    for part, text, longest in (("title", words.title, LONGEST_TITLE), ("text", words.text, LONGEST_TEXT)):
        if not text.strip():
            found.append(Finding(f"{language}.{part}", Reason.FIELD_REQUIRED))
        elif len(text) > longest:
            found.append(Finding(f"{language}.{part}", Reason.FIELD_TOO_LONG))
    return found


def read_rules(rules: Mapping[str, Any]) -> NoticeRules:
    """Returns the rules of a file.

    Raises:
        ValueError: Without a notice period members would learn of a change when it is there.
    """
    if rules["minimum_days"] < 1 or rules["shown_after_days"] < 0:
        raise ValueError(f"{rules['version']}: days are positive")
    return NoticeRules(rules["version"], rules["minimum_days"], rules["shown_after_days"])


@functools.cache
def load_notice_rules() -> NoticeRules:
    """Returns the rules that ship with the service."""
    return read_rules(tomllib.loads(files("server_stub.domain.rules").joinpath("notice-2026-11.toml").read_text("utf-8")))
