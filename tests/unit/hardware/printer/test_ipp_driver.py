"""The driver's decisions, against a model of a printer: what is reported of a slip is never better than the truth."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import pytest

from hardware.printer.api import PrinterCondition, SlipJob
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
from hardware.printer.ipp import IppPrinter, PrintLimits
from hardware.printer.ipp_message import Answer
from hardware.printer.ipp_operations import IppRefused, JobState, Operation, PrinterState
from tests.support.model_printer import JOB_ID, Mishap, ModelPrinter

JOB = SlipJob("K03-0187", b"%PDF-1.4", 80, 200)
LIMITS = PrintLimits()
LONGEST_S = LIMITS.slip_s + LIMITS.settle_s + 6 * LIMITS.step_s + 2 * LIMITS.silence_s


def driver(model: ModelPrinter) -> IppPrinter:
    return IppPrinter("ipp://printer.invalid/ipp/print", LIMITS, model, model.clock, model.sleep)


def fate(model: ModelPrinter) -> tuple[PrintOutcome, PrintFailed | None]:
    """Prints, and returns what the driver says of the slip."""
    try:
        driver(model).print_slip(JOB)
    except PrintFailed as error:
        return error.outcome, error
    return PrintOutcome.PRINTED, None


# --- refused before anything is printed --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "uri", ["", "printer", "http://printer/ipp", "ipp://", "ipp:///ipp/print", "ipp://user@printer/", "ipp://printer/?a=b"]
)
def test_what_is_no_printers_address_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="not the address"):
        IppPrinter(uri)


@pytest.mark.parametrize("name", ["", "欧阳", "K03 0187", "a/b", "x" * 65, "..\n"])
def test_a_jobs_name_can_name_nobody(name: str) -> None:
    with pytest.raises(ValueError, match="receipt number"):
        SlipJob(name, b"", 80, 200)


@pytest.mark.parametrize("severity", ["", "-report", "-warning", "-error"])
@pytest.mark.parametrize(
    ("reason", "error", "condition"),
    [
        ("media-empty", PaperOut, PrinterCondition.PAPER_OUT),
        ("media-needed", PaperOut, PrinterCondition.PAPER_OUT),
        ("media-jam", PaperJam, PrinterCondition.JAMMED),
        ("cover-open", CoverOpen, PrinterCondition.COVER_OPEN),
        ("door-open", CoverOpen, PrinterCondition.COVER_OPEN),
        ("paused", PrinterStopped, PrinterCondition.STOPPED),
        ("offline", PrinterOffline, PrinterCondition.OFFLINE),
    ],
)
def test_a_printer_that_cannot_print_gets_no_job(reason: str, error: type[PrintFailed], condition: PrinterCondition, severity: str) -> None:
    model = ModelPrinter(reasons=(reason + severity,))
    assert driver(model).condition() is condition
    outcome, failure = fate(model)
    assert type(failure) is error
    assert outcome is PrintOutcome.NOT_PRINTED
    assert Operation.CREATE_JOB not in model.operations()


@pytest.mark.parametrize(
    ("model", "error"),
    [
        (ModelPrinter(state=PrinterState.STOPPED), PrinterStopped),
        (ModelPrinter(is_accepting=False), PrinterStopped),
        (ModelPrinter(formats=("image/pwg-raster",)), JobRefused),
        (ModelPrinter(silent_from=0), PrinterOffline),
        (ModelPrinter(mishaps={0: Mishap.GARBLED}), PrinterGarbled),
        (ModelPrinter(refuses={Operation.GET_PRINTER_ATTRIBUTES: [0x0403]}), JobRefused),
        (ModelPrinter(refuses={Operation.CREATE_JOB: [0x0403]}), JobRefused),
        (ModelPrinter(refuses={Operation.SEND_DOCUMENT: [0x040A]}), JobRefused),
        (ModelPrinter(refuses={Operation.CREATE_JOB: [IppRefused.BUSY] * 1000}), PrinterBusy),
    ],
)
def test_what_never_began_is_not_printed(model: ModelPrinter, error: type[PrintFailed]) -> None:
    outcome, failure = fate(model)
    assert type(failure) is error
    assert outcome is PrintOutcome.NOT_PRINTED
    assert model.slips == 0


# --- refused in the middle ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "error"),
    [("media-empty-error", PaperOut), ("media-jam-warning", PaperJam), ("cover-open", CoverOpen)],
)
def test_a_standstill_ends_the_job_at_once_and_its_fate_is_known(reason: str, error: type[PrintFailed]) -> None:
    model = ModelPrinter(standstill=reason)
    outcome, failure = fate(model)
    assert type(failure) is error
    assert outcome is PrintOutcome.NOT_PRINTED
    assert failure.job_id == JOB_ID
    assert model.now < 2
    assert Operation.CANCEL_JOB in model.operations()


def test_a_standstill_without_a_promise_to_stop_is_unknown() -> None:
    outcome, failure = fate(ModelPrinter(standstill="media-empty", refuses={Operation.CANCEL_JOB: [0x0500]}))
    assert type(failure) is PaperOut
    assert outcome is PrintOutcome.UNKNOWN


def test_a_slow_slip_is_cancelled_in_time() -> None:
    model = ModelPrinter(print_s=60)
    outcome, failure = fate(model)
    assert type(failure) is PrintTimedOut
    assert outcome is PrintOutcome.NOT_PRINTED
    assert LIMITS.slip_s <= model.now < LIMITS.slip_s + 1


def test_a_slow_slip_that_cannot_be_stopped_is_unknown() -> None:
    model = ModelPrinter(print_s=60, heeds_cancel=False)
    outcome, failure = fate(model)
    assert type(failure) is PrintTimedOut
    assert outcome is PrintOutcome.UNKNOWN
    assert model.now < LONGEST_S


def test_a_slip_that_comes_out_while_it_is_cancelled_is_printed() -> None:
    model = ModelPrinter(print_s=LIMITS.slip_s + 0.5, heeds_cancel=False)
    assert fate(model) == (PrintOutcome.PRINTED, None)
    assert model.slips == 1


def test_a_job_that_the_printer_gave_up_is_not_printed() -> None:
    outcome, failure = fate(ModelPrinter(ends_in=JobState.ABORTED))
    assert type(failure) is PrintFailed
    assert outcome is PrintOutcome.NOT_PRINTED


def test_a_job_that_was_completed_with_errors_is_unknown() -> None:
    outcome, _ = fate(ModelPrinter(end_reasons=("job-completed-with-errors",)))
    assert outcome is PrintOutcome.UNKNOWN


def test_a_printer_that_forgot_the_job_leaves_it_unknown() -> None:
    outcome, failure = fate(ModelPrinter(forgets_jobs=True, mishaps={2: Mishap.UNANSWERED}))
    assert type(failure) is PrinterGarbled
    assert outcome is PrintOutcome.UNKNOWN


# --- no lost outcome ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standstill", ["", "media-jam", "media-empty"])
@pytest.mark.parametrize("print_s", [0.3, 60.0])
def test_whatever_breaks_nothing_is_reported_better_than_it_is(print_s: float, standstill: str) -> None:
    """One and two mishaps at every exchange, and silence from every exchange on; then the printer is left to itself."""
    plans: list[tuple[dict[int, Mishap], int | None]] = [({}, number) for number in range(14)]
    for first, second in product(range(8), repeat=2):
        plans += [({first: one, second: other}, None) for one, other in product(Mishap, repeat=2)]
    seen: set[PrintOutcome] = set()
    for mishaps, silent_from in plans:
        model = ModelPrinter(print_s=print_s, standstill=standstill, mishaps=mishaps, silent_from=silent_from, heeds_cancel=print_s < 1)
        outcome, _ = fate(model)
        took_s = model.now
        model.sleep(1000)
        seen.add(outcome)
        assert took_s < LONGEST_S, (mishaps, silent_from)
        if outcome is PrintOutcome.NOT_PRINTED:
            assert model.slips == 0, (mishaps, silent_from)
        if outcome is PrintOutcome.PRINTED:
            assert model.slips == 1, (mishaps, silent_from)
    assert {PrintOutcome.NOT_PRINTED, PrintOutcome.UNKNOWN} <= seen


# --- what holds --------------------------------------------------------------------------------------------------------


def test_a_slip_is_printed_and_named_by_its_number_alone() -> None:
    model = ModelPrinter()
    printed = driver(model).print_slip(JOB)
    assert printed.job_id == JOB_ID
    assert 1 <= printed.duration_s < 1.5
    assert model.slips == 1
    assert model.operations()[:3] == [Operation.GET_PRINTER_ATTRIBUTES, Operation.CREATE_JOB, Operation.SEND_DOCUMENT]
    assert b"K03-0187" in model.exchanges[1][1]
    assert model.exchanges[2][1].endswith(b"\x03%PDF-1.4")


@pytest.mark.parametrize("reasons", [("none",), ("media-low-warning",), ("marker-supply-low-report", "toner-low"), ()])
def test_what_does_not_concern_a_receipt_printer_does_not_stop_it(reasons: tuple[str, ...]) -> None:
    model = ModelPrinter(reasons=reasons)
    assert driver(model).condition().can_print
    assert fate(model) == (PrintOutcome.PRINTED, None)


def test_paper_that_ends_with_the_slip_is_no_failure() -> None:
    model = ModelPrinter(print_s=0)

    def exchange(message: bytes, timeout_s: float) -> Answer:
        if len(model.exchanges) == 3:
            model.reasons = ("media-empty-error",)
        return ModelPrinter.exchange(model, message, timeout_s)

    link = SimpleNamespace(exchange=exchange)
    printed = IppPrinter("ipp://printer.invalid/", LIMITS, link, model.clock, model.sleep).print_slip(JOB)
    assert printed.job_id == JOB_ID


def test_a_printer_that_was_paused_in_the_middle_is_stopped_and_unknown_until_it_says_so() -> None:
    outcome, failure = fate(ModelPrinter(standstill="paused"))
    assert type(failure) is PrinterStopped
    assert outcome is PrintOutcome.UNKNOWN


def test_a_busy_printer_is_waited_for() -> None:
    model = ModelPrinter(refuses={Operation.CREATE_JOB: [IppRefused.BUSY] * 5})
    assert fate(model) == (PrintOutcome.PRINTED, None)


def test_a_lost_answer_to_the_document_is_looked_up() -> None:
    model = ModelPrinter(mishaps={2: Mishap.UNANSWERED})
    assert fate(model) == (PrintOutcome.PRINTED, None)


@pytest.mark.parametrize(
    ("reasons", "worst"), [(("media-low", "cover-open", "media-jam"), "jammed"), (("paused", "media-empty"), "paper_out")]
)
def test_the_gravest_condition_is_told(reasons: tuple[str, ...], worst: str) -> None:
    assert driver(ModelPrinter(reasons=reasons)).condition() == worst
