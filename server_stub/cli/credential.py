"""`credential show`: draws a member's dynamic code as the member's own app would. Development only: it asks nobody who they are."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import segno

from server_stub.app import compose
from server_stub.cli.files import require_place
from server_stub.cli.output import Exit, Printer
from server_stub.cli.sign_in import DEVELOPMENT_MARK
from server_stub.cli.wording import Wording
from server_stub.domain.actors import SystemActor

if TYPE_CHECKING:
    import argparse

    from server_stub.app import Composition
    from server_stub.config import ServiceSettings
    from server_stub.services.member_codes import ShownCode

_APP = SystemActor("app")
_LEVEL = "q"
_QUIET_MODULES = 4
_PX_PER_MODULE = 8
_CLEAR = "\033[2J\033[H"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the command."""
    credential = commands.add_parser("credential", help="codes that members show").add_subparsers(dest="action", required=True)
    show = credential.add_parser("show", parents=[shared], help="development only: draw a member's dynamic code as an app would")
    show.add_argument("number", metavar="MEMBER", help="membership number")
    how = show.add_mutually_exclusive_group()
    how.add_argument("--png", type=Path, metavar="FILE", help="write the picture to this file")
    how.add_argument("--text", action="store_true", help="print the text of the code")
    show.add_argument("--watch", action="store_true", help="go on with a new code every half minute, until interrupted")
    show.set_defaults(run=_show)


def _show(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    if not settings.is_development:
        printer.fault("refused", "credential show: only in the development profile", Wording().reason_for_programs("DEVELOPMENT_ONLY"))
        return Exit.REFUSED
    if arguments.png:
        require_place(arguments.png)
    parts = compose(settings)
    marked = printer.marked(DEVELOPMENT_MARK)
    try:
        while True:
            shown = _drawn(parts, arguments, marked)
            if not arguments.watch:
                return Exit.GOOD
            time.sleep(shown.refresh_after.total_seconds())
    finally:
        parts.close()


def _drawn(parts: Composition, arguments: argparse.Namespace, printer: Printer) -> ShownCode:
    shown = parts.core.codes.make_for(_APP, arguments.number)
    picture = segno.make_qr(shown.text, error=_LEVEL, boost_error=False)
    if arguments.png:
        # Whoever watches the file never sees half a picture.
        half = arguments.png.with_suffix(".part")
        picture.save(str(half), kind="png", scale=_PX_PER_MODULE, border=_QUIET_MODULES)
        half.replace(arguments.png)
        printer.record({"picture": str(arguments.png), "expires_at": shown.expires_at.isoformat()})
    elif arguments.text or printer.prints_json:
        printer.record({"code": shown.text, "expires_at": shown.expires_at.isoformat()})
    else:
        if arguments.watch:
            sys.stdout.write(_CLEAR)
        picture.terminal(border=_QUIET_MODULES, compact=True)
        printer.line(f"good until {shown.expires_at.astimezone():%H:%M:%S}, once")
    return shown
