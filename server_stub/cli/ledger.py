"""`ledger prove`: does every account say what its entries and lots say? Knows no arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.app import compose
from server_stub.cli.output import Exit, Printer
from server_stub.jobs.ledger_proof import PROVER

if TYPE_CHECKING:
    import argparse

    from server_stub.config import ServiceSettings

_SHOWN = 20


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the command."""
    ledger = commands.add_parser("ledger", help="the points ledger").add_subparsers(dest="action", required=True)
    prove = ledger.add_parser("prove", parents=[shared], help="work out every account from its entries anew; names the wrong ones")
    prove.set_defaults(run=_prove)


def _prove(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    parts = compose(settings)
    try:
        proved = parts.core.ledger.proof.run(PROVER)
    finally:
        parts.close()
    shown = [f"{w.account_id} {w.flaw.value} {w.said} must be {w.proved}" for w in proved.wrong[:_SHOWN]]
    printer.record({"good": not proved.wrong, "accounts": proved.accounts, "wrong": len(proved.wrong), "first_wrong": shown})
    return Exit.FOUND_WRONG if proved.wrong else Exit.GOOD
