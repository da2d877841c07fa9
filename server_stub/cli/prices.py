"""`prices load`: the chain's price list from a CSV file, whole or not at all. Decides nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from server_stub.cli.output import Exit, Printer
from server_stub.cli.signed_in import as_person
from server_stub.domain.price_list import BadPriceList, read_price_list

if TYPE_CHECKING:
    import argparse

    from server_stub.config import ServiceSettings

_LARGEST_FILE = 32 * 1_048_576


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the command."""
    prices = commands.add_parser("prices", help="the price list that sales are compared with").add_subparsers(dest="action", required=True)
    load = prices.add_parser("load", parents=[shared], help="make a CSV file (sku,price_fen,from,until,store) the price list")
    load.add_argument("file", type=Path, help="the file; days YYYY-MM-DD and store may be empty or left out")
    load.add_argument("--dry-run", action="store_true", help="name the lines that are wrong and what would be loaded; store nothing")
    load.set_defaults(run=_load)


def _load(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    try:
        wanted = read_price_list(_read(arguments.file))
        with as_person(settings, printer) as (parts, actor, marked):
            marked.record(parts.core.prices.load(actor, wanted, is_rehearsal=arguments.dry_run))
            if arguments.dry_run:
                marked.line("Nothing was stored. 未保存任何内容。")
    except BadPriceList as bad:
        printer.table([{"line": one.line, "field": one.field, "flaw": one.flaw.value} for one in bad.findings], ("line", "field", "flaw"))
        return Exit.FOUND_WRONG
    return Exit.GOOD


def _read(path: Path) -> bytes:
    """Returns the file.

    Raises:
        ValueError: It cannot be read, or is larger than a list can be.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ValueError(f"{path}: larger than 32 MiB")
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error
