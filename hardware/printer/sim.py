"""A printer for tests of flows: behaves like one, without paper, wire or time. Never in the product."""

from __future__ import annotations

from hardware.printer.api import Printed, PrinterCondition, SlipJob
from hardware.printer.errors import CoverOpen, PaperJam, PaperOut, PrinterOffline, PrinterStopped, PrintFailed

_ERRORS: dict[PrinterCondition, type[PrintFailed]] = {
    PrinterCondition.OFFLINE: PrinterOffline,
    PrinterCondition.JAMMED: PaperJam,
    PrinterCondition.PAPER_OUT: PaperOut,
    PrinterCondition.COVER_OPEN: CoverOpen,
    PrinterCondition.STOPPED: PrinterStopped,
}


class SimPrinter:
    """A Printer that keeps its slips.

    Attributes:
        slips: What was printed, in order.
        next_error: Raised instead of printing the next slip, once; stands for what goes wrong in the middle of a job.
    """

    def __init__(self) -> None:
        self.slips: list[SlipJob] = []
        self.next_error: PrintFailed | None = None
        self._condition = PrinterCondition.READY

    def become(self, condition: PrinterCondition) -> None:
        """Be in `condition` from now on."""
        self._condition = condition

    def condition(self) -> PrinterCondition:
        """See Printer.condition."""
        return self._condition

    def print_slip(self, job: SlipJob) -> Printed:
        """See Printer.print_slip."""
        if not self._condition.can_print:
            raise _ERRORS[self._condition](self._condition.value)
        if (error := self.next_error) is not None:
            self.next_error = None
            raise error
        self.slips.append(job)
        return Printed(len(self.slips), 0.0)

    def close(self) -> None:
        """See Printer.close."""
