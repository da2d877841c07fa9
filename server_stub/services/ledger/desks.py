"""What can be asked of the ledger, as protocols: tills, kiosks, desks and the till player are written against these.

Each method is one transaction and runs exactly once for its envelope's request id; an accepted request that comes again gets its first
answer with ``is_replay``. Every method may raise ``Refusal`` with NOT_PERMITTED; those with an envelope also with REQUEST_MALFORMED,
REQUEST_ID_REUSED and REQUEST_CANCELLED, before any reason that is named here; and, where an account's lots and
entries do not agree, with LEDGER_UNPROVEN. Reasons are checked in the order in which they are named.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from server_stub.domain.actors import Actor
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger.lots import Share
from server_stub.domain.ledger_commands import (
    AccountView,
    AdjustPoints,
    Booked,
    CancelHold,
    CommitHold,
    JoinProgram,
    MergeMembers,
    RecordReturn,
    RecordSale,
    Redeem,
    RedemptionBooked,
    ReturnBooked,
    ReverseRedemption,
    SaleBooked,
    UnmergeMembers,
)
from server_stub.domain.program.parameters import Parameters


class JoiningDesk(Protocol):
    """Takes in members who come without an application."""

    def join(self, actor: Actor, envelope: Envelope, command: JoinProgram) -> Booked:
        """Makes the membership and opens its account.

        Raises:
            Refusal: DUPLICATE_ID, FUTURE_DATE, GUARDIAN_NEEDED.
        """
        ...


class SaleDesk(Protocol):
    """Books sales."""

    def record(self, actor: Actor, envelope: Envelope, command: RecordSale) -> SaleBooked:
        """Books a sale and what it earns.

        Raises:
            Refusal: DUPLICATE_ID, CURRENCY_NOT_CNY, BAD_QTY, DISCOUNT_TOO_LARGE, AMOUNT_TOO_LARGE, AMOUNT_ZERO, TENDER_MISMATCH,
                FUTURE_DATE, TOO_LATE, MEMBER_UNKNOWN, MEMBER_MERGED, MEMBER_INACTIVE, BEFORE_JOINING, AMOUNT_TOO_LARGE (of points).
        """
        ...

    def preview(self, actor: Actor, command: RecordSale) -> SaleBooked:
        """Returns what ``record`` would book now, and books nothing; no entry is posted and ``after`` is the standing after it.

        Raises:
            Refusal: As ``record``.
        """
        ...


class ReturnDesk(Protocol):
    """Books returns."""

    def record(self, actor: Actor, envelope: Envelope, command: RecordReturn) -> ReturnBooked:
        """Books goods that come back, takes back what they earned and gives back what paid for them.

        Raises:
            Refusal: DUPLICATE_ID, SALE_UNKNOWN, LINE_UNKNOWN, BAD_QTY, RETURN_EXCEEDS_SALE, POINTS_SHORT.
        """
        ...


class RedemptionDesk(Protocol):
    """Spends points: at once, or held first."""

    def redeem(self, actor: Actor, envelope: Envelope, command: Redeem) -> RedemptionBooked:
        """Holds and commits at once.

        Raises:
            Refusal: MEMBER_UNKNOWN, MEMBER_MERGED, DUPLICATE_ID, SALE_UNKNOWN, NOT_YOUR_SALE, SALE_HAS_RETURNS, REWARD_REQUIRED,
                REWARD_UNKNOWN, REDEMPTION_CLOSED, REWARD_NOT_OPEN, WRONG_STORE, TIER_TOO_LOW, ADULT_ONLY, LIMIT_REACHED, OUT_OF_STOCK,
                INSUFFICIENT_AVAILABLE (with ``frees_on`` where pending points will do).
        """
        ...

    def hold(self, actor: Actor, envelope: Envelope, command: Redeem) -> RedemptionBooked:
        """Sets points aside until they are committed, cancelled or the hold ends.

        Raises:
            Refusal: As ``redeem``.
        """
        ...

    def commit(self, actor: Actor, envelope: Envelope, command: CommitHold) -> RedemptionBooked:
        """Spends what is held.

        Raises:
            Refusal: REDEMPTION_UNKNOWN, HOLD_EXPIRED, WRONG_STATE; WRONG_DEVICE and AMOUNT_CHANGED, which let the hold go all the same.
        """
        ...

    def cancel(self, actor: Actor, envelope: Envelope, command: CancelHold) -> RedemptionBooked:
        """Lets go what is held.

        Raises:
            Refusal: REDEMPTION_UNKNOWN, HOLD_EXPIRED, WRONG_STATE.
        """
        ...

    def reverse(self, actor: Actor, envelope: Envelope, command: ReverseRedemption) -> RedemptionBooked:
        """Gives back what was spent and is not given back yet.

        Raises:
            Refusal: REDEMPTION_UNKNOWN, WRONG_STATE.
        """
        ...


class AdjustmentDesk(Protocol):
    """Corrects by hand."""

    def adjust(self, actor: Actor, envelope: Envelope, command: AdjustPoints) -> Booked:
        """Gives or takes points; the lot's source is the envelope's request id.

        Raises:
            Refusal: AMOUNT_ZERO, MEMBER_UNKNOWN, MEMBER_MERGED, CASE_MISSING, SECOND_PERSON_MISSING, SELF_APPROVAL, OVER_LIMIT,
                EXPIRY_IN_PAST, INSUFFICIENT_AVAILABLE.
        """
        ...


class MergingDesk(Protocol):
    """Makes two memberships one, and two again."""

    def merge(self, actor: Actor, envelope: Envelope, command: MergeMembers) -> Booked:
        """Moves everything of one member to another.

        Raises:
            Refusal: DUPLICATE_ID, SAME_MEMBER, MEMBER_UNKNOWN, MEMBER_MERGED, MEMBER_INACTIVE, POOLING_FORBIDDEN, SECOND_PERSON_MISSING,
                IDENTITY_MISMATCH, OPEN_HOLD.
        """
        ...

    def unmerge(self, actor: Actor, envelope: Envelope, command: UnmergeMembers) -> Booked:
        """Moves it back, as it now is.

        Raises:
            Refusal: MERGE_UNKNOWN, WRONG_STATE, MEMBER_MERGED, MEMBER_INACTIVE, SECOND_PERSON_MISSING, SELF_APPROVAL,
                UNMERGE_TOO_LATE, OPEN_HOLD.
        """
        ...


class AccountDesk(Protocol):
    """Shows accounts and does what the calendar asks."""

    def view(self, actor: Actor, member_id: str) -> AccountView:
        """Returns everything about a member's points now.

        Raises:
            Refusal: MEMBER_UNKNOWN, MEMBER_MERGED.
        """
        ...

    def balance_at(self, actor: Actor, member_id: str, moment: datetime) -> int:
        """Returns the sum of the member's entries up to and with a past moment.

        Raises:
            Refusal: MEMBER_UNKNOWN.
        """
        ...

    def payers(self, actor: Actor, member_id: str, redemption_ids: Collection[str]) -> dict[str, tuple[Share, ...]]:
        """Returns by redemption of the member the lots that paid, in order; one that spent nothing is left out.

        Raises:
            Refusal: MEMBER_UNKNOWN, MEMBER_MERGED.
        """
        ...

    def settle_due(self, actor: Actor) -> int:
        """Does for every account what is due by now, in batches of a transaction each, and returns how many accounts that were.

        Raises:
            Refusal: LEDGER_UNPROVEN, once everything else is done: an account whose lots and entries do not agree was left as it is. The
                audit trail is told of it.
        """
        ...

    def expired_so_far(self, actor: Actor) -> int:
        """Returns the points of all members that have ever expired; what is due and not settled yet does not count."""
        ...


class ProgrammeDesk(Protocol):
    """Keeps the rules that are in force."""

    def publish(self, actor: Actor, version: str, parameters: Parameters, effective_from: datetime) -> None:
        """Adds a version of the rules, in force from a moment on; where none is in force, the rule set ``plain`` is.

        Raises:
            Refusal: DUPLICATE_ID.
        """
        ...

    def in_force(self, moment: datetime) -> Parameters:
        """Returns the rules of a moment."""
        ...


class LedgerDesks(Protocol):
    """Everything of the ledger; ``services.ledger.build`` makes it."""

    @property
    def joining(self) -> JoiningDesk:
        """Returns the desk for members without an application."""
        ...

    @property
    def sales(self) -> SaleDesk:
        """Returns the desk of sales."""
        ...

    @property
    def returns(self) -> ReturnDesk:
        """Returns the desk of returns."""
        ...

    @property
    def redemptions(self) -> RedemptionDesk:
        """Returns the desk of redemptions."""
        ...

    @property
    def adjustments(self) -> AdjustmentDesk:
        """Returns the desk of corrections."""
        ...

    @property
    def merging(self) -> MergingDesk:
        """Returns the desk of merging."""
        ...

    @property
    def accounts(self) -> AccountDesk:
        """Returns the accounts."""
        ...

    @property
    def programme(self) -> ProgrammeDesk:
        """Returns the rules in force."""
        ...
