"""`rewards load|list`, `stock set|list` and `fulfil`: the catalogue, its pieces, and handing over. Decides nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from server_stub.cli.files import read_small
from server_stub.cli.given import number
from server_stub.cli.output import Exit, Printer
from server_stub.cli.signed_in import as_person
from server_stub.domain.rewards.catalogue_file import BadCatalogue, parse_catalogue
from server_stub.services.rewards.stock import MOST_PIECES, Count

if TYPE_CHECKING:
    import argparse

    from server_stub.config import ServiceSettings

_REWARD_COLUMNS = (
    "reward_id",
    "name",
    "points",
    "left",
    "min_tier",
    "per_member",
    "stores",
    "from_day",
    "until_day",
    "adult_only",
    "picture",
)
_FLAWS = Path(__file__).with_name("reward_flaws.toml")
_FLAW_COLUMNS = ("field", "flaw", "zh-Hans", "en")
_STOCK_COLUMNS = ("reward_id", "store_id", "count", "taken", "free")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    rewards = commands.add_parser("rewards", help="the catalogue of rewards").add_subparsers(dest="action", required=True)
    load = rewards.add_parser("load", parents=[shared], help="make a file (docs/rewards.md) the catalogue, whole or not at all")
    load.add_argument("file", type=Path, help="the file; JSON where its name ends in .json")
    load.add_argument("--dry-run", action="store_true", help="check it and say what would change; store nothing")
    load.set_defaults(run=_load)
    listing = rewards.add_parser("list", parents=[shared], help="list the catalogue")
    listing.add_argument("--store", default="", help="only what this store gives, with the pieces that are left")
    listing.set_defaults(run=_list)
    stock = commands.add_parser("stock", help="pieces of rewards in the stores").add_subparsers(dest="action", required=True)
    count = stock.add_parser("set", parents=[shared], help="say how many pieces are in a store, those that wait to be picked up included")
    count.add_argument("reward", help="id of the reward")
    count.add_argument("--store", required=True, help="id of the store")
    count.add_argument("--count", type=number(0, MOST_PIECES), required=True, help=f"pieces that are there now, 0 to {MOST_PIECES}")
    count.add_argument("--reason", required=True, help="why it is counted anew; kept with the name of who counted")
    count.set_defaults(run=_set_stock)
    counts = stock.add_parser("list", parents=[shared], help="list the pieces; an empty store is the chain's pool")
    counts.add_argument("--store", default="", help="only this store")
    counts.set_defaults(run=_list_stock)
    fulfil = commands.add_parser("fulfil", parents=[shared], help="hand over the reward of a pick-up code, once, at its store")
    fulfil.add_argument("code", help="as it stands on the receipt; case and hyphens do not matter")
    fulfil.set_defaults(run=_fulfil)


def _load(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    try:
        wanted = parse_catalogue(read_small(arguments.file), is_json=arguments.file.suffix.lower() == ".json")
        with as_person(settings, printer) as (parts, actor, marked):
            marked.record(parts.core.rewards.catalogue.load(actor, wanted, is_rehearsal=arguments.dry_run))
            if arguments.dry_run:
                marked.line("Nothing was stored. 未保存任何内容。")
    except BadCatalogue as bad:
        words = tomllib.loads(_FLAWS.read_text("utf-8"))
        rows = [{"field": flawed.field, "flaw": flawed.flaw.value, **words[flawed.flaw.value]} for flawed in bad.flaws]
        printer.table(rows, _FLAW_COLUMNS)
        return Exit.FOUND_WRONG
    return Exit.GOOD


def _list(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.table(parts.core.rewards.catalogue.list(actor, arguments.store), _REWARD_COLUMNS)
    return Exit.GOOD


def _set_stock(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    count = Count(arguments.reward, arguments.store, arguments.count, arguments.reason)
    with as_person(settings, printer) as (parts, actor, marked):
        marked.record(parts.core.rewards.stock.set(actor, count))
    return Exit.GOOD


def _list_stock(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.table(parts.core.rewards.stock.list(actor, arguments.store), _STOCK_COLUMNS)
    return Exit.GOOD


def _fulfil(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.record(parts.core.rewards.handing_over.fulfil(actor, parts.new_envelope(), arguments.code))
    return Exit.GOOD
