"""A redemption that looked at no lot is divided over lots later, as the use case would have divided it in its own moment."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from server_stub.config import PointsSettings
from server_stub.domain.ledger_commands import AdjustPoints
from server_stub.domain.program.catalogue import load_rule_set
from server_stub.domain.program.choices import Expiry, SpendOrder
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.ledger.ending_points import EndingPoints
from server_stub.services.ledger.proof import Flaw
from server_stub.storage.database import Tx
from tests.support.central_service import DEVICE
from tests.support.spenders import SYSTEM, Spenders, Twins, Wish, spend_either_way, spenders

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from server_stub.services.rewards.own_redemptions import RedemptionNow
    from tests.support.central_service import Central

IDLE = Parameters(expiry=Expiry.INACTIVITY, expiry_months=6)
RULES = (
    Parameters(),
    IDLE,
    Parameters(expiry=Expiry.ROLLING, expiry_months=4, pending_days=3),
    Parameters(expiry=Expiry.ANNIVERSARY),
    Parameters(expiry=Expiry.YEAR_REVIEW, void_below=40),
    Parameters(spend_order=SpendOrder.EARNED_FIRST),
)


@pytest.fixture
async def shop(central: Central, database_address: str) -> AsyncIterator[Spenders]:
    async with spenders(central, database_address) as opened:
        await opened.warm()
        yield opened


def give(shop: Spenders, member_id: str, points: int = 50, days: int | None = None) -> None:
    """Gives points that end in so many days, or without an end."""
    central = shop.central
    end = central.clock.now().date() + timedelta(days=days) if days else None
    central.core.ledger.adjustments.adjust(SYSTEM, central.envelope(), AdjustPoints(member_id, points, "r", "A", "B", "C1", end))


async def learn(shop: Spenders) -> None:
    """Lets the desk learn which rules are in force; the member of that name has nothing left to spend."""
    with suppress(Refusal):
        await shop.spend(shop.central.envelope(), Wish(shop.visit("warm"), 1, None))


def publish(shop: Spenders, version: str, rules: Parameters, days: int = 0) -> None:
    central = shop.central
    central.core.ledger.programme.publish(SYSTEM, version, rules, central.clock.now() + timedelta(days=days))


async def test_rules_that_come_later_do_not_reach_back_to_a_redemption_of_before(shop: Spenders) -> None:
    central = shop.central
    central.core.ledger.programme.begin(SYSTEM)
    await learn(shop)
    for member_id in ("a", "b"):
        shop.member(member_id, 400)
    central.clock.moment = datetime(central.clock.now().year + 1, 1, 10, 4, tzinfo=UTC)
    await shop.spend(central.envelope(), Wish(shop.visit("a"), 30, None))
    # A year review: under these rules the turn of the year would have taken what "a" then spent.
    publish(shop, "v2", load_rule_set("hexing-mall"), days=30)
    central.clock.advance(days=31)
    assert central.core.ledger.accounts.settle_due(SYSTEM) > 0
    assert shop.available("a") == 370
    assert central.core.ledger.proof.run(SYSTEM).wrong == ()


async def test_points_that_idleness_ends_pay_in_the_order_of_the_moment(shop: Spenders) -> None:
    publish(shop, "idle", IDLE)
    shop.central.clock.advance(minutes=1)
    await learn(shop)
    shop.member("a", 100)
    give(shop, "a", days=200)
    shop.central.clock.advance(days=150)
    await shop.spend(shop.central.envelope(), Wish(shop.visit("a"), 30, None))
    give(shop, "a")
    lots = shop.central.core.ledger.accounts.view(SYSTEM, "a").lots
    assert sorted(lot.points for lot in lots) == [50, 50, 70]
    assert shop.central.core.ledger.proof.run(SYSTEM).wrong == ()


async def test_the_order_in_which_lots_pay_is_that_of_the_time_of_the_redemption(shop: Spenders) -> None:
    shop.member("a", 100)
    shop.central.clock.advance(days=1)
    give(shop, "a", days=200)
    await shop.spend(shop.central.envelope(), Wish(shop.visit("a"), 30, None))
    publish(shop, "v2", Parameters(spend_order=SpendOrder.EARNED_FIRST), days=1)
    shop.central.clock.advance(days=2)
    give(shop, "a")
    lots = shop.central.core.ledger.accounts.view(SYSTEM, "a").lots
    assert sorted(lot.points for lot in lots) == [20, 50, 100]
    assert shop.central.core.ledger.proof.run(SYSTEM).wrong == ()


async def test_an_account_that_cannot_be_divided_is_named_and_keeps_nobody_waiting(shop: Spenders) -> None:
    """A balance that somebody wrote into the account is spent once in a batch, which looks at no lot: nothing is booked after it."""
    central = shop.central
    publish(shop, "idle", IDLE)
    central.clock.advance(minutes=1)
    await learn(shop)
    shop.member("a", 100)
    shop.member("b", 100)

    def write(tx: Tx) -> None:
        tx.connection.execute(text("UPDATE points_account SET available = 9999 WHERE member_id = 'a'"))

    central.database.write(write)
    await shop.spend(central.envelope(), Wish(shop.visit("a"), 150, None))
    with pytest.raises(Refusal) as caught:
        shop.available("a")
    assert caught.value.reason is Reason.LEDGER_UNPROVEN
    assert Flaw.CLOSED in {one.flaw for one in central.core.ledger.proof.run(SYSTEM).wrong}
    central.clock.advance(days=200)
    with pytest.raises(Refusal) as told:
        central.core.ledger.accounts.settle_due(SYSTEM)
    assert told.value.reason is Reason.LEDGER_UNPROVEN
    assert (shop.available("b"), central.core.ledger.accounts.expired_so_far(SYSTEM)) == (0, 100)
    assert [row["detail"] for row in central.rows("audit_event") if row["action"] == "alert.ledger_unproven"]
    assert EndingPoints(central.core.ledger.booking, central.core.notifications, PointsSettings(warning_days=3650)).tell_all(SYSTEM) == 0


def explained(shop: Spenders, member_id: str, spent: RedemptionNow) -> list[tuple[str, dict[str, str]]]:
    """What the kiosk says of a redemption, at once."""
    lines = shop.central.core.decisions.explain_redemption(DEVICE, shop.visit(member_id), spent.redemption_id)
    return [(line.key, dict(line.variables)) for line in lines]


def test_a_redemption_is_explained_alike_whichever_way_it_was_booked(both: Twins) -> None:
    """Protection: what looked at no lot is divided before it is explained."""

    async def work(shop: Spenders, in_batches: bool) -> Any:
        publish(shop, "ending", Parameters(expiry=Expiry.ROLLING, expiry_months=4))
        shop.central.clock.advance(minutes=1)
        await learn(shop)
        shop.member("a", 500)
        spent = await spend_either_way(shop, shop.central.envelope(), Wish(shop.visit("a"), 100, None), in_batches=in_batches)
        return explained(shop, "a", spent)

    in_a_batch, by_the_use_case = both.both(work)
    assert in_a_batch == by_the_use_case
    assert [key for key, _ in in_a_batch] == ["explain.redemption.committed", "explain.redemption.oldest_first"]


LIVES = st.tuples(
    st.sampled_from(RULES),
    st.sampled_from(RULES),
    st.lists(st.tuples(st.integers(20, 200), st.one_of(st.none(), st.integers(5, 300))), min_size=1, max_size=3),
    st.lists(
        st.one_of(
            st.tuples(st.just("spend"), st.integers(1, 80)),
            st.tuples(st.just("wait"), st.integers(1, 120)),
            st.tuples(st.just("new rules"), st.integers(1, 40)),
        ),
        min_size=2,
        max_size=8,
    ),
)


@settings(max_examples=15, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_batches_pay_from_the_lots_that_the_use_case_pays_from(both: Twins, data: st.DataObject) -> None:
    life = data.draw(LIVES)
    one, other = both.both(lambda shop, in_batches: _lived(shop, life, in_batches=in_batches))
    assert one == other
    assert one[-1] == ()


async def _lived(shop: Spenders, life: Any, *, in_batches: bool) -> tuple[Any, ...]:
    first, second, gifts, steps = life
    central = shop.central
    here = str(len(central.rows("member")))
    publish(shop, f"first-{here}", first)
    central.clock.advance(minutes=1)
    member_id, answers, later = shop.member(f"m{here}", 100), list[Any](), [second]
    for points, days in gifts:
        central.clock.advance(days=1)
        give(shop, member_id, points, days)
    for what, amount in steps:
        if what == "wait":
            central.clock.advance(days=amount)
        elif what == "spend":
            await learn(shop)
            wish = Wish(shop.visit(member_id), amount, None)
            try:
                spent = await spend_either_way(shop, central.envelope(), wish, in_batches=in_batches)
                answers.append((spent.available, explained(shop, member_id, spent)))
            except Refusal as refusal:
                answers.append(refusal.reason)
        elif later:
            publish(shop, f"second-{here}", later.pop(), days=amount)
    central.clock.advance(days=41)
    give(shop, member_id, 1)
    view = central.core.ledger.accounts.view(SYSTEM, member_id)
    lots = sorted((lot.original, lot.points, str(lot.available_on), str(lot.expires_on)) for lot in view.lots)
    return answers, view.standing.available, view.expired, lots, central.core.ledger.proof.run(SYSTEM).wrong
