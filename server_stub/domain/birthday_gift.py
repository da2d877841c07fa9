"""Who gets which birthday gift for which year, from a versioned rule file. Knows no coupon and no clock.

A gift belongs to the calendar year of the birthday that it is for, also where it is given some days later, over New Year. What must not
happen is that one member gets two for a year; that is a unique key of the table of coupons, not of these rules.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from server_stub.domain.birthday import ADULT_AGE, ProofLevel, age_on, anniversary
from server_stub.domain.coupons import Terms
from server_stub.domain.reasons import Reason

_CAUSE = "birthday"
_LEAP_DAY = date(2000, 2, 29)


@dataclass(frozen=True, slots=True)
class BirthdayFacts:
    """What is known of a member's birthday.

    Attributes:
        known_since: Day on which the member joined or first told it, whichever came later.
        changed_on: Day on which it was changed; None where it never was.
    """

    birthday: date | None
    proof: ProofLevel
    known_since: date
    changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class BirthdayGift:
    """A gift that is due.

    Attributes:
        year: Calendar year of the birthday; a member gets one gift for a year.
    """

    year: int
    definition: str
    text_key: str
    terms: Terms
    rules_version: str

    @property
    def cause(self) -> str:
        """Returns what makes a second gift for the year impossible."""
        return cause_of(self.year)


class BirthdayRules:
    """One version of the rules."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        """Reads the rules.

        Raises:
            ValueError: a number that must be positive is not, or minors would be given what they may not have.
        """
        self.version: str = rules["version"]
        self.first_day: date = rules["first_day"]
        self.open_days: int = rules["open_days"]
        self._known_days: int = rules["known_days"]
        self._gifts: Mapping[ProofLevel, Mapping[str, Any]] = {ProofLevel(proof): gift for proof, gift in rules["gifts"].items()}
        if self.open_days < 1 or self._known_days < 0:
            raise ValueError(f"{self.version}: days are positive")
        for gift in self._gifts.values():
            _require_sound(self.version, gift)

    def judge(self, facts: BirthdayFacts, today: date) -> BirthdayGift | Reason:
        """Returns the gift that is due today, or why there is none; whether it was given before is not looked at.

        ``today`` is the day in Asia/Shanghai.
        """
        if facts.birthday is None or facts.proof not in self._gifts:
            return Reason.BIRTHDAY_MISSING
        day = self._open_birthday(facts.birthday, today)
        if day is None:
            return Reason.BIRTHDAY_NOT_NOW
        if facts.changed_on is not None and facts.changed_on.year >= day.year:
            return Reason.BIRTHDAY_CHANGED_THIS_YEAR
        if facts.known_since > day - timedelta(days=self._known_days):
            return Reason.BIRTHDAY_TOO_NEW
        return self._gift(self._gifts[facts.proof], facts.birthday, day, today)

    def open_on(self, today: date) -> dict[int, tuple[str, ...]]:
        """Returns by year the birthdays, as MM-DD, whose gift may be given today; 29 February is there with the 28th of common years."""
        found: dict[int, tuple[str, ...]] = {}
        for day in (today - timedelta(days=back) for back in range(self.open_days)):
            names = (day.strftime("%m-%d"), *(["02-29"] if anniversary(_LEAP_DAY, day.year) == day else []))
            found[day.year] = tuple(dict.fromkeys((*found.get(day.year, ()), *names)))
        return found

    def _open_birthday(self, birthday: date, today: date) -> date | None:
        """Returns the newest birthday that is not over for longer than the gift may be taken."""
        newest = [day for day in (anniversary(birthday, today.year), anniversary(birthday, today.year - 1)) if day <= today]
        is_open = bool(newest) and (today - newest[0]).days < self.open_days and newest[0] > birthday
        return newest[0] if is_open else None

    def _gift(self, gift: Mapping[str, Any], birthday: date, day: date, today: date) -> BirthdayGift:
        is_minor = age_on(birthday, day) < ADULT_AGE
        chosen = gift["for_minors"] if is_minor and gift.get("adults_only", False) else gift
        return BirthdayGift(
            year=day.year,
            definition=chosen["definition"],
            text_key=chosen["text_key"],
            terms=Terms(chosen["value_fen"], chosen["minimum_spend_fen"], today, today + timedelta(days=chosen["valid_days"] - 1)),
            rules_version=self.version,
        )


def cause_of(year: int) -> str:
    """Returns the cause of the coupons that are given for the birthdays of a year."""
    return f"{_CAUSE}:{year}"


def _require_sound(version: str, gift: Mapping[str, Any]) -> None:
    for_minors = gift.get("for_minors")
    if gift.get("adults_only", False) and (for_minors is None or for_minors.get("adults_only", False)):
        raise ValueError(f"{version}: {gift['definition']} is for adults only and names nothing for minors")
    if any(one[key] < 1 for one in (gift, for_minors or gift) for key in ("value_fen", "valid_days")):
        raise ValueError(f"{version}: {gift['definition']}: values and days are positive")


@functools.cache
def load_birthday_rules() -> BirthdayRules:
    """Returns the rules that ship with the service."""
    return BirthdayRules(tomllib.loads(files("server_stub.domain.rules").joinpath("birthday-2026-11.toml").read_text("utf-8")))
