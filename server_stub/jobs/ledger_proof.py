"""Proves the ledger once a day beside everything else, and says loudly what is wrong. Knows no arithmetic and no scheduler."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from server_stub.domain.actors import Actor, SystemActor

if TYPE_CHECKING:
    from server_stub.services.ledger.proof import Proof

log = logging.getLogger(__name__)

PROVER = SystemActor("prover")
DAY_S = 86_400.0


class LedgerProof:
    """The job."""

    def __init__(self, proof: Proof) -> None:
        self._proof = proof

    def run(self, actor: Actor = PROVER) -> str:
        """Proves every account; each wrong one is a line of the log and an alert in the audit trail.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        proved = self._proof.run(actor)
        for wrong in proved.wrong:
            log.error("account %s: %s said %s, proved %s", wrong.account_id, wrong.flaw.value, wrong.said, wrong.proved)
        if proved.wrong:
            self._proof.alarm(actor, proved)
        return f"{proved.accounts} accounts, {len(proved.wrong)} wrong"
