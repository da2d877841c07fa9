"""Who may be the guardian of a member under 14, as a pure judgement. Knows no storage and no proof of a phone."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any

from server_stub.domain.birthday import ADULT_AGE, GUARDIAN_BELOW_AGE, AgeBand, age_on
from server_stub.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class GuardianFacts:
    """What is known of a member who wants to be a guardian.

    Attributes:
        is_in_good_standing: The membership is active and neither phone nor document is on the list of earlier abuse.
        age_band: As stated at joining; empty where it was never asked.
        birthday: None where unknown.
        children: How many children are linked, those in review counted.
    """

    name: str = field(repr=False)
    is_in_good_standing: bool
    age_band: str
    birthday: date | None = field(repr=False)
    children: int


class GuardianRules:
    """One version of the rules."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self.version: str = rules["version"]
        self.first_day: date = rules["first_day"]
        self.children: int = rules["children"]
        if self.children < 1:
            raise ValueError(f"{self.version}: a guardian has at least one child")

    def unfit(self, facts: GuardianFacts, today: date) -> Reason | None:
        """Returns why the member cannot be the guardian of one more child, or None. ``today`` is the day in Asia/Shanghai.

        The birthday counts for more than the band: the band was said once, and who said "14 to 17" grows up.
        """
        is_adult = facts.age_band == AgeBand.ADULT.value if facts.birthday is None else age_on(facts.birthday, today) >= ADULT_AGE
        if not is_adult:
            return Reason.GUARDIAN_MINOR
        if not facts.is_in_good_standing:
            return Reason.GUARDIAN_BLOCKED
        return Reason.GUARDIAN_LIMIT if facts.children >= self.children else None


def is_same_person(guardian: GuardianFacts, name: str, birthday: date | None) -> bool:
    """Returns whether a child's form describes the guardian: the same name, and no birthday that tells them apart."""
    return guardian.name == name and birthday in {None, guardian.birthday}


def is_of_age(birthday: date, day: date) -> bool:
    """Returns whether a child needs no guardian any more."""
    return age_on(birthday, day) >= GUARDIAN_BELOW_AGE


@functools.cache
def load_guardian_rules() -> GuardianRules:
    """Returns the rules that ship with the service."""
    return GuardianRules(tomllib.loads(files("server_stub.domain.rules").joinpath("guardian-2026-11.toml").read_text("utf-8")))
