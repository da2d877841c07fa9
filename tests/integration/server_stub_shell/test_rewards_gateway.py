"""The kiosk's gateway of rewards against the real process: the catalogue, a price, one request that is asked twice, giving back."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import grpc
import pytest

from kiosk.app.time_and_ids import SystemClock, Uuid7Ids
from kiosk.backend.caller import Caller
from kiosk.backend.cards import CardGateway
from kiosk.backend.rewards import RewardGateway
from kiosk.outbox.journal import SqliteJournal
from kiosk.ports.errors import Refused, Unreachable
from kiosk.ports.journal import IntentKind
from kiosk.ports.rewards import Bargain, Pieces, RedemptionState
from kiosk.ports.values import CardSeen, Language
from tests.integration.server_stub_shell.test_rewards_over_the_wire import furnish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.service_process import Installation

RICE = Bargain(Pieces("rice", 1), 1200)
IDS = Uuid7Ids()


def channel_to(installation: Installation) -> grpc.aio.Channel:
    return grpc.aio.secure_channel(f"localhost:{installation.port}", installation.credentials())


@pytest.mark.timeout(240)
async def test_a_kiosk_redeems_once_whatever_becomes_of_the_answer(installation: Installation, project_root: Path, tmp_path: Path) -> None:
    by_phone, by_card = furnish(installation, project_root / "deploy/rewards.sample.toml")
    service = installation.start()
    journal = SqliteJournal(tmp_path / "journal.db")
    channel = channel_to(installation)
    desk = RewardGateway(channel, Caller(journal, SystemClock()))

    rewards = {one.reward_id: one for one in await desk.catalogue(by_phone, Language.ZH_HANT)}
    assert (len(rewards), rewards["rice"].title, rewards["rice"].left) == (11, "東北大米 5 公斤", 10)
    assert {one.reward_id: str(one.refusal) for one in rewards.values() if one.refusal} == {
        "gold-basket": "TIER_TOO_LOW",
        "tea-set": "OUT_OF_STOCK",
    }
    assert rewards["tea-set"].alternative == "tissue" or rewards["tea-set"].alternative == "towel"
    quote = await desk.quote(by_phone, Pieces("rice", 2), Language.EN)
    assert (quote.points, quote.after, quote.needs_code, quote.refusal) == (2400, 6600, False, None)
    assert sum(payer.points for payer in quote.payers) == 2400
    assert quote.last_day
    assert (await desk.quote(by_card, Pieces("rice-cooker", 1), Language.EN)).needs_code
    too_many = await desk.quote(by_phone, Pieces("rice", 3), Language.EN)
    assert (str(too_many.refusal), too_many.alternative and too_many.alternative.reward_id) == ("LIMIT_REACHED", "oil")

    with pytest.raises(Refused, match="PRICE_CHANGED") as caught:
        await desk.redeem(IDS.new(), by_phone, Bargain(RICE.wanted, 1100), "")
    assert (caught.value.points, journal.unsettled()) == (1200, ())

    # The service goes between sending and answer: nobody knows, until the same request is asked again.
    request_id = IDS.new()
    service.stop(signal.SIGKILL)
    with pytest.raises(Unreachable):
        await desk.redeem(request_id, by_phone, RICE, "")
    assert [(intent.request_id, intent.kind) for intent in journal.unsettled()] == [(request_id, IntentKind.REDEEM)]
    await channel.close()
    installation.start()
    channel = channel_to(installation)
    desk = RewardGateway(channel, Caller(journal, SystemClock()))
    made = [await desk.redeem(request_id, by_phone, RICE, "") for _ in range(2)]
    assert made[0] == made[1]
    assert (made[0].state, made[0].points, made[0].available, len(made[0].pickup_code)) == (RedemptionState.WAITING, 1200, 7800, 11)
    assert journal.unsettled() == ()

    (own,) = await desk.redemptions(by_phone, Language.EN)
    assert (own.redemption, own.title, own.is_here, own.can_be_undone) == (made[0], "Rice, 5 kg", True, True)
    receipt = await desk.redemption_receipt(by_phone, made[0].redemption_id, Language.EN)
    assert receipt == await desk.redemption_receipt(by_phone, made[0].redemption_id, Language.EN)
    undone, proof = await desk.undo(IDS.new(), by_phone, made[0].redemption_id, Language.EN)
    assert proof is not None
    assert proof.code.startswith("HR1:")
    assert proof != receipt
    assert (undone.state, undone.available, undone.pickup_code, undone.last_day) == (RedemptionState.GIVEN_BACK, 9000, "", "")
    with pytest.raises(Refused, match="WRONG_STATE"):
        await desk.undo(IDS.new(), by_phone, made[0].redemption_id, Language.EN)
    with pytest.raises(Refused, match="CARD_UNKNOWN"):
        await CardGateway(channel, Caller(journal, SystemClock())).begin_update(by_phone, CardSeen(bytes(7), b""))
    await channel.close()
    journal.close()
