"""`keys init|list|rotate|export-public`. Works on the key folder only; needs no database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from server_stub.cli.output import Exit, Printer
from server_stub.keys.authority import LOCAL_NAMES, Authority
from server_stub.keys.durable import PUBLIC_FILE, write_durably
from server_stub.keys.folder import KeyFolder, KeyKind
from server_stub.keys.public import public_text, receipt_keys_text

if TYPE_CHECKING:
    import argparse

    from server_stub.config import ServiceSettings

SERVER_CERTIFICATE = "server-certificate"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    keys = commands.add_parser("keys", help="the service's keys and certificates").add_subparsers(dest="action", required=True)
    init = keys.add_parser("init", parents=[shared], help="make all keys, the authority and the server's certificate; never overwrites")
    init.add_argument("--server-name", action="append", help="host name or IP address of the service; may be repeated")
    init.set_defaults(run=_init)
    keys.add_parser("list", parents=[shared], help="list the keys; shows no key").set_defaults(run=_list)
    rotate = keys.add_parser("rotate", parents=[shared], help="make a new generation; a running service takes it up when it starts again")
    kinds = [*(kind.value for kind in KeyKind if kind.may_rotate), SERVER_CERTIFICATE]
    rotate.add_argument("kind", choices=kinds, help="which key or certificate")
    rotate.add_argument("--server-name", action="append", help="with server-certificate: host name or IP address; may be repeated")
    rotate.set_defaults(run=_rotate)
    export = keys.add_parser(
        "export-public", parents=[shared], help="print or write the public keys that verify receipts, cards, audit heads"
    )
    export.add_argument("--receipts", action="store_true", help="only what a kiosk needs: receipt-keys.json")
    export.add_argument("--out", type=Path, help="write to this file")
    export.set_defaults(run=_export)


def _init(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    folder = KeyFolder.create(settings.keys_folder, settings.profile)
    Authority.create(settings.keys_folder, settings.profile, arguments.server_name or LOCAL_NAMES)
    printer.record({"folder": str(folder.path), "profile": folder.profile.value, "keys": len(folder.entries())})
    return Exit.GOOD


def _list(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    folder = KeyFolder.open(settings.keys_folder, settings.profile)
    printer.table(folder.entries(), ("kind", "number", "state", "created_at", "check"))
    return Exit.GOOD


def _rotate(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    folder = KeyFolder.open(settings.keys_folder, settings.profile)
    if arguments.kind == SERVER_CERTIFICATE:
        Authority.open(settings.keys_folder).renew_server(arguments.server_name or LOCAL_NAMES)
        printer.record({"rotated": SERVER_CERTIFICATE})
        return Exit.GOOD
    kind = KeyKind(arguments.kind)
    printer.record({"rotated": kind.value, "number": folder.rotated(kind).active(kind).number})
    return Exit.GOOD


def _export(settings: ServiceSettings, arguments: argparse.Namespace, _printer: Printer) -> Exit:
    folder = KeyFolder.open(settings.keys_folder, settings.profile)
    text = receipt_keys_text(folder) if arguments.receipts else public_text(folder)
    if arguments.out:
        write_durably(arguments.out, text.encode(), PUBLIC_FILE)
    else:
        sys.stdout.write(text)
    return Exit.GOOD
