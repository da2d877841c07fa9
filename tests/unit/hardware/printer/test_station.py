"""The printer as the loop sees it: outcomes come through, hanging drivers do not stop it, health is logged once."""

from __future__ import annotations

import asyncio
import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest

from hardware.health import HealthState
from hardware.printer import station as module
from hardware.printer.api import Printed, PrinterCondition, SlipJob
from hardware.printer.errors import PaperJam, PaperOut, PrinterBusy, PrintOutcome, PrintTimedOut
from hardware.printer.sim import SimPrinter
from hardware.printer.station import PrinterStation

JOB = SlipJob("K03-0187", b"%PDF-1.4", 80, 200)


class HangingPrinter(SimPrinter):
    """A driver whose call does not come back until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go = threading.Event()

    def print_slip(self, job: SlipJob) -> Printed:
        """Hangs, then prints."""
        self.may_go.wait(10)
        return super().print_slip(job)


async def test_a_failure_comes_through_with_its_outcome() -> None:
    printer = SimPrinter()
    station = PrinterStation(printer)
    printer.next_error = PaperJam("stuck", outcome=PrintOutcome.UNKNOWN)
    with pytest.raises(PaperJam) as caught:
        await station.print_slip(lambda: JOB)
    assert caught.value.outcome is PrintOutcome.UNKNOWN
    assert station.health.state is HealthState.GONE
    assert station.health.detail_key == "reason.PAPER_JAM"
    await station.close()


async def test_a_hanging_driver_is_unknown_and_the_next_slip_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PRINT_LIMIT_S", 0.05)
    printer = HangingPrinter()
    station = PrinterStation(printer)
    with pytest.raises(PrintTimedOut) as caught:
        await station.print_slip(lambda: JOB)
    assert caught.value.outcome is PrintOutcome.UNKNOWN
    with pytest.raises(PrinterBusy) as busy:
        await station.print_slip(lambda: JOB)
    assert busy.value.outcome is PrintOutcome.NOT_PRINTED
    printer.may_go.set()
    await asyncio.sleep(0.1)
    assert len(printer.slips) == 1
    await station.close()


async def test_health_follows_the_printer_and_is_logged_when_it_changes(caplog: pytest.LogCaptureFixture) -> None:
    moments = (datetime(2026, 8, 6, tzinfo=UTC) + timedelta(minutes=minute) for minute in range(100))
    printer = SimPrinter()
    station = PrinterStation(printer, now=lambda: next(moments))
    assert station.health.state is HealthState.OK
    with caplog.at_level(logging.INFO, logger="hardware.printer.station"):
        printer.become(PrinterCondition.PAPER_LOW)
        assert (await station.look()).state is HealthState.DEGRADED
        printer.become(PrinterCondition.PAPER_OUT)
        first = await station.look()
        assert (first.state, first.detail_key) == (HealthState.GONE, "printer.paper_out")
        with pytest.raises(PaperOut):
            await station.print_slip(lambda: JOB)
        printer.become(PrinterCondition.READY)
        assert (await station.print_slip(lambda: JOB)).job_id == 1
    assert station.health.state is HealthState.OK
    assert station.health.since > first.since
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING", "INFO"]
    await station.close()


async def test_what_goes_wrong_in_laying_out_comes_through_and_prints_nothing() -> None:
    def make() -> SlipJob:
        raise LookupError("no such text")

    printer = SimPrinter()
    station = PrinterStation(printer)
    with pytest.raises(LookupError, match="no such text"):
        await station.print_slip(make)
    assert printer.slips == []
    assert station.health.state is HealthState.OK
    await station.close()
