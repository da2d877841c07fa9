"""The production driver against a real IPP process in trouble: every outcome is known, or known to be unknown."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from hardware.emulation.printer.emulator import Fault
from hardware.printer.api import PrinterCondition, SlipJob
from hardware.printer.errors import CoverOpen, PaperJam, PaperOut, PrinterGarbled, PrinterOffline, PrintFailed, PrintOutcome, PrintTimedOut
from hardware.printer.ipp import IppPrinter, PrintLimits
from hardware.printer.ipp_link import IppAddress, IppLink
from hardware.printer.ipp_operations import IppOperations, JobState
from tests.support.printers import emulator, wait_until
from tests.support.slips import membership_paper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hardware.emulation.printer.emulator import PrinterEmulator

pytestmark = pytest.mark.printer
LIMITS = PrintLimits(slip_s=3.0, settle_s=0.5, step_s=1.0, silence_s=0.5, poll_s=0.05)


@pytest.fixture
def printer() -> Iterator[PrinterEmulator]:
    """A printer with paper in it."""
    with emulator() as found:
        yield found


@pytest.fixture
def driver(printer: PrinterEmulator) -> IppPrinter:
    """The driver, with limits that suit a test."""
    return IppPrinter(printer.uri, LIMITS)


def job() -> SlipJob:
    paper = membership_paper()
    return SlipJob(paper.name, paper.pdf, paper.width_mm, paper.height_mm)


def failure(driver: IppPrinter) -> PrintFailed:
    with pytest.raises(PrintFailed) as caught:
        driver.print_slip(job())
    return caught.value


def during_the_job(printer: PrinterEmulator, act: Callable[[], None]) -> threading.Timer:
    """Does `act` half a second after the mechanism has begun."""

    def when_begun() -> None:
        wait_until(lambda: any((printer.folder / "spool").iterdir()))
        time.sleep(0.3)
        act()

    timer = threading.Timer(0, when_begun)
    timer.start()
    return timer


# --- before ------------------------------------------------------------------------------------------------------------


def test_paper_out_before_sends_nothing(printer: PrinterEmulator, driver: IppPrinter) -> None:
    printer.set_paper(0)
    assert driver.condition() is PrinterCondition.PAPER_OUT
    error = failure(driver)
    assert type(error) is PaperOut
    assert (error.outcome, error.job_id) == (PrintOutcome.NOT_PRINTED, 0)
    assert list((printer.folder / "spool").iterdir()) == []
    printer.set_paper(250)
    assert wait_until(lambda: driver.condition() is PrinterCondition.READY)
    assert driver.print_slip(job()).job_id == 1


def test_a_printer_that_does_not_run_is_offline(printer: PrinterEmulator, driver: IppPrinter) -> None:
    printer.kill()
    assert driver.condition() is PrinterCondition.OFFLINE
    error = failure(driver)
    assert type(error) is PrinterOffline
    assert error.outcome is PrintOutcome.NOT_PRINTED


def test_an_unknown_host_is_offline() -> None:
    error = failure(IppPrinter("ipp://no-such-host.invalid/ipp/print", LIMITS))
    assert type(error) is PrinterOffline
    assert error.outcome is PrintOutcome.NOT_PRINTED


def test_what_speaks_no_ipp_is_garbled(printer: PrinterEmulator) -> None:
    error = failure(IppPrinter(printer.uri.replace("/ipp/print", "/nowhere"), LIMITS))
    assert error.outcome is PrintOutcome.NOT_PRINTED
    assert printer.slips() == []


def test_a_printer_that_hangs_is_offline_in_time(printer: PrinterEmulator, driver: IppPrinter) -> None:
    os.kill(printer.process_id, signal.SIGSTOP)
    began = time.monotonic()
    error = failure(driver)
    assert type(error) is PrinterOffline
    assert time.monotonic() - began < LIMITS.step_s + 0.5
    os.kill(printer.process_id, signal.SIGCONT)


# --- in the middle -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "kind", "condition"),
    [
        (Fault.PAPER_OUT, PaperOut, PrinterCondition.PAPER_OUT),
        (Fault.JAM, PaperJam, PrinterCondition.JAMMED),
        (Fault.COVER_OPEN, CoverOpen, PrinterCondition.COVER_OPEN),
    ],
)
def test_a_standstill_in_the_middle_is_named_and_nothing_comes_later(
    printer: PrinterEmulator, driver: IppPrinter, fault: Fault, kind: type[PrintFailed], condition: PrinterCondition
) -> None:
    printer.trouble(fault)
    error = failure(driver)
    assert type(error) is kind
    assert (error.outcome, error.job_id) == (PrintOutcome.NOT_PRINTED, 1)
    assert driver.condition() is condition
    printer.clear()  # as staff do
    assert wait_until(lambda: driver.condition() is PrinterCondition.READY)
    operations = IppOperations(IppLink(IppAddress.parse(printer.uri)), printer.uri, "test")
    # The mechanism takes its reason back before it ends.
    assert wait_until(lambda: operations.job(1, 1.0).state in {JobState.CANCELED, JobState.ABORTED})
    assert printer.slips() == []
    assert driver.print_slip(job()).job_id == 2
    assert len(printer.slips()) == 1


def test_a_mechanism_that_gives_up_is_not_printed(printer: PrinterEmulator, driver: IppPrinter) -> None:
    printer.trouble(Fault.ABORT)
    error = failure(driver)
    assert type(error) is PrintFailed
    assert error.outcome is PrintOutcome.NOT_PRINTED


def test_a_slow_slip_is_cancelled_and_never_comes(printer: PrinterEmulator, driver: IppPrinter) -> None:
    printer.trouble(Fault.SLOW)
    error = failure(driver)
    assert type(error) is PrintTimedOut
    assert error.outcome is PrintOutcome.NOT_PRINTED
    printer.clear()
    assert driver.print_slip(job()).job_id == 2
    assert len(printer.slips()) == 1


def test_a_slow_slip_that_hears_no_cancellation_is_unknown_and_does_come(printer: PrinterEmulator, driver: IppPrinter) -> None:
    printer.trouble(Fault.DEAF)
    error = failure(driver)
    assert type(error) is PrintTimedOut
    assert error.outcome is PrintOutcome.UNKNOWN
    printer.clear()
    assert wait_until(lambda: len(printer.slips()) == 1)


def test_a_printer_that_is_killed_in_the_middle_is_unknown(printer: PrinterEmulator, driver: IppPrinter) -> None:
    printer.trouble(Fault.SLOW)
    timer = during_the_job(printer, printer.kill)
    error = failure(driver)
    timer.join()
    assert type(error) is PrinterOffline
    assert (error.outcome, error.job_id) == (PrintOutcome.UNKNOWN, 1)


def test_a_printer_that_comes_back_without_the_job_is_unknown(printer: PrinterEmulator, driver: IppPrinter) -> None:
    printer.trouble(Fault.SLOW)

    def power_cycle() -> None:
        printer.kill()
        printer.restart()

    timer = during_the_job(printer, power_cycle)
    error = failure(driver)
    timer.join()
    assert type(error) in {PrinterGarbled, PrinterOffline}
    assert error.outcome is PrintOutcome.UNKNOWN


def test_a_printer_that_pauses_for_a_moment_loses_nothing(printer: PrinterEmulator, driver: IppPrinter) -> None:
    def pause() -> None:
        os.kill(printer.process_id, signal.SIGSTOP)
        time.sleep(0.3)
        os.kill(printer.process_id, signal.SIGCONT)

    timer = during_the_job(printer, pause)
    assert driver.print_slip(job()).job_id == 1
    timer.join()
    assert [file.read_bytes() for file in printer.slips()] == [job().pdf]


# --- what the printer is told ------------------------------------------------------------------------------------------


def test_the_printer_hears_no_name_and_the_papers_size(printer: PrinterEmulator, driver: IppPrinter) -> None:
    driver.print_slip(job())
    assert [file.name for file in printer.slips()] == ["k03-0187-1.pdf"]
    report = IppOperations(IppLink(IppAddress.parse(printer.uri)), printer.uri, "test").printer(1.0)
    assert report.media_sizes == ((range(8000, 8001), range(2500, 100001)),)
    assert "application/pdf" in report.formats
