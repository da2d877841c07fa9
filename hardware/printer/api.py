"""What a receipt printer is to the rest of the kiosk. Knows no protocol and nothing of what is on the paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

_JOB_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class PrinterCondition(StrEnum):
    """How a printer is; in order of precedence where several hold."""

    OFFLINE = "offline"
    JAMMED = "jammed"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    STOPPED = "stopped"
    PAPER_LOW = "paper_low"
    READY = "ready"

    @property
    def can_print(self) -> bool:
        """True where a slip may be sent."""
        return self in {PrinterCondition.READY, PrinterCondition.PAPER_LOW}

    @property
    def text_key(self) -> str:
        """Key of the text for the technician in the kiosk's catalogue."""
        return f"printer.{self.value}"


@dataclass(frozen=True, slots=True)
class SlipJob:
    """A slip to print.

    Attributes:
        name: Name of the job in the printer's own list, which strangers may read: the receipt's number, never a member's
            name or number; 1 to 64 of letters, digits, ``. _ -``.
        pdf: The document, one page, PDF.
        width_mm: Width of the page.
        height_mm: Height of the page.
    """

    name: str
    pdf: bytes
    width_mm: float
    height_mm: float

    def __post_init__(self) -> None:
        if not _JOB_NAME.fullmatch(self.name):
            raise ValueError("a job's name is a receipt number")


@dataclass(frozen=True, slots=True)
class Printed:
    """A slip that is out: the printer's number of the job and how long it took, in seconds."""

    job_id: int
    duration_s: float


class Printer(Protocol):
    """A receipt printer. All calls block; Thread: the device's worker."""

    def print_slip(self, job: SlipJob) -> Printed:
        """Print the slip and return once it is out, or raise once its fate is known as well as it can be.

        Raises:
            PrintFailed: With what is known of the slip; its subclasses say what is wrong with the printer.
        """
        ...

    def condition(self) -> PrinterCondition:
        """Return how the printer is now; OFFLINE where it does not answer. Never raises."""
        ...

    def close(self) -> None:
        """Give back what the driver holds; may be called twice."""
        ...
