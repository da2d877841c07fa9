"""The report as cells of text: the same for the terminal, the CSV file and the PDF. Knows no layout."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict
from fractions import Fraction

from server_stub.domain.liability.allocation import rounded
from server_stub.domain.liability.cohorts import Origin
from server_stub.domain.liability.report import CohortLine, LiabilityReport, Sums

HEAD_COLUMNS = ("month", "origin", "age_months", "redeemed_share")
POINT_COLUMNS = ("earned", "returned", "redeemed", "expired", "withdrawn", "outstanding", "expected", "breakage")
YUAN_COLUMNS = ("allocated_yuan", "returned_yuan", "used_yuan", "breakage_yuan", "ended_yuan", "deferred_yuan")
COLUMNS = (*HEAD_COLUMNS, *POINT_COLUMNS, *YUAN_COLUMNS)
TOTAL = "TOTAL"
OUTRUN_MARK = "*"
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Makes Chinese spreadsheet programs read the file as UTF-8."""


def cells(report: LiabilityReport) -> tuple[dict[str, str], ...]:
    """Returns a row of cells by column name for each cohort, and the sums as the last one; amounts in yuan with two decimals."""
    return (*(_cohort(line) for line in report.lines), {"month": TOTAL, **dict.fromkeys(HEAD_COLUMNS[1:], ""), **_sums(report.total)})


def csv_text(report: LiabilityReport) -> str:
    """Returns the rows as CSV (RFC 4180) with a header, to be written as UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(cells(report))
    return BOM + file.getvalue()


def yuan(fen: int, separator: str = "") -> str:
    """Returns an amount of fen in yuan with two decimals."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:{separator}}.{abs(fen) % 100:02d}"


def percent(share: Fraction) -> str:
    """Returns a share in percent with two decimals, rounded half up."""
    return f"{yuan(rounded(share * 10_000))}%"


def outrun(lines: Iterable[CohortLine]) -> bool:
    """Returns whether the estimate of any line must be looked at."""
    return any(line.is_outrun and line.origin is Origin.SALE for line in lines)


def _cohort(line: CohortLine) -> dict[str, str]:
    mark = OUTRUN_MARK if outrun((line,)) else ""
    head = (line.month, line.origin.value, str(line.age_months), percent(Fraction(line.redeemed_share)) + mark)
    return {**dict(zip(HEAD_COLUMNS, head, strict=True)), **_sums(line.sums)}


def _sums(sums: Sums) -> dict[str, str]:
    plain = asdict(sums)
    points = {name: str(plain[name]) for name in POINT_COLUMNS}
    return points | {name: yuan(plain[name.replace("_yuan", "_fen")]) for name in YUAN_COLUMNS}
