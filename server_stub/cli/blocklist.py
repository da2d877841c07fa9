"""`blocklist add|list|lift`: the chain's own list of earlier abuse. Knows prompts and dates, decides nothing."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from server_stub.cli.given import day
from server_stub.cli.output import Exit, Printer
from server_stub.cli.sign_in import asked
from server_stub.cli.signed_in import as_person
from server_stub.domain.clock import CHINA
from server_stub.services.review.blocklist import BlockOrder
from server_stub.storage.reviews import BlockKind

if TYPE_CHECKING:
    import argparse

    from server_stub.config import ServiceSettings

VALUE_VARIABLE = "MEMBER_BLOCKED_VALUE"
_COLUMNS = ("entry_id", "kind", "reason", "author", "added_at", "expires_at")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    block = commands.add_parser("blocklist", help="own list of earlier abuse; a hit leads to review").add_subparsers(
        dest="action", required=True
    )
    adding = block.add_parser("add", parents=[shared], help="add a phone or ID number, which is asked for and kept as a token only")
    adding.add_argument("--kind", choices=[kind.value.lower() for kind in BlockKind], default="mobile", help="what it is; default: mobile")
    adding.add_argument("--reason", required=True, help="what happened, without names")
    adding.add_argument("--until", required=True, type=day, metavar="YYYY-MM-DD", help="last day; at most three years from now")
    adding.set_defaults(run=_add)
    block.add_parser("list", parents=[shared], help="list the lines in force").set_defaults(run=_list)
    lifting = block.add_parser("lift", parents=[shared], help="end a line before its time")
    lifting.add_argument("entry", help="id of the line")
    lifting.add_argument("--reason", required=True, help="why it ends")
    lifting.set_defaults(run=_lift)


def _add(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    end = datetime.combine(arguments.until + timedelta(days=1), time(), CHINA)
    with as_person(settings, printer) as (parts, actor, marked):
        # Asked for, never an argument: arguments are seen by every process of the machine.
        value = asked(VALUE_VARIABLE, "Phone or ID number: ", secret=False)
        order = BlockOrder(BlockKind(arguments.kind.upper()), value, arguments.reason, end)
        marked.record({"entry_id": parts.core.blocklist.add(actor, order), "expires_at": end.isoformat()})
    return Exit.GOOD


def _list(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.table(parts.core.blocklist.list(actor), _COLUMNS)
    return Exit.GOOD


def _lift(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        parts.core.blocklist.lift(actor, arguments.entry, arguments.reason)
        marked.record({"entry_id": arguments.entry, "state": "LIFTED"})
    return Exit.GOOD
