"""What a card reader is to the rest of the kiosk: slots, links, and what is seen from outside. Knows no driver and no keys.

Errors are those of `hardware.errors`. An error of `CardLink.transmit` leaves open whether the card carried the command out;
an error of opening a link means that nothing was sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from hardware.errors import DeviceError


@dataclass(frozen=True, slots=True)
class PresentCard:
    """A card on the reader: UID (7 bytes for ours, 4 or 10 for some foreign ones) and ATR."""

    uid: bytes
    atr: bytes


@dataclass(frozen=True, slots=True)
class SlotState:
    """What lies on the reader: a card, nothing (both None), or trouble that no journey can use.

    Attributes:
        was_there: The card lay there already when the reader came into sight: nobody has laid it just now.
    """

    card: PresentCard | None = None
    trouble: DeviceError | None = None
    was_there: bool = False


class Outcome(StrEnum):
    """What became of a command; UNKNOWN is settled by reading the card on its next insertion."""

    DONE = "done"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Command:
    """A command APDU (ISO 7816-4) and the status words after which the next one of its batch is sent."""

    apdu: bytes
    go_on: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Relayed:
    """Responses of a batch in order.

    Attributes:
        responses: One per command that was answered; the last may carry a status word that ended the batch.
        fault: Why the link ended the batch, None where it did not.
        outcome: What became of the last command that was tried.
    """

    responses: tuple[bytes, ...]
    fault: DeviceError | None = None
    outcome: Outcome = Outcome.DONE


class CardLink(Protocol):
    """An open connection to one card, held exclusively. Thread: the reader's worker."""

    uid: bytes
    atr: bytes

    def transmit(self, apdu: bytes) -> bytes:
        """Return the response APDU, at least two bytes.

        Raises:
            DeviceError: Whether the card carried the command out is not known; the link must be closed.
        """
        ...

    def close(self) -> None:
        """End the connection and reset the card, so that no session outlives it; never raises."""
        ...

    def __enter__(self) -> Self:
        """Return it."""
        ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        ...


class CardSlot(Protocol):
    """Where links come from. Thread: the reader's worker."""

    def open(self, reader: str) -> CardLink:
        """Connect to the card on a reader.

        Raises:
            NoCard, NoReader, ReaderBusy, ServiceDown, Mute: Nothing was sent to the card.
        """
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """A card as a reader reports it; `insertions` grows with each insertion, so that a quick swap is noticed."""

    reader: str
    atr: bytes
    insertions: int
    is_mute: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """All readers at one moment: the cards on them, or why nothing can be seen."""

    cards: tuple[Seen, ...] = ()
    trouble: DeviceError | None = None


class Watcher(Protocol):
    """Reports what lies on the readers."""

    def run(self, report: Callable[[Sighting], None]) -> None:
        """Report the present sighting, then each change, until `stop`. Blocks. Thread: a worker of its own."""
        ...

    def stop(self) -> None:
        """Have `run` return soon. Thread: any."""
        ...
