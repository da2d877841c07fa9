"""The kiosk's command line. Exit codes: 0 good, 1 found wrong, 2 usage, 3 cannot work (device, centre, settings)."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from kiosk import __version__
from kiosk.app.command_failures import FAILURES, Exit, Failure, failure_of
from kiosk.app.usage import Misused, Parser, asks_for_json
from kiosk.config import Settings, load
from kiosk.texts import TextError, load_catalogue

log = logging.getLogger(__name__)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    words = sys.argv[1:] if words is None else words
    try:
        arguments = _parser().parse_args(words)
    except Misused as misused:
        if asks_for_json(words):
            _print_failure(Failure("USAGE", misused.message, Exit.USAGE))
        misused.leave()
    logging.basicConfig(level=arguments.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        return int(arguments.run(load(arguments.config), arguments))
    except FAILURES as error:
        failure = failure_of(error)
    if getattr(arguments, "json", False):
        _print_failure(failure)
    print(failure.line(), file=sys.stderr)
    return int(failure.exit)


def _print_failure(failure: Failure) -> None:
    """Print it for programs: who asked for JSON reads JSON, also of what went wrong."""
    _print({"reason": failure.reason, "text": failure.text}, as_json=True)


def _parser() -> argparse.ArgumentParser:
    shared = Parser(add_help=False)
    shared.add_argument("--config", type=Path, help="settings file (TOML); each setting also as KIOSK_<TABLE>_<KEY>")
    shared.add_argument("--log-level", choices=("DEBUG", "INFO", "WARNING", "ERROR"), default="ERROR", help="default ERROR")
    printing = Parser(add_help=False)
    printing.add_argument("--json", action="store_true", help="print JSON")
    parser = Parser(prog="kiosk", description="The member kiosk.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("run", parents=[shared], help="open the kiosk on the display").set_defaults(run=_run)
    card = commands.add_parser("card", help="the card on the reader").add_subparsers(required=True, metavar="COMMAND")
    card.add_parser("info", parents=[shared, printing], help="what it says without keys").set_defaults(run=_card_info)
    card.add_parser("verify", parents=[shared, printing], help="authenticate it with the centre").set_defaults(run=_card_verify)
    receipt = commands.add_parser("receipt", help="receipts").add_subparsers(required=True, metavar="COMMAND")
    verify = receipt.add_parser("verify", parents=[shared, printing], help="check a receipt with public keys only")
    verify.add_argument("receipt", help="text that begins with HR1:, or a picture or PDF of the slip or its QR code")
    verify.add_argument("--keys", type=Path, help="file of public keys; default from the settings")
    verify.set_defaults(run=_receipt_verify)
    config = commands.add_parser("config", help="settings").add_subparsers(required=True, metavar="COMMAND")
    config.add_parser(
        "check", parents=[shared, printing], help="print the settings, and what is wrong with them or the files that they name"
    ).set_defaults(run=_config_check)
    return parser


def _run(settings: Settings, arguments: argparse.Namespace) -> Exit:
    logging.getLogger().setLevel(min(logging.getLevelName(arguments.log_level), logging.INFO))
    # Kivy makes its window when it is imported, so nothing of it is imported for the other commands.
    from kiosk.app.freed_memory import require_overwriting  # noqa: PLC0415
    from kiosk.app.front import open_front  # noqa: PLC0415
    from kiosk.app.settings_check import virtual_readers  # noqa: PLC0415
    from kiosk.app.start import serve  # noqa: PLC0415
    from screens.window import WindowError  # noqa: PLC0415

    require_overwriting(settings.kiosk.profile)
    for danger in virtual_readers(settings.kiosk.profile):
        log.warning(danger)
    try:
        front = open_front(settings)
    except WindowError as error:
        print(f"no window: {error}", file=sys.stderr)
        return Exit.CANNOT
    asyncio.run(serve(settings, front))
    return Exit.GOOD


def _card_info(settings: Settings, arguments: argparse.Namespace) -> Exit:
    from kiosk.app.card_commands import card_info  # noqa: PLC0415 - loads the PC/SC driver

    _print(asdict(asyncio.run(card_info(settings))), as_json=arguments.json)
    return Exit.GOOD


def _card_verify(settings: Settings, arguments: argparse.Namespace) -> Exit:
    from kiosk.app.card_commands import card_verify  # noqa: PLC0415 - loads the PC/SC driver and gRPC

    report = asyncio.run(card_verify(settings))
    _print({**asdict(report), "text": _said(report.reason)} if report.reason else asdict(report), as_json=arguments.json)
    return Exit.GOOD if report.is_good else Exit.WRONG


def _said(reason: str) -> str:
    """Return a reason of the centre in words."""
    words = load_catalogue().in_language("en")
    try:
        return f"{words(f'reason.{reason}')}. {words(f'reason.{reason}.help')}"
    except TextError:
        return words("reason.OTHER")


def _receipt_verify(settings: Settings, arguments: argparse.Namespace) -> Exit:
    from hardware.codes.zbar import ZbarReader  # noqa: PLC0415 - loads libzbar
    from kiosk.paper.verify import load_public_keys, verify_argument  # noqa: PLC0415

    keys = load_public_keys(arguments.keys or settings.kiosk.receipt_keys)
    verified = verify_argument(arguments.receipt, keys, lambda path: [code.text for code in ZbarReader().read_file(path)])
    _print(json.loads(verified.as_json()), as_json=arguments.json)
    return Exit.GOOD


def _config_check(settings: Settings, arguments: argparse.Namespace) -> Exit:
    from kiosk.app.settings_check import problems  # noqa: PLC0415 - other commands need no look at these files

    tables = {table.name: asdict(getattr(settings, table.name)) for table in fields(settings)}
    shown: dict[str, Any] = {f"{table}.{key}": value for table, values in tables.items() for key, value in values.items()}
    found = problems(settings)
    if found and arguments.json:
        shown = {"reason": "SETTINGS_UNUSABLE", "text": "; ".join(found), "problems": found, **shown}
    _print(shown, as_json=arguments.json)
    for problem in found:
        print(problem, file=sys.stderr)
    return Exit.WRONG if found else Exit.GOOD


def _print(values: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(values, ensure_ascii=False, indent=1, default=str))
        return
    width = max(map(len, values))
    for key, value in values.items():
        print(f"{key:<{width}}  {', '.join(map(str, value)) if isinstance(value, list | tuple) else value}")
