"""`report liability` as a manager runs it: table, JSON, CSV and PDF of one report, and closing months."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pypdf import PdfReader

from server_stub.domain.clock import SystemClock, business_day
from server_stub.domain.liability.months import month_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.service_process import Installation

MANAGER = "dev-qian"


def last_month() -> date:
    return business_day(SystemClock().now()).replace(day=1) - timedelta(days=1)


def test_the_report_is_printed_and_written(installation: Installation, tmp_path: Path) -> None:
    words = ("report", "liability", "--as-of", last_month().isoformat())
    files = ("--csv", str(tmp_path / "l.csv"), "--pdf", str(tmp_path / "l.pdf"))
    printed = installation.as_person(MANAGER, *words, *files)
    assert printed.returncode == 0, printed.stderr
    assert "TOTAL" in printed.stdout
    assert f"as_of                {last_month().isoformat()}" in printed.stdout
    (total,) = csv.DictReader(io.StringIO((tmp_path / "l.csv").read_text(encoding="utf-8-sig")))
    assert (total["month"], total["outstanding"], total["deferred_yuan"]) == ("TOTAL", "0", "0.00")
    assert last_month().isoformat() in PdfReader(tmp_path / "l.pdf").pages[0].extract_text()
    told = json.loads(installation.as_person(MANAGER, *words, "--json").stdout)
    assert (told["as_of"], told["is_proven"], told["total"]["deferred_fen"]) == (last_month().isoformat(), True, 0)


def test_months_are_closed_once_and_not_before_their_end(installation: Installation) -> None:
    closed, present = str(month_of(last_month())), str(month_of(last_month()).next())
    early = installation.as_person(MANAGER, "report", "liability", "close", "--period", present)
    assert early.returncode == 3
    assert "PERIOD_OPEN" in early.stderr
    done = installation.as_person(MANAGER, "report", "liability", "close", "--period", closed, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["period"] == closed
    again = installation.as_person(MANAGER, "report", "liability", "close", "--period", closed)
    assert again.returncode == 3
    assert "PERIOD_CLOSED" in again.stderr
    assert installation.command("audit", "seal").returncode == 0
    assert installation.command("audit", "verify").returncode == 0


def test_a_day_that_has_not_come_is_refused(installation: Installation) -> None:
    tomorrow = business_day(SystemClock().now()) + timedelta(days=2)
    done = installation.as_person(MANAGER, "report", "liability", "--as-of", tomorrow.isoformat())
    assert done.returncode == 3
    assert "as_of: FUTURE_DATE" in done.stderr
