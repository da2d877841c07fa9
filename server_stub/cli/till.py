"""`till play|simulate`: plays a script, or made-up traffic, against a service of its own. Knows no rule."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from server_stub.cli.files import write_lines
from server_stub.cli.given import number
from server_stub.cli.output import Exit, Printer
from server_stub.domain.program.catalogue import PLAIN, RULE_SETS
from server_stub.till.reader import UnreadableScript, read_lines
from server_stub.till.session import session
from server_stub.till.simulation import simulate
from server_stub.till.traffic import Plan, Traffic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from server_stub.config import ServiceSettings

_STANDARD_INPUT = "-"
# Traffic is sorted in memory, about 2 KB for each sale: a gigabyte at most.
_MOST_MEMBERS = 100_000
_MOST_SALES = 500_000
_SERVERS = ("postgresql://", "postgres://")
_DATABASE_HELP = (
    "PostgreSQL database to make a schema of its own in, dropped at the end, e.g. postgresql://ROLE@HOST/NAME; default: a temporary file"
)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    till = commands.add_parser("till", help="sales, returns, redemptions and coupons from a script or made up").add_subparsers(
        dest="action", required=True
    )
    play = till.add_parser(
        "play", parents=[shared], help="play a script (JSON Lines) on an empty service; prints one result line for each line"
    )
    play.add_argument("script", metavar="SCRIPT", help="file, or - for standard input")
    play.add_argument("--database", type=_server, metavar="URL", help=_DATABASE_HELP)
    play.set_defaults(run=_play)
    simulate = till.add_parser(
        "simulate", parents=[shared], help="make traffic, the same for the same seed, and prove the ledger at the end"
    )
    simulate.add_argument(
        "--members", type=number(1, _MOST_MEMBERS), default=100, help=f"how many members, {_MOST_MEMBERS} at most (default: 100)"
    )
    simulate.add_argument(
        "--sales",
        type=number(0, _MOST_SALES),
        default=1000,
        help=f"how many sales, spread over two months, {_MOST_SALES} at most (default: 1000)",
    )
    simulate.add_argument("--seed", type=number(), default=1, help="the same seed makes the same traffic (default: 1)")
    simulate.add_argument("--rule-set", choices=RULE_SETS, default=PLAIN, help="rules of the programme (default: plain)")
    simulate.add_argument("--script", type=Path, metavar="FILE", help="write the traffic to this file as a script, and play nothing")
    simulate.add_argument("--database", type=_server, metavar="URL", help=_DATABASE_HELP)
    simulate.set_defaults(run=_simulate)


def _play(_settings: ServiceSettings, arguments: argparse.Namespace, _printer: Printer) -> Exit:
    try:
        with _ending_on_sigterm():
            _play_all(_lines_of(arguments.script), arguments.database)
    except (_CannotBeRead, UnreadableScript) as error:
        raise ValueError(f"till play: {arguments.script} cannot be read: {error}") from error
    return Exit.GOOD


def _simulate(_settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    plan = Plan(arguments.members, arguments.sales, arguments.seed, arguments.rule_set)
    if arguments.script:
        return _write(plan, arguments.script, printer)
    with _ending_on_sigterm(), session(server=arguments.database) as player:
        tally, proof = simulate(plan, player)
    printer.record(
        {
            "done": dict(sorted(tally.done.items())),
            "refused": dict(sorted(tally.refused.items())),
            "points": dict(sorted(tally.points.items())),
            "expired": tally.expired,
            "sold_fen": tally.sold_fen,
            "seconds": round(tally.seconds, 2),
            "events_per_second": round((tally.done.total() + tally.refused.total()) / tally.seconds),
            "members": proof.members,
            "members_wrong": list(proof.wrong),
            "points_posted": proof.posted,
            "points_held": proof.held_by_members,
            "proof": proof.is_good,
        }
    )
    return Exit.GOOD if proof.is_good else Exit.FOUND_WRONG


def _write(plan: Plan, file: Path, printer: Printer) -> Exit:
    lines = write_lines(file, (json.dumps(event, ensure_ascii=False) for event in Traffic(plan).events()))
    printer.record({"script": str(file), "lines": lines})
    return Exit.GOOD


def _server(text: str) -> str:
    if not text.startswith(_SERVERS):
        raise argparse.ArgumentTypeError("the address of a PostgreSQL database begins with postgresql://, e.g. postgresql://ROLE@HOST/NAME")
    return text


class _CannotBeRead(Exception):
    """The script is missing, no file, or may not be read."""


def _lines_of(name: str) -> Iterable[bytes]:
    if name == _STANDARD_INPUT:
        return sys.stdin.buffer
    try:
        data = Path(name).read_bytes()
        data.decode("utf-8")
    except OSError as error:
        raise _CannotBeRead(error.strerror) from error
    except UnicodeDecodeError as error:
        raise _CannotBeRead("no text in UTF-8") from error
    return data.split(b"\n")


def _play_all(script: Iterable[bytes], server: str | None) -> None:
    with session(server=server) as player:
        for line in read_lines(script):
            print(json.dumps(player.play(line)), flush=True)


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """Ends by an exception on SIGTERM too, so that the temporary database goes away."""

    def end(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
