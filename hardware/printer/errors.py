"""What goes wrong when a slip is printed, and what is known of the slip then. Knows no protocol."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from hardware.errors import DeviceError


class PrintOutcome(StrEnum):
    """What is known of a slip.

    A reprint after UNKNOWN is marked COPY, as one after PRINTED is: the first slip may lie in somebody's hand.
    """

    NOT_PRINTED = "not_printed"
    """No complete slip came out, and none will."""
    PRINTED = "printed"
    """The printer says that the slip is out."""
    UNKNOWN = "unknown"
    """A complete slip may have come out, or may still come out."""


class PrintFailed(DeviceError):
    """A slip did not come out as it should.

    Attributes:
        outcome: NOT_PRINTED or UNKNOWN, never PRINTED.
        job_id: The printer's number of the job, 0 where there is none; for the technician.
    """

    code: ClassVar[int] = 1300
    text_key: ClassVar[str] = "error.print_failed"

    def __init__(self, message: str, *, outcome: PrintOutcome = PrintOutcome.NOT_PRINTED, job_id: int = 0) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.job_id = job_id


class PaperOut(PrintFailed):
    """The paper is used up."""

    code: ClassVar[int] = 1301
    text_key: ClassVar[str] = "error.paper_out"


class PaperJam(PrintFailed):
    """The paper is stuck."""

    code: ClassVar[int] = 1302
    text_key: ClassVar[str] = "error.paper_jam"


class CoverOpen(PrintFailed):
    """The printer's cover or door is open."""

    code: ClassVar[int] = 1303
    text_key: ClassVar[str] = "error.printer_cover_open"


class PrinterStopped(PrintFailed):
    """The printer stands still for a reason that only a technician can remove."""

    code: ClassVar[int] = 1304
    text_key: ClassVar[str] = "error.printer_stopped"


class PrinterOffline(PrintFailed):
    """The printer does not answer."""

    code: ClassVar[int] = 1305
    text_key: ClassVar[str] = "error.printer_offline"
    retryable: ClassVar[bool] = True


class PrintTimedOut(PrintFailed):
    """The slip did not come out in time; the job was cancelled."""

    code: ClassVar[int] = 1306
    text_key: ClassVar[str] = "error.print_timed_out"


class PrinterBusy(PrintFailed):
    """The printer is at work on something else."""

    code: ClassVar[int] = 1307
    text_key: ClassVar[str] = "error.printer_busy"
    retryable: ClassVar[bool] = True


class JobRefused(PrintFailed):
    """The printer does not take the job: its format, its size, or our right to print."""

    code: ClassVar[int] = 1308
    text_key: ClassVar[str] = "error.print_job_refused"


class PrinterGarbled(PrintFailed):
    """The printer answered something that is no IPP."""

    code: ClassVar[int] = 1309
    text_key: ClassVar[str] = "error.printer_garbled"


class SlipFolderUnusable(PrintFailed):
    """The folder that stands for a printer cannot be written."""

    code: ClassVar[int] = 1310
    text_key: ClassVar[str] = "error.slip_folder_unusable"
