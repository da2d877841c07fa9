"""The preliminary check's verdict: what the findings lead to, from a versioned rule file. Knows no form and no database."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Any

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding
from server_stub.domain.similarity import Weights


class Outcome(StrEnum):
    """What the check leads to."""

    APPROVED = "APPROVED"
    IN_REVIEW = "IN_REVIEW"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict.

    Attributes:
        needed_approvals: 0 unless IN_REVIEW; then how many different people must approve.
        findings: RETURNED: only what is to be mended; IN_REVIEW: why a person looks.
    """

    outcome: Outcome
    needed_approvals: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class SimilarityRules:
    """When two people count as similar; scores from 0 to 100."""

    threshold: int
    candidates: int
    weights: Weights


class PreliminaryRules:
    """One version of the rules."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self.version: str = rules["version"]
        self.first_day: date = rules["first_day"]
        self.review_hours: int = rules["review_hours"]
        part = rules["similarity"]
        weights = Weights(part["name"], part["birthday"], part["address"], part["minimum_weight"])
        self.similarity = SimilarityRules(part["threshold"], part["candidates"], weights)
        self._review = {Reason(name): int(people) for name, people in rules["review"].items()}
        if not all(people in {1, 2} for people in self._review.values()):
            raise ValueError(f"{self.version}: one or two people approve")

    def judge(self, findings: Iterable[Finding]) -> Judgement:
        """Returns the verdict; what must be mended weighs more than what must be looked at."""
        found = tuple(findings)
        to_mend = tuple(f for f in found if f.reason not in self._review)
        if to_mend:
            return Judgement(Outcome.RETURNED, 0, to_mend)
        if found:
            return Judgement(Outcome.IN_REVIEW, max(self._review[f.reason] for f in found), found)
        return Judgement(Outcome.APPROVED, 0, ())


@functools.cache
def load_preliminary_rules() -> PreliminaryRules:
    """Returns the rules that ship with the service."""
    return PreliminaryRules(tomllib.loads(files("server_stub.domain.rules").joinpath("preliminary-2026-11.toml").read_text("utf-8")))
