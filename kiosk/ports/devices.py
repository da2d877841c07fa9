"""Devices as journeys need them, in their words; `kiosk.app` fits the drivers of `hardware` to these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kiosk.ports.desks import CardCommand, VisitSession
from kiosk.ports.feedback import Ticket
from kiosk.ports.points import Statement
from kiosk.ports.values import CardSeen, Finding, Issued, Language, Reason, Receipt


@dataclass(frozen=True, slots=True)
class Relayed:
    """Responses of a batch in order; `stopped` says why fewer came than commands were given, else None.

    A response whose status word ends the batch early is among the responses; `stopped` is about the link.
    """

    responses: tuple[bytes, ...]
    stopped: Reason | None = None


@dataclass(frozen=True, slots=True)
class ReaderState:
    """What lies on the reader: a card, nothing (both None), or trouble with its reason.

    Attributes:
        was_there: The card lay there already when the reader came into sight: nobody has laid it just now.
    """

    card: CardSeen | None = None
    trouble: Reason | None = None
    was_there: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class CodeSeen:
    """A code before the camera; no repr.

    Attributes:
        kind: One of kiosk.codes.kinds.CodeKind, or "several".
        text: Content of member codes, receipts and cases; "" for everything else.
    """

    kind: str
    text: str = ""


class CardReader(Protocol):
    """The contactless reader. Thread: loop; the driver works in its own."""

    def watch(self, on_change: Callable[[ReaderState], None]) -> None:
        """Call `on_change` on the loop for every change, and once at the start."""
        ...

    def look(self) -> ReaderState:
        """Return the last state that was seen."""
        ...

    async def relay(self, card: CardSeen, commands: Sequence[CardCommand]) -> Relayed:
        """Send a batch to this very card; another UID stops it before the first command."""
        ...

    async def read_member_files(self, card: CardSeen, session: VisitSession) -> tuple[bytes, bytes]:
        """Return identity and snapshot, read with the visit's session keys; raises hardware.errors.DeviceError."""
        ...

    async def release(self) -> None:
        """End the connection to the card, so that nothing of it outlives the visit."""
        ...


class SlipPrinter(Protocol):
    """The receipt printer; raises hardware.errors.DeviceError. Thread: loop."""

    async def print_membership(self, issued: Issued, language: Language, *, is_copy: bool) -> None:
        """Print the slip of a new membership."""
        ...

    async def print_feedback(self, ticket: Ticket, language: Language) -> None:
        """Print the slip of feedback: its case number, and how to follow it up."""
        ...

    async def print_statement(self, statement: Statement, language: Language, *, is_copy: bool) -> None:
        """Print a statement of points."""
        ...

    async def print_redemption(self, receipt: Receipt, name_masked: str, language: Language, *, is_copy: bool) -> None:
        """Print the slip of what was bought with points; all that it says but the name is signed in the receipt."""
        ...

    async def print_deed(self, receipt: Receipt, name_masked: str, language: Language, *, is_copy: bool) -> None:
        """Print the slip of what was done; all that it says but the name is signed in the receipt."""
        ...

    async def print_application(
        self, kind: str, receipt: Receipt, findings: Sequence[Finding], language: Language, *, is_copy: bool
    ) -> None:
        """Print the slip of an application: kind "application" or "returned"."""
        ...


class CodeScanner(Protocol):
    """The camera that reads codes. Thread: loop; capture and decoding work in their own."""

    def watch(self, on_code: Callable[[CodeSeen], None], on_lost: Callable[[Reason], None]) -> None:
        """Call `on_code` on the loop for every code that is new in view, and `on_lost` where the camera is wanted and cannot be had."""
        ...

    def want(self, *, wanted: bool) -> None:
        """Have the camera on, or off: no picture is taken that no screen asked for."""
        ...


class NoScanner:
    """A kiosk without a camera."""

    def watch(self, on_code: Callable[[CodeSeen], None], on_lost: Callable[[Reason], None]) -> None:
        """See nothing."""

    def want(self, *, wanted: bool) -> None:
        """Have nothing to switch."""
