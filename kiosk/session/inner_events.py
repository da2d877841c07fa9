"""What comes into the session's inbox beside touches: answers, faults, visits that ended elsewhere, time that is over, and devices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kiosk.flows.scan.state import CameraLost, CodeShown
from kiosk.ports.campaigns import PublicCampaign
from kiosk.ports.devices import ReaderState
from kiosk.ports.display import Chrome
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


@dataclass(frozen=True, slots=True)
class ReaderChanged:
    """The reader saw something."""

    state: ReaderState


@dataclass(frozen=True, slots=True)
class Scanned:
    """The camera saw a code, or cannot be had."""

    about: CodeShown | CameraLost


@dataclass(frozen=True, slots=True)
class ChromeChanged:
    """The device or the link to the centre changed."""

    change: Callable[[Chrome], Chrome]


@dataclass(frozen=True, slots=True)
class CampaignsChanged:
    """The campaigns of the store changed: `campaigns` are all of them, `shown` those of this moment, `ended` the ids of what is over."""

    campaigns: tuple[PublicCampaign, ...]
    shown: tuple[PublicCampaign, ...]
    ended: frozenset[str]
