"""What a new member gets: tier, points and coupons, from a versioned rule file. Knows no account. No money turns into points."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from server_stub.domain.language import Language

DEFAULT_SET = "default"


@dataclass(frozen=True, slots=True)
class WelcomeCoupon:
    """A coupon to issue; amounts in fen, days inclusive."""

    definition: str
    text_key: str
    value_fen: int
    minimum_spend_fen: int
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class WordedCoupon:
    """What the message says of a coupon; amounts in fen, `minimum_spend_fen` 0 where any purchase will do."""

    value_fen: int
    minimum_spend_fen: int
    until: date


@dataclass(frozen=True, slots=True)
class Welcome:
    """What one new member gets.

    Attributes:
        points_expire_on: Last day on which the points can be spent.
        set_is_missing: True where the store names a set that does not exist; the default was taken and an alert is due.
    """

    rules_version: str
    tier: str
    points: int
    points_expire_on: date
    coupons: tuple[WelcomeCoupon, ...]
    set_is_missing: bool


class WelcomeRules:
    """One version of the rules."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self.version: str = rules["version"]
        self.first_day: date = rules["first_day"]
        self._stores: Mapping[str, str] = rules["stores"]
        self._sets: Mapping[str, Mapping[str, Any]] = rules["sets"]
        self._wording: Mapping[str, Mapping[str, str]] = rules["wording"]
        if DEFAULT_SET not in self._sets:
            raise ValueError(f"{self.version}: there is no default set")
        for name, one in self._sets.items():
            _require_positive(f"{self.version} {name}", one)

    def for_store(self, store_id: str, today: date) -> Welcome:
        """Returns what a member who joins at the store today gets."""
        name = self._stores.get(store_id, DEFAULT_SET)
        chosen = self._sets.get(name, self._sets[DEFAULT_SET])
        return Welcome(
            rules_version=self.version,
            tier=chosen["tier"],
            points=chosen["points"],
            points_expire_on=_last_day(today, chosen["points_valid_days"]),
            coupons=tuple(_coupon(coupon, today) for coupon in chosen.get("coupons", ())),
            set_is_missing=name not in self._sets,
        )

    def worded(self, language: Language, points: int, coupons: Iterable[WordedCoupon]) -> str:
        """Returns the benefits in words, one a line."""
        lines = [
            self._wording["coupon_with_condition" if one.minimum_spend_fen else "coupon"][language].format(
                value=_yuan(one.value_fen, language), spend=_yuan(one.minimum_spend_fen, language), until=one.until.isoformat()
            )
            for one in coupons
        ]
        return "\n".join([self._wording["points"][language].format(points=points), *lines])


def _yuan(fen: int, language: Language) -> str:
    """Returns an amount in yuan; after the ¥ of English texts with both places, before 元 without those that say nothing."""
    said = f"{fen / 100:.2f}"
    return said if language is Language.EN else said.removesuffix(".00")


def _require_positive(where: str, one: Mapping[str, Any]) -> None:
    numbers = [one["points"], one["points_valid_days"], *(c[key] for c in one.get("coupons", ()) for key in ("value_fen", "valid_days"))]
    if any(number < 1 for number in numbers):
        raise ValueError(f"{where}: points, values and days are positive")


def _coupon(coupon: Mapping[str, Any], today: date) -> WelcomeCoupon:
    return WelcomeCoupon(
        definition=coupon["definition"],
        text_key=coupon["text_key"],
        value_fen=coupon["value_fen"],
        minimum_spend_fen=coupon["minimum_spend_fen"],
        valid_from=today,
        valid_until=_last_day(today, coupon["valid_days"]),
    )


def _last_day(today: date, days: int) -> date:
    return today + timedelta(days=days - 1)


@functools.cache
def load_welcome_rules() -> WelcomeRules:
    """Returns the rules that ship with the service."""
    return WelcomeRules(tomllib.loads(files("server_stub.domain.rules").joinpath("welcome-2026-11.toml").read_text("utf-8")))
