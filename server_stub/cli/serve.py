"""`serve`: runs the service. Knows when it may start: keys of the profile and a migrated database."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from server_stub.app import DEVELOPMENT_NOTICE, compose, serve
from server_stub.cli.output import Exit, Printer
from server_stub.storage.database import NotMigrated, StorageError
from server_stub.storage.rights import changeable_facts

if TYPE_CHECKING:
    import argparse

    from server_stub.config import ServiceSettings


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the command."""
    parser = commands.add_parser("serve", parents=[shared], help="run the service until SIGTERM; then drain and end")
    parser.add_argument("--log-level", default="INFO", choices=["DEBUG", "INFO", "WARNING", "ERROR"], help="default INFO")
    parser.set_defaults(run=_serve)


def _serve(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    from server_stub.storage.migrations import is_current  # noqa: PLC0415 - imports Alembic, wanted by few commands

    logging.basicConfig(level=arguments.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    parts = compose(settings)
    try:
        if not is_current(parts.database):
            raise NotMigrated(f"{settings.database_shown}: not at the newest revision; run 'migrate'")
        if facts := changeable_facts(parts.database):
            raise StorageError(f"{settings.database_shown}: the service's role may change {', '.join(facts)}; run 'migrate' as their owner")
        if settings.is_development:
            printer.notice(DEVELOPMENT_NOTICE)
        serve(parts)
    finally:
        parts.close()
    return Exit.GOOD
