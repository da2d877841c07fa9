"""`ledger prove`: does every account say what its entries and lots say, and every card what the account said? Knows no arithmetic."""

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
    prove = ledger.add_parser(
        "prove", parents=[shared], help="work out every account from its entries anew, compare cards with it; names the wrong ones"
    )
    prove.set_defaults(run=_prove)


def _prove(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    parts = compose(settings)
    try:
        proved, cards = parts.core.ledger.proof.run(PROVER), parts.card_proof.run(PROVER)
    finally:
        parts.close()
    good = not proved.wrong and not cards.wrong
    accounts = [f"{w.account_id} {w.flaw.value} {w.said} must be {w.proved}" for w in proved.wrong[:_SHOWN]]
    of_cards = [f"{w.card_id} ({w.number_masked}) {w.flaw.value} {w.said} must be {w.proved}" for w in cards.wrong[:_SHOWN]]
    printer.record(
        {
            "good": good,
            "accounts": proved.accounts,
            "wrong": len(proved.wrong),
            "first_wrong": accounts,
            "cards": cards.cards,
            "wrong_cards": len(cards.wrong),
            "first_wrong_cards": of_cards,
        }
    )
    return Exit.GOOD if good else Exit.FOUND_WRONG
