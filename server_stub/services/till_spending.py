"""Points that pay a part of a sale at a till, beside money, in the name of whoever's number was shown. Knows no rule of spending.

A number is on every receipt, so that it may spend no more than a card alone (F15): what devices spent within 24 hours counts together,
and above the limit the member proves the phone at a kiosk. A return divides the points back over what the sale was (till-script.md 3.3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger_commands import Booked, Redeem
from server_stub.domain.numbering import is_membership_number
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.ledger.booking import Booking, Written
from server_stub.services.ledger.books import Books
from server_stub.services.ledger.redemptions import Redemptions, booked
from server_stub.services.requests import Call
from server_stub.services.visits import require_active
from server_stub.storage.members import member_by_number
from server_stub.storage.pickups import spent_at_devices
from server_stub.storage.spending.api import redemption_id_of

_WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class TillPoints:
    """Points that pay a part of a booked sale.

    Attributes:
        points: At least 1.
    """

    sale_id: str
    membership_number: str = field(repr=False)
    points: int


@dataclass(frozen=True, slots=True)
class TillSpent:
    """What was spent."""

    redemption_id: str
    booked: Booked


class TillSpending:
    """The use case."""

    def __init__(self, booking: Booking, redemptions: Redemptions, limit: int) -> None:
        """Keeps the collaborators; ``limit``: points that may be spent within 24 hours without a code to the phone."""
        self._booking = booking
        self._redemptions = redemptions
        self._limit = limit

    def spend(self, actor: Actor, envelope: Envelope, wanted: TillPoints) -> TillSpent:
        """Spends at once.

        Raises:
            Refusal: NOT_PERMITTED, REQUEST_MALFORMED, MEMBER_UNKNOWN, MEMBER_INACTIVE, STEP_UP_NEEDED, and those of
                ``desks.RedemptionDesk.redeem``.
        """
        till = require_device(actor, Operation.SPEND_AT_TILL)
        if wanted.points < 1 or not wanted.sale_id:
            raise refuse(Reason.REQUEST_MALFORMED)
        call = Call(till, envelope, Operation.SPEND_AT_TILL, wanted)
        done = booked(self._booking.once(call, lambda books: self._spend(books, call, till, wanted)))
        return TillSpent(redemption_id_of(envelope.request_id), done.booked)

    def _spend(self, books: Books, call: Call, till: DeviceActor, wanted: TillPoints) -> Written:
        number = wanted.membership_number
        member = member_by_number(books.tx, number) if is_membership_number(number) else None
        if member is None:
            raise refuse(Reason.MEMBER_UNKNOWN)
        require_active(member)
        account = books.of_member(member.member_id)
        if spent_at_devices(books.tx, account.row.account_id, books.tx.now - _WINDOW) + wanted.points > self._limit:
            raise refuse(Reason.STEP_UP_NEEDED)
        command = Redeem(
            redemption_id_of(call.envelope.request_id),
            member.member_id,
            points=wanted.points,
            store_id=till.store_id,
            device_id=till.device_id,
            sale_id=wanted.sale_id,
        )
        return self._redemptions.spend(books, call, command)
