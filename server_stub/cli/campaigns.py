"""`campaigns load|list|show|stop|resume`: campaigns on the service's own machine. Decides nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from server_stub.cli.files import read_small
from server_stub.cli.output import Exit, Printer
from server_stub.cli.signed_in import as_person
from server_stub.domain.campaigns.board_order import EVERYWHERE, MOST_SHOWN
from server_stub.domain.campaigns.campaign_file import BadCampaigns, line_of, parse_campaigns
from server_stub.domain.clock import CHINA

if TYPE_CHECKING:
    import argparse

    from server_stub.config import ServiceSettings
    from server_stub.domain.campaigns.board_order import Crowd
    from server_stub.domain.documents import Flawed

_FLAWS = Path(__file__).with_name("campaign_flaws.toml")
_FLAW_COLUMNS = ("line", "field", "flaw", "zh-Hans", "en")
_COLUMNS = ("campaign_id", "version", "state", "title", "starts", "ends", "stores", "claims", "places", "stopped_because")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    campaigns = commands.add_parser("campaigns", help="campaigns that kiosks show").add_subparsers(dest="action", required=True)
    load = campaigns.add_parser("load", parents=[shared], help="load a file of campaigns (docs/campaigns.md), whole or not at all")
    load.add_argument("file", type=Path, help="the file; JSON where its name ends in .json")
    load.add_argument("--dry-run", action="store_true", help="check it and say what would change; store nothing")
    load.set_defaults(run=_load)
    campaigns.add_parser("list", parents=[shared], help="all campaigns, the one that ends last first").set_defaults(run=_list)
    show = campaigns.add_parser("show", parents=[shared], help="one campaign whole, with its places")
    show.add_argument("campaign", help="id of the campaign")
    show.set_defaults(run=_show)
    for name, run, text in (
        ("stop", _stop, "stop a campaign: kiosks take it away within a minute"),
        ("resume", _resume, "let a campaign go on that was stopped"),
    ):
        switch = campaigns.add_parser(name, parents=[shared], help=text)
        switch.add_argument("campaign", help="id of the campaign")
        switch.add_argument("--reason", default="", help="why; kept with the name of who did it, and without it nothing is done")
        switch.set_defaults(run=run)


def _load(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    raw, is_json = read_small(arguments.file), arguments.file.suffix.lower() == ".json"
    try:
        documents = parse_campaigns(raw, is_json=is_json)
        with as_person(settings, printer) as (parts, actor, marked):
            loaded = parts.core.campaigns.desk.load(actor, documents, is_rehearsal=arguments.dry_run)
            marked.record(loaded)
            for crowd in loaded.crowded:
                marked.notice(_warning(crowd))
            if arguments.dry_run:
                marked.line("Nothing was stored. 未保存任何内容。")
    except BadCampaigns as bad:
        source = "" if is_json else raw.decode("utf-8", "replace")
        words = tomllib.loads(_FLAWS.read_text("utf-8"))
        printer.table([{**_row(source, flawed), **words[flawed.flaw]} for flawed in bad.flaws], _FLAW_COLUMNS)
        return Exit.FOUND_WRONG
    return Exit.GOOD


def _row(source: str, flawed: Flawed) -> dict[str, object]:
    return {"line": line_of(source, flawed.field) or "", "field": flawed.field, "flaw": flawed.flaw}


def _warning(crowd: Crowd) -> str:
    """Only a warning: what was loaded is right in itself, and what is not shown here and now may be in other stores and later."""
    since = f"{crowd.since.astimezone(CHINA):%Y-%m-%d %H:%M}"
    where = ("所有门店", "所有門市", "all stores")
    where = where if crowd.store_id == EVERYWHERE else (f"门店 {crowd.store_id}", f"門市 {crowd.store_id}", f"store {crowd.store_id}")
    said = (
        f"{where[0]}：自 {since} 起同时有 {crowd.count} 个活动，自助机最多显示 {MOST_SHOWN} 个，其余的不显示；请错开日期或停止一些",
        f"{where[1]}：自 {since} 起同時有 {crowd.count} 個活動，自助機最多顯示 {MOST_SHOWN} 個，其餘的不顯示；請錯開日期或停止一些",
        f"{where[2]}: {crowd.count} campaigns at once from {since} on; kiosks show {MOST_SHOWN} at most and not the rest; "
        "move some to other days or stop them",
    )
    return " / ".join(said)


def _list(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.table(parts.core.campaigns.desk.list(actor), _COLUMNS)
    return Exit.GOOD


def _show(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        shown = parts.core.campaigns.desk.show(actor, arguments.campaign)
        told = {name: getattr(shown.listed, name) for name in _COLUMNS}
        switch = {"switched_by": shown.switched_by, "switched_at": shown.switched_at or ""}
        loaded = {"loaded_by": shown.loaded_by, "loaded_at": shown.loaded_at}
        marked.record({**told, **loaded, **switch, "taken": shown.taken, "document": shown.document})
    return Exit.GOOD


def _stop(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.record(parts.core.campaigns.desk.stop(actor, arguments.campaign, arguments.reason))
    return Exit.GOOD


def _resume(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.record(parts.core.campaigns.desk.resume(actor, arguments.campaign, arguments.reason))
    return Exit.GOOD
