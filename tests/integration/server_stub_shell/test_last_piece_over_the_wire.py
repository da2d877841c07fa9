"""200 calls at once want the last points or the last piece, over mutual TLS: one has them, and nobody waits longer than stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from proto.member.v1 import reward_pb2
from server_stub.storage.redemptions import RewardRow, set_reward, set_stock
from tests.load.furnishing import POINTS, furnish
from tests.support.redeem_load import Answers, RedeemLoad
from tests.support.service_parts import beside
from tests.support.wire_calls import envelope

if TYPE_CHECKING:
    from collections.abc import Callable

    from server_stub.storage.database import Tx
    from tests.support.service_process import Installation

CALLS, MEMBERS, COST = 200, 20, 10
# What a kiosk waits before it says that the centre cannot be reached (row 45).
LONGEST_WAIT_S = 10.0
# One piece is in stock: of a cup for a batch, of a pin for the use case, because members may have so many.
CUP = RewardRow("last-cup", COST, None, None, None, None, None, adult_only=False, rules_version="")
PIN = RewardRow("last-pin", COST, None, 9, None, None, None, adult_only=False, rules_version="")


def put_rewards(tx: Tx) -> None:
    for reward in (CUP, PIN):
        set_reward(tx, reward)
        set_stock(tx, reward.reward_id, "", 1)


async def all_at_once(load: RedeemLoad, visits: list[str], order: reward_pb2.RedemptionOrder) -> Answers:
    """What became of all calls; who is told to come again comes again."""
    requests = [reward_pb2.RedeemRequest(envelope=envelope(), visit_token=visits[n % len(visits)], order=order) for n in range(CALLS)]
    known = await load.ask_again(requests, CALLS)
    while known.open:
        again = await load.ask_again(known.open.values(), CALLS)
        known.acknowledged |= again.acknowledged
        known.refused |= again.refused
        known.unexpected += again.unexpected
        known.open, known.longest_s = again.open, max(known.longest_s, again.longest_s)
    return known


@pytest.mark.timeout(300)
async def test_one_of_two_hundred_has_the_last(installation_on_both: Installation, figures: Callable[[str], None]) -> None:
    installation = installation_on_both
    service = installation.start()
    with beside(installation) as parts:
        visits = list(furnish(parts.database, parts.settings.keys_folder, parts.settings.profile, MEMBERS).visit_tokens)
        parts.database.write(put_rewards)
    load = RedeemLoad(f"localhost:{installation.port}", installation.credentials(), seed=0)
    all_but_the_last = reward_pb2.RedemptionOrder(points=POINTS - COST)
    await load.ask_again([reward_pb2.RedeemRequest(envelope=envelope(), visit_token=visits[0], order=all_but_the_last)], 1)
    last = {
        "points": (visits[:1], reward_pb2.RedemptionOrder(points=COST), "REASON_INSUFFICIENT_AVAILABLE"),
        "cup": (visits[1:], reward_pb2.RedemptionOrder(reward_id=CUP.reward_id), "REASON_OUT_OF_STOCK"),
        "pin": (visits[1:], reward_pb2.RedemptionOrder(reward_id=PIN.reward_id), "REASON_OUT_OF_STOCK"),
    }
    for name, (at, order, reason) in last.items():
        known = await all_at_once(load, at, order)
        figures(f"{name}: longest {known.longest_s:.2f} s")
        assert (len(known.acknowledged), len(known.refused)) == (1, CALLS - 1)
        assert set(known.refused.values()) == {reason}
        assert not known.unexpected
        assert known.longest_s < LONGEST_WAIT_S
    assert service.stop() == 0
    proved = installation.command("ledger", "prove")
    assert proved.returncode == 0, proved.stdout
