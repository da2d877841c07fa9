"""Turns an event of a script into a command, has the service carry it out and says what came of it. Knows no order of checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from server_stub.domain.coupon_commands import ClaimCoupon, IssueCoupon, RedeemCoupon, RollBackCoupon, VoidCoupon
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger_commands import (
    AdjustPoints,
    CancelHold,
    CommitHold,
    JoinProgram,
    MergeMembers,
    RecordReturn,
    RecordSale,
    Redeem,
    ReturnLine,
    ReverseRedemption,
    SaleLine,
    Tender,
    UnmergeMembers,
)
from server_stub.till import lines
from server_stub.till.request_ids import RequestIds

if TYPE_CHECKING:
    from datetime import datetime

    from server_stub.domain.actors import Actor
    from server_stub.domain.coupon_commands import CouponBooked
    from server_stub.domain.ledger_commands import RedemptionBooked
    from server_stub.services.coupons import Coupons
    from server_stub.services.ledger.desks import LedgerDesks
    from server_stub.till.lines import Keys

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counter:
    """What a script is played against.

    Attributes:
        actor: Who the service takes the till for.
    """

    actor: Actor
    ledger: LedgerDesks
    coupons: Coupons


class Orders:
    """Gives orders to the service. Every method may raise ``Refusal``; then nothing was stored."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._ids = RequestIds()
        self._expired_before = 0

    def give(self, event: Values, now: datetime) -> Keys:
        """Returns the keys of the result line of a request; the values are those of ``events.read_event``."""
        envelope = Envelope(self._ids.of(event["request_id"]), 0, now)
        match event["op"]:
            case "redeem":
                return self._redeem(envelope, event)
            case "coupon":
                return lines.coupon(self._coupon(envelope, event))
            case "sale":
                return lines.sale(self._counter.ledger.sales.record(self._counter.actor, envelope, _sale(event)))
            case "return":
                return lines.goods_back(self._counter.ledger.returns.record(self._counter.actor, envelope, _return(event)))
            case _:
                return self._person(envelope, event)

    def balance(self, member_id: str) -> Keys:
        """Returns the keys of a balance."""
        return lines.balance(self._counter.ledger.accounts.view(self._counter.actor, member_id), self._ids.text_of)

    def expire(self) -> Keys:
        """Runs the expiry job and returns what expired since it ran last."""
        accounts = self._counter.ledger.accounts
        accounts.settle_due(self._counter.actor)
        so_far = accounts.expired_so_far(self._counter.actor)
        expired, self._expired_before = so_far - self._expired_before, so_far
        return {"expired": expired}

    def _person(self, envelope: Envelope, event: Values) -> Keys:
        actor, ledger = self._counter.actor, self._counter.ledger
        match event["op"]:
            case "member":
                return lines.booked(ledger.joining.join(actor, envelope, _joining(event)))
            case "adjust":
                return lines.booked(ledger.adjustments.adjust(actor, envelope, _adjustment(event)))
            case "merge":
                command = MergeMembers(event["merge_id"], event["from"], event["into"], event["by"], event.get("approved_by"))
                return lines.booked(ledger.merging.merge(actor, envelope, command))
            case "unmerge":
                undone = UnmergeMembers(event["merge_id"], event["by"], event.get("approved_by"))
                return lines.booked(ledger.merging.unmerge(actor, envelope, undone))
            case op:
                raise AssertionError(op)

    def _redeem(self, envelope: Envelope, event: Values) -> Keys:
        pays = event["step"] in {"now", "commit"}
        return lines.redemption(self._redemption(envelope, event), self._ids.text_of, pays=pays)

    def _redemption(self, envelope: Envelope, event: Values) -> RedemptionBooked:
        actor, desk, redemption_id = self._counter.actor, self._counter.ledger.redemptions, event["redemption_id"]
        match event["step"]:
            case "now":
                return desk.redeem(actor, envelope, _redeem(event))
            case "hold":
                return desk.hold(actor, envelope, _redeem(event))
            case "commit":
                return desk.commit(actor, envelope, CommitHold(redemption_id, event.get("points"), event.get("device")))
            case "cancel":
                return desk.cancel(actor, envelope, CancelHold(redemption_id))
            case "reverse":
                return desk.reverse(actor, envelope, ReverseRedemption(redemption_id))
            case step:
                raise AssertionError(step)

    def _coupon(self, envelope: Envelope, event: Values) -> CouponBooked:
        actor, desk, coupon_id = self._counter.actor, self._counter.coupons, event["coupon_id"]
        match event["step"]:
            case "issue":
                return desk.issue(actor, envelope, _coupon(event))
            case "claim":
                return desk.claim(actor, envelope, ClaimCoupon(coupon_id, event["member"]))
            case "redeem":
                shown = RedeemCoupon(coupon_id, event["member"], event["sale_id"], event["store"], event["basket_fen"])
                return desk.redeem(actor, envelope, shown)
            case "roll_back":
                return desk.roll_back(actor, envelope, RollBackCoupon(coupon_id))
            case "void":
                return desk.void(actor, envelope, VoidCoupon(coupon_id))
            case step:
                raise AssertionError(step)


def _joining(event: Values) -> JoinProgram:
    return JoinProgram(
        member_id=event["member"],
        joined_on=event.get("joined_on"),
        birthday=event.get("birthday"),
        is_minor=event.get("minor", False),
        guardian_id=event.get("guardian"),
        id_token=event.get("id_token"),
        tier_points=event.get("tier_points", {}),
    )


def _sale(event: Values) -> RecordSale:
    tenders = event.get("tenders")
    return RecordSale(
        sale_id=event["sale_id"],
        store_id=event["store"],
        lines=tuple(SaleLine(**line) for line in event["lines"]),
        member_id=event.get("member"),
        tenders=None if tenders is None else tuple(Tender(**tender) for tender in tenders),
        tags=event.get("tags", ()),
        currency=event.get("currency", "CNY"),
        occurred_at=event.get("occurred_at"),
    )


def _return(event: Values) -> RecordReturn:
    returned = event.get("lines")
    return RecordReturn(event["return_id"], event["sale_id"], None if returned is None else tuple(ReturnLine(**line) for line in returned))


def _redeem(event: Values) -> Redeem:
    return Redeem(
        redemption_id=event["redemption_id"],
        member_id=event["member"],
        points=event.get("points"),
        reward_id=event.get("reward"),
        qty=event.get("qty", 1),
        store_id=event.get("store"),
        device_id=event.get("device"),
        sale_id=event.get("sale_id"),
    )


def _adjustment(event: Values) -> AdjustPoints:
    return AdjustPoints(
        member_id=event["member"],
        points=event["points"],
        reason=event["reason"],
        by=event["by"],
        approved_by=event.get("approved_by"),
        case_id=event.get("case"),
        expires_on=event.get("expires_on"),
    )


def _coupon(event: Values) -> IssueCoupon:
    return IssueCoupon(
        coupon_id=event["coupon_id"],
        member_id=event["member"],
        off_fen=event["off_fen"],
        valid_from=event["valid_from"],
        valid_to=event["valid_to"],
        min_spend_fen=event.get("min_spend_fen", 0),
        stores=event.get("stores"),
        weekdays=event.get("weekdays"),
    )
