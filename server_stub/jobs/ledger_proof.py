"""Proves ledger and cards beside everything else: each hour what moved, each day all of it. Knows no arithmetic and no scheduler."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from server_stub.domain.actors import Actor, SystemActor

if TYPE_CHECKING:
    from collections.abc import Callable

    from server_stub.domain.clock import Clock
    from server_stub.services.cards.proof import CardProof, ProvedCards
    from server_stub.services.ledger.proof import Proof, Proved

log = logging.getLogger(__name__)

PROVER = SystemActor("prover")
DAY_S = 86_400.0
# Twice the hour between two runs: what was booked while one ran is looked at by the next.
LOOKS_BACK = timedelta(hours=2)


class LedgerProof:
    """The job."""

    def __init__(self, proof: Proof, cards: CardProof, clock: Clock) -> None:
        self._proof = proof
        self._cards = cards
        self._clock = clock

    def run_moved(self, actor: Actor = PROVER) -> str:
        """Proves the accounts in which something was booked since the run before, and their members' cards; else as ``run``.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        since = self._clock.now() - LOOKS_BACK
        return self._told(actor, self._proof.of_moved(actor, since), lambda: self._cards.of_moved(actor, since))

    def run(self, actor: Actor = PROVER) -> str:
        """Proves every account and every card; each wrong one is a line of the log and an alert in the audit trail.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        return self._told(actor, self._proof.run(actor), lambda: self._cards.run(actor))

    def _told(self, actor: Actor, proved: Proved, prove_cards: Callable[[], ProvedCards]) -> str:
        for wrong in proved.wrong:
            log.error("account %s: %s said %s, proved %s", wrong.account_id, wrong.flaw.value, wrong.said, wrong.proved)
        if proved.wrong:
            self._proof.alarm(actor, proved)
        cards = prove_cards()
        for card in cards.wrong:
            log.error("card %s (%s): %s said %s, proved %s", card.card_id, card.number_masked, card.flaw.value, card.said, card.proved)
        if cards.wrong:
            self._cards.alarm(actor, cards)
        return f"{proved.accounts} accounts, {len(proved.wrong)} wrong; {cards.cards} cards, {len(cards.wrong)} wrong"
