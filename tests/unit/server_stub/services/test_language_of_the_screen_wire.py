"""Titles and names that the centre says arrive in the language of the screen: on the statement, and on every receipt that has one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import grpc
import pytest

from kiosk.backend.campaigns import CampaignGateway
from kiosk.backend.points import PointsGateway
from kiosk.backend.rewards import RewardGateway
from kiosk.ports.values import Language, RequestId
from proto.member.v1 import campaign_pb2, points_pb2, reward_pb2
from server_stub.domain import language as domain
from server_stub.domain.ledger_commands import Redeem
from server_stub.rpc.campaign import CampaignServicer
from server_stub.rpc.points import PointsServicer
from server_stub.rpc.reward import RewardServicer
from server_stub.rpc.translate import timestamp
from server_stub.storage.tables.people import person
from tests.support.campaign_stand import CampaignStand, campaign
from tests.support.central_service import DEVICE, Central, ChainingSigner
from tests.support.reward_shop import JOB, reward
from tests.unit.server_stub.services.test_own_points_wire import Blocking, Line

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from kiosk.backend.caller import Caller
    from server_stub.services.receipts import ReceiptFacts

TITLES = {Language.ZH_HANS: "亲子烘焙课", Language.ZH_HANT: "親子烘焙課", Language.EN: "Family baking"}
NAMES = {Language.ZH_HANS: "rice 简", Language.ZH_HANT: "rice 繁", Language.EN: "rice"}
POINTS = {"points": {"points": 50, "valid_days": 90}}
# Those who look at a screen in another language than their own, and those who do not.
LOOKS = [(own, seen) for own in domain.Language for seen in Language]


class Deeds(Line):
    """A wire that also takes what changes something."""

    def __init__(self, servicer: Any, central: Central) -> None:
        super().__init__(servicer)
        self._central = central

    async def mutate(self, method: Any, request: Any, request_id: RequestId, _kind: Any) -> Any:
        request.envelope.request_id, request.envelope.device_seq = request_id, 1
        request.envelope.occurred_at.CopyFrom(timestamp(self._central.clock.now()))
        return await self.ask(method, request)


class Kiosk:
    """A kiosk's gateways, the lines below them, and what the receipts said that were signed for it."""

    def __init__(self, central: Central, channel: grpc.aio.Channel, signed: list[ReceiptFacts]) -> None:
        ground: Any = SimpleNamespace(caller=SimpleNamespace(device=DEVICE), blocking=Blocking())
        core, desk = central.core, cast("Any", None)
        self.points_line = Deeds(PointsServicer(ground, core.own_points, core.own_purchases), central)
        self.campaigns_line = Deeds(CampaignServicer(ground, core.campaigns), central)
        self.rewards_line = Deeds(RewardServicer(ground, desk, core.rewards), central)
        self.points = PointsGateway(channel, cast("Caller", self.points_line))
        self.campaigns = CampaignGateway(channel, cast("Caller", self.campaigns_line))
        self.rewards = RewardGateway(channel, cast("Caller", self.rewards_line))
        self._central, self._signed = central, signed

    def request_id(self) -> RequestId:
        return RequestId(self._central.request_id())

    def named(self) -> list[str]:
        """What the receipts of today name, in the order in which they were signed."""
        bought = [facts.bought.reward_name if facts.bought else "" for facts in self._signed]
        taken_part = [facts.taken_part.title if facts.taken_part else "" for facts in self._signed]
        return [name for both in zip(bought, taken_part, strict=True) for name in both if name]


@pytest.fixture
def stand(central: Central) -> CampaignStand:
    """A campaign that gives points, and a reward of which there are some."""
    made = CampaignStand(central)
    title = {language.value: words for language, words in TITLES.items()}
    made.announce(campaign(grant=POINTS, title=title, per_member=2))
    made.load(reward(stock={"lakeside": 5}))
    return made


@pytest.fixture
async def kiosk(central: Central, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Kiosk]:
    signed: list[ReceiptFacts] = []
    sign = ChainingSigner.sign

    def noted(signer: ChainingSigner, facts: ReceiptFacts, *more: Any) -> Any:
        signed.append(facts)
        return sign(signer, facts, *more)

    monkeypatch.setattr(ChainingSigner, "sign", noted)
    channel = grpc.aio.insecure_channel("unix:/nonexistent")
    yield Kiosk(central, channel, signed)
    await channel.close()


def coming(stand: CampaignStand, own: domain.Language) -> tuple[str, str]:
    """Returns a member who joined in a language, and the token of the visit."""
    member = stand.member()
    joined_in = person.update().values(language=own.value)
    stand.central.database.write(lambda tx: tx.connection.execute(joined_in))
    return member, stand.visit(member)


def spend_what_the_campaign_gave(stand: CampaignStand, member: str) -> None:
    stand.central.clock.advance(minutes=1)
    redeem = Redeem("X1", member, points=30, store_id="lakeside")
    stand.counter.ledger.redemptions.redeem(JOB, stand.central.envelope(), redeem)


@pytest.mark.parametrize(("own", "seen"), LOOKS)
async def test_the_statement_calls_a_campaign_as_the_screen_speaks(
    stand: CampaignStand, kiosk: Kiosk, own: domain.Language, seen: Language
) -> None:
    member, visit = coming(stand, own)
    stand.join(visit)
    spend_what_the_campaign_gave(stand, member)
    account = await kiosk.points.account(visit, seen)
    assert {lot.campaign for lot in account.lots if lot.origin == "CAMPAIGN"} == {TITLES[seen]}
    spent, came, *others = (await kiosk.points.entries(visit, "", 20, seen)).entries
    assert (came.origin, came.campaign) == ("CAMPAIGN", TITLES[seen])
    assert [(payer.origin, payer.points, payer.campaign) for payer in spent.payers] == [("CAMPAIGN", 30, TITLES[seen])]
    assert {entry.campaign for entry in (spent, *others)} == {""}


@pytest.mark.parametrize("own", list(domain.Language))
async def test_a_kiosk_of_an_earlier_release_is_told_in_the_members_own_language(
    stand: CampaignStand, kiosk: Kiosk, own: domain.Language
) -> None:
    member, visit = coming(stand, own)
    joins = campaign_pb2.JoinRequest(visit_token=visit, campaign_id="baking")
    await kiosk.campaigns_line.mutate(kiosk.campaigns._campaigns.Join, joins, kiosk.request_id(), None)
    bought = stand.buy(visit)
    asks = reward_pb2.GetRedemptionReceiptRequest(visit_token=visit, redemption_id=bought.redemption_id)
    await kiosk.rewards_line.ask(kiosk.rewards._rewards.GetRedemptionReceipt, asks)
    undoes = reward_pb2.CancelRequest(visit_token=visit, redemption_id=bought.redemption_id)
    await kiosk.rewards_line.mutate(kiosk.rewards._rewards.Cancel, undoes, kiosk.request_id(), None)
    own_words = Language(own.value)
    assert kiosk.named() == [TITLES[own_words], NAMES[own_words], NAMES[own_words]]
    spend_what_the_campaign_gave(stand, member)
    lots = (await kiosk.points_line.ask(kiosk.points._points.GetAccount, points_pb2.GetAccountRequest(visit_token=visit))).lots
    rows = await kiosk.points_line.ask(kiosk.points._points.ListEntries, points_pb2.ListEntriesRequest(visit_token=visit))
    titles = [lot.campaign_title for lot in lots] + [row.campaign_title for row in rows.entries]
    assert set(titles) - {""} == {TITLES[own_words]}


@pytest.mark.parametrize(("own", "seen"), LOOKS)
async def test_a_receipt_names_campaign_and_reward_as_the_screen_speaks(
    stand: CampaignStand, kiosk: Kiosk, own: domain.Language, seen: Language
) -> None:
    _member, visit = coming(stand, own)
    await kiosk.campaigns.join(kiosk.request_id(), visit, "baking", seen)
    bought = stand.buy(visit)
    await kiosk.rewards.redemption_receipt(visit, bought.redemption_id, seen)
    await kiosk.rewards.undo(kiosk.request_id(), visit, bought.redemption_id, seen)
    assert kiosk.named() == [TITLES[seen], NAMES[seen], NAMES[seen]]


async def test_a_receipt_that_is_written_stays_as_it_is_in_whatever_language_it_is_asked_for_again(
    stand: CampaignStand, kiosk: Kiosk
) -> None:
    _member, visit = coming(stand, domain.Language.ZH_HANS)
    joins, undoes = kiosk.request_id(), kiosk.request_id()
    taken_part = [(await kiosk.campaigns.join(joins, visit, "baking", seen)).receipt for seen in Language]
    bought = stand.buy(visit)
    receipts = [await kiosk.rewards.redemption_receipt(visit, bought.redemption_id, seen) for seen in Language]
    undone = [(await kiosk.rewards.undo(undoes, visit, bought.redemption_id, seen))[1] for seen in Language]
    first = next(iter(Language))
    assert [len(set(each)) for each in (taken_part, receipts, undone)] == [1, 1, 1]
    assert kiosk.named() == [TITLES[first], NAMES[first], NAMES[first]]
