"""Coupons that the desk gives a member and takes back: two people, a reason of a closed list, the member is told.

Who may do it, the transactions and the messages are here; what may be done with a coupon when is ``domain/coupons.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from server_stub.domain import coupons as rules
from server_stub.domain.actors import Actor
from server_stub.domain.awaits import Awaits
from server_stub.domain.clock import business_day
from server_stub.domain.coupons import CouponState, Terms
from server_stub.domain.desk_reasons import CouponGivenFor, CouponVoidedFor
from server_stub.domain.envelope import Envelope
from server_stub.domain.explaining.lines import yuan
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.services.coupons import Gift, give
from server_stub.services.foundation import Foundation
from server_stub.services.requests import Answer, Call
from server_stub.services.telling import Telling
from server_stub.services.two_people import TwoPeople
from server_stub.storage.coupons import CouponRow, change_coupon, coupons_of, find_coupon
from server_stub.storage.database import Tx
from server_stub.storage.devices import store_by_id
from server_stub.storage.members import MemberRow, MemberState, member_by_number

LARGEST_FEN = 20_000
LONGEST_DAYS = 366
_ISSUED, _VOIDED = "coupon_issued", "coupon_voided"


@dataclass(frozen=True, slots=True)
class GiveCoupon:
    """A coupon that two people give a member.

    Attributes:
        off_fen: 1 to ``LARGEST_FEN``.
        minimum_spend_fen: Purchase from which it can be used.
        valid_until: Last day; the first is today. At most ``LONGEST_DAYS`` from now.
        stores: None: every store.
    """

    membership_number: str
    off_fen: int
    valid_until: date
    reason: CouponGivenFor
    minimum_spend_fen: int = 0
    stores: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class DeskCoupon:
    """A coupon as the desk sees it: amounts in fen, days inclusive.

    Attributes:
        state: As of today; EXPIRED by the calendar.
        awaits_card: Nothing can be done with it before the member's card is active.
        cause: Where it came from.
        stores: Empty for every store.
    """

    coupon_id: str
    state: CouponState
    off_fen: int
    minimum_spend_fen: int
    valid_from: date
    valid_until: date
    stores: tuple[str, ...]
    awaits_card: bool
    cause: str


class CouponDesk:
    """The use cases. Every method raises ``Refusal`` with NOT_PERMITTED, and its own."""

    def __init__(self, base: Foundation, telling: Telling) -> None:
        self._base = base
        self._telling = telling

    def list(self, actor: Actor, number: str) -> tuple[DeskCoupon, ...]:
        """Returns a member's coupons, those that end last at the top; that somebody looked is recorded.

        Raises:
            Refusal: MEMBER_UNKNOWN.
        """
        require(actor, Operation.LIST_COUPONS)

        def transaction(tx: Tx) -> tuple[DeskCoupon, ...]:
            member = _member(tx, number)
            self._base.audit.record(tx, Deed(actor, "coupons.looked_at", "", member.member_id))
            return tuple(_seen(row, business_day(tx.now)) for row in reversed(coupons_of(tx, member.member_id)))

        return self._base.database.write(transaction)

    def issue(self, people: TwoPeople, envelope: Envelope, wanted: GiveCoupon) -> DeskCoupon:
        """Gives a member a coupon, which gets its id of the request; the member sees it at once and has a message.

        Raises:
            Refusal: SELF_APPROVAL; REQUEST_MALFORMED and COUPON_TOO_LARGE with the field; EXPIRY_IN_PAST, MEMBER_UNKNOWN, MEMBER_MERGED,
                MEMBER_INACTIVE, and those of ``RequestLog.once``.
        """
        people.require(Operation.GIVE_COUPON)
        call = Call(people.first, envelope, Operation.GIVE_COUPON, [wanted, people.second.name])

        def work(tx: Tx) -> Answer:
            today = business_day(tx.now)
            terms = Terms(wanted.off_fen, wanted.minimum_spend_fen, today, wanted.valid_until, stores=wanted.stores)
            _require_fair(tx, terms, today)
            member = _active_member(tx, wanted.membership_number)
            is_active = member.activated_at is not None
            gift = Gift(
                coupon_id=f"cpn_{envelope.request_id}",
                member_id=member.member_id,
                terms=terms,
                cause=f"desk:{wanted.reason.value}:{envelope.request_id}",
                state=CouponState.CLAIMED if is_active else CouponState.ISSUED,
                awaits=Awaits.NOTHING if is_active else Awaits.CARD_ACTIVATION,
            )
            row = give(tx, gift)
            self._record(tx, (people, envelope), "coupon.issued", row, wanted.reason)
            self._tell(tx, row, _ISSUED)
            return {"coupon_id": row.coupon_id}

        return self._now(self._base.requests.once(call, work)["coupon_id"])

    def void(self, people: TwoPeople, envelope: Envelope, coupon_id: str, reason: CouponVoidedFor) -> DeskCoupon:
        """Makes a coupon worthless, whoever issued it; the member is told.

        Raises:
            Refusal: SELF_APPROVAL, COUPON_UNKNOWN, COUPON_ALREADY_REDEEMED, COUPON_VOID, STALE_VERSION, and those of
                ``RequestLog.once``.
        """
        people.require(Operation.TAKE_COUPON)
        call = Call(people.first, envelope, Operation.TAKE_COUPON, [coupon_id, reason, people.second.name])

        def work(tx: Tx) -> Answer:
            before = _found(tx, coupon_id)
            was_of_use = before.coupon.state_on(business_day(tx.now)) in rules.USABLE_STATES
            if not change_coupon(tx, before, {"state": rules.void(before.coupon)}):
                raise refuse(Reason.STALE_VERSION)
            self._record(tx, (people, envelope), "coupon.voided", before, reason)
            if was_of_use:
                self._tell(tx, before, _VOIDED)
            return {"coupon_id": coupon_id}

        return self._now(self._base.requests.once(call, work)["coupon_id"])

    def _now(self, coupon_id: str) -> DeskCoupon:
        return self._base.database.read(lambda tx: _seen(_found(tx, coupon_id), business_day(tx.now)))

    def _record(
        self, tx: Tx, who: tuple[TwoPeople, Envelope], action: str, row: CouponRow, reason: CouponGivenFor | CouponVoidedFor
    ) -> None:
        people, envelope = who
        detail = {"approved_by": people.second.name, "reason": reason.value}
        self._base.audit.record(tx, Deed(people.first, action, "coupon", row.coupon_id, envelope.request_id, detail))

    def _tell(self, tx: Tx, row: CouponRow, template: str) -> None:
        variables = {
            "value": yuan(row.value_fen),
            "minimum": yuan(row.minimum_spend_fen),
            "last_day": row.valid_until.isoformat(),
        }
        self._telling.tell(tx, row.member_id, (template, f"{template}:{row.coupon_id}"), lambda _language: variables)


def _require_fair(tx: Tx, terms: Terms, today: date) -> None:
    for field, is_wrong in (("off_fen", terms.value_fen < 1), ("minimum_spend_fen", terms.minimum_spend_fen < 0)):
        if is_wrong:
            raise refuse(Reason.REQUEST_MALFORMED, Finding(field, Reason.REQUEST_MALFORMED))
    if terms.value_fen > LARGEST_FEN:
        raise refuse(Reason.COUPON_TOO_LARGE, Finding("off_fen", Reason.COUPON_TOO_LARGE))
    rules.require_future(terms, today)
    if terms.valid_until > today + timedelta(days=LONGEST_DAYS):
        raise refuse(Reason.REQUEST_MALFORMED, Finding("valid_until", Reason.REQUEST_MALFORMED))
    for store_id in terms.stores or ():
        if store_by_id(tx, store_id) is None:
            raise refuse(Reason.REQUEST_MALFORMED, Finding(f"stores.{store_id}", Reason.REQUEST_MALFORMED))


def _member(tx: Tx, number: str) -> MemberRow:
    member = member_by_number(tx, number)
    if member is None:
        raise refuse(Reason.MEMBER_UNKNOWN)
    return member


def _active_member(tx: Tx, number: str) -> MemberRow:
    member = _member(tx, number)
    if member.state is MemberState.MERGED:
        raise refuse(Reason.MEMBER_MERGED)
    if member.state is not MemberState.ACTIVE:
        raise refuse(Reason.MEMBER_INACTIVE)
    return member


def _found(tx: Tx, coupon_id: str) -> CouponRow:
    row = find_coupon(tx, coupon_id)
    if row is None:
        raise refuse(Reason.COUPON_UNKNOWN)
    return row


def _seen(row: CouponRow, today: date) -> DeskCoupon:
    return DeskCoupon(
        coupon_id=row.coupon_id,
        state=row.coupon.state_on(today),
        off_fen=row.value_fen,
        minimum_spend_fen=row.minimum_spend_fen,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        stores=tuple(row.stores or ()),
        awaits_card=row.awaits is Awaits.CARD_ACTIVATION,
        cause=row.cause,
    )
