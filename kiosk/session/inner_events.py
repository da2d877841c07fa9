"""What the session tells itself: answers to a journey's effects, faults of our own, visits that ended elsewhere, and time that is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kiosk.ports.values import Reason


@dataclass(frozen=True, slots=True)
class Answer:
    """An event of a journey's effect; dropped where that journey is over. What a device did is a sign of life as a touch is."""

    journey: int
    event: Any
    is_of_device: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """An effect of a journey ended in a fault of our own."""

    journey: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class VisitEnded:
    """The centre ended a visit, e.g. because it goes on at another kiosk."""

    visit_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class IdleOver:
    """Nobody touched anything for the time of this state."""
