"""Made-up traffic is a script, the same for the same seed, with everything in it that a shop sees."""

from __future__ import annotations

import json

import pytest

from server_stub.till.events import read_event
from server_stub.till.traffic import Plan, Traffic


@pytest.mark.parametrize("plan", [Plan(1, 0, 1), Plan(1, 50, 2), Plan(40, 600, 3)])
def test_every_event_is_one_of_a_script_and_comes_in_its_time(plan: Plan) -> None:
    events = [read_event(event) for event in Traffic(plan).events()]
    moments = [event["at"] for event in events]
    assert moments == sorted(moments)
    assert sum(event["op"] == "member" for event in events) == plan.members
    assert sum(event["op"] == "sale" for event in events) == plan.sales
    requests = [event["request_id"] for event in events if "request_id" in event]
    assert len(set(requests)) == len(requests)


def test_the_same_seed_makes_the_same_traffic_and_another_one_another() -> None:
    one, same, other = (json.dumps(list(Traffic(Plan(20, 200, seed)).events())) for seed in (7, 7, 8))
    assert one == same != other


def test_a_shop_sees_everything() -> None:
    events = list(Traffic(Plan(40, 2000, 1)).events())
    seen = {(event["op"], event.get("step", "")) for event in events}
    assert seen >= {("return", ""), *(("redeem", step) for step in ("now", "hold", "commit", "cancel", "reverse"))}
    assert seen >= {("coupon", step) for step in ("issue", "claim", "redeem")}
    sales = [event for event in events if event["op"] == "sale"]
    assert 0.7 < sum("member" in sale for sale in sales) / len(sales) < 0.9
