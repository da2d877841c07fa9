"""How a card leaves the field in the middle of a command. Knows no wire: it says what is still sent.

Every tear looks from outside like one of four: the command did not arrive whole, it was carried out and its answer was
lost, its answer broke off, or the chip's memory was being written in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hardware.emulation.card.chip import Chip, PowerLost
from hardware.emulation.card.kinds import Card


class When(StrEnum):
    """Point of a tear."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Tear:
    """A tear that waits.

    Attributes:
        skip: Card commands that are still carried out whole.
        when: Point.
        length: Bytes of the answer that still leave (REPLY), bytes of a file that are still written (DURING).
    """

    skip: int
    when: When
    length: int = 0


@dataclass(frozen=True, slots=True)
class Torn:
    """What is left of an answer: None where nothing leaves, otherwise its first bytes and its announced length."""

    sent: bytes | None
    announced: int


class TornCard:
    """A card with at most one tear ahead of it."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.ahead: Tear | None = None
        self.commands = 0

    def transmit(self, apdu: bytes) -> bytes | Torn | None:
        """Return the card's answer, or what a tear leaves of it."""
        self.commands += 1
        if self.ahead is None:
            return self.card.transmit(apdu)
        if self.ahead.skip:
            self.ahead = Tear(self.ahead.skip - 1, self.ahead.when, self.ahead.length)
            return self.card.transmit(apdu)
        tear, self.ahead = self.ahead, None
        return self._torn(apdu, tear)

    def _torn(self, apdu: bytes, tear: Tear) -> Torn:
        if tear.when is When.BEFORE:
            return Torn(None, 0)
        if tear.when is When.DURING and isinstance(self.card, Chip):
            self.card.partial_write = tear.length
        try:
            answer = self.card.transmit(apdu) or b""
        except PowerLost:
            return Torn(None, 0)
        if tear.when is When.REPLY:
            return Torn(answer[: tear.length], len(answer))
        return Torn(None, 0)
