"""`statement`: a member's points between two days as PDF, made by the desk. Decides nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from server_stub.cli.files import require_place, write_private
from server_stub.cli.given import day
from server_stub.cli.output import Exit, Printer
from server_stub.cli.signed_in import as_person
from server_stub.domain.desk_reasons import StatementMadeFor
from server_stub.services.statement_desk import LONGEST_DAYS

if TYPE_CHECKING:
    from datetime import datetime

    from server_stub.config import ServiceSettings
    from server_stub.domain.statement import Statement

_EPILOG = """\
reasons:
  MEMBER_ASKED  the member wants it on paper 会员要求
  COMPLAINT     a complaint is looked into 处理投诉
  AUDIT         an auditor asks for it 审计要求
The number on it is masked, and there is no name. Each statement is recorded with who made it and why.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the command."""
    statement = commands.add_parser(
        "statement",
        parents=[shared],
        help="a member's points between two days as PDF; that you made it is recorded",
        description="Write a member's points between two days as PDF.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    statement.add_argument("--member", required=True, metavar="NUMBER", help="membership number")
    statement.add_argument("--from", dest="first", type=day, required=True, metavar="DAY", help="first day, YYYY-MM-DD")
    statement.add_argument(
        "--to", dest="last", type=day, required=True, metavar="DAY", help=f"last day; at most {LONGEST_DAYS} days in all"
    )
    statement.add_argument("--reason", required=True, choices=[one.value for one in StatementMadeFor], help="why; see below")
    statement.add_argument("--pdf", type=Path, required=True, metavar="FILE", help="file to write")
    statement.set_defaults(run=_run)


def _run(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    require_place(arguments.pdf)
    with as_person(settings, printer) as (parts, actor, marked):
        days, reason = (arguments.first, arguments.last), StatementMadeFor(arguments.reason)
        made = parts.core.desks.statements.make(actor, arguments.member, days, reason)
        write_private(arguments.pdf, _pdf(made, actor.name, parts.foundation.clock.now()))
        figures = {"opening": made.opening, "closing": made.closing, "lines": len(made.lines)}
        marked.record({"number": made.number_masked, "from": made.first_day, "to": made.last_day, **figures, "pdf": str(arguments.pdf)})
    return Exit.GOOD


def _pdf(statement: Statement, name: str, now: datetime) -> bytes:
    # reportlab is wanted by this command alone, and costs a third of a second.
    from server_stub.paper.statement.document import Made, pdf  # noqa: PLC0415

    return pdf(statement, Made(name, now))
