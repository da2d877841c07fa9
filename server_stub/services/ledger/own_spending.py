"""Spends the points of the member who stands before a device: the visit says whose. Knows who may, how a request is sealed, what is plain.

A request has two ways. What is plain goes in batches over ``storage.spending``; what that leaves alone, and whatever fails there, goes the
ledger's own way (``redemptions``), which decides and words every refusal. Both are the same request: same id, same body, same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.clock import business_day
from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger_commands import Redeem
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.ledger.booking import Booking
from server_stub.services.ledger.programme import BUILT_IN, InForce
from server_stub.services.ledger.redemptions import Redemptions
from server_stub.services.requests import Answer, Call
from server_stub.services.visits import Visits
from server_stub.storage.database import Tx
from server_stub.storage.redemptions import find_redemption
from server_stub.storage.requests import LoggedRequest, RequestState
from server_stub.storage.spending.api import MOST_PIECES, MOST_POINTS, Spend, Terms, redemption_id_of


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be bought: either points, or a reward in pieces.

    Attributes:
        visit_token: Token of the visit, as it was given out.
    """

    visit_token: str
    points: int | None
    reward_id: str | None
    qty: int = 1


@dataclass(frozen=True, slots=True)
class OwnRedemption:
    """A redemption as its member sees it.

    Attributes:
        available: Points that can be spent now.
    """

    redemption_id: str
    state: RedemptionState
    points: int
    available: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be plain.

    Attributes:
        body_mac: Keyed digest of the command, 32 bytes.
    """

    device: DeviceActor
    envelope: Envelope
    order: Order
    visit_id: str
    body_mac: bytes


class OwnSpending:
    """The use case. Every method raises ``Refusal``."""

    def __init__(self, booking: Booking, redemptions: Redemptions, visits: Visits) -> None:
        self._booking = booking
        self._base = booking.base
        self._redemptions = redemptions
        self._visits = visits
        # What the last use case found; the statement of a batch compares it with what is in force.
        self._rules: InForce | None = None

    def asked(self, actor: Actor, envelope: Envelope, order: Order) -> Asked | None:
        """Returns the request for a batch, or None where it is not plain; looks at no row and does not block.

        Raises:
            Refusal: NOT_PERMITTED, REQUEST_MALFORMED, VISIT_OVER.
        """
        device, visit_id = self._checked(actor, envelope, order)
        if self._rules is None or not _is_plain(order, device, self._rules.parameters, business_day(self._base.clock.now()).month):
            return None
        return Asked(device, envelope, order, visit_id, self._base.requests.body_mac(_body(visit_id, order)))

    def batch(self, requests: Sequence[Asked]) -> tuple[list[Spend], Terms]:
        """Returns requests, sealed, and the terms that hold for all of them, as of now."""
        now = self._base.clock.now()
        rules = self._rules.version if self._rules is not None else BUILT_IN
        return [self._sealed(asked, now) for asked in requests], Terms(now, business_day(now), rules)

    def redeem(self, actor: Actor, envelope: Envelope, order: Order) -> OwnRedemption:
        """Spends the ledger's own way; blocks.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE, and those of ``desks.RedemptionDesk.redeem``.
        """
        device, visit_id = self._checked(actor, envelope, order)
        call = Call(device, envelope, Operation.SPEND_OWN_POINTS, _body(visit_id, order))

        def work(tx: Tx) -> Answer:
            self._spend(tx, call, device, order)
            return {"redemption": redemption_id_of(envelope.request_id)}

        answer = self._base.requests.once(call, work)
        return self._base.database.read(lambda tx: self._seen(tx, answer["redemption"]))

    def _checked(self, actor: Actor, envelope: Envelope, order: Order) -> tuple[DeviceActor, str]:
        device = require_device(actor, Operation.SPEND_OWN_POINTS)
        envelope.validate()
        visit_id = self._visits.visit_id(order.visit_token)
        if visit_id is None:
            raise refuse(Reason.VISIT_OVER)
        return device, visit_id

    def _spend(self, tx: Tx, call: Call, device: DeviceActor, order: Order) -> None:
        member = self._visits.require(tx, order.visit_token, device)
        books = self._booking.books(tx)
        self._rules = books.rules
        command = Redeem(
            redemption_id=redemption_id_of(call.envelope.request_id),
            member_id=member.member_id,
            points=order.points,
            reward_id=order.reward_id,
            qty=order.qty,
            store_id=device.store_id,
            device_id=device.device_id,
        )
        self._redemptions.spend(books, call, command)

    def _seen(self, tx: Tx, redemption_id: str) -> OwnRedemption:
        row = find_redemption(tx, redemption_id)
        if row is None:
            raise refuse(Reason.REDEMPTION_UNKNOWN)
        account = self._booking.books(tx).of_account(row.account_id)
        return OwnRedemption(redemption_id, row.state, row.points, account.standing().available)

    def _sealed(self, asked: Asked, now: datetime) -> Spend:
        device, envelope, order = asked.device, asked.envelope, asked.order
        answer: Answer = {"redemption": redemption_id_of(envelope.request_id)}
        row = LoggedRequest(
            envelope.request_id, RequestState.APPLIED, Operation.SPEND_OWN_POINTS, device.label, asked.body_mac, answer, now
        )
        return Spend(
            request_id=envelope.request_id,
            visit_id=asked.visit_id,
            device_id=device.device_id,
            device_seq=envelope.device_seq,
            store_id=device.store_id,
            points=order.points,
            reward_id=order.reward_id,
            qty=order.qty,
            body_mac=asked.body_mac,
            row_mac=self._base.requests.row_mac(row),
            entry_id=self._base.ids.new("ent"),
            event_id=self._base.ids.new("evt"),
        )


def _body(visit_id: str, order: Order) -> list[str | int | None]:
    """Returns what the request means, without the proof in the token."""
    return [visit_id, order.points, order.reward_id, order.qty]


def _is_plain(order: Order, device: DeviceActor, rules: Parameters, month: int) -> bool:
    if month not in rules.redeem_months or (rules.redeem_stores is not None and device.store_id not in rules.redeem_stores):
        return False
    if order.reward_id is not None:
        return order.points is None and 1 <= order.qty <= MOST_PIECES
    return order.points is not None and 1 <= order.points <= MOST_POINTS and order.qty == 1 and not rules.redeem_rewards_only
