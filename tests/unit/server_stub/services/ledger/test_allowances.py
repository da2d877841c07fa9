"""Allowances: whatever devices, tills and time do in whatever order, no point is spent twice and none is lost."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server_stub.config import AllowanceSettings
from server_stub.domain.clock import business_day
from server_stub.domain.ledger.allowances import AllowanceUse, who_pays
from server_stub.domain.ledger.lots import Share
from server_stub.domain.liability.replay import Replay
from server_stub.domain.liability.rules import load_liability_rules
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.jobs.overdue_allowances import OverdueAllowances
from server_stub.services.ledger.allowances import Allowances, GrantAllowance, Granted, SettleAllowance
from server_stub.storage.liability_facts import accounts_until
from tests.support.central_service import ADMIN, DEVICE, OTHER_DEVICE, START
from tests.support.ledger_desk import JOB, Counter
from tests.unit.server_stub.services.test_members import refusal_of

if TYPE_CHECKING:
    from server_stub.domain.actors import DeviceActor
    from server_stub.domain.ledger_commands import Booked

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


class SignerOfTheTest:
    key_id = 7

    def sign(self, message: bytes) -> bytes:
        return KEY.sign(message)


@dataclass
class Lender:
    """A counter with devices that hold allowances."""

    counter: Counter
    desk: Allowances

    def grant(self, points: int, device: DeviceActor = DEVICE, member: str = "m1", request_id: str = "") -> Granted:
        return self.desk.grant(device, self.counter.central.envelope(request_id), GrantAllowance(member, points))

    def settle(self, granted: Granted, *points: int, device: DeviceActor = DEVICE, **more: Any) -> Booked:
        at = more.pop("at", granted.allowance.granted_at + timedelta(minutes=5))
        ids = more.pop("ids", [self.counter.next_id("o") for _ in points])
        uses = tuple(AllowanceUse(one, part, at) for one, part in zip(ids, points, strict=True))
        envelope = self.counter.central.envelope(more.pop("request_id", ""))
        return self.desk.settle(device, envelope, SettleAllowance(granted.allowance.allowance_id, uses))

    def stored(self) -> dict[str, list[str]]:
        tables = ("points_account", "points_entry", "points_lot", "redemption", "allowance", "allowance_use", "request_log", "audit_event")
        return {table: sorted(map(repr, self.counter.central.rows(table))) for table in tables}


@pytest.fixture
def lender(counter: Counter) -> Lender:
    booking = counter.ledger.booking
    return Lender(counter.rules().join(), Allowances(booking, SignerOfTheTest(), AllowanceSettings()))


def test_what_is_lent_cannot_be_spent_and_comes_back_used_or_unused(lender: Lender) -> None:
    counter = lender.counter
    counter.sell(10_000)
    granted = lender.grant(60)
    assert counter.free() == (40, 0, 0, 0)
    assert refusal_of(lambda: counter.redeem(41)) is Reason.INSUFFICIENT_AVAILABLE
    counter.prove()
    done = lender.settle(granted, 25, 10)
    assert [(entry.kind, entry.points) for entry in done.entries] == [("ALLOWANCE_IN", 60), ("REDEMPTION", -25), ("REDEMPTION", -10)]
    assert counter.free() == (65, 0, 0, 0)
    first = min(row["redemption_id"] for row in counter.central.rows("allowance_use") if row["position"] == 1)
    counter.reverse(first)
    assert counter.free() == (90, 0, 0, 0)


def test_the_liability_explains_every_point_while_some_are_lent_and_after(lender: Lender) -> None:
    """Whoever lends from one lot and spends from another must find each point with its own month."""
    counter = lender.counter
    counter.rules(expiry="rolling", expiry_months=3).sell(4_000)
    counter.central.clock.advance(days=40)
    counter.sell(4_000)
    first, second = lender.grant(30), lender.grant(30, OTHER_DEVICE)
    for step in (
        lambda: None,
        lambda: lender.settle(second, 12, device=OTHER_DEVICE),
        lambda: lender.settle(first),
        lambda: counter.redeem(20),
    ):
        step()
        replay = Replay(load_liability_rules(), business_day(counter.central.clock.now()))
        day = business_day(counter.central.clock.now())
        counter.central.database.read(lambda tx, replay=replay, day=day: [replay.add(one.events) for one in accounts_until(tx, day)])
        assert replay.tally.is_proven
    assert replay.tally.outstanding == counter.view().ledger == 48


def test_an_allowance_is_signed_for_one_device_and_one_member_until_a_moment(lender: Lender) -> None:
    lender.counter.sell(10_000)
    granted = lender.grant(60)
    KEY.public_key().verify(granted.signature, granted.allowance.message())
    assert granted.key_id == 7
    one = granted.allowance
    assert (one.member_id, one.device_id, one.points) == ("m1", DEVICE.device_id, 60)
    assert one.expires_at == one.granted_at + timedelta(hours=24)


def test_the_same_request_gives_the_same_allowance_and_settles_once(lender: Lender) -> None:
    lender.counter.sell(10_000)
    request_id = lender.counter.central.request_id()
    first, again = lender.grant(60, request_id=request_id), lender.grant(60, request_id=request_id)
    assert (first.allowance, first.signature) == (again.allowance, again.signature)
    assert refusal_of(lambda: lender.grant(61, request_id=request_id)) is Reason.REQUEST_ID_REUSED
    settle_id = lender.counter.central.request_id()
    lender.settle(first, 5, ids=["o1"], request_id=settle_id)
    assert lender.settle(first, 5, ids=["o1"], request_id=settle_id).is_replay
    assert lender.counter.free() == (95, 0, 0, 0)


def test_refusals_name_their_reason_and_store_nothing(lender: Lender) -> None:
    counter = lender.counter
    counter.join("m2").sell(10_000)
    granted = lender.grant(60)
    late = granted.allowance.expires_at
    counter.redeem(1, redemption_id="known")
    before = lender.stored()
    refused = [
        (lambda: lender.grant(0), Reason.AMOUNT_ZERO),
        (lambda: lender.grant(5, member="m9"), Reason.MEMBER_UNKNOWN),
        (lambda: lender.grant(141), Reason.AMOUNT_TOO_LARGE),
        (lambda: lender.grant(40), Reason.INSUFFICIENT_AVAILABLE),
        (lambda: lender.desk.grant(ADMIN, counter.central.envelope(), GrantAllowance("m1", 5)), Reason.NOT_PERMITTED),
        (lambda: lender.settle(granted, 5, device=OTHER_DEVICE), Reason.ALLOWANCE_UNKNOWN),
        (lambda: lender.settle(granted, 40, 21), Reason.ALLOWANCE_USED),
        (lambda: lender.settle(granted, 5, at=granted.allowance.granted_at - timedelta(hours=1)), Reason.ALLOWANCE_EXPIRED),
        (lambda: lender.settle(granted, 5, at=counter.central.clock.now() + timedelta(minutes=6)), Reason.FUTURE_DATE),
        (lambda: lender.settle(granted, 0), Reason.REQUEST_MALFORMED),
        (lambda: lender.settle(granted, 5, 5, ids=["o", "o"]), Reason.REQUEST_MALFORMED),
        (lambda: lender.settle(granted, 5, ids=["known"]), Reason.DUPLICATE_ID),
        (lambda: lender.counter.merge("m1", "m2"), Reason.OPEN_HOLD),
        (lambda: lender.counter.merge("m2", "m1"), Reason.OPEN_HOLD),
        (lambda: lender.desk.bring_back_overdue(DEVICE), Reason.NOT_PERMITTED),
    ]
    for call, reason in refused:
        assert refusal_of(call) is reason, reason
    assert lender.stored() == before
    counter.central.clock.advance(hours=25)
    assert refusal_of(lambda: lender.settle(granted, 5, at=late)) is Reason.ALLOWANCE_EXPIRED
    lender.settle(granted, 5)
    assert refusal_of(lambda: lender.settle(granted, 5)) is Reason.ALLOWANCE_USED


def test_what_a_device_never_tells_of_comes_back_and_is_then_too_late(lender: Lender) -> None:
    counter, job = lender.counter, OverdueAllowances(lender.desk)
    counter.sell(10_000)
    granted = lender.grant(60)
    counter.central.clock.advance(days=8, seconds=-1)
    assert job.run() == "0 allowances came back unused"
    counter.central.clock.advance(seconds=1)
    assert refusal_of(lambda: lender.settle(granted, 5)) is Reason.ALLOWANCE_EXPIRED
    assert job.run() == "1 allowances came back unused"
    assert counter.free() == (100, 0, 0, 0)
    assert refusal_of(lambda: lender.settle(granted, 5)) is Reason.ALLOWANCE_EXPIRED


def test_unused_points_of_a_lot_that_ended_meanwhile_expire_and_used_ones_do_not(lender: Lender) -> None:
    counter = lender.counter
    counter.rules(expiry="rolling", expiry_months=1).sell(10_000)
    counter.central.clock.advance(days=27)
    granted = lender.grant(60)
    counter.central.clock.advance(days=5)
    assert counter.free() == (0, 0, 0, 0)
    lender.settle(granted, 25)
    assert counter.free() == (0, 0, 0, 0)
    assert counter.view().expired == 75


def test_what_is_lent_first_pays_first() -> None:
    now = START
    shares = (Share("a", 5), Share("b", 5), Share("c", 5))
    paid, unused = who_pays(shares, (AllowanceUse("x", 7, now), AllowanceUse("y", 3, now)))
    assert paid == {"x": (Share("a", 5), Share("b", 2)), "y": (Share("b", 3),)}
    assert unused == (Share("c", 5),)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), st.integers(1, 90)),
        st.tuples(st.just("redeem"), st.integers(1, 80)),
        st.tuples(st.just("grant"), st.integers(1, 120), st.sampled_from([DEVICE, OTHER_DEVICE])),
        st.tuples(st.just("settle"), st.integers(0, 3), st.lists(st.integers(1, 60), max_size=3), st.booleans()),
        st.tuples(st.just("reverse"), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.sampled_from([1, 20, 200, 900])),
        st.tuples(st.just("collect")),
    ),
    max_size=25,
)


@given(steps=STEPS, expiry=st.sampled_from(["none", "rolling", "inactivity"]))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_order_conserves_every_point(lender: Lender, steps: list[Any], expiry: str) -> None:
    counter = lender.counter
    member = counter.rules(expiry=expiry, expiry_months=1).next_id("p")
    counter.join(member)
    life = Life(lender, member)
    for step in steps:
        with suppress(Refusal):
            life.do(*step)
        life.check()


@dataclass
class Life:
    """One member, and what must be true of all points that the member ever had."""

    lender: Lender
    member: str
    earned: int = 0
    spent: dict[str, int] = field(default_factory=dict)
    out: list[tuple[DeviceActor, Granted]] = field(default_factory=list)

    def do(self, what: str, *words: Any) -> None:
        getattr(self, what)(*words)

    def sell(self, points: int) -> None:
        self.lender.counter.sell(points * 100, self.member)
        self.earned += points

    def redeem(self, points: int) -> None:
        redemption_id = self.lender.counter.next_id("d")
        self.lender.counter.redeem(points, self.member, redemption_id)
        self.spent[redemption_id] = points

    def grant(self, points: int, device: DeviceActor) -> None:
        self.out.append((device, self.lender.grant(points, device, self.member)))

    def settle(self, which: int, points: list[int], twice: bool) -> None:
        if not self.out:
            return
        device, granted = self.out[which % len(self.out)]
        ids = [self.lender.counter.next_id("o") for _ in points]
        self.lender.settle(granted, *points, device=device, ids=ids)
        self.spent.update(zip(ids, points, strict=True))
        self.out.remove((device, granted))
        if twice:
            assert refusal_of(lambda: self.lender.settle(granted, *points, device=device)) is Reason.ALLOWANCE_USED

    def reverse(self, which: int) -> None:
        if self.spent:
            redemption_id = sorted(self.spent)[which % len(self.spent)]
            self.lender.counter.reverse(redemption_id)
            del self.spent[redemption_id]

    def wait(self, hours: int) -> None:
        self.lender.counter.central.clock.advance(hours=hours)

    def collect(self) -> None:
        self.lender.desk.bring_back_overdue(JOB)
        now = self.lender.counter.central.clock.now()
        self.out = [one for one in self.out if one[1].allowance.expires_at + timedelta(days=7) > now]

    def check(self) -> None:
        view = self.lender.counter.view(self.member)
        lent = sum(granted.allowance.points for _, granted in self.out)
        assert view.standing.available >= 0
        assert view.ledger + lent + sum(self.spent.values()) + view.expired == self.earned
        assert lent <= 200
        assert self.lender.counter.ledger.proof.run(JOB).wrong == ()
