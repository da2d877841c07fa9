"""The catalogue is loaded whole or not at all; counts are set by whoever may, and never below what is promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from server_stub.domain.actors import Actor, StaffActor, SystemActor
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.domain.rewards.catalogue_file import BadCatalogue, read_catalogue
from server_stub.services.rewards.stock import Count
from tests.support.central_service import ADMIN, DEVICE, LI
from tests.support.reward_shop import CLERK, HARBOUR_CLERK, QIAN, reward

if TYPE_CHECKING:
    from tests.support.reward_shop import RewardShop


@pytest.mark.parametrize("actor", [DEVICE, LI, ADMIN, CLERK, SystemActor(), StaffActor("nobody", frozenset())])
def test_only_a_manager_loads_a_catalogue(shop: RewardShop, actor: Actor) -> None:
    with pytest.raises(Refusal) as caught:
        shop.rewards.catalogue.load(actor, read_catalogue({"reward": [reward()]}))
    assert caught.value.reason is Reason.NOT_PERMITTED
    assert shop.central.count("reward") == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"stores": ["nowhere"]}, "reward[2].stores.nowhere"),
        ({"stock": {"nowhere": 3}}, "reward[2].stock.nowhere"),
        ({"min_tier": "gold"}, "reward[2].min_tier"),
    ],
)
def test_nothing_is_half_loaded(shop: RewardShop, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(BadCatalogue) as caught:
        shop.load(reward("good"), reward("bad", **wrong))
    assert [flawed.field for flawed in caught.value.flaws] == [field]
    assert shop.central.count("reward") == shop.central.count("reward_listing") == shop.central.count("reward_stock") == 0


def test_an_id_that_the_rules_use_cannot_be_loaded(shop: RewardShop) -> None:
    shop.counter.rules(rewards={"towel": {"points": 100}})
    with pytest.raises(BadCatalogue) as caught:
        shop.load(reward("towel"))
    assert caught.value.flaws[0].flaw == "ID_OF_RULES"
    # Also not after them: what was redeemed still counts by the id.
    shop.central.clock.advance(days=1)
    shop.counter.rules()
    with pytest.raises(BadCatalogue) as caught:
        shop.load(reward("towel"))
    assert caught.value.flaws[0].flaw == "ID_OF_RULES"


def test_a_rehearsal_tells_and_stores_nothing(shop: RewardShop) -> None:
    shop.load(reward("rice"), reward("oil"))
    wanted = read_catalogue({"reward": [reward("rice"), reward("eggs"), reward("oil", 700)]})
    told = shop.rewards.catalogue.load(QIAN, wanted, is_rehearsal=True)
    assert (told.added, told.changed, told.unchanged, told.withdrawn) == (("eggs",), ("oil",), ("rice",), ())
    assert shop.central.count("reward") == 2
    assert shop.rewards.catalogue.load(QIAN, wanted) == told


def test_what_is_not_named_any_more_ends_and_can_come_back(shop: RewardShop) -> None:
    member = shop.member()
    shop.load(reward("rice"), reward("oil"))
    shop.load(reward("oil"))
    visit = shop.visit(member)
    assert set(shop.shelf(visit)) == {"oil"}
    with pytest.raises(Refusal) as caught:
        shop.hold(visit, "rice")
    assert caught.value.reason is Reason.REWARD_NOT_OPEN
    shop.load(reward("rice"))
    assert set(shop.shelf(visit)) == {"rice"}


def test_loading_again_keeps_counts_and_a_store_without_a_count_has_none(shop: RewardShop) -> None:
    shop.load(reward(stock={"lakeside": 3}))
    shop.rewards.stock.set(QIAN, Count("rice", "lakeside", 7, "delivery"))
    shop.load(reward(points=600, stock={"lakeside": 3}))
    assert shop.counts() == (7, 0)
    assert shop.shelf(shop.visit(shop.member()))["rice"].left == 7
    listed = shop.rewards.catalogue.list(CLERK, "harbour")
    assert [(one.reward_id, one.left) for one in listed] == [("rice", 0)]


@pytest.mark.parametrize(
    ("actor", "count", "reason"),
    [
        (DEVICE, Count("rice", "lakeside", 1, "x"), Reason.NOT_PERMITTED),
        (HARBOUR_CLERK, Count("rice", "lakeside", 1, "x"), Reason.NOT_PERMITTED),
        (CLERK, Count("rice", "lakeside", -1, "x"), Reason.REQUEST_MALFORMED),
        (CLERK, Count("rice", "lakeside", 1, " "), Reason.REQUEST_MALFORMED),
        (QIAN, Count("rice", "nowhere", 1, "x"), Reason.REQUEST_MALFORMED),
        (CLERK, Count("silk", "lakeside", 1, "x"), Reason.REWARD_UNKNOWN),
    ],
)
def test_counts_that_are_refused(shop: RewardShop, actor: Actor, count: Count, reason: Reason) -> None:
    shop.load(reward(stock={"lakeside": 3}))
    with pytest.raises(Refusal) as caught:
        shop.rewards.stock.set(actor, count)
    assert caught.value.reason is reason
    assert shop.counts() == (3, 0)


def test_a_count_cannot_be_below_what_is_held_or_waits(shop: RewardShop) -> None:
    shop.load(reward(stock={"lakeside": 5}))
    visit = shop.visit(shop.member())
    shop.hold(visit)
    shop.buy(visit)
    with pytest.raises(Refusal) as caught:
        shop.rewards.stock.set(CLERK, Count("rice", "lakeside", 1, "broken"))
    assert caught.value.reason is Reason.STOCK_BELOW_TAKEN
    line = shop.rewards.stock.set(CLERK, Count("rice", "lakeside", 2, "broken"))
    assert (line.count, line.taken, line.free) == (2, 2, 0)
    event = [row for row in shop.central.rows("audit_event") if row["action"] == "stock.set"][-1]
    assert (event["actor"], event["detail"]) == ("staff:clerk", {"was": 5, "count": 2, "reason": "broken"})


def test_a_hold_that_is_over_holds_no_count(shop: RewardShop) -> None:
    shop.load(reward(stock={"lakeside": 1}))
    shop.hold(shop.visit(shop.member()))
    shop.central.clock.advance(minutes=15)
    assert shop.rewards.stock.set(CLERK, Count("rice", "lakeside", 0, "sold out")).taken == 0
