"""Writes parameters as the document that ``parsing.parse`` reads, so that a version is kept whole, whatever rule files say later."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

from server_stub.domain.program.parameters import Multiplier, Parameters, RewardTerms, TierLevel

_NAMES = {"from_day": "from", "until_day": "until"}


def as_document(parameters: Parameters) -> dict[str, Any]:
    """Returns every parameter under its name, as JSON values."""
    return {f.name: _plain(getattr(parameters, f.name)) for f in fields(parameters)}


def _plain(value: Any) -> Any:
    match value:
        case Multiplier() | RewardTerms() | TierLevel():
            named = {_NAMES.get(f.name, f.name): getattr(value, f.name) for f in fields(value)}
            # What is not there is left out: a multiplier has one condition, a reward has no limit that is not named.
            return {name: _plain(part) for name, part in named.items() if part is not None and part is not False}
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(part) for part in value]
        case dict():
            return {name: _plain(part) for name, part in value.items()}
        case _:
            return value
