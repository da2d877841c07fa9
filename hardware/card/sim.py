"""A card reader without hardware, for tests of what lies above it: it behaves like one and fails like one on demand.

The card itself is a function from command to response APDU; what it does is the test's affair.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from hardware.card.api import Seen, Sighting
from hardware.errors import DeviceError, NoCard, Removed

Respond = Callable[[bytes], bytes]


@dataclass(slots=True)
class SimCard:
    """A card: UID, ATR, and its behaviour."""

    uid: bytes
    respond: Respond
    atr: bytes = bytes.fromhex("3b8180018080")


@dataclass(slots=True)
class SimReader:
    """Slot and watcher in one.

    Attributes:
        fail_after: The link fails at the command with this number from now, counted from 0; None never.
    """

    name: str = "Sim 00 00"
    fail_after: int | None = None
    _card: SimCard | None = None
    _insertions: int = 0
    _reports: queue.SimpleQueue[Sighting | None] = field(default_factory=queue.SimpleQueue)

    def insert(self, card: SimCard) -> None:
        """Lay a card down."""
        self._card = card
        self._insertions += 1
        self._reports.put(self._sighting())

    def _sighting(self) -> Sighting:
        return Sighting() if self._card is None else Sighting((Seen(self.name, self._card.atr, self._insertions),))

    def insert_two(self) -> None:
        """Lay two cards down at once."""
        self._insertions += 1
        self._reports.put(Sighting((Seen(self.name, b"", self._insertions), Seen("Sim 00 01", b"", self._insertions))))

    def remove(self) -> None:
        """Take the card away."""
        self._card = None
        self._reports.put(Sighting())

    def break_down(self, trouble: DeviceError) -> None:
        """Have the reader or its service fail."""
        self._card = None
        self._reports.put(Sighting(trouble=trouble))

    def run(self, report: Callable[[Sighting], None]) -> None:
        """See hardware.card.api.Watcher."""
        report(self._sighting())
        while (sighting := self._reports.get()) is not None:
            report(sighting)

    def stop(self) -> None:
        """See hardware.card.api.Watcher."""
        self._reports.put(None)

    def open(self, reader: str) -> SimLink:
        """See hardware.card.api.CardSlot."""
        if self._card is None or reader != self.name:
            raise NoCard(reader)
        return SimLink(self, self._card)

    def exchange(self, card: SimCard, apdu: bytes) -> bytes:
        """Return the card's response; raises Removed where it was taken away or is to fail."""
        if self.fail_after == 0:
            self.fail_after = None
            self.remove()
        elif self.fail_after is not None:
            self.fail_after -= 1
        if self._card is not card:
            raise Removed("taken away")
        return card.respond(apdu)


class SimLink:
    """See hardware.card.api.CardLink."""

    def __init__(self, reader: SimReader, card: SimCard) -> None:
        self.uid = card.uid
        self.atr = card.atr
        self._reader = reader
        self._card = card

    def transmit(self, apdu: bytes) -> bytes:
        """See CardLink.transmit."""
        return self._reader.exchange(self._card, apdu)

    def close(self) -> None:
        """See CardLink.close."""

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
