"""`report liability [close|closed]`: what finance reads and closes. Knows prompts, files and tables; the figures come from the service."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from server_stub.cli.files import require_place, write_private
from server_stub.cli.given import day
from server_stub.cli.output import Exit, Printer
from server_stub.cli.signed_in import as_person
from server_stub.cli.wording import Wording
from server_stub.domain.clock import business_day
from server_stub.domain.liability.months import Month, month_from
from server_stub.domain.reasons import Reason
from server_stub.paper.liability.cells import HEAD_COLUMNS, OUTRUN_MARK, POINT_COLUMNS, YUAN_COLUMNS, cells, csv_text, outrun, yuan

if TYPE_CHECKING:
    from datetime import datetime

    from server_stub.config import ServiceSettings
    from server_stub.domain.liability.report import LiabilityReport

_CLOSED_COLUMNS = ("period", "as_of", "deferred_yuan", "rules_version", "closed_by")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    report = commands.add_parser("report", help="reports for the management").add_subparsers(dest="action", required=True)
    liability = report.add_parser("liability", parents=[shared], help="deferred points, expected redemption and breakage by cohort")
    liability.add_argument("--as-of", type=day, metavar="DATE", help="day at whose end it is; default today, YYYY-MM-DD")
    liability.add_argument("--csv", type=Path, metavar="FILE", help="write the table as CSV too")
    liability.add_argument("--pdf", type=Path, metavar="FILE", help="write it as PDF with a chart too")
    liability.set_defaults(run=_liability)
    below = liability.add_subparsers(dest="step", help="close a month, or list those that are closed; without it the report")
    close = below.add_parser("close", parents=[shared], help="close a month for ever")
    close.add_argument("--period", type=_month, required=True, metavar="MONTH", help="month that is over, YYYY-MM")
    close.set_defaults(run=_close)
    below.add_parser("closed", parents=[shared], help="list the months that are closed").set_defaults(run=_closed)


def _liability(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    for file in filter(None, (arguments.csv, arguments.pdf)):
        require_place(file)
    with as_person(settings, printer) as (parts, actor, marked):
        now = parts.foundation.clock.now()
        report = parts.core.liability.report(actor, arguments.as_of or business_day(now))
        if arguments.csv:
            write_private(arguments.csv, csv_text(report).encode())
        if arguments.pdf:
            write_private(arguments.pdf, _pdf(report, actor.name, now))
        _print(report, marked)
    return Exit.GOOD if report.is_proven else Exit.FOUND_WRONG


def _month(text: str) -> Month:
    try:
        return month_from(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _pdf(report: LiabilityReport, name: str, now: datetime) -> bytes:
    # reportlab is wanted by this command alone, and costs a third of a second.
    from server_stub.paper.liability.document import Made, pdf  # noqa: PLC0415

    return pdf(report, Made(name, now))


def _print(report: LiabilityReport, printer: Printer) -> None:
    if printer.prints_json:
        printer.record(report)
        return
    rows = cells(report)
    printer.table(rows, (*HEAD_COLUMNS, *POINT_COLUMNS))
    printer.line("")
    printer.table(rows, (HEAD_COLUMNS[0], HEAD_COLUMNS[1], *YUAN_COLUMNS))
    printer.line("")
    change = report.movement.change
    printer.record(
        {
            "as_of": report.as_of,
            "rules": report.rules_version,
            "closed_up_to": report.movement.since,
            "opening_yuan": yuan(report.movement.opening_fen),
            "deferred_by_sales": yuan(change.allocated_fen),
            "reversed_by_returns": yuan(-change.returned_fen),
            "recognised_redeemed": yuan(-change.used_fen),
            "recognised_breakage": yuan(-change.breakage_fen),
            "recognised_ended": yuan(-change.ended_fen),
            "closing_yuan": yuan(report.movement.closing_fen),
            "owed_points": report.owed,
            "proven": report.is_proven,
        }
    )
    if outrun(report.lines):
        printer.line(
            f"{OUTRUN_MARK} 兑换已超过估计，请复核该月的预计兑换率 redeemed more than was estimated; review the rate of that month"
        )
    if report.contradicting:
        printer.line(f"账目自相矛盾，未计入 contradictory, in none of the figures: {', '.join(report.contradicting)}")
    if not report.is_proven:
        printer.line(Wording().of(Reason.LEDGER_UNPROVEN.value))


def _close(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        closed = parts.core.liability.close(actor, parts.new_envelope(), arguments.period)
        marked.record({**asdict(closed), "deferred_yuan": yuan(closed.deferred_fen)})
    return Exit.GOOD


def _closed(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        rows = [{**asdict(one), "deferred_yuan": yuan(one.deferred_fen)} for one in parts.core.liability.closed(actor)]
        marked.table(rows, _CLOSED_COLUMNS)
    return Exit.GOOD
