"""The report on paper: CSV, PDF and chart hold the figures of the table, whatever they are."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from server_stub.domain.entry_kinds import EntryKind as Kind
from server_stub.domain.liability.replay import PointsFact, Replay
from server_stub.domain.liability.report import Doubts, LiabilityReport, Opening, Sums, build_report
from server_stub.domain.liability.rules import load_liability_rules
from server_stub.paper.faces import register_faces
from server_stub.paper.liability.cells import BOM, COLUMNS, POINT_COLUMNS, YUAN_COLUMNS, cells, csv_text, percent, yuan
from server_stub.paper.liability.chart import MOST_MONTHS, axis_step, chart, months_of
from server_stub.paper.liability.document import Made, pdf
from server_stub.paper.liability.words import all_characters, load_words

END = date(2026, 11, 25)
MADE = Made("qian", datetime(2026, 11, 25, 9, 30, tzinfo=UTC))


def report_of(months: int = 3, *, scale: int = 1, agrees: bool = True, closed: bool = False) -> LiabilityReport:
    """Sales, gifts, redemptions, returns, corrections and expiries in each of so many months."""
    replay = Replay(load_liability_rules(), END)
    for back in range(months):
        day = END - timedelta(days=30 * back)
        bought = PointsFact("a", Kind.ACCRUAL, 1_000 * scale, day, f"s{back}", None, 123_456 * scale)
        given = PointsFact("a", Kind.ACCRUAL, 200 * scale, day, f"g{back}", day + timedelta(days=20))
        replay.add(
            (
                bought,
                given,
                PointsFact("a", Kind.REDEMPTION, -450 * scale, day, "r"),
                PointsFact("a", Kind.ACCRUAL_REVERSAL, -111 * scale, day, f"s{back}"),
                PointsFact("a", Kind.ADJUSTMENT, -7 * scale, day, "case"),
            )
        )
    opening = Opening("2026-10", Sums(allocated_fen=1_234, deferred_fen=1_234)) if closed else Opening()
    return build_report(replay.tally, load_liability_rules(), END, opening, Doubts(0 if agrees else 1))


def pages_of(report: LiabilityReport) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf(report, MADE))).pages]


def numbers(text: str) -> set[str]:
    return set(re.findall(r"-?[0-9][0-9,]*(?:\.[0-9]{2})?", text))


def with_thousands(name: str, cell: str) -> str:
    return f"{int(cell):,}" if name in POINT_COLUMNS else yuan(int(cell.replace(".", "")), ",")


def test_the_csv_holds_the_table_and_its_sums() -> None:
    report = report_of()
    text = csv_text(report)
    assert text.startswith(BOM)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    assert tuple(rows[0]) == COLUMNS
    assert tuple(rows) == cells(report)
    for name in (*POINT_COLUMNS, *YUAN_COLUMNS):
        figures = [int(row[name].replace(".", "")) for row in rows]
        assert sum(figures[:-1]) == figures[-1]
    assert rows[-1]["deferred_yuan"] == yuan(report.total.deferred_fen)


@pytest.mark.parametrize(("months", "scale"), [(1, 1), (3, 1), (14, 1), (60, 1), (3, 10**7)])
def test_the_pdf_holds_every_figure_of_the_table(months: int, scale: int) -> None:
    report = report_of(months, scale=scale)
    found = numbers(" ".join(pages_of(report)))
    for row in cells(report):
        for name in (*POINT_COLUMNS, *YUAN_COLUMNS):
            assert with_thousands(name, row[name]) in found, (row["month"], name)


def test_the_pdf_says_what_when_by_whom_and_since_when() -> None:
    first, second = pages_of(report_of(closed=True))
    for said in (
        "会员积分合同负债报告",
        "2026-11-25 17:30",
        "qian",
        "liability-2026-11",
        "entries and accounts agree",
        "closed up to 2026-10",
    ):
        assert said in first
    report = report_of(closed=True)
    assert {yuan(report.movement.opening_fen, ","), yuan(report.movement.closing_fen, ",")} <= numbers(first)
    assert "Prepared by" in second
    assert "since the first entry" in pages_of(report_of())[0]


def test_no_page_is_empty_however_many_months_there_are() -> None:
    assert all(len(numbers(page)) > 30 for page in pages_of(report_of(60)))


def test_a_report_that_is_not_proven_says_so() -> None:
    assert "do not agree: do not book" in pages_of(report_of(agrees=False))[0]
    assert "do not agree" not in pages_of(report_of())[0]


def test_months_that_outran_their_estimate_are_marked() -> None:
    report = report_of()
    outrun = replace(report, lines=(replace(report.lines[0], is_outrun=True), *report.lines[1:]))
    assert report.lines[0].origin.value == "SALE"
    assert [row["redeemed_share"] for row in cells(outrun)][:2] == ["95.00%*", "95.00%"]
    assert "review the rate" in pages_of(outrun)[1]
    assert "review the rate" not in pages_of(report)[1]


def test_without_any_entry_there_is_a_page_all_the_same() -> None:
    replay = Replay(load_liability_rules(), END)
    report = build_report(replay.tally, load_liability_rules(), END, Opening(), Doubts())
    assert "0.00" in pages_of(report)[0]


def test_the_same_report_is_the_same_bytes() -> None:
    assert pdf(report_of(), MADE) == pdf(report_of(), MADE)


def test_the_faces_have_every_character_of_the_words() -> None:
    assert {ord(character) for character in all_characters()} <= register_faces()
    assert all(words.zh and words.en for words in load_words().values())


@given(st.integers(0, 10**14))
@settings(max_examples=200)
def test_the_axis_has_round_steps_and_room(most: int) -> None:
    step = axis_step(most)
    assert str(step).rstrip("0") in {"1", "2", "5"}
    assert step * 5 >= most
    assert step == 1 or step * 5 <= most * 2.5


def test_the_chart_shows_the_latest_months_that_deferred_anything() -> None:
    months = months_of(report_of(60).lines)
    assert len(months) == MOST_MONTHS
    assert months[-1][0] == "2026-11"
    bars = chart(report_of(3).lines, 700, 200).contents[1]
    assert [sum(column) for column in zip(*bars.data, strict=True)] == pytest.approx(
        [sums.allocated_fen / 100 for _, sums in months_of(report_of(3).lines)]
    )


@pytest.mark.parametrize(("fen", "text"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123_456_789, "1234567.89"), (-100, "-1.00")])
def test_amounts_in_yuan(fen: int, text: str) -> None:
    assert yuan(fen) == text


def test_shares_in_percent() -> None:
    from fractions import Fraction

    assert [percent(Fraction(text)) for text in ("19/20", "2/3", "1", "0")] == ["95.00%", "66.67%", "100.00%", "0.00%"]
