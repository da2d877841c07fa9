"""Limits of feedback and the days by which it is answered. Knows no table."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from server_stub.domain.clock import CHINA, business_day

_END_OF_DAY = time(18, 0, tzinfo=CHINA)
_SATURDAY = 5
_LIMITS = (
    "longest_text",
    "longest_reply",
    "longest_receipt_number",
    "device_hour",
    "member_day",
    "secret_tries",
    "classify_days",
    "reply_days",
    "resolve_days",
)


@dataclass(frozen=True, slots=True)
class Due:
    """By when something is done, UTC."""

    classify_by: datetime
    reply_by: datetime
    resolve_by: datetime


@dataclass(frozen=True, slots=True)
class FeedbackRules:
    """One version of the rules; lengths in characters, days are working days."""

    version: str
    longest_text: int
    longest_reply: int
    longest_receipt_number: int
    device_hour: int
    member_day: int
    secret_tries: int
    classify_days: int
    reply_days: int
    resolve_days: int

    def due(self, received_at: datetime) -> Due:
        """Returns the dates of a case that is received, or opened again, at a moment."""
        days = (self.classify_days, self.reply_days, self.resolve_days)
        return Due(*(working_days_after(received_at, count) for count in days))


def working_days_after(moment: datetime, count: int) -> datetime:
    """Returns the end (UTC) of the working day that lies so many working days after a moment; public holidays are not known here."""
    day = business_day(moment)
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return datetime.combine(day, _END_OF_DAY).astimezone(UTC)


def read_rules(rules: Mapping[str, Any]) -> FeedbackRules:
    """Returns the rules of a file.

    Raises:
        ValueError: A limit is not positive, or something would be due before what comes first.
    """
    limits = {name: rules[name] for name in _LIMITS}
    if min(limits.values()) < 1:
        raise ValueError(f"{rules['version']}: limits are positive")
    if not rules["classify_days"] <= rules["reply_days"] <= rules["resolve_days"]:
        raise ValueError(f"{rules['version']}: first a category, then a reply, then the end")
    return FeedbackRules(rules["version"], **limits)


@functools.cache
def load_feedback_rules() -> FeedbackRules:
    """Returns the rules that ship with the service."""
    return read_rules(tomllib.loads(files("server_stub.domain.rules").joinpath("feedback-2026-11.toml").read_text("utf-8")))
