"""Reasons for which a line of a script is refused before the service sees it. Knows no text; ``reasons.toml`` has the texts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from server_stub.domain.reasons import Reason


class ScriptReason(StrEnum):
    """Reasons of scripts alone; all others are those of the contract (till-script.md section 5)."""

    BAD_JSON = "BAD_JSON"
    UNKNOWN_OP = "UNKNOWN_OP"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    MISSING_FIELD = "MISSING_FIELD"
    BAD_FIELD = "BAD_FIELD"
    CLOCK_BACKWARDS = "CLOCK_BACKWARDS"
    PROGRAM_MISSING = "PROGRAM_MISSING"
    PROGRAM_TWICE = "PROGRAM_TWICE"
    UNKNOWN_REQUEST = "UNKNOWN_REQUEST"


class LineRefused(Exception):
    """A line is refused.

    Attributes:
        reason: Why.
        keys: What else its result line says: ``field`` (where, e.g. ``lines.1.qty``) or ``frees_on``.
    """

    def __init__(self, reason: ScriptReason | Reason, keys: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.keys = dict(keys or {})
