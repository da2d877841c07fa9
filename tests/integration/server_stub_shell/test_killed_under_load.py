"""The service is killed again and again while 16 clients redeem: what was acknowledged is there once, nothing is there twice.

Seed and figures are printed. KILL_SEED repeats a run as far as the machine lets it: what is asked and how long each service lives.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from proto.member.v1 import reward_pb2
from server_stub.storage.redemptions import RewardRow, set_reward, set_stock
from tests.load.furnishing import POINTS, furnish
from tests.support.redeem_load import RedeemLoad
from tests.support.service_parts import beside
from tests.support.wire_calls import envelope

if TYPE_CHECKING:
    from collections.abc import Callable

    from server_stub.storage.database import Tx
    from tests.support.service_process import Installation

CLIENTS, MEMBERS, POOR = 16, 40, 4
PIECES, LEFT = 100_000, 60
SHORT = "REASON_INSUFFICIENT_AVAILABLE"
# A cup goes with a batch; of a pin each member may have so many, which only the use case judges.
CUP = RewardRow("cup", 3, None, None, None, None, None, adult_only=False, rules_version="")
PIN = replace(CUP, reward_id="pin", points=2, per_member=100_000)
# Each service answers so many at least before it dies, and lives for so long at most after that.
ANSWERS, LONGEST_LIFE_S = 20, 0.8


def put_rewards(tx: Tx) -> None:
    for reward in (CUP, PIN):
        set_reward(tx, reward)
        set_stock(tx, reward.reward_id, "", PIECES)


class Stage:
    """An installation with members whose service dies."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.service = installation.start()
        with beside(installation) as parts:
            self.visits = furnish(parts.database, parts.settings.keys_folder, parts.settings.profile, MEMBERS).visit_tokens
            parts.database.write(put_rewards)
        self.seed = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(2**32))
        self._random = random.Random(self.seed)
        self.load = RedeemLoad(f"localhost:{installation.port}", installation.credentials(), self.seed)

    async def impoverish(self) -> None:
        """Leaves some members so few points that they run out of them under load."""
        order = reward_pb2.RedemptionOrder(points=POINTS - LEFT)
        requests = [reward_pb2.RedeemRequest(envelope=envelope(), visit_token=visit, order=order) for visit in self.visits[:POOR]]
        first = await self.load.ask_again(requests, 1)
        assert len(first.acknowledged) == POOR
        self.load.known = first

    async def kill(self, times: int) -> None:
        """Kills it so many times at random moments, the last time for good."""
        for left in reversed(range(times)):
            before = len(self.load.known.acknowledged)
            async with asyncio.timeout(60):
                while len(self.load.known.acknowledged) < before + ANSWERS:
                    await asyncio.sleep(0.005)
            await asyncio.sleep(self._random.uniform(0, LONGEST_LIFE_S))
            await asyncio.to_thread(self.service.stop, signal.SIGKILL)
            if left:
                await asyncio.to_thread(self.start)

    def start(self) -> None:
        self.service = self.installation.start()


@pytest.fixture
def stage(installation_on_both: Installation) -> Stage:
    return Stage(installation_on_both)


@pytest.mark.timeout(300)
async def test_a_killed_service_loses_and_doubles_nothing(stage: Stage, figures: Callable[[str], None]) -> None:
    await survives(stage, 4, figures)


@pytest.mark.long
async def test_a_service_that_is_killed_fifty_times_loses_and_doubles_nothing(stage: Stage, figures: Callable[[str], None]) -> None:
    await survives(stage, 50, figures)


async def survives(stage: Stage, kills: int, figures: Callable[[str], None]) -> None:
    await stage.impoverish()
    load, known = stage.load, stage.load.known
    await load.run(stage.visits, (CUP.reward_id, PIN.reward_id), CLIENTS, asyncio.create_task(stage.kill(kills)))
    figures(
        f"KILL_SEED={stage.seed}: {kills} kills, {len(known.acknowledged)} acknowledged, {len(known.refused)} refused, "
        f"{len(known.open)} open, {known.again} asked again"
    )
    assert not known.unexpected
    assert set(known.refused.values()) <= {SHORT}
    with beside(stage.installation) as parts:
        booked = parts.database.read(judge)
    assert not known.acknowledged.keys() - booked
    assert not booked - known.acknowledged.keys() - known.open.keys()

    await asyncio.to_thread(stage.start)
    asked = [known.requests[request_id] for request_id in (*known.acknowledged, *known.open)]
    again = await load.ask_again(asked, CLIENTS)
    assert stage.service.stop() == 0
    # The same answer; and what nobody had an answer to has one now, the first where it had been carried out.
    assert {request_id: again.acknowledged.get(request_id) for request_id in known.acknowledged} == known.acknowledged
    assert not again.open
    assert not again.unexpected
    assert not booked & again.refused.keys()
    with beside(stage.installation) as parts:
        assert parts.database.read(judge) == again.acknowledged.keys()
    for command in (("ledger", "prove"), ("audit", "verify")):
        done = stage.installation.command(*command)
        assert done.returncode == 0, done.stdout + done.stderr


def judge(tx: Tx) -> set[str]:
    """Sees that nothing is there twice or in part and that no point and no piece is lost; returns the requests that were carried out."""

    def column(query: str) -> list[Any]:
        return list(tx.connection.execute(text(query)).scalars())

    requests = column("SELECT request_id FROM redemption")
    assert max(Counter(requests).values()) == 1
    log = column("SELECT request_id FROM request_log WHERE operation = 'SPEND_OWN_POINTS'")
    events = column("SELECT request_id FROM audit_event WHERE action = 'redemption.committed'")
    causes = column("SELECT cause FROM points_entry WHERE kind = 'REDEMPTION'")
    for others in (log, events, [cause.removeprefix("redemption:red_") for cause in causes]):
        assert sorted(others) == sorted(requests)
    (spent,) = column("SELECT sum(points) FROM redemption")
    (posted,) = column("SELECT -sum(points) FROM points_entry WHERE kind = 'REDEMPTION'")
    (left,) = column("SELECT sum(available) FROM points_account WHERE member_id LIKE 'load-%'")
    assert spent == posted == MEMBERS * POINTS - left
    pieces = "SELECT coalesce(sum(qty), 0) FROM redemption WHERE reward_id = reward_stock.reward_id"
    assert not any(column(f"SELECT taken - ({pieces}) FROM reward_stock"))
    assert min(column("SELECT taken FROM reward_stock WHERE reward_id IN ('cup', 'pin')")) > 0
    return set(requests)
