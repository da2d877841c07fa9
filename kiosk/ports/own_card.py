"""The member's own card as the centre says, and the list of lost cards for the time without the centre."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class CardStanding(StrEnum):
    """Whether a member has a valid card."""

    NONE = "none"
    ACTIVE = "active"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class OwnCard:
    """How it stands with the card.

    Attributes:
        lost_on: Day of the report as YYYY-MM-DD, or empty.
        is_holder_proved: The visit began with a one-time code: only then a loss can be reported.
        may_withdraw: This visit can still take its report back.
        fee_fen: What a new card costs; 0 where it is free.
    """

    standing: CardStanding
    lost_on: str = ""
    is_holder_proved: bool = True
    may_withdraw: bool = False
    fee_fen: int = 0


@dataclass(frozen=True, slots=True)
class HotlistChange:
    """A card that is refused from here on, or no longer.

    Attributes:
        uid: 7 bytes.
        lost_on: Day of the report as YYYY-MM-DD.
    """

    uid: bytes
    is_listed: bool
    lost_on: str


@dataclass(frozen=True, slots=True)
class HotlistDelta:
    """Changes in order, and the version after them."""

    version: int
    changes: tuple[HotlistChange, ...]
    has_more: bool


class Hotlist(Protocol):
    """Which cards are lost, as far as this kiosk knows. Can only refuse. Thread: loop, each call under 10 ms."""

    def version(self) -> int:
        """Return the version of what is known, 0 for nothing."""
        ...

    def apply(self, delta: HotlistDelta) -> None:
        """Keep changes; durable before it returns."""
        ...

    def lost_on(self, uid: bytes) -> str:
        """Return the day on which a card was reported lost, "" where it was not."""
        ...
