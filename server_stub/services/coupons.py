"""Coupons: issue, claim, redeem, roll back, void, each once for its request; the code that is shown; moving with a merge.

Knows who may do what and owns the transactions; what is allowed when is ``domain/coupons.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from server_stub.domain import coupons as rules
from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.awaits import Awaits
from server_stub.domain.clock import business_day
from server_stub.domain.coupon_commands import (
    ClaimCoupon,
    CouponBooked,
    IssueCoupon,
    RedeemCoupon,
    RollBackCoupon,
    VoidCoupon,
)
from server_stub.domain.coupons import CouponState, Purchase, Terms
from server_stub.domain.envelope import Envelope
from server_stub.domain.permissions import Operation, require, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.requests import Answer, Call
from server_stub.services.visits import Visits
from server_stub.storage.coupons import (
    CouponRow,
    add_coupon,
    change_coupon,
    find_coupon,
    move_coupons,
    move_coupons_back,
    redeemed_on,
)
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberState, member_by_id

_CODE = "coupon"
_PLAIN_TEXT_KEY = "benefit.coupon"


@dataclass(frozen=True, slots=True)
class Gift:
    """A coupon that rules give a member.

    Attributes:
        cause: Why; a member gets one coupon for a cause, ever.
        state: CLAIMED where nothing is left for the member to do.
    """

    coupon_id: str
    member_id: str
    terms: Terms
    cause: str
    definition: str = ""
    text_key: str = _PLAIN_TEXT_KEY
    rules_version: str = ""
    state: CouponState = CouponState.ISSUED
    awaits: Awaits = Awaits.NOTHING


@dataclass(frozen=True, slots=True)
class CouponWorth:
    """What a coupon would do for a sale: fen off, and its last day."""

    off_fen: int
    valid_until: date


class Coupons:
    """The coupons' use cases. Every method raises ``Refusal`` with NOT_PERMITTED and those of ``RequestLog.once``, and its own."""

    def __init__(self, base: Foundation, visits: Visits) -> None:
        self._base = base
        self._visits = visits

    def issue(self, actor: Actor, envelope: Envelope, command: IssueCoupon) -> CouponBooked:
        """Issues a coupon under the id that the caller chose.

        Raises:
            Refusal: REQUEST_MALFORMED, MEMBER_UNKNOWN, MEMBER_MERGED, MEMBER_INACTIVE, DUPLICATE_ID, EXPIRY_IN_PAST.
        """
        require(actor, Operation.ISSUE_COUPON)
        terms = _terms(command)
        rules.require_sound(terms)

        def work(tx: Tx) -> Answer:
            _require_member(tx, command.member_id)
            if find_coupon(tx, command.coupon_id) is not None:
                raise refuse(Reason.DUPLICATE_ID)
            rules.require_future(terms, business_day(tx.now))
            row = give(tx, Gift(command.coupon_id, command.member_id, terms, cause=f"issue:{command.coupon_id}"))
            self._record(tx, Call(actor, envelope, Operation.ISSUE_COUPON, command), "coupon.issued", row)
            return _answer(row)

        return self._once(Call(actor, envelope, Operation.ISSUE_COUPON, command), work)

    def claim(self, actor: Actor, envelope: Envelope, command: ClaimCoupon) -> CouponBooked:
        """Takes a coupon for its member.

        Raises:
            Refusal: MEMBER_UNKNOWN, MEMBER_MERGED, MEMBER_INACTIVE, COUPON_UNKNOWN, and those of ``domain.coupons.claim``.
        """
        require(actor, Operation.CLAIM_COUPON)
        call = Call(actor, envelope, Operation.CLAIM_COUPON, command)
        return self._once(call, lambda tx: self._claim(tx, call, command))

    def claim_own(self, actor: Actor, envelope: Envelope, visit_token: str, coupon_id: str) -> CouponBooked:
        """Takes a coupon for the member who is before the kiosk; see ``claim``.

        Raises:
            Refusal: VISIT_OVER besides.
        """
        device = require_device(actor, Operation.CLAIM_OWN_COUPON)
        call = Call(device, envelope, Operation.CLAIM_OWN_COUPON, [visit_token, coupon_id])

        def work(tx: Tx) -> Answer:
            member = self._visits.require(tx, visit_token, device)
            return self._claim(tx, call, ClaimCoupon(coupon_id, member.member_id))

        return self._once(call, work)

    def validate(self, actor: Actor, command: RedeemCoupon) -> CouponWorth:
        """Returns what a sale would become cheaper by; nothing is booked.

        Raises:
            Refusal: As ``redeem``.
        """
        _require_own_till(actor, command)
        return self._base.database.read(lambda tx: _worth(tx, command)[1])

    def redeem(self, actor: Actor, envelope: Envelope, command: RedeemCoupon) -> CouponBooked:
        """Writes a coupon off against a sale; says who, where and when.

        Raises:
            Refusal: NOT_PERMITTED for another store's till; MEMBER_UNKNOWN, MEMBER_MERGED, MEMBER_INACTIVE, COUPON_UNKNOWN, and
                those of ``domain.coupons.redeem``.
        """
        _require_own_till(actor, command)
        call = Call(actor, envelope, Operation.REDEEM_COUPON, command)

        def work(tx: Tx) -> Answer:
            before, worth = _worth(tx, command)
            values = {
                "state": CouponState.REDEEMED,
                "sale_id": command.sale_id,
                "redeemed_store_id": command.store_id,
                "redeemed_at": tx.now,
                "redeemed_by": actor.label,
            }
            return {**self._change(tx, call, before, "coupon.redeemed", values), "off_fen": worth.off_fen}

        return self._once(call, work)

    def roll_back(self, actor: Actor, envelope: Envelope, command: RollBackCoupon) -> CouponBooked:
        """Undoes a redemption; after its last day the coupon is EXPIRED then.

        Raises:
            Refusal: COUPON_UNKNOWN; NOT_PERMITTED for another store's till; COUPON_NOT_REDEEMED.
        """
        require(actor, Operation.ROLL_BACK_COUPON)
        call = Call(actor, envelope, Operation.ROLL_BACK_COUPON, command)

        def work(tx: Tx) -> Answer:
            before = _found(tx, command.coupon_id)
            _require_own_store(actor, before)
            return self._change(tx, call, before, "coupon.rolled_back", {"state": rules.roll_back(before.coupon)})

        return self._once(call, work)

    def void(self, actor: Actor, envelope: Envelope, command: VoidCoupon) -> CouponBooked:
        """Makes a coupon worthless.

        Raises:
            Refusal: COUPON_UNKNOWN, COUPON_ALREADY_REDEEMED, COUPON_VOID.
        """
        require(actor, Operation.VOID_COUPON)
        call = Call(actor, envelope, Operation.VOID_COUPON, command)

        def work(tx: Tx) -> Answer:
            before = _found(tx, command.coupon_id)
            return self._change(tx, call, before, "coupon.voided", {"state": rules.void(before.coupon)})

        return self._once(call, work)

    def code(self, coupon_id: str) -> str:
        """Returns what a screen shows for a coupon: its id and a proof that only this service can make."""
        return self._base.handles.mint(_CODE, coupon_id)

    def opened(self, code: str) -> str:
        """Returns the id of the coupon that a code was made for.

        Raises:
            Refusal: COUPON_UNKNOWN: forged, or of something else.
        """
        coupon_id = self._base.handles.open(_CODE, code)
        if coupon_id is None:
            raise refuse(Reason.COUPON_UNKNOWN)
        return coupon_id

    def move(self, tx: Tx, call: Call, merge_id: str, members: tuple[str, str]) -> int:
        """Gives every coupon of the first member to the second in the merge's transaction and returns how many there were."""
        return self._moved(tx, call, "coupon.moved", move_coupons(tx, merge_id, *members))

    def move_back(self, tx: Tx, call: Call, merge_id: str) -> int:
        """Gives back what the merge moved, as it now is, in the unmerge's transaction, and returns how many there were.

        What came since stays with the survivor.
        """
        return self._moved(tx, call, "coupon.moved_back", move_coupons_back(tx, merge_id))

    def _moved(self, tx: Tx, call: Call, action: str, coupon_ids: tuple[str, ...]) -> int:
        for coupon_id in coupon_ids:
            self._base.audit.record(tx, Deed(call.actor, action, "coupon", coupon_id, call.envelope.request_id))
        return len(coupon_ids)

    def _claim(self, tx: Tx, call: Call, command: ClaimCoupon) -> Answer:
        _require_member(tx, command.member_id)
        before = _found(tx, command.coupon_id)
        state = rules.claim(before.coupon, command.member_id, business_day(tx.now))
        return self._change(tx, call, before, "coupon.claimed", {"state": state})

    def _change(self, tx: Tx, call: Call, before: CouponRow, action: str, values: dict[str, object]) -> Answer:
        if not change_coupon(tx, before, values):
            raise refuse(Reason.STALE_VERSION)
        after = _found(tx, before.coupon_id)
        self._record(tx, call, action, after)
        return _answer(after, after.coupon.state_on(business_day(tx.now)))

    def _record(self, tx: Tx, call: Call, action: str, row: CouponRow) -> None:
        detail = {"sale": row.sale_id, "store": row.redeemed_store_id or ""} if row.sale_id else {}
        deed = Deed(call.actor, action, "coupon", row.coupon_id, call.envelope.request_id, detail)
        self._base.audit.record(tx, deed)

    def _once(self, call: Call, work: Callable[[Tx], Answer]) -> CouponBooked:
        made: list[Answer] = []

        def noted(tx: Tx) -> Answer:
            made.append(work(tx))
            return made[-1]

        answer = self._base.requests.once(call, noted)
        # The work may have run in an attempt that was rolled back, so it is the answer itself that says whether it is the work's.
        is_replay = not made or answer is not made[-1]
        return CouponBooked(answer["coupon_id"], CouponState(answer["state"]), answer.get("off_fen"), is_replay=is_replay)


def give(tx: Tx, gift: Gift) -> CouponRow:
    """Makes a coupon in the caller's transaction; that the member has none for the cause yet is a unique key."""
    terms = gift.terms
    row = CouponRow(
        coupon_id=gift.coupon_id,
        member_id=gift.member_id,
        issued_to=gift.member_id,
        definition=gift.definition,
        text_key=gift.text_key,
        value_fen=terms.value_fen,
        minimum_spend_fen=terms.minimum_spend_fen,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        stores=None if terms.stores is None else list(terms.stores),
        weekdays=None if terms.weekdays is None else list(terms.weekdays),
        state=gift.state,
        awaits=gift.awaits,
        rules_version=gift.rules_version,
        cause=gift.cause,
        issued_at=tx.now,
        sale_id=None,
        redeemed_store_id=None,
        redeemed_at=None,
        redeemed_by=None,
        version=1,
    )
    add_coupon(tx, row)
    return row


def _terms(command: IssueCoupon) -> Terms:
    return Terms(
        command.off_fen, command.min_spend_fen, command.valid_from, command.valid_to, stores=command.stores, weekdays=command.weekdays
    )


def _require_member(tx: Tx, member_id: str) -> None:
    member = member_by_id(tx, member_id)
    if member is None:
        raise refuse(Reason.MEMBER_UNKNOWN)
    if member.state is MemberState.MERGED:
        raise refuse(Reason.MEMBER_MERGED)
    if member.state is not MemberState.ACTIVE:
        raise refuse(Reason.MEMBER_INACTIVE)


def _require_own_till(actor: Actor, command: RedeemCoupon) -> None:
    require(actor, Operation.REDEEM_COUPON)
    if isinstance(actor, DeviceActor) and actor.store_id != command.store_id:
        raise refuse(Reason.NOT_PERMITTED)


def _worth(tx: Tx, command: RedeemCoupon) -> tuple[CouponRow, CouponWorth]:
    """Returns the coupon and what it does for the sale, refused in the stated order."""
    _require_member(tx, command.member_id)
    row, other = _found(tx, command.coupon_id), redeemed_on(tx, command.sale_id)
    purchase = Purchase(command.member_id, command.store_id, command.basket_fen, has_coupon=other is not None)
    return row, CouponWorth(rules.redeem(row.coupon, purchase, business_day(tx.now)), row.valid_until)


def _require_own_store(actor: Actor, row: CouponRow) -> None:
    is_elsewhere = row.state is CouponState.REDEEMED and isinstance(actor, DeviceActor) and actor.store_id != row.redeemed_store_id
    if is_elsewhere:
        raise refuse(Reason.NOT_PERMITTED)


def _found(tx: Tx, coupon_id: str) -> CouponRow:
    row = find_coupon(tx, coupon_id)
    if row is None:
        raise refuse(Reason.COUPON_UNKNOWN)
    return row


def _answer(row: CouponRow, state: CouponState | None = None) -> Answer:
    return {"coupon_id": row.coupon_id, "state": state or row.state}
