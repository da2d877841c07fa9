"""An IPP printer as a model: it answers messages, its paper and its time are numbers, and every exchange can go wrong.

For tests of the driver's decisions; the real process is in `hardware.emulation.printer`. Time passes only when the driver
sleeps or an exchange is made, so a test of 15 seconds takes none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from hardware.printer.ipp_link import LinkDown
from hardware.printer.ipp_message import Answer, IppMalformed, Tag
from hardware.printer.ipp_operations import IppRefused, JobState, Operation, PrinterState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardware.printer.ipp_message import Attributes

EXCHANGE_S = 0.01
JOB_ID = 41
HEADER_BYTES = 9


class Mishap(StrEnum):
    """What happens to one exchange."""

    UNREACHED = "unreached"
    """The connection is refused."""
    LOST = "lost"
    """The request is lost on its way, after it has left."""
    UNANSWERED = "unanswered"
    """The printer acts, its answer is lost."""
    GARBLED = "garbled"
    """The printer acts, its answer is no IPP."""


@dataclass
class ModelPrinter:
    """A printer.

    Attributes:
        reasons: printer-state-reasons, from the start.
        print_s: How long a slip takes.
        standstill: Reason with which it stands still in the middle of the slip, for ever.
        ends_in: State in which a job ends that is not cancelled.
        heeds_cancel: Whether a cancelled job prints nothing more.
        refuses: Status codes by operation.
        mishaps: What happens to exchanges, by their number from 0.
        silent_from: Exchange from which on nothing gets through, or None.
        slips: How many slips are out.
    """

    reasons: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("application/pdf",)
    is_accepting: bool = True
    state: PrinterState = PrinterState.IDLE
    print_s: float = 1.0
    standstill: str = ""
    ends_in: JobState = JobState.COMPLETED
    end_reasons: tuple[str, ...] = ()
    heeds_cancel: bool = True
    refuses: Mapping[Operation, list[int]] = field(default_factory=dict)
    mishaps: Mapping[int, Mishap] = field(default_factory=dict)
    silent_from: int | None = None
    forgets_jobs: bool = False
    now: float = 0.0
    slips: int = 0
    exchanges: list[tuple[Operation, bytes]] = field(default_factory=list)
    _job: JobState | None = None
    _started: float | None = None
    _is_cancelled: bool = False

    def clock(self) -> float:
        """Returns the time in seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Lets time pass, and the printer print."""
        self.now += seconds
        self._turn()

    def exchange(self, message: bytes, timeout_s: float) -> Answer:
        """Answers, or does not."""
        number = len(self.exchanges)
        operation = Operation(int.from_bytes(message[2:4]))
        self.exchanges.append((operation, message))
        self.sleep(EXCHANGE_S)
        mishap = self.mishaps.get(number)
        if mishap is Mishap.UNREACHED or (self.silent_from is not None and number >= self.silent_from):
            raise LinkDown("refused", request_left=False)
        if mishap is Mishap.LOST:
            self.sleep(timeout_s)
            raise LinkDown("lost", request_left=True)
        answer = self._answer(operation, int.from_bytes(message[4:8]))
        if mishap is Mishap.UNANSWERED:
            self.sleep(timeout_s)
            raise LinkDown("unanswered", request_left=True)
        if mishap is Mishap.GARBLED:
            raise IppMalformed("no IPP")
        return answer

    def operations(self) -> list[Operation]:
        """Returns what was asked, in order."""
        return [operation for operation, _ in self.exchanges]

    def _answer(self, operation: Operation, request_id: int) -> Answer:
        if refusals := self.refuses.get(operation):
            return Answer(refusals.pop(0), request_id, ())
        match operation:
            case Operation.GET_PRINTER_ATTRIBUTES:
                return Answer(0, request_id, ((Tag.PRINTER, self._printer()),))
            case Operation.CREATE_JOB:
                self._job = JobState.PENDING
            case Operation.SEND_DOCUMENT:
                self._job, self._started = JobState.PROCESSING, self.now
            case Operation.CANCEL_JOB:
                if self._job in {None, JobState.COMPLETED, JobState.ABORTED, JobState.CANCELED}:
                    return Answer(0x0404, request_id, ())
                self._is_cancelled = True
                self._turn()
        if self.forgets_jobs and operation is not Operation.CREATE_JOB:
            return Answer(IppRefused.NOT_FOUND, request_id, ())
        assert self._job is not None
        reasons = (
            ("processing-to-stop-point",) if self._is_cancelled and self._job is JobState.PROCESSING else self.end_reasons or ("none",)
        )
        return Answer(0, request_id, ((Tag.JOB, {"job-id": (JOB_ID,), "job-state": (int(self._job),), "job-state-reasons": reasons}),))

    def _printer(self) -> Attributes:
        stuck = (self.standstill,) if self._is_stuck() else ()
        return {
            "printer-state": (int(self.state),),
            "printer-state-reasons": (*self.reasons, *stuck) or ("none",),
            "printer-is-accepting-jobs": (self.is_accepting,),
            "document-format-supported": self.formats,
        }

    def _is_stuck(self) -> bool:
        return bool(self.standstill) and self._started is not None and self.now - self._started >= self.print_s / 2

    def _turn(self) -> None:
        """Brings the job to where it is at this time."""
        if self._job is JobState.PENDING and self._is_cancelled:
            self._job = JobState.CANCELED
        if self._job is not JobState.PROCESSING or self._started is None or self._is_stuck():
            return
        if self._is_cancelled and self.heeds_cancel:
            self._job = JobState.CANCELED
        elif self.now - self._started >= self.print_s:
            self._job = self.ends_in
            self.slips += self._job is JobState.COMPLETED
