"""What members redeemed, as the desk sees it, and the redemption that two people reverse. Source: till-script.md section 3.6.

Whoever has a pick-up code gets the piece, so no desk is shown one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server_stub.domain.actors import Actor, Role, StaffActor
from server_stub.domain.clock import business_day
from server_stub.domain.desk_reasons import PIECE_IS_BACK, RedemptionReversedFor
from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.ledger.calendar import add_months, start_of
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.ledger.booking import Booking, Written
from server_stub.services.ledger.books import Books
from server_stub.services.ledger.redemptions import Redemptions
from server_stub.services.requests import Call
from server_stub.services.telling import Telling
from server_stub.services.two_people import TwoPeople
from server_stub.storage.database import Tx
from server_stub.storage.ledger import holder_of_account
from server_stub.storage.members import member_by_id, member_by_number
from server_stub.storage.redemptions import RedemptionRow, bought_by, find_redemption, put_stock_back_on_shelf
from server_stub.storage.reward_listings import find_listing

_MONTHS_SHOWN = 12
_TEMPLATE = "redemption_reversed"


@dataclass(frozen=True, slots=True)
class DeskRedemption:
    """A redemption as the desk sees it.

    Attributes:
        reward: Name in the catalogue, its id where it is not in there any more; empty where points were spent on none.
        given_back: Of its points, those that went back.
        store_id: Where it was made and is picked up; empty where none is known.
        sale_id: Of the sale that it paid for; empty where there is none.
        pickup_until: First moment at which it can be picked up no more; None where nothing is.
    """

    redemption_id: str
    membership_number_masked: str
    state: RedemptionState
    reward: str
    qty: int
    points: int
    given_back: int
    store_id: str
    sale_id: str
    made_at: datetime
    pickup_until: datetime | None
    fulfilled_at: datetime | None
    fulfilled_by: str
    ended_at: datetime | None


class RedemptionDesk:
    """The use cases. Every method raises ``Refusal`` with NOT_PERMITTED, and its own.

    Staff of a store see what was made at their own store, a manager everything.
    """

    def __init__(self, booking: Booking, redemptions: Redemptions, telling: Telling) -> None:
        self._booking = booking
        self._base = booking.base
        self._redemptions = redemptions
        self._telling = telling

    def list(self, actor: Actor, number: str) -> tuple[DeskRedemption, ...]:
        """Returns what a member redeemed within twelve months, and whatever still waits, the newest first; the look is recorded.

        Raises:
            Refusal: MEMBER_UNKNOWN.
        """
        staff = _staff(actor)

        def transaction(tx: Tx) -> tuple[DeskRedemption, ...]:
            member = member_by_number(tx, number)
            if member is None:
                raise refuse(Reason.MEMBER_UNKNOWN)
            account = self._booking.books(tx).survivor_of(member.member_id).row
            since = start_of(add_months(business_day(tx.now), -_MONTHS_SHOWN))
            self._base.audit.record(tx, Deed(staff, "redemptions.looked_at", "", member.member_id))
            return tuple(_seen(tx, row) for row in bought_by(tx, account.account_id, since) if _may_see(staff, row))

        return self._base.database.write(transaction)

    def show(self, actor: Actor, redemption_id: str) -> DeskRedemption:
        """Returns one redemption; the look is recorded.

        Raises:
            Refusal: REDEMPTION_UNKNOWN, also for one of another store.
        """
        staff = _staff(actor)

        def transaction(tx: Tx) -> DeskRedemption:
            row = find_redemption(tx, redemption_id)
            if row is None or not _may_see(staff, row):
                raise refuse(Reason.REDEMPTION_UNKNOWN)
            self._base.audit.record(tx, Deed(staff, "redemption.looked_at", "", row.redemption_id))
            return _seen(tx, row)

        return self._base.database.write(transaction)

    def reverse(self, people: TwoPeople, envelope: Envelope, redemption_id: str, reason: RedemptionReversedFor) -> DeskRedemption:
        """Gives the points of a redemption back, and its piece to the shelf where it is there; the member is told.

        Of one that was handed over the piece is there where the reason says so; of one that waited it always is.

        Raises:
            Refusal: SELF_APPROVAL; REDEMPTION_UNKNOWN; WRONG_STATE: nothing was spent or everything went back, or it paid for a sale,
                whose return gives it back; and those of ``RequestLog.once``.
        """
        people.require(Operation.REVERSE_AT_DESK)
        call = Call(people.first, envelope, Operation.REVERSE_AT_DESK, [redemption_id, reason, people.second.name])
        self._booking.once(call, lambda books: self._reverse(books, call, people, (redemption_id, reason)))
        return self._base.database.read(lambda tx: _seen(tx, _found(tx, redemption_id)))

    def _reverse(self, books: Books, call: Call, people: TwoPeople, what: tuple[str, RedemptionReversedFor]) -> Written:
        redemption_id, reason = what
        before = _found(books.tx, redemption_id)
        if before.sale_id is not None:
            raise refuse(Reason.WRONG_STATE)
        written = self._redemptions.give_back(books, call, redemption_id, {"approved_by": people.second.name, "reason": reason.value})
        is_on_shelf = before.state is RedemptionState.FULFILLED and reason in PIECE_IS_BACK
        if is_on_shelf and before.reward_id is not None and before.stock_store_id is not None:
            put_stock_back_on_shelf(books.tx, before.reward_id, before.stock_store_id, before.qty)
        self._tell(books.tx, before)
        return written

    def _tell(self, tx: Tx, before: RedemptionRow) -> None:
        holder = holder_of_account(tx, before.account_id)
        variables = {
            "day": business_day(before.made_at).isoformat(),
            "points": str(before.points - before.given_back),
        }
        if holder is not None:
            self._telling.tell(tx, holder.member_id, (_TEMPLATE, f"{_TEMPLATE}:{before.redemption_id}"), lambda _language: variables)


def _staff(actor: Actor) -> StaffActor:
    require(actor, Operation.LOOK_AT_REDEMPTIONS)
    if not isinstance(actor, StaffActor):
        raise refuse(Reason.NOT_PERMITTED)
    return actor


def _may_see(staff: StaffActor, row: RedemptionRow) -> bool:
    return Role.MANAGER in staff.roles or (bool(staff.store_id) and row.store_id == staff.store_id)


def _found(tx: Tx, redemption_id: str) -> RedemptionRow:
    row = find_redemption(tx, redemption_id)
    if row is None:
        raise refuse(Reason.REDEMPTION_UNKNOWN)
    return row


def _seen(tx: Tx, row: RedemptionRow) -> DeskRedemption:
    holder = holder_of_account(tx, row.account_id)
    member = member_by_id(tx, holder.member_id) if holder else None
    listing = find_listing(tx, row.reward_id) if row.reward_id else None
    return DeskRedemption(
        redemption_id=row.redemption_id,
        membership_number_masked=mask_membership_number(member.number) if member else "",
        state=row.state,
        reward=listing.names[Language.ZH_HANS.value] if listing else row.reward_id or "",
        qty=row.qty,
        points=row.points,
        given_back=row.given_back,
        store_id=row.store_id or "",
        sale_id=row.sale_id or "",
        made_at=row.made_at,
        pickup_until=row.pickup_until,
        fulfilled_at=row.fulfilled_at,
        fulfilled_by=row.fulfilled_by or "",
        ended_at=row.ended_at,
    )
