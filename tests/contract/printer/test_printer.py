"""What every printer keeps: one suite for the simulator, the folder and a real IPP process."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from hardware.printer.api import Printer, PrinterCondition, SlipJob
from tests.support.printers import Bench, bench
from tests.support.slips import membership_paper

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=["sim", "folder", pytest.param("ipp", marks=pytest.mark.printer)])
def on_bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """A printer of each kind."""
    with bench(request.param) as found:
        yield found


def _job(*, is_copy: bool = False) -> SlipJob:
    paper = membership_paper(is_copy=is_copy)
    return SlipJob(paper.name, paper.pdf, paper.width_mm, paper.height_mm)


def test_a_printer_that_is_ready_says_so(on_bench: Bench) -> None:
    assert on_bench.printer.condition() is PrinterCondition.READY


def test_what_comes_out_is_what_was_sent(on_bench: Bench) -> None:
    printed = on_bench.printer.print_slip(_job())
    assert printed.job_id == 1
    assert 0 <= printed.duration_s < 5
    assert on_bench.documents() == [_job().pdf]
    assert "8800" in PdfReader(BytesIO(on_bench.documents()[0])).pages[0].extract_text()


def test_slips_come_out_one_after_the_other_and_none_twice(on_bench: Bench) -> None:
    numbers = [on_bench.printer.print_slip(job).job_id for job in (_job(), _job(is_copy=True))]
    assert numbers == [1, 2]
    texts = [PdfReader(BytesIO(document)).pages[0].extract_text() for document in on_bench.documents()]
    assert ["COPY" in text for text in texts] == [False, True]


def test_a_printer_may_be_closed_twice(on_bench: Bench) -> None:
    printer: Printer = on_bench.printer
    printer.close()
    printer.close()
    assert on_bench.documents() == []
