"""The life of a referral: PENDING, QUALIFIED, REWARDED, VOID; its rules and its code. Knows no table, no sale's lines and no account.

A referral is looked at again and again, by the calendar: what it is follows from the new member's purchases, less what came back, so a
return that is booked late, or twice looked at, leads to the same end.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Any

from server_stub.domain.reasons import Reason

# Without I, L, O and U, which are misread or make words; what is misread is taken for what was meant.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
_PREFIX = "R"
_LENGTH = 8


class ReferralState(StrEnum):
    """State of a referral."""

    PENDING = "PENDING"
    QUALIFIED = "QUALIFIED"
    REWARDED = "REWARDED"
    VOID = "VOID"


@dataclass(frozen=True, slots=True)
class Kinship:
    """What referrer and new member have in common; True speaks against a reward.

    Attributes:
        same_person: One person row, phone, ID number or e-mail address.
        alike: One address, or facts by which doubles are found.
        at_device: New members whom the referrer brought at this device within the window, this one left out.
        was_referred: The new member has used a code before.
    """

    same_person: bool
    alike: bool
    at_device: int
    was_referred: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A referral as it is and what the new member bought.

    Attributes:
        qualified_on: Day of the sale that counts; None while none does.
        kept_fen: What of that sale is left after returns; 0 where none counts.
        next_sale_on: Day of the first sale that would count, where none does yet; None where there is none.
    """

    state: ReferralState
    attached_on: date
    qualified_on: date | None
    kept_fen: int
    next_sale_on: date | None


@dataclass(frozen=True, slots=True)
class ReferralRules:
    """One version of the rules; points, fen and days as the file says."""

    version: str
    referrer_points: int
    referee_points: int
    points_valid_days: int
    minimum_fen: int
    return_days: int
    pending_days: int
    reversal_days: int
    device_limit: int
    device_days: int

    def flaw(self, kinship: Kinship) -> Reason | None:
        """Returns why this referral brings no reward, the gravest reason first; None where it may."""
        if kinship.was_referred:
            return Reason.REFERRAL_SECOND_CODE
        if kinship.same_person:
            return Reason.REFERRAL_SELF
        if kinship.alike:
            return Reason.REFERRAL_SAME_ADDRESS
        return Reason.REFERRAL_SAME_DEVICE if kinship.at_device >= self.device_limit else None

    def next_state(self, standing: Standing, today: date) -> tuple[ReferralState, Reason | None]:
        """Returns the state that follows today, and why where it is VOID; the same state where nothing follows."""
        match standing.state:
            case ReferralState.PENDING:
                return self._from_pending(standing, today)
            case ReferralState.QUALIFIED:
                return self._from_qualified(standing, today)
            case ReferralState.REWARDED:
                is_broken = standing.kept_fen < self.minimum_fen and self.is_reversible(standing.qualified_on, today)
                return (ReferralState.VOID, Reason.REFERRAL_SALE_RETURNED) if is_broken else (ReferralState.REWARDED, None)
            case ReferralState.VOID:
                return ReferralState.VOID, None

    def is_reversible(self, qualified_on: date | None, today: date) -> bool:
        """Returns whether a return still takes the reward back."""
        return qualified_on is not None and today <= qualified_on + timedelta(days=self.reversal_days)

    def last_pending_day(self, attached_on: date) -> date:
        """Returns the last day on which a sale counts."""
        return attached_on + timedelta(days=self.pending_days - 1)

    def _from_pending(self, standing: Standing, today: date) -> tuple[ReferralState, Reason | None]:
        if standing.next_sale_on is not None and standing.next_sale_on <= self.last_pending_day(standing.attached_on):
            return ReferralState.QUALIFIED, None
        is_over = today > self.last_pending_day(standing.attached_on)
        return (ReferralState.VOID, Reason.REFERRAL_LAPSED) if is_over else (ReferralState.PENDING, None)

    def _from_qualified(self, standing: Standing, today: date) -> tuple[ReferralState, Reason | None]:
        if standing.kept_fen < self.minimum_fen:
            return ReferralState.PENDING, None
        is_kept = standing.qualified_on is not None and today >= standing.qualified_on + timedelta(days=self.return_days)
        return ReferralState.REWARDED if is_kept else ReferralState.QUALIFIED, None


def new_code(random_below: Callable[[int], int]) -> str:
    """Returns a new referral code: R and eight characters that are easy to read out and to type."""
    return _PREFIX + "".join(_ALPHABET[random_below(len(_ALPHABET))] for _ in range(_LENGTH))


def read_code(typed: str) -> str:
    """Returns the code that somebody meant; spaces, hyphens, small letters and misread characters do not count."""
    return "".join(c for c in typed.upper() if c.isalnum()).translate(_MISREAD)


def read_rules(rules: Mapping[str, Any]) -> ReferralRules:
    """Returns the rules of a file.

    Raises:
        ValueError: a number is not positive, or a return could come after the last day on which it takes anything back.
    """
    numbers = {name: rules[name] for name in ReferralRules.__slots__ if name != "version"}
    if any(number < 1 for number in numbers.values()) or rules["reversal_days"] < rules["return_days"]:
        raise ValueError(f"{rules['version']}: numbers are positive, and rewards are reversible once they are given")
    return ReferralRules(rules["version"], **numbers)


@functools.cache
def load_referral_rules() -> ReferralRules:
    """Returns the rules that ship with the service."""
    return read_rules(tomllib.loads(files("server_stub.domain.rules").joinpath("referral-2026-11.toml").read_text("utf-8")))
