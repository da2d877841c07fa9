"""The kiosk's gateway of campaigns against the real process: the board, taking part once whatever becomes of the answer, a stop."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import grpc
import pytest

from kiosk.app.campaign_board import CampaignBoard
from kiosk.app.time_and_ids import SystemClock, Uuid7Ids
from kiosk.backend.caller import Caller
from kiosk.backend.campaigns import CampaignGateway
from kiosk.backend.perks import CouponGateway
from kiosk.outbox.journal import SqliteJournal
from kiosk.ports.errors import Refused, Unreachable
from kiosk.ports.journal import IntentKind
from kiosk.ports.values import Language
from server_stub.domain.actors import Role, StaffActor
from tests.integration.server_stub_shell.test_rewards_over_the_wire import furnish
from tests.support.service_parts import beside

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.service_process import Installation

IDS = Uuid7Ids()
MANAGER = StaffActor("dev-qian", frozenset({Role.MANAGER}))
NEW_YEAR, BAKING, BAG = "new-year-coupon", "family-baking", "green-bag"


def channel_to(installation: Installation) -> grpc.aio.Channel:
    return grpc.aio.secure_channel(f"localhost:{installation.port}", installation.credentials())


@pytest.mark.timeout(240)
async def test_a_kiosk_shows_campaigns_and_members_take_part_once(installation: Installation, project_root: Path, tmp_path: Path) -> None:
    visit, _ = furnish(installation, project_root / "deploy/rewards.sample.toml")
    service = installation.start()
    journal = SqliteJournal(tmp_path / "journal.db")
    channel = channel_to(installation)
    caller = Caller(journal, SystemClock())
    desk = CampaignGateway(channel, caller)

    board = await desk.board(0)
    assert {one.campaign_id for one in board.campaigns or ()} == {NEW_YEAR, BAKING, BAG}
    assert (await desk.board(board.version)).campaigns is None
    (baking,) = [one for one in board.campaigns or () if one.campaign_id == BAKING]
    assert (baking.words[Language.EN].title, baking.is_everywhere, baking.picture) == ("Family baking", False, "campaign-baking")
    assert (await desk.campaign("", BAKING, Language.EN)).left == 12
    look = await desk.campaign(visit, BAKING, Language.EN)
    assert (str(look.refusal), look.may_wish, [one.is_met for one in look.conditions]) == ("CAMPAIGN_NOT_ELIGIBLE", True, [True, False])
    assert [line.key.rpartition(".")[2] for line in look.way] == ["within_here", "till", "basis"]
    for campaign_id, reason in ((BAKING, "CAMPAIGN_NOT_ELIGIBLE"), ("nothing", "CAMPAIGN_UNKNOWN")):
        with pytest.raises(Refused, match=reason):
            await desk.join(IDS.new(), visit, campaign_id, Language.EN)
    assert journal.unsettled() == ()
    await desk.wish_reminder(IDS.new(), visit, BAKING)
    assert (await desk.campaign(visit, BAKING, Language.EN)).has_wished

    # The service goes between sending and answer: nobody knows, until the same request is asked again.
    request_id = IDS.new()
    service.stop(signal.SIGKILL)
    with pytest.raises(Unreachable):
        await desk.join(request_id, visit, NEW_YEAR, Language.EN)
    assert [(intent.request_id, intent.kind) for intent in journal.unsettled()] == [(request_id, IntentKind.JOIN_CAMPAIGN)]
    await channel.close()
    installation.start()
    channel = channel_to(installation)
    desk = CampaignGateway(channel, caller)
    made = [await desk.join(request_id, visit, NEW_YEAR, Language.EN) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].receipt.code.startswith("HR1:")
    assert journal.unsettled() == ()
    coupon = (await CouponGateway(channel, caller).show_coupon(visit, made[0].coupon_id)).coupon
    assert coupon.value_fen == 1000
    assert (coupon.why[0].key, coupon.why[0].rules) == ("explain.coupon.for_campaign", "v1")
    assert (await desk.join(IDS.new(), visit, BAG, Language.EN)).points == 50
    with pytest.raises(Refused, match="CAMPAIGN_CLAIMED_ALREADY"):
        await desk.join(IDS.new(), visit, NEW_YEAR, Language.EN)
    await channel.close()
    journal.close()


@pytest.mark.timeout(240)
async def test_a_stop_acts_on_a_kiosk_that_is_online(installation: Installation, tmp_path: Path) -> None:
    installation.start()
    journal, channel = SqliteJournal(tmp_path / "journal.db"), channel_to(installation)
    changed: asyncio.Queue[set[str]] = asyncio.Queue()
    board = CampaignBoard(
        CampaignGateway(channel, Caller(journal, SystemClock())),
        lambda campaigns, _shown, _ended: changed.put_nowait({one.campaign_id for one in campaigns}),
        SystemClock().now,
        lambda: 0.1,
    )
    running = asyncio.create_task(board.run())
    async with asyncio.timeout(60):
        assert await changed.get() == {NEW_YEAR, BAKING, BAG}
        with beside(installation) as parts:
            parts.core.campaigns.desk.stop(MANAGER, BAKING, "the oven is broken")
            assert await changed.get() == {NEW_YEAR, BAG}
            assert {one.campaign_id for one in board.shown()} == {NEW_YEAR, BAG}
            parts.core.campaigns.desk.resume(MANAGER, BAKING, "mended")
            assert await changed.get() == {NEW_YEAR, BAKING, BAG}
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await channel.close()
    journal.close()
