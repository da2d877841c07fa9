"""The estimates behind the liability: price of a point, tax, expected redemption by age of a cohort; from a versioned rule file.

Knows no cohort's figures. Fractions are texts such as "19/20", because a binary fraction would not be what finance wrote down.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise
from typing import Any, TypeVar

from server_stub.domain.liability.months import Month, month_from

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Price:
    """What a sale is divided by.

    Attributes:
        fen_per_point: Stand-alone selling price of a point in fen, after its likelihood of being redeemed; above 0.
        untaxed_share: Share of a till's amount that is the price without value-added tax; above 0, at most 1.
    """

    fen_per_point: Fraction
    untaxed_share: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is expected of a cohort.

    Attributes:
        redeemed_share: Share of the points earned (returns left out) that will have been redeemed in the end; 0 to 1.
        least_of_outstanding: Share of the points still outstanding that is expected to be redeemed even where members have
            already redeemed more than was thought; 0 to 1. Revenue that could be taken back is not recognised (IFRS 15 B46).
    """

    redeemed_share: Fraction
    least_of_outstanding: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class _Estimates:
    least_of_outstanding: Fraction
    by_age: tuple[tuple[int, Fraction], ...]
    by_month: Mapping[Month, Fraction]

    def of(self, month: Month, day: date) -> Estimate:
        age = month.age_at(day)
        general = [share for months, share in self.by_age if months <= age][-1]
        return Estimate(self.by_month.get(month, general), self.least_of_outstanding)


class LiabilityRules:
    """One version of the rules."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        """Reads the tables.

        Raises:
            ValueError: The rules contradict themselves; the message names the table.
        """
        self.version: str = rules["version"]
        self.first_day: date = rules["first_day"]
        self._prices = _dated(self.version, "price", rules["price"], _price)
        self._estimates = _dated(self.version, "estimate", rules["estimate"], _estimates)

    def price_on(self, day: date) -> Price:
        """Returns the price by which a sale of that day is divided, for ever: a later price never changes an earlier sale.

        Raises:
            ValueError: The rules begin later.
        """
        return _in_force(self.version, self._prices, day)

    def estimate_on(self, day: date, cohort: Month) -> Estimate:
        """Returns what is expected of a cohort as it is known on a day.

        Raises:
            ValueError: The rules begin later.
        """
        return _in_force(self.version, self._estimates, day).of(cohort, day)


@functools.cache
def load_liability_rules() -> LiabilityRules:
    """Returns the rules that ship with the service."""
    return LiabilityRules(tomllib.loads(files("server_stub.domain.rules").joinpath("liability-2026-11.toml").read_text("utf-8")))


def _dated(
    version: str, name: str, tables: Sequence[Mapping[str, Any]], read: Callable[[Mapping[str, Any]], T]
) -> tuple[tuple[date, T], ...]:
    days = [one["from"] for one in tables]
    if not days or any(later <= earlier for earlier, later in pairwise(days)):
        raise ValueError(f"{version}: {name} needs one table or more, each from a later day")
    try:
        return tuple((one["from"], read(one)) for one in tables)
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"{version}: {name}: {error}") from error


def _in_force(version: str, dated: tuple[tuple[date, T], ...], day: date) -> T:
    found = [value for first, value in dated if first <= day]
    if not found:
        raise ValueError(f"{version} says nothing about {day.isoformat()}")
    return found[-1]


def _price(table: Mapping[str, Any]) -> Price:
    price = Price(Fraction(table["fen_per_point"]), Fraction(table["untaxed_share"]))
    if price.fen_per_point <= 0 or not 0 < price.untaxed_share <= 1:
        raise ValueError("a price is above 0, an untaxed share above 0 and at most 1")
    return price


def _estimates(table: Mapping[str, Any]) -> _Estimates:
    by_age = tuple((one["months"], Fraction(one["redeemed"])) for one in table["by_age"])
    by_month = {month_from(one["month"]): Fraction(one["redeemed"]) for one in table.get("cohort", ())}
    shares = [Fraction(table["least_of_outstanding"]), *(share for _, share in by_age), *by_month.values()]
    if any(not 0 <= share <= 1 for share in shares):
        raise ValueError("shares are from 0 to 1")
    if not by_age or by_age[0][0] != 0 or any(later <= earlier for (earlier, _), (later, _) in pairwise(by_age)):
        raise ValueError("ages begin with 0 months and grow")
    return _Estimates(shares[0], by_age, by_month)
