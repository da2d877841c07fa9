"""Reads the command line, runs one command, and turns what went wrong into a line and an exit code. Knows no command's work."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from server_stub.cli import till
from server_stub.cli.output import Exit, Printer
from server_stub.cli.usage import Misused, Parser, asks_for_json
from server_stub.cli.wording import Wording
from server_stub.config import ConfigError, load
from server_stub.domain.refusals import Refusal
from server_stub.keys.durable import UnsafePermissions
from server_stub.keys.folder import KeysRefused
from server_stub.storage.database import StorageError, StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

# Stable codes beside those of the database; ``reasons.toml`` has the texts.
SETUP_REASONS: Mapping[type[Exception], str] = {
    ConfigError: "SETTINGS_WRONG",
    KeysRefused: "KEYS_UNFIT",
    UnsafePermissions: "KEYS_UNFIT",
    StorageUnavailable: "DATABASE_SILENT",
}
_SETUP_FAULTS: tuple[type[Exception], ...] = (StorageError, *SETUP_REASONS)
WRONG_INPUT = "INPUT_WRONG"
MISUSED = "USAGE"
_TILL = "till"
# What a full disk says, a quota, a file that may not grow, and a device that fails.
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
_EPILOG = """\
settings: --config FILE (TOML) or MEMBER_SERVICE_CONFIG; each also as MEMBER_SERVICE_<TABLE>__<NAME>, e.g. MEMBER_SERVICE_MAIL__PORT=25
sign-in:  asked at the terminal, or MEMBER_STAFF_NAME, MEMBER_STAFF_PASSPHRASE, MEMBER_STAFF_TOTP, or three lines of standard input
exit:     0 good, 1 something was found wrong, 2 usage, 3 refused, 4 not set up
failed:   one line on the error stream; with --json also an object on standard output: failed, reason, text, texts (zh-Hans, zh-Hant, en),
          findings or about, present where a thing has changed meanwhile; its reason is USAGE where the words make no command
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns the exit code."""
    try:
        result = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has read enough. The stream is closed for the interpreter too, which would complain of it at its end.
        _close_output()
        return Exit.GOOD
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        _close_output()
        print(f"the output cannot be written: {error.strerror}", file=sys.stderr)
        return Exit.NOT_SET_UP
    return result


def _close_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: Sequence[str]) -> Exit:
    try:
        parsed = _parser(words[0] if words else "").parse_args(words)
    except Misused as misused:
        printer = Printer(as_json=asks_for_json(words))
        printer.fault_for_programs("wrong", misused.message, {**Wording().reason_for_programs(MISUSED), "about": misused.message})
        misused.leave()
    printer = Printer(as_json=parsed.json)
    try:
        result: Exit = parsed.run(load(parsed.config), parsed, printer)
    except Refusal as refusal:
        wording = Wording()
        printer.fault("refused", wording.refusal(refusal.refused), wording.refusal_for_programs(refusal.refused))
        result = Exit.REFUSED
    except _SETUP_FAULTS as error:
        reason = error.reason if isinstance(error, StorageError) else SETUP_REASONS[type(error)]
        wording = Wording()
        printer.fault(
            "not set up", f"{reason}: {wording.of(reason)}: {error}", {**wording.reason_for_programs(reason), "about": str(error)}
        )
        result = Exit.NOT_SET_UP
    except ValueError as error:
        printer.fault("wrong", str(error), {**Wording().reason_for_programs(WRONG_INPUT), "about": str(error)})
        result = Exit.USAGE
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        result = Exit.REFUSED
    return result


def _modules(command: str) -> tuple[ModuleType, ...]:
    """Returns the commands' modules; only the one that is wanted where the others would cost a script a second of imports."""
    if command == _TILL:
        return (till,)
    from server_stub.cli import (  # noqa: PLC0415
        benefits,
        blocklist,
        campaigns,
        cases,
        coupons,
        credential,
        database,
        desk,
        develop,
        device,
        keys,
        ledger,
        prices,
        redemptions,
        report,
        review,
        rewards,
        rules,
        serve,
        staff,
        statement,
    )

    return (
        serve, database, review, blocklist, benefits, campaigns, cases, credential, ledger, prices,
        report, rewards, redemptions, coupons, statement, rules, desk, staff, device, keys, develop, till,
    )  # fmt: skip


def _parser(command: str = "") -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m server_stub",
        description="Central service of the membership.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--config", type=Path, help="settings file (TOML)")
    shared.add_argument("--json", action="store_true", help="print JSON")
    commands = parser.add_subparsers(dest="command", required=True)
    for module in _modules(command):
        module.add_parser(commands, shared)
    return parser
