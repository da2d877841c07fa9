"""`cases list|show|classify|assign|reply|close|merge`: feedback as staff handle it on the service's own machine.

The web console will call the same services. Knows the order of prompts, decides nothing.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from server_stub.cli.given import number
from server_stub.cli.output import Exit, Printer
from server_stub.cli.signed_in import as_person
from server_stub.domain.feedback.case import STAFF_RESOLUTIONS, Category, Resolution

if TYPE_CHECKING:
    from server_stub.config import ServiceSettings
    from server_stub.services.feedback.handling import CaseDetail

_COLUMNS = (
    "case_number", "state", "face", "category", "department", "store_id", "owner", "received_at", "due", "due_at", "is_overdue",
    "reopened",
)  # fmt: skip


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    cases = commands.add_parser("cases", help="feedback: what members say, and what they hear back").add_subparsers(
        dest="action", required=True
    )
    listing = cases.add_parser("list", parents=[shared], help="open cases, what is due first first")
    listing.add_argument("--limit", type=number(1), default=50, help="how many at most; default 50")
    listing.add_argument("--all", action="store_true", help="closed ones too")
    listing.set_defaults(run=_list)
    _case_parser(cases, shared, "show", "one case with what was written; that you looked is recorded").set_defaults(run=_show)
    classify = _case_parser(cases, shared, "classify", "give a case its category")
    classify.add_argument("--category", required=True, choices=[one.value for one in Category], help="what it is about")
    classify.set_defaults(run=_classify)
    assign = _case_parser(cases, shared, "assign", "make somebody answerable for a case that has its category")
    assign.add_argument("--to", default="", metavar="ACCOUNT", help="account of the person; without it yourself")
    assign.set_defaults(run=_assign)
    reply = _case_parser(cases, shared, "reply", "answer the member; the case is classified and assigned to you before")
    reply.add_argument("--text", default="", help="the answer; without it standard input, after the sign-in")
    reply.set_defaults(run=_reply)
    close = _case_parser(cases, shared, "close", "end a case that has a reply")
    codes = sorted(one.value for one in STAFF_RESOLUTIONS)
    close.add_argument("--resolution", choices=codes, metavar="CODE", help=", ".join(codes))
    close.set_defaults(run=_close)
    merge = _case_parser(cases, shared, "merge", "put a duplicate to the case that said it first")
    merge.add_argument("into", help="number of the case that stays")
    merge.set_defaults(run=_merge)


def _case_parser(
    cases: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser, name: str, text: str
) -> argparse.ArgumentParser:
    parser = cases.add_parser(name, parents=[shared], help=text)
    parser.add_argument("case", help="case number")
    return parser


def _list(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.table(parts.core.cases.list(actor, arguments.limit, with_closed=arguments.all), _COLUMNS)
    return Exit.GOOD


def _show(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        _print(marked, parts.core.cases.show(actor, arguments.case))
    return Exit.GOOD


def _classify(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        _print(marked, parts.core.cases.classify(actor, parts.new_envelope(), arguments.case, Category(arguments.category)))
    return Exit.GOOD


def _assign(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        _print(marked, parts.core.cases.assign(actor, parts.new_envelope(), arguments.case, arguments.to))
    return Exit.GOOD


def _reply(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        text = arguments.text or sys.stdin.read()
        _print(marked, parts.core.cases.reply(actor, parts.new_envelope(), arguments.case, text))
    return Exit.GOOD


def _close(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    # A missing one is refused by the service, with its reason.
    resolution = Resolution(arguments.resolution) if arguments.resolution else None
    with as_person(settings, printer) as (parts, actor, marked):
        _print(marked, parts.core.cases.close(actor, parts.new_envelope(), arguments.case, resolution))
    return Exit.GOOD


def _merge(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        _print(marked, parts.core.cases.merge(actor, parts.new_envelope(), arguments.case, arguments.into))
    return Exit.GOOD


def _print(printer: Printer, detail: CaseDetail) -> None:
    printer.record(detail)
