"""States and events of the start: attract, menu, out of service, a fault of our own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.ports.values import Reason


@dataclass(frozen=True, slots=True)
class Attract:
    """Nobody is here; a touch begins."""


@dataclass(frozen=True, slots=True)
class Menu:
    """The guest's menu."""


@dataclass(frozen=True, slots=True)
class OutOfService:
    """The kiosk cannot serve, e.g. its identity is not accepted or its journal is damaged."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Faulted:
    """A journey could not go on by a fault of the kiosk's own; nothing of it is left but the reason."""

    reason: Reason


HomeState = Attract | Menu | OutOfService | Faulted


class Journey(StrEnum):
    """What the menu offers."""

    JOIN = "join"
    SIGN_IN = "sign_in"
    STATUS = "status"
    FEEDBACK = "feedback"
    LOST_CARD = "lost_card"
    CAMPAIGNS = "campaigns"


@dataclass(frozen=True, slots=True)
class Started:
    """Somebody touched the attract screen."""


@dataclass(frozen=True, slots=True)
class JourneyChosen:
    """A tile of the menu was touched."""

    journey: Journey


@dataclass(frozen=True, slots=True)
class ServiceLost:
    """The kiosk can no longer serve."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class ServiceRestored:
    """The kiosk can serve again."""
