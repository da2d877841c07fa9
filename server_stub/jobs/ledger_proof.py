"""Proves the ledger and the cards once a day beside everything else and says what is wrong. Knows no arithmetic and no scheduler."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from server_stub.domain.actors import Actor, SystemActor

if TYPE_CHECKING:
    from server_stub.services.cards.proof import CardProof
    from server_stub.services.ledger.proof import Proof

log = logging.getLogger(__name__)

PROVER = SystemActor("prover")
DAY_S = 86_400.0


class LedgerProof:
    """The job."""

    def __init__(self, proof: Proof, cards: CardProof) -> None:
        self._proof = proof
        self._cards = cards

    def run(self, actor: Actor = PROVER) -> str:
        """Proves every account and every card; each wrong one is a line of the log and an alert in the audit trail.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        proved = self._proof.run(actor)
        for wrong in proved.wrong:
            log.error("account %s: %s said %s, proved %s", wrong.account_id, wrong.flaw.value, wrong.said, wrong.proved)
        if proved.wrong:
            self._proof.alarm(actor, proved)
        cards = self._cards.run(actor)
        for card in cards.wrong:
            log.error("card %s (%s): %s said %s, proved %s", card.card_id, card.number_masked, card.flaw.value, card.said, card.proved)
        if cards.wrong:
            self._cards.alarm(actor, cards)
        return f"{proved.accounts} accounts, {len(proved.wrong)} wrong; {cards.cards} cards, {len(cards.wrong)} wrong"
