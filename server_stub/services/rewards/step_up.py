"""Asks for a one-time code before much is spent by somebody who came with a card or a code alone. Knows no reward.

A found card may look and may spend a little; what it spends within 24 hours counts together, so that small pieces do not add up to
everything (F15).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from server_stub.config import RewardSettings
from server_stub.domain.actors import DeviceActor
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, refuse
from server_stub.services.enrollment.codes import OwnershipCodes
from server_stub.services.visits import Running
from server_stub.storage.codes import CodePurpose
from server_stub.storage.database import Tx
from server_stub.storage.guardians import guardian_token
from server_stub.storage.ledger import account_of_member
from server_stub.storage.members import IdentifiedBy
from server_stub.storage.pickups import spent_at_devices

_PURPOSE = frozenset({CodePurpose.REDEEM})
_WINDOW = timedelta(hours=24)
_FRESH_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Spending:
    """What is to be spent at a visit.

    Attributes:
        proof: Of the phone number, purpose REDEEM; empty where there is none.
    """

    running: Running
    device: DeviceActor
    points: int
    proof: str = ""


class StepUp:
    """The rule."""

    def __init__(self, codes: OwnershipCodes, settings: RewardSettings) -> None:
        self._codes = codes
        self._limit = settings.code_above_points

    @property
    def limit(self) -> int:
        """Returns the points that may be spent within 24 hours by a card alone."""
        return self._limit

    def needs_code(self, tx: Tx, running: Running, points: int) -> bool:
        """Returns whether a code has to come first."""
        if running.visit.identified_by is IdentifiedBy.PHONE:
            return False
        # A receipt is paper that lies about.
        if running.visit.identified_by is IdentifiedBy.RECEIPT:
            return True
        account = account_of_member(tx, running.member.member_id)
        spent = spent_at_devices(tx, account.account_id, tx.now - _WINDOW) if account else 0
        return spent + points > self._limit

    def require(self, tx: Tx, spending: Spending) -> None:
        """Lets through what needs no code, or has a fresh proof of the member's own number.

        Raises:
            Refusal: STEP_UP_NEEDED.
        """
        if not self.needs_code(tx, spending.running, spending.points):
            return
        try:
            token = self._codes.require_proof(tx, spending.proof, spending.device, _PURPOSE, _FRESH_FOR)
        except Refusal as refusal:
            raise refuse(Reason.STEP_UP_NEEDED) from refusal
        member = spending.running.member
        # A child has no number of its own: the code goes to the guardian's.
        if token != (member.mobile_token or guardian_token(tx, member.application_id)):
            raise refuse(Reason.STEP_UP_NEEDED)
