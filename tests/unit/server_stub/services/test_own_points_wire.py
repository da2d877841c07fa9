"""What the centre tells of points and purchases, through servicer, messages and the kiosk's gateway: nothing is lost between them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import grpc
import pytest

from kiosk.backend.channel import ANSWER_MAX_BYTES
from kiosk.backend.perks import BenefitGateway
from kiosk.backend.points import PointsGateway
from kiosk.ports.perks import ExplanationLine
from kiosk.ports.points import PointsPayer, PurchaseTender
from kiosk.ports.values import Language
from kiosk.texts import load_catalogue
from proto.member.v1 import points_pb2 as pb
from screens.frame.explanation import say_explanation
from server_stub.config import LimitSettings
from server_stub.domain.ledger_commands import RecordReturn, RecordSale, Redeem, ReturnLine, SaleLine, Tender
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.rpc.benefit import BenefitServicer
from server_stub.rpc.explaining import ExplainingParts
from server_stub.rpc.points import PointsServicer
from server_stub.services.tills import TillSale
from server_stub.storage.codes import CodePurpose
from tests.support.central_service import DEVICE, MOBILE, Central
from tests.unit.server_stub.services.test_own_points import SYSTEM, TILL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from kiosk.backend.caller import Caller

SOLD_AT = "2026-11-23 10:0"


class Blocking:
    """Runs a use case at once."""

    async def run(self, work: Any, *values: Any) -> Any:
        return work(*values)


class Line:
    """A wire without a network: each message goes through its bytes."""

    def __init__(self, servicer: Any) -> None:
        self._servicer = servicer

    async def ask(self, method: Any, request: Any) -> Any:
        name = method._method.decode().rpartition("/")[2]
        answer = await getattr(self._servicer, name)(type(request).FromString(request.SerializeToString()), None)
        return type(answer).FromString(answer.SerializeToString())


@pytest.fixture
async def gateway(central: Central) -> AsyncIterator[PointsGateway]:
    channel = grpc.aio.insecure_channel("unix:/nonexistent")
    ground: Any = SimpleNamespace(caller=SimpleNamespace(device=DEVICE), blocking=Blocking())
    servicer = PointsServicer(ground, central.core.own_points, central.core.own_purchases)
    yield PointsGateway(channel, cast("Caller", Line(servicer)))
    await channel.close()


@pytest.fixture
async def explaining(central: Central) -> AsyncIterator[BenefitGateway]:
    channel = grpc.aio.insecure_channel("unix:/nonexistent")
    ground: Any = SimpleNamespace(caller=SimpleNamespace(device=DEVICE), blocking=Blocking())
    core = central.core
    parts = ExplainingParts(core.decisions, core.benefits)
    servicer = BenefitServicer(ground, parts, core.birthdays, core.referrals, core.benefit_changes)
    yield BenefitGateway(channel, cast("Caller", Line(servicer)))
    await channel.close()


@pytest.fixture
def visit(central: Central) -> str:
    number = central.join().membership_number
    member_id = central.member_id(number)
    central.activate(member_id)
    lines = (SaleLine("rice", "food", 2, 5_000), SaleLine("wine", "alcohol", 1, 3_050, 200))
    sale = RecordSale("S1", "elsewhere", lines, tenders=(Tender("wechat_pay", 12_000), Tender("6222021234567890123", 850)))
    central.core.tills.record_sale(TILL, central.envelope(), TillSale(sale, number))
    central.core.tills.record_return(TILL, central.envelope(), RecordReturn("R1", "S1", (ReturnLine(1, 1),)))
    redeem = Redeem("X1", member_id, points=50, store_id="lakeside")
    central.core.ledger.redemptions.redeem(SYSTEM, central.envelope(), redeem)
    return central.core.members.identify(DEVICE, central.proof(MOBILE, CodePurpose.SIGN_IN)).visit_token


async def test_what_is_not_the_members_own_and_what_has_no_shape_is_refused(gateway: PointsGateway, visit: str) -> None:
    for ask, reason in (
        (lambda: gateway.purchase(visit, "S2"), Reason.SALE_UNKNOWN),
        (lambda: gateway.purchase(visit, "S" * 65), Reason.REQUEST_MALFORMED),
        (lambda: gateway.purchases(visit, "S" * 65, 5), Reason.REQUEST_MALFORMED),
        (lambda: gateway.account("nobody's", Language.EN), Reason.VISIT_OVER),
    ):
        with pytest.raises(Refusal) as refused:
            await ask()
        assert refused.value.reason is reason


async def test_lots_and_movements_arrive_in_words_and_days_that_members_know(gateway: PointsGateway, visit: str) -> None:
    account = await gateway.account(visit, Language.EN)
    assert (account.available, account.pending, account.expiring) == (200 + 128 - 49 - 50, 0, 150)
    told = [(lot.origin, lot.store_name, lot.points, lot.original, lot.earned_on) for lot in account.lots]
    assert told == [("WELCOME", "", 150, 200, "2026-11-23"), ("PURCHASE", "湖滨店", 79, 128, "2026-11-23")]
    # The last day counts: the wire says the first day without.
    assert account.lots[0].last_day == account.expiring_last_day == "2027-11-22"
    page = await gateway.entries(visit, "", 3, Language.EN)
    assert [(e.origin, e.points, e.number, e.balance) for e in page.entries] == [
        ("REDEMPTION", -50, "X1", 229),
        ("RETURN", -49, "R1", 279),
        ("PURCHASE", 128, "S1", 328),
    ]
    assert page.entries[0].payers == (PointsPayer("WELCOME", "", "2026-11-23", 50),)
    assert page.entries[0].at.startswith(SOLD_AT)
    older = await gateway.entries(visit, page.next_page, 3, Language.EN)
    assert ([e.origin for e in older.entries], older.next_page) == (["WELCOME"], "")


def test_every_lot_of_ten_years_of_days_fits_into_an_answer() -> None:
    """Answers of more are not sent at all, and a member would see no points for good."""
    longest = pb.PointsLotView(
        source="S" * 64,
        points=10**6,
        available_on="2026-11-23",
        expires_on="2028-11-23",
        origin="PURCHASE",
        store_name="湖滨银泰新生活广场旗舰店",
        earned_on="2026-11-23",
        original=10**6,
        campaign_title="课" * 12,
    )
    assert pb.GetAccountResponse(lots=[longest] * 3_650).ByteSize() < LimitSettings().answer_bytes == ANSWER_MAX_BYTES


async def test_a_purchase_arrives_whole_and_without_numbers_of_cards(gateway: PointsGateway, visit: str) -> None:
    page = await gateway.purchases(visit, "", 5)
    assert [(p.sale_id, p.store_name, p.points, p.taken_back, p.refund_fen) for p in page.purchases] == [("S1", "湖滨店", 128, 49, 5_000)]
    assert (page.total, page.next_page) == (1, "")
    detail = await gateway.purchase(visit, "S1")
    assert detail.purchase == page.purchases[0]
    assert [(x.sku, x.qty, x.total_fen, x.returned, x.earns) for x in detail.lines] == [
        ("rice", 2, 10_000, 1, True),
        ("wine", 1, 2_850, 0, True),
    ]
    assert detail.tenders == (PurchaseTender("wechat_pay", 12_000), PurchaseTender("other", 850))
    assert [(r.refund_fen, r.taken_back, r.given_back) for r in detail.returns] == [(5_000, 49, 0)]


async def test_why_tier_and_gift_are_as_they_are_arrives_in_lines_that_the_kiosk_can_say(explaining: BenefitGateway, visit: str) -> None:
    why = await explaining.why_benefits(visit, Language.EN)
    english = load_catalogue().in_language("en")
    assert why.gift[0].rules == "birthday-2026-11"
    assert len(say_explanation(english, why.tier)) == len(why.tier)
    assert len(say_explanation(english, why.gift)) == len(why.gift)


async def test_why_a_purchase_earned_what_it_earned_arrives_in_lines_that_the_kiosk_can_say(explaining: BenefitGateway, visit: str) -> None:
    with pytest.raises(Refusal) as refused:
        await explaining.why_sale(visit, "S2", Language.EN)
    assert refused.value.reason is Reason.SALE_UNKNOWN
    lines = await explaining.why_sale(visit, "S1", Language.EN)
    assert lines[:2] == (
        ExplanationLine("explain.sale.earned", (("amount", "128.50"), ("points", "128")), "built-in:plain"),
        ExplanationLine("explain.sale.returned", (("points", "49"),)),
    )
    english = load_catalogue().in_language("en")
    assert say_explanation(english, lines)[0] == "¥128.50 earned 128 points (rules built-in:plain)"
    later = (ExplanationLine("explain.of_the_future"), ExplanationLine("explain.tier.until", (("day", "2027-12-31"), ("tier", "Gold"))))
    assert say_explanation(english, later) == ["Your tier is Gold until 31 Dec 2027"]
