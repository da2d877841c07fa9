"""Driver for printers that speak IPP 2.0 (RFC 8011, PWG 5100.14 IPP Everywhere) and print PDF.

Responsible for never losing a slip's outcome. The job is created first and its document sent second, so that from the
first byte of the document on there is a number under which the printer can be asked what became of it. Knows no paper.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hardware.printer.api import Printed, PrinterCondition, SlipJob
from hardware.printer.errors import (
    CoverOpen,
    JobRefused,
    PaperJam,
    PaperOut,
    PrinterBusy,
    PrinterGarbled,
    PrinterOffline,
    PrinterStopped,
    PrintFailed,
    PrintOutcome,
    PrintTimedOut,
)
from hardware.printer.ipp_link import IppAddress, IppLink, LinkDown
from hardware.printer.ipp_message import IppMalformed
from hardware.printer.ipp_operations import PDF, IppOperations, IppRefused, JobReport, JobState, Link, PrinterReport, PrinterState

logger = logging.getLogger(__name__)

_CONDITION_OF_REASON: Final = {
    "offline": PrinterCondition.OFFLINE,
    "timed-out": PrinterCondition.OFFLINE,
    "media-jam": PrinterCondition.JAMMED,
    "media-empty": PrinterCondition.PAPER_OUT,
    "media-needed": PrinterCondition.PAPER_OUT,
    "cover-open": PrinterCondition.COVER_OPEN,
    "door-open": PrinterCondition.COVER_OPEN,
    "interlock-open": PrinterCondition.COVER_OPEN,
    "input-tray-missing": PrinterCondition.COVER_OPEN,
    "paused": PrinterCondition.STOPPED,
    "moving-to-paused": PrinterCondition.STOPPED,
    "shutdown": PrinterCondition.STOPPED,
    "output-area-full": PrinterCondition.STOPPED,
    "media-low": PrinterCondition.PAPER_LOW,
}
"""printer-state-reasons that concern a receipt printer (RFC 8011 section 5.4.12, PWG 5100.9); others tell nothing here."""

_ERROR_OF_CONDITION: Final[dict[PrinterCondition, type[PrintFailed]]] = {
    PrinterCondition.OFFLINE: PrinterOffline,
    PrinterCondition.JAMMED: PaperJam,
    PrinterCondition.PAPER_OUT: PaperOut,
    PrinterCondition.COVER_OPEN: CoverOpen,
    PrinterCondition.STOPPED: PrinterStopped,
}
_STANDSTILLS: Final = frozenset({PaperJam, PaperOut, CoverOpen})
"""What keeps a printer from printing on, whatever it was told."""
_BAD_ENDS: Final = frozenset({JobState.CANCELED, JobState.ABORTED})
_PRECEDENCE: Final = tuple(PrinterCondition)


@dataclass(frozen=True, slots=True)
class PrintLimits:
    """How long things may take, in seconds.

    Attributes:
        slip_s: From the call to the slip's end; then the job is cancelled.
        settle_s: After a cancellation, until the printer has told how the job ended.
        step_s: One step of one exchange.
        silence_s: How long a printer may not answer in the middle of a job before it counts as gone.
        poll_s: Between two looks at the job.
    """

    slip_s: float = 15.0
    settle_s: float = 2.0
    step_s: float = 3.0
    silence_s: float = 3.0
    poll_s: float = 0.1


class IppPrinter:
    """A Printer behind an ``ipp`` or ``ipps`` address. Thread: the device's worker."""

    def __init__(
        self,
        uri: str,
        limits: PrintLimits | None = None,
        link: Link | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Name the printer; nothing is sent yet.

        Raises:
            ValueError: `uri` is no address of an IPP printer.
        """
        address = IppAddress.parse(uri)
        self._operations = IppOperations(link or IppLink(address), address.uri, user="kiosk")
        self._limits = limits or PrintLimits()
        self._clock = clock
        self._sleep = sleep

    def condition(self) -> PrinterCondition:
        """See Printer.condition."""
        try:
            return _condition(self._operations.printer(self._limits.step_s))
        except LinkDown:
            return PrinterCondition.OFFLINE
        except (IppMalformed, IppRefused) as error:
            logger.warning("printer: %s", error)
            return PrinterCondition.STOPPED

    def close(self) -> None:
        """See Printer.close; every exchange has closed its own connection."""

    def print_slip(self, job: SlipJob) -> Printed:
        """See Printer.print_slip.

        Raises:
            PrintFailed: A subclass that says why.
        """
        started = self._clock()
        deadline = started + self._limits.slip_s
        try:
            media = self._prepare(job)
            job_id = self._create(job, media, deadline)
        except LinkDown as error:
            raise PrinterOffline("does not answer") from error
        except IppRefused as error:
            raise JobRefused(str(error)) from error
        except IppMalformed as error:
            raise PrinterGarbled(str(error)) from error
        self._send(job_id, job.pdf)
        self._follow(job_id, deadline)
        return Printed(job_id, self._clock() - started)

    def _prepare(self, job: SlipJob) -> tuple[int, int] | None:
        """Return the paper size to ask for, in 1/100 mm; raises where the printer cannot print the slip now."""
        report = self._operations.printer(self._limits.step_s)
        condition = _condition(report)
        if not condition.can_print:
            raise _ERROR_OF_CONDITION[condition](condition.value)
        if report.formats and PDF not in report.formats:
            raise JobRefused("the printer takes no PDF")
        # A size that the printer does not have would make some wait for such paper for ever; then it is left to the printer.
        wanted = round(job.width_mm * 100), round(job.height_mm * 100)
        is_known = any(wanted[0] in widths and wanted[1] in heights for widths, heights in report.media_sizes)
        return wanted if is_known else None

    def _create(self, job: SlipJob, media: tuple[int, int] | None, deadline: float) -> int:
        """Return the number of the new job; a printer at work on another one is asked again until the deadline."""
        while True:
            try:
                return self._operations.create_job(job, media, self._limits.step_s)
            except IppRefused as error:
                if error.status != IppRefused.BUSY:
                    raise
                if self._clock() >= deadline:
                    raise PrinterBusy("at work on another job") from error
            self._sleep(self._limits.poll_s)

    def _send(self, job_id: int, pdf: bytes) -> None:
        """Give the job its document. Where the answer is lost the job's state tells the rest, so that is no error yet."""
        try:
            self._operations.send_document(job_id, pdf, self._limits.step_s)
        except LinkDown as error:
            if not error.request_left:
                raise PrinterOffline("gone before the document was sent", job_id=job_id) from error
            logger.warning("printer: answer to job %d lost", job_id)
        except IppRefused:
            self._end(job_id, JobRefused)
        except IppMalformed:
            logger.warning("printer: answer to job %d is no IPP", job_id)

    def _follow(self, job_id: int, deadline: float) -> None:
        """Return once the slip is out; raises where it will not be."""
        while self._clock() < deadline:
            job = self._look(job_id)
            if _is_out(job, job_id):
                return
            condition = self._condition_in_job()
            if job.state in _BAD_ENDS:
                raise _ERROR_OF_CONDITION.get(condition, PrintFailed)(f"the job ended in state {job.state}", job_id=job_id)
            if not condition.can_print:
                self._end(job_id, _ERROR_OF_CONDITION[condition])
                return
            self._sleep(self._limits.poll_s)
        self._end(job_id, PrintTimedOut)

    def _condition_in_job(self) -> PrinterCondition:
        """Return what the printer reports of itself; where it reports nothing, `_look` decides what that means."""
        try:
            condition = _condition(self._operations.printer(self._limits.step_s))
        except (LinkDown, IppMalformed, IppRefused):
            return PrinterCondition.READY
        return PrinterCondition.READY if condition is PrinterCondition.OFFLINE else condition

    def _look(self, job_id: int) -> JobReport:
        """Return how the job stands; a printer that is silent for a moment is asked again."""
        patience = self._clock() + self._limits.silence_s
        while True:
            try:
                return self._operations.job(job_id, self._limits.step_s)
            except LinkDown as error:
                if self._clock() >= patience:
                    raise PrinterOffline("gone during the job", outcome=PrintOutcome.UNKNOWN, job_id=job_id) from error
            except (IppRefused, IppMalformed) as error:
                # E.g. a printer that was switched off and on again: it knows the job no longer.
                raise PrinterGarbled(f"the job is lost: {error}", outcome=PrintOutcome.UNKNOWN, job_id=job_id) from error
            self._sleep(self._limits.poll_s)

    def _end(self, job_id: int, reason: type[PrintFailed]) -> None:
        """Cancel the job and raise `reason` with what is known of the slip; return where it had come out after all."""
        try:
            self._operations.cancel_job(job_id, self._limits.step_s)
            is_accepted = True
        except IppRefused:
            is_accepted = False  # too late, or already ended: its state tells
        except (LinkDown, IppMalformed) as error:
            raise reason("cancelled, without an answer", outcome=PrintOutcome.UNKNOWN, job_id=job_id) from error
        patience = self._clock() + self._limits.settle_s
        while not _is_out(job := self._look(job_id), job_id):
            if job.state in _BAD_ENDS:
                raise reason("cancelled", job_id=job_id)
            # A printer that stands still (no paper, a jam) ends such a job only when it goes on. It has promised to stop
            # (RFC 8011 section 4.3.3), and what is out so far is no complete slip; one that is merely slow may still finish.
            if is_accepted and "processing-to-stop-point" in job.reasons and reason in _STANDSTILLS:
                raise reason("cancelled while it stands still", job_id=job_id)
            if self._clock() >= patience:
                raise reason("cancelled, not ended", outcome=PrintOutcome.UNKNOWN, job_id=job_id)
            self._sleep(self._limits.poll_s)


def _is_out(job: JobReport, job_id: int) -> bool:
    """Return whether the slip is out; raises where the printer says that it is, with errors."""
    if job.state != JobState.COMPLETED:
        return False
    if "job-completed-with-errors" in job.reasons:
        raise PrintFailed("completed with errors", outcome=PrintOutcome.UNKNOWN, job_id=job_id)
    return True


def _condition(report: PrinterReport) -> PrinterCondition:
    """Return the gravest of what the printer reports."""
    found = {_CONDITION_OF_REASON[reason] for reason in report.reasons if reason in _CONDITION_OF_REASON}
    if report.state == PrinterState.STOPPED or not report.is_accepting:
        found.add(PrinterCondition.STOPPED)
    return min(found, key=_PRECEDENCE.index, default=PrinterCondition.READY)
