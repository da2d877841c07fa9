"""`migrate` and `audit verify`: what concerns the database as a whole. Knows no member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.app import compose, open_as_owner
from server_stub.cli.output import Exit, Printer
from server_stub.keys.folder import KeyFolder
from server_stub.storage.rights import grant_rights, role_of

if TYPE_CHECKING:
    import argparse

    from server_stub.config import ServiceSettings

_SHOWN = 20


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    commands.add_parser("migrate", parents=[shared], help="bring the database to the newest revision").set_defaults(run=_migrate)
    audit = commands.add_parser("audit", help="the audit trail").add_subparsers(dest="action", required=True)
    verify = audit.add_parser("verify", parents=[shared], help="compute chain, head file and covered rows anew; names the first wrong row")
    verify.set_defaults(run=_verify)
    audit.add_parser("seal", parents=[shared], help="seal what waits, without the service").set_defaults(run=_seal)


def migrate(settings: ServiceSettings) -> str:
    """Brings the database to the newest revision, gives the service's role its rights, and returns the revision.

    Raises:
        KeysRefused: keys are missing, damaged, or of another profile.
        StorageError: the service's role owns the tables.
    """
    # Alembic costs half a second at import and is wanted by few commands.
    from server_stub.storage.migrations import upgrade  # noqa: PLC0415

    keys = KeyFolder.open(settings.keys_folder, settings.profile)
    owner = open_as_owner(settings, keys)
    try:
        revision = upgrade(owner)
        if settings.is_on_server:
            grant_rights(owner, role_of(settings.database))
    finally:
        owner.close()
    return revision


def _migrate(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    printer.record({"database": settings.database_shown, "revision": migrate(settings)})
    return Exit.GOOD


def _verify(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    parts = compose(settings)
    try:
        verdict = parts.verifier.verify()
    finally:
        parts.close()
    first = verdict.first_wrong
    printer.record(
        {
            "good": verdict.is_good,
            "sealed": verdict.sealed,
            "unsealed": verdict.unsealed,
            "rows": verdict.rows,
            "heads": verdict.heads,
            "wrong": len(verdict.findings),
            "first_wrong": f"{first.wrong.value} {first.row} (position {first.position})" if first else "",
            "findings": [f"{f.position} {f.wrong.value} {f.row}" for f in verdict.findings[:_SHOWN]],
        }
    )
    return Exit.GOOD if verdict.is_good else Exit.FOUND_WRONG


def _seal(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    parts = compose(settings)
    try:
        printer.record({"sealed": parts.sealer.seal_all()})
    finally:
        parts.close()
    return Exit.GOOD
