"""Spends the points of the member who stands before a device: the visit says whose. Knows who may, how a request is sealed, what is plain.

A request has two ways. What is plain goes in batches over ``storage.spending``; what that leaves alone, and whatever fails there, goes the
ledger's own way (``redemptions``), which decides and words every refusal. Both are the same request: same id, same body, same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.clock import business_day
from server_stub.domain.envelope import Envelope
from server_stub.domain.numbering import RandomBelow
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal, Refused, refuse
from server_stub.domain.rewards.pickup_code import new_code, shown
from server_stub.services.entry_cover import SEALED_LATER
from server_stub.services.ledger.booking import Booking
from server_stub.services.ledger.pickups import Pickups
from server_stub.services.ledger.programme import InForce
from server_stub.services.ledger.redemptions import Redemptions
from server_stub.services.requests import Answer, Call
from server_stub.services.rewards.own_redemptions import RedemptionNow, view_of
from server_stub.services.rewards.shelf import Order
from server_stub.services.rewards.step_up import Spending, StepUp
from server_stub.services.visits import Visits
from server_stub.storage.audit import AuditEvent
from server_stub.storage.database import Tx
from server_stub.storage.redemptions import find_redemption, find_reward
from server_stub.storage.requests import LoggedRequest, RequestState
from server_stub.storage.spending.api import ACTION, MOST_PIECES, MOST_POINTS, Spend, Spent, Terms, redemption_id_of


@dataclass(frozen=True, slots=True)
class SpendRequest:
    """Spend at once.

    Attributes:
        visit_token: As it was given out.
        phone_proof: Of the member's number, purpose REDEEM; empty where there is none. No part of the intent.
        agreed_points: That the member agreed to for all pieces; 0: not said.
    """

    envelope: Envelope
    visit_token: str = field(repr=False)
    order: Order
    phone_proof: str = field(default="", repr=False)
    agreed_points: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be plain.

    Attributes:
        body_mac: Keyed digest of what is meant, 32 bytes.
        agreed_points: As of ``SpendRequest``.
        queue: As of ``Spend``; its own request id where nothing comes before it.
    """

    device: DeviceActor
    envelope: Envelope
    order: Order
    agreed_points: int
    visit_id: str
    body_mac: bytes
    queue: str


@dataclass(frozen=True, slots=True)
class SpendingDesks:
    """The parts of the service that spending needs."""

    booking: Booking
    redemptions: Redemptions
    visits: Visits
    step_up: StepUp
    pickups: Pickups


class OwnSpending:
    """The use case. Every method raises ``Refusal``."""

    def __init__(self, desks: SpendingDesks, random_below: RandomBelow) -> None:
        self._desks = desks
        self._base = desks.booking.base
        self._random_below = random_below
        # What was found last; the statement of a batch compares it with what is in force.
        self._rules: InForce | None = None

    def learn(self) -> None:
        """Finds out which rules are in force, so that the first requests of all are not asked one by one; blocks."""
        self._desks.booking.programme.keep_up()
        self._rules = self._base.database.read(lambda tx: self._desks.booking.books(tx).rules)

    def asked(self, actor: Actor, request: SpendRequest) -> Asked | None:
        """Returns the request for a batch, or None where it is not plain; looks at no row and does not block.

        Raises:
            Refusal: NOT_PERMITTED, REQUEST_MALFORMED, VISIT_OVER.
        """
        device, visit_id = self._checked(actor, request)
        rules = self._rules
        if rules is None or not _is_plain(request.order, device, rules.parameters, business_day(self._base.clock.now()).month):
            return None
        body_mac, request_id = self._base.requests.body_mac(_body(request)), request.envelope.request_id
        return Asked(device, request.envelope, request.order, request.agreed_points, visit_id, body_mac, queue=request_id)

    def batch(self, requests: Sequence[Asked]) -> tuple[list[Spend], Terms]:
        """Returns requests, sealed, and the terms that hold for all of them, as of now.

        Raises:
            LookupError: Which rules are in force is not known yet; ``asked`` gave nothing.
        """
        if self._rules is None:
            raise LookupError("no rules were read yet")
        now = self._base.clock.now()
        terms = Terms(now, business_day(now), self._rules.version, self._desks.step_up.limit, self._desks.pickups.end(now))
        return [self._sealed(asked, now) for asked in requests], terms

    def redeem(self, actor: Actor, request: SpendRequest) -> RedemptionNow:
        """Spends the ledger's own way; blocks.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE, PRICE_CHANGED with what it costs now, STEP_UP_NEEDED, and those of
                ``desks.RedemptionDesk.redeem``.
        """
        device, _ = self._checked(actor, request)
        call = Call(device, request.envelope, Operation.SPEND_OWN_POINTS, _body(request))

        def work(tx: Tx) -> Answer:
            self._spend(tx, call, device, request)
            return {"redemption": redemption_id_of(request.envelope.request_id)}

        answer = self._base.requests.once(call, work)
        return self._base.database.read(lambda tx: self._seen(tx, answer["redemption"]))

    def _checked(self, actor: Actor, request: SpendRequest) -> tuple[DeviceActor, str]:
        device = require_device(actor, Operation.SPEND_OWN_POINTS)
        request.envelope.validate()
        request.order.command("", "", device)
        if not _is_agreed_soundly(request):
            raise refuse(Reason.REQUEST_MALFORMED, Finding("agreed_points", Reason.REQUEST_MALFORMED))
        visit_id = self._desks.visits.visit_id(request.visit_token)
        if visit_id is None:
            raise refuse(Reason.VISIT_OVER)
        return device, visit_id

    def _spend(self, tx: Tx, call: Call, device: DeviceActor, request: SpendRequest) -> None:
        running = self._desks.visits.running(tx, request.visit_token, device)
        books = self._desks.booking.books(tx)
        # Whoever is told of other rules has brought their rewards: a batch asks the catalogue alone.
        self._desks.booking.programme.bring_rewards(tx, books.rules)
        self._rules = books.rules
        command = request.order.command(redemption_id_of(call.envelope.request_id), running.member.member_id, device)
        reward = find_reward(tx, command.reward_id) if command.reward_id else None
        points = command.points if command.points is not None else command.qty * (reward.points if reward else 0)
        if reward is not None and request.agreed_points not in (0, points):
            # Before the code: nobody types one for a price that they have not seen.
            raise Refusal(Refused(Reason.PRICE_CHANGED, points=points))
        self._desks.step_up.require(tx, Spending(running, device, points, request.phone_proof))
        self._desks.redemptions.spend(books, call, command)

    def _seen(self, tx: Tx, redemption_id: str) -> RedemptionNow:
        row = find_redemption(tx, redemption_id)
        if row is None:
            raise refuse(Reason.REDEMPTION_UNKNOWN)
        return view_of(row, self._desks.booking.books(tx).of_account(row.account_id).standing().available)

    def _sealed(self, asked: Asked, now: datetime) -> Spend:
        device, envelope, order = asked.device, asked.envelope, asked.order
        answer: Answer = {"redemption": redemption_id_of(envelope.request_id)}
        row = LoggedRequest(
            envelope.request_id, RequestState.APPLIED, Operation.SPEND_OWN_POINTS, device.label, asked.body_mac, answer, now
        )
        entry_id, event_id = self._base.ids.new("ent"), self._base.ids.new("evt")
        subject, told = redemption_id_of(envelope.request_id), {SEALED_LATER: entry_id}
        event = AuditEvent(event_id, now, device.label, ACTION, "", subject, None, envelope.request_id, told)
        return Spend(
            request_id=envelope.request_id,
            visit_id=asked.visit_id,
            device_id=device.device_id,
            device_seq=envelope.device_seq,
            store_id=device.store_id,
            points=order.points or None,
            reward_id=order.reward_id or None,
            qty=order.qty or 1,
            agreed_points=asked.agreed_points if order.reward_id else 0,
            pickup_code=new_code(self._random_below) if order.reward_id else None,
            body_mac=asked.body_mac,
            row_mac=self._base.requests.row_mac(row),
            entry_id=entry_id,
            event_id=event_id,
            event_mac=self._base.audit.mac_of(event),
            queue=asked.queue,
        )


def view_of_spent(request_id: str, spent: Spent) -> RedemptionNow:
    """Returns what a batch spent as its member sees it."""
    code = shown(spent.pickup_code) if spent.pickup_code else ""
    return RedemptionNow(redemption_id_of(request_id), spent.state, spent.points, spent.available, code, spent.pickup_until)


def _body(request: SpendRequest) -> list[str | int]:
    order = request.order
    said: list[str | int] = [request.visit_token, order.points, order.reward_id, order.qty]
    # What was sent before prices were agreed on keeps its digest.
    return [*said, request.agreed_points] if request.agreed_points else said


def _is_agreed_soundly(request: SpendRequest) -> bool:
    agreed, points = request.agreed_points, request.order.points
    return agreed >= 0 and (not points or agreed in (0, points))


def _is_plain(order: Order, device: DeviceActor, rules: Parameters, month: int) -> bool:
    """Returns whether the rules let points be spent here and now; the order is well formed."""
    if month not in rules.redeem_months or (rules.redeem_stores is not None and device.store_id not in rules.redeem_stores):
        return False
    return order.qty <= MOST_PIECES if order.reward_id else order.points <= MOST_POINTS and not rules.redeem_rewards_only
