"""What goes in batches: only what is plain, once, in one order, and with the same rows as the use case writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server_stub.domain.envelope import Envelope
from server_stub.domain.program.choices import Expiry
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal
from server_stub.storage.members import IdentifiedBy
from server_stub.storage.spending.api import Spent
from tests.support.central_service import DEVICE, OTHER_DEVICE
from tests.support.spenders import SYSTEM, Spenders, Twins, Wish, spend_either_way, spenders

if TYPE_CHECKING:
    from tests.support.central_service import Central


@pytest.fixture
async def shop(central: Central, database_address: str) -> AsyncIterator[Spenders]:
    async with spenders(central, database_address) as opened:
        await opened.warm()
        yield opened


@pytest.fixture
def only_batches(shop: Spenders, monkeypatch: pytest.MonkeyPatch) -> None:
    """The use case is not there: what is spent is spent in a batch."""

    def gone(*_: object) -> None:
        raise AssertionError("the use case was asked")

    monkeypatch.setattr(shop.central.core.rewards.spending, "redeem", gone)


def plain(shop: Spenders, *orders: Wish) -> tuple[Sequence[Any], Any]:
    asked = [shop.central.core.rewards.spending.asked(DEVICE, order.request(shop.central.envelope())) for order in orders]
    return shop.central.core.rewards.spending.batch([one for one in asked if one is not None])


@pytest.mark.usefixtures("only_batches")
async def test_what_is_plain_never_waits_for_the_use_case(shop: Spenders) -> None:
    visit = shop.visit(shop.member("a", 100))
    shop.reward("cup", 10, stock=2, stores=[DEVICE.store_id])
    envelope, order = shop.central.envelope(), Wish(visit, None, "cup")
    first = await shop.spend(envelope, order)
    assert await shop.spend(envelope, order) == first
    assert (await shop.spend(shop.central.envelope(), Wish(visit, 90, None))).available == 0


@pytest.mark.usefixtures("only_batches")
async def test_an_agreed_price_that_still_holds_needs_no_use_case(shop: Spenders) -> None:
    visit = shop.visit(shop.member("a", 100))
    shop.reward("cup", 10)
    assert (await shop.spend(shop.central.envelope(), Wish(visit, None, "cup", 2, agreed=20))).points == 20
    assert (await shop.spend(shop.central.envelope(), Wish(visit, 30, None, agreed=30))).available == 50


@pytest.mark.parametrize("now", [12, 8])
@pytest.mark.parametrize("in_batches", [True, False])
async def test_another_price_than_was_agreed_to_takes_nothing_and_names_the_new_one(shop: Spenders, now: int, in_batches: bool) -> None:
    """Protections: the comparison in the statements, and the one in the use case."""
    visit = shop.visit(shop.member("a", 100))
    shop.reward("cup", now, stock=3)
    envelope, before = shop.central.envelope(), {table: _comparable(shop.central.rows(table)) for table in COMPARED}
    wish, by_itself = Wish(visit, None, "cup", 2, agreed=20), shop.central.core.rewards.spending.redeem
    with pytest.raises(Refusal) as caught:
        await (shop.spend(envelope, wish) if in_batches else asyncio.to_thread(by_itself, DEVICE, wish.request(envelope)))
    assert (caught.value.reason, caught.value.refused.points) == (Reason.PRICE_CHANGED, 2 * now)
    assert before == {table: _comparable(shop.central.rows(table)) for table in COMPARED}
    # The id stayed free: whoever agrees after all may even keep it.
    assert (await shop.spend(envelope, Wish(visit, None, "cup", 2, agreed=2 * now))).points == 2 * now
    assert (await shop.spend(envelope, Wish(visit, None, "cup", 2, agreed=2 * now))).points == 2 * now
    with pytest.raises(Refusal) as caught:
        await shop.spend(envelope, Wish(visit, None, "cup", 2))
    assert caught.value.reason is Reason.REQUEST_ID_REUSED


@pytest.mark.parametrize("wish", [Wish("", None, "cup", agreed=-1), Wish("", 30, None, agreed=29), Wish("", 30, None, agreed=-30)])
async def test_an_agreed_price_that_makes_no_sense_is_malformed(shop: Spenders, wish: Wish) -> None:
    visit = shop.visit(shop.member("a", 100))
    with pytest.raises(Refusal) as caught:
        await shop.spend(shop.central.envelope(), replace(wish, visit=visit))
    assert caught.value.refused.findings == (Finding("agreed_points", Reason.REQUEST_MALFORMED),)


async def test_a_price_that_changed_is_said_before_a_code_is_asked_for(shop: Spenders) -> None:
    visit = shop.visit(shop.member("a", 9000), by=IdentifiedBy.CARD)
    shop.reward("pot", 5000)
    with pytest.raises(Refusal) as caught:
        await shop.spend(shop.central.envelope(), Wish(visit, None, "pot", agreed=4500))
    assert caught.value.reason is Reason.PRICE_CHANGED
    with pytest.raises(Refusal) as caught:
        await shop.spend(shop.central.envelope(), Wish(visit, None, "pot", agreed=5000))
    assert caught.value.reason is Reason.STEP_UP_NEEDED


async def test_a_batch_that_comes_twice_changes_nothing_the_second_time(shop: Spenders) -> None:
    visits = [shop.visit(shop.member(f"m{number}", 50)) for number in range(5)]
    spends, terms = plain(shop, *(Wish(visit, 10 + number, None) for number, visit in enumerate(visits * 2)))
    store = shop.desk._store
    first = await store.spend(spends, terms)
    again = await store.spend(spends, terms)
    assert [one is not None and not one.is_replay for one in first] == [True] * 10
    assert [one is not None and one.is_replay for one in again] == [True] * 10
    assert [shop.available(f"m{number}") for number in range(5)] == [50 - (10 + n) - (15 + n) for n in range(5)]


async def test_several_of_one_account_follow_one_another_within_a_batch(shop: Spenders) -> None:
    visit = shop.visit(shop.member("a", 100))
    spends, terms = plain(shop, *(Wish(visit, points, None) for points in (40, 40, 40, 5)))
    made = await shop.desk._store.spend(spends, terms)
    # The third has not enough; the fourth is left to the use case, which asks anew.
    assert made[:3] == [*(Spent(40, left, made[0].state, is_replay=False) for left in (60, 20) if made[0]), None]
    steps = [row["sequence"] for row in shop.central.rows("points_entry") if row["kind"] == "REDEMPTION" and row["points"] == -40]
    assert sorted(steps) == [steps[0], steps[0] + 1]
    assert shop.available("a") == 20 - (5 if made[3] else 0)
    assert not shop.central.core.ledger.proof.run(SYSTEM).wrong


async def test_an_account_on_which_something_is_due_is_settled_first(shop: Spenders) -> None:
    rules = Parameters(expiry=Expiry.ROLLING, expiry_months=1)
    shop.central.core.ledger.programme.publish(SYSTEM, "v1", rules, shop.central.clock.now())
    visit = shop.visit(shop.member("a", 100))
    assert (await shop.spend(shop.central.envelope(), Wish(visit, 10, None))).available == 90
    shop.central.clock.advance(days=40)
    visit = shop.visit("a")
    with pytest.raises(Refusal) as caught:
        await shop.spend(shop.central.envelope(), Wish(visit, 10, None))
    assert caught.value.reason is Reason.INSUFFICIENT_AVAILABLE
    assert shop.available("a") == 0


async def test_an_account_that_was_settled_after_the_moment_of_a_batch_is_left_alone(shop: Spenders) -> None:
    """Protection: `settled_at` in the statement. A batch that waited for its locks would post an entry before what was settled."""
    visit = shop.visit(shop.member("a", 100))
    late, terms = plain(shop, Wish(visit, 10, None), Wish(visit, 5, None))
    shop.central.clock.advance(minutes=1)
    order = Wish(visit, 20, None).request(shop.central.envelope())
    await asyncio.to_thread(shop.central.core.rewards.spending.redeem, DEVICE, order)
    assert await shop.desk._store.spend(late, terms) == [None, None]
    assert shop.available("a") == 80
    rows = [row for row in shop.central.rows("points_entry") if row["kind"] == "REDEMPTION"]
    assert [row["points"] for row in sorted(rows, key=lambda row: row["at"])][-1] == -20


async def test_behind_one_that_is_left_alone_its_queue_is_left_alone(shop: Spenders) -> None:
    visits = [shop.visit(shop.member(f"m{number}", 50)) for number in range(2)]
    spends, terms = plain(shop, *(Wish(visits[number % 2], points, None) for number, points in enumerate((10, 60, 10, 10, 5))))
    queued = [replace(one, queue=queue) for one, queue in zip(spends, ("x", "x", "x", "y", "x"), strict=True)]
    first = await shop.desk._store.spend(queued, terms)
    # The fourth is of the account that has not enough for the second, but no later one of its queue: on a server it is left alone, too.
    assert [one is not None for one in (*first[:3], first[4])] == [True, False, False, False]
    again = await shop.desk._store.spend([queued[0], queued[2], queued[4]], terms)
    assert [one is not None and one.is_replay for one in again] == [True, False, False]
    assert [one.points for one in again if one is not None] == [10, 10, 5]
    assert shop.available("m0") == 50 - 10 - 10 - 5


async def test_rules_that_take_effect_meanwhile_hold_at_once(shop: Spenders) -> None:
    visit = shop.visit(shop.member("a", 100))
    await shop.spend(shop.central.envelope(), Wish(visit, 10, None))
    shop.central.core.ledger.programme.publish(
        SYSTEM, "v1", Parameters(redeem_rewards_only=True), shop.central.clock.now() + timedelta(minutes=1)
    )
    assert (await shop.spend(shop.central.envelope(), Wish(visit, 10, None))).available == 80
    shop.central.clock.advance(minutes=1)
    for _ in range(2):
        with pytest.raises(Refusal) as caught:
            await shop.spend(shop.central.envelope(), Wish(visit, 10, None))
        assert caught.value.reason is Reason.REWARD_REQUIRED


async def test_two_hundred_for_the_last_item_and_one_has_it(shop: Spenders) -> None:
    shop.reward("cup", 10, stock=1)
    visits = [shop.visit(shop.member(f"m{number}", 10)) for number in range(20)]
    spent: list[Any] = []
    # As many as the queue before the use case takes; a larger crowd is told to come again.
    for _ in range(10):
        orders = (Wish(visit, None, "cup") for visit in visits)
        spent += await asyncio.gather(*(shop.spend(shop.central.envelope(), order) for order in orders), return_exceptions=True)
    winners = [each for each in spent if not isinstance(each, BaseException)]
    assert len(winners) == 1
    assert {each.reason for each in spent if isinstance(each, Refusal)} == {Reason.OUT_OF_STOCK, Reason.INSUFFICIENT_AVAILABLE} or all(
        each.reason is Reason.OUT_OF_STOCK for each in spent if isinstance(each, Refusal)
    )
    assert [row["taken"] for row in shop.central.rows("reward_stock")] == [1]
    assert sum(shop.available(f"m{number}") for number in range(20)) == 190


async def test_where_a_batch_fails_each_request_is_asked_by_itself(shop: Spenders, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = shop.visit(shop.member("a", 100))
    envelope, order = shop.central.envelope(), Wish(visit, 10, None)
    store, real = shop.desk._store, shop.desk._store.spend

    async def lost(*batch: Any) -> Any:
        await real(*batch)
        raise ConnectionResetError

    monkeypatch.setattr(store, "spend", lost)
    made = await shop.spend(envelope, order)
    assert (made.points, made.available) == (10, 90)
    assert shop.available("a") == 90


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.one_of(st.one_of(st.integers(1, 60), st.integers(500, 1600)), st.sampled_from(["cup", "tea", "pin", "gone"])),
        st.integers(1, 2),
        st.sampled_from([None, None, None, 0]),
        st.sampled_from([0, 0, 0, 20]),
        st.sampled_from(["PHONE", "CARD", "ISSUE"]),
        st.sampled_from([0, 10, 20, 25]),
    ),
    min_size=1,
    max_size=8,
)
COMPARED = ("points_account", "points_entry", "reward_stock", "redemption", "request_log", "audit_event", "device")
# Ids that the service made, what they are sealed into (entries with their event, or with its seal), and how far lots are up to date.
MADE_UP = {
    *("entry_id", "event_id", "account_id", "holder_id", "lot_id", "body_mac", "row_mac", "settled_at", "settled_sequence", "version"),
    *("subject_key", "request_id", "row_sha256", "event_mac", "pickup_code", "detail"),
}


class Pair:
    """Plays steps at both twins, in rounds."""

    def __init__(self, both: Twins) -> None:
        self._both = both
        self._rounds = 0

    def play(self, steps: Sequence[Any]) -> list[Any]:
        """Returns what both answered and then hold, one after the other."""
        self._rounds += 1
        return self._both.both(lambda shop, in_batches: self._played(shop, steps, in_batches=in_batches))

    async def _played(self, shop: Spenders, steps: Sequence[Any], *, in_batches: bool) -> Any:
        here = str(self._rounds)
        for member_id in ("a", "b"):
            shop.member(member_id + here, 3000)
        shop.reward("cup" + here, 10, stock=3)
        shop.reward("tea" + here, 25, per_member=1)
        shop.reward("pin" + here, 5, stores=[DEVICE.store_id])
        answers: list[Any] = []
        for number, (member_id, wanted, qty, again, minutes, by, agreed) in enumerate(steps):
            shop.central.clock.advance(minutes=minutes)
            request_id = f"01a20621-ad00-7000-8000-{self._rounds:06d}{number if again is None else again:06d}"
            what = (wanted, None, qty) if isinstance(wanted, int) else (None, wanted + here, qty)
            order = Wish(shop.visit(member_id + here, by=IdentifiedBy(by)), *what, 0 if isinstance(wanted, int) else agreed)
            envelope = Envelope(request_id, number + 1, shop.central.clock.now())
            answers.append(await _answer(shop, envelope, order, in_batches=in_batches))
        answers.append([shop.available("a" + here), shop.available("b" + here), shop.central.core.ledger.proof.run(SYSTEM).wrong])
        return answers, {table: _comparable(shop.central.rows(table)) for table in COMPARED}


async def _answer(shop: Spenders, envelope: Envelope, order: Wish, *, in_batches: bool) -> Any:
    try:
        made = await spend_either_way(shop, envelope, order, in_batches=in_batches)
        return replace(made, pickup_code="drawn" if made.pickup_code else "")
    except Refusal as refusal:
        return refusal.reason


def _comparable(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(repr({k: v for k, v in row.items() if k not in MADE_UP}) for row in rows)


@pytest.fixture
def pair(both: Twins) -> Pair:
    return Pair(both)


@settings(max_examples=20, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_batches_write_what_the_use_case_writes(steps: list[Any], pair: Pair) -> None:
    (answers, rows), (other_answers, other_rows) = pair.play(steps)
    assert answers == other_answers
    # Sets, because a comparison of long lists of long texts would take pytest minutes to word.
    differing = {table: set(rows[table]) ^ set(other_rows[table]) for table in COMPARED if rows[table] != other_rows[table]}
    assert not differing


async def test_two_devices_may_serve_one_member_at_once(shop: Spenders) -> None:
    here, there = shop.visit(shop.member("a", 100)), shop.visit("a", OTHER_DEVICE)
    made = await asyncio.gather(
        *(shop.spend(shop.central.envelope(), Wish(here, 20, None)) for _ in range(2)),
        *(shop.spend(shop.central.envelope(), Wish(there, 20, None), OTHER_DEVICE) for _ in range(2)),
    )
    assert sorted(one.available for one in made) == [20, 40, 60, 80]
