"""What members are shown of their own points and purchases: where they came from, which lot paid, what was bought, and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest

from server_stub.domain.actors import DeviceActor, DeviceKind, SystemActor
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.ledger.tiers import Climb, climb_from
from server_stub.domain.ledger_commands import AdjustPoints, RecordReturn, RecordSale, Redeem, ReturnLine, SaleLine, Tender
from server_stub.domain.points_origin import PointsOrigin, number_of, origin_of, store_of
from server_stub.domain.program.parameters import Parameters, TierLevel
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, Refused
from server_stub.services.own_purchases import masked_tender
from server_stub.services.tills import TillSale
from server_stub.storage.codes import CodePurpose
from tests.support.central_service import DEVICE, MOBILE, OTHER_DEVICE, Central

if TYPE_CHECKING:
    from collections.abc import Callable

TILL = DeviceActor("T01", "lakeside", DeviceKind.TILL)
SYSTEM = SystemActor("test")
OTHER_MOBILE = "13900139000"
STORE = "湖滨店"
TODAY = date(2026, 11, 23)
RICE = SaleLine("rice", "food", 2, 5_000)
WINE = SaleLine("wine", "alcohol", 1, 3_050, 200)


def refusal_of(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value


@dataclass
class Shopper:
    """A member with a card, before a kiosk."""

    central: Central
    mobile: str
    name: str

    def __post_init__(self) -> None:
        self.number = self.central.join(mobile=self.mobile, name=self.name).membership_number
        self.member_id = self.central.member_id(self.number)
        self.central.activate(self.member_id)
        self.come()

    def come(self) -> str:
        self.visit = self.central.core.members.identify(DEVICE, self.central.proof(self.mobile, CodePurpose.SIGN_IN)).visit_token
        return self.visit

    def buys(self, sale_id: str, *lines: SaleLine, tenders: tuple[Tender, ...] | None = None) -> None:
        sale = RecordSale(sale_id, "elsewhere", lines or (RICE,), tenders=tenders)
        self.central.core.tills.record_sale(TILL, self.central.envelope(), TillSale(sale, self.number))


@pytest.fixture
def shopper(central: Central) -> Shopper:
    return Shopper(central, MOBILE, "欧阳建国")


def test_a_purchase_of_somebody_else_an_old_one_and_one_that_never_was_are_refused_alike(central: Central, shopper: Shopper) -> None:
    other = Shopper(central, OTHER_MOBILE, "王小满")
    other.buys("THEIRS")
    shopper.buys("OLD")
    central.core.tills.record_sale(TILL, central.envelope(), TillSale(RecordSale("NOBODYS", "elsewhere", (RICE,)), ""))
    assert central.core.own_purchases.one(DEVICE, shopper.come(), "OLD").purchase.points == 100
    central.clock.advance(days=366)
    visit = shopper.come()
    for sale_id in ("THEIRS", "OLD", "NOBODYS", "NEVER", ""):
        refused = refusal_of(lambda sale_id=sale_id: central.core.own_purchases.one(DEVICE, visit, sale_id))
        assert refused.refused == Refused(Reason.SALE_UNKNOWN)
    assert central.core.own_purchases.page(DEVICE, visit, "", 5).total == 0
    # A receipt's number is no key to somebody else's list either.
    assert refusal_of(lambda: central.core.own_purchases.page(DEVICE, visit, "THEIRS", 5)).reason is Reason.REQUEST_MALFORMED


def test_only_the_device_and_the_visit_see_purchases_and_points(central: Central, shopper: Shopper) -> None:
    shopper.buys("S1")
    purchases = central.core.own_purchases
    assert refusal_of(lambda: purchases.page(TILL, shopper.visit, "", 5)).reason is Reason.NOT_PERMITTED
    assert refusal_of(lambda: purchases.one(TILL, shopper.visit, "S1")).reason is Reason.NOT_PERMITTED
    assert refusal_of(lambda: purchases.page(OTHER_DEVICE, shopper.visit, "", 5)).reason is Reason.VISIT_OVER
    assert refusal_of(lambda: purchases.one(OTHER_DEVICE, shopper.visit, "S1")).reason is Reason.VISIT_OVER
    for size in (-1, 101):
        assert refusal_of(lambda size=size: purchases.page(DEVICE, shopper.visit, "", size)).reason is Reason.REQUEST_MALFORMED
    central.core.members.end_visit(DEVICE, shopper.visit)
    assert refusal_of(lambda: purchases.one(DEVICE, shopper.visit, "S1")).reason is Reason.VISIT_OVER
    assert refusal_of(lambda: central.core.own_points.account(DEVICE, shopper.visit)).reason is Reason.VISIT_OVER


def test_purchases_come_newest_first_a_page_at_a_time(central: Central, shopper: Shopper) -> None:
    for place in range(1, 6):
        central.clock.advance(days=1)
        shopper.buys(f"S{place}", SaleLine("rice", "food", 1, place * 100))
    visit = shopper.come()
    first = central.core.own_purchases.page(DEVICE, visit, "", 3)
    assert ([p.sale_id for p in first.purchases], first.total) == (["S5", "S4", "S3"], 5)
    # One that is booked meanwhile moves no row from page to page.
    shopper.buys("S6")
    rest = central.core.own_purchases.page(DEVICE, visit, first.next_page_token, 3)
    assert [(p.sale_id, p.points, p.store_name) for p in rest.purchases] == [("S2", 2, STORE), ("S1", 1, STORE)]
    assert rest.next_page_token == ""


def test_a_purchase_tells_lines_tenders_and_what_came_back(central: Central, shopper: Shopper) -> None:
    shopper.buys("S1", RICE, WINE, tenders=(Tender("wechat_pay", 12_000), Tender("6222021234567890123", 850)))
    central.core.tills.record_return(TILL, central.envelope(), RecordReturn("R1", "S1", (ReturnLine(1, 1),)))
    detail = central.core.own_purchases.one(DEVICE, shopper.visit, "S1")
    bought = detail.purchase
    assert (bought.total_fen, bought.points, bought.taken_back, bought.refund_fen) == (12_850, 128, 49, 5_000)
    assert [(x.line.sku, x.line.qty, x.returned, x.line.discount_fen) for x in detail.lines] == [("rice", 2, 1, 0), ("wine", 1, 0, 200)]
    assert [(t.type, t.fen) for t in detail.tenders] == [("wechat_pay", 12_000), ("other", 850)]
    assert [(r.refund_fen, r.taken_back) for r in detail.returns] == [(5_000, 49)]
    assert (detail.applied, detail.rules_version) == ((), "built-in:plain")


@pytest.mark.parametrize("told", ["6222021234567890123", "card 6222", "张三", "", "x" * 40, "Cash", "pay1"])
def test_what_could_be_a_number_or_a_name_is_no_way_of_paying(told: str) -> None:
    assert masked_tender(told) == "other"


def test_every_lot_says_where_it_came_from_and_the_sums_say_what_ends(central: Central, shopper: Shopper) -> None:
    shopper.buys("S1")
    by = AdjustPoints(shopper.member_id, 30, "goodwill", "li", "wang", "C1", expires_on=date(2026, 12, 1))
    central.core.ledger.adjustments.adjust(SYSTEM, central.envelope(), by)
    view = central.core.own_points.account(DEVICE, shopper.visit)
    told = [(x.provenance.origin, x.provenance.number, x.provenance.store_name, x.lot.points, x.lot.original) for x in view.lots]
    assert told == [
        (PointsOrigin.CORRECTION, "", "", 30, 30),
        (PointsOrigin.WELCOME, "", "", 200, 200),
        (PointsOrigin.PURCHASE, "S1", STORE, 100, 100),
    ]
    assert {x.provenance.earned_on for x in view.lots} == {TODAY}
    assert (view.expiring.points, view.expiring.last_day, view.pending_until) == (30, date(2026, 11, 30), None)


@pytest.mark.parametrize("is_settled", [False, True])
def test_a_redemption_says_which_lots_paid_also_before_it_is_divided(central: Central, shopper: Shopper, is_settled: bool) -> None:
    shopper.buys("S1")
    redeem = Redeem("X1", shopper.member_id, points=250, store_id="lakeside")
    central.core.ledger.redemptions.redeem(SYSTEM, central.envelope(), redeem)
    if is_settled:
        shopper.buys("S2", SaleLine("salt", "food", 1, 100))
    newest = central.core.own_points.movements(DEVICE, shopper.visit, "", 20).movements[1 if is_settled else 0]
    assert (newest.kind, newest.origin, newest.number, newest.points, newest.store_name) == (
        EntryKind.REDEMPTION,
        PointsOrigin.REDEMPTION,
        "X1",
        -250,
        STORE,
    )
    assert [(p.provenance.origin, p.points) for p in newest.payers] == [(PointsOrigin.WELCOME, 200), (PointsOrigin.PURCHASE, 50)]


def test_the_statement_names_sales_returns_and_gifts(central: Central, shopper: Shopper) -> None:
    shopper.buys("S1")
    central.core.tills.record_return(TILL, central.envelope(), RecordReturn("R1", "S1"))
    page = central.core.own_points.movements(DEVICE, shopper.visit, "", 20)
    assert [(m.origin, m.number, m.store_name, m.points, m.balance) for m in page.movements] == [
        (PointsOrigin.RETURN, "R1", STORE, -100, 200),
        (PointsOrigin.PURCHASE, "S1", STORE, 100, 300),
        (PointsOrigin.WELCOME, "", "", 200, 200),
    ]


@pytest.mark.parametrize(
    ("kind", "cause", "origin", "number"),
    [
        (EntryKind.ACCRUAL, "sale:S1:2", PointsOrigin.PURCHASE, "S1:2"),
        (EntryKind.ACCRUAL, "welcome:mbr_1", PointsOrigin.WELCOME, ""),
        (EntryKind.ACCRUAL, "referral:ref_1", PointsOrigin.REFERRAL, ""),
        (EntryKind.ACCRUAL, "campaign:bag:1", PointsOrigin.CAMPAIGN, ""),
        (EntryKind.ACCRUAL, "something-new:1", PointsOrigin.GIFT, ""),
        (EntryKind.ACCRUAL_REVERSAL, "return:R1", PointsOrigin.RETURN, "R1"),
        (EntryKind.ACCRUAL_REVERSAL, "referral:ref_1:back", PointsOrigin.GIFT_BACK, ""),
        (EntryKind.REDEMPTION_REVERSAL, "reversal:X1", PointsOrigin.REDEMPTION_BACK, ""),
        (EntryKind.EXPIRY, "expiry:ent_1:2026-01-01", PointsOrigin.EXPIRY, ""),
        (EntryKind.ADJUSTMENT, "adjustment:1", PointsOrigin.CORRECTION, ""),
        (EntryKind.MERGE, "merge:1", PointsOrigin.MERGE, ""),
        (EntryKind.ALLOWANCE_OUT, "allowance:1", PointsOrigin.ALLOWANCE, ""),
    ],
)
def test_every_entry_has_an_origin_and_no_inner_name_is_told(kind: EntryKind, cause: str, origin: PointsOrigin, number: str) -> None:
    assert (origin_of(kind, cause), number_of(origin, cause)) == (origin, number)


def test_only_halves_of_stores_name_a_store() -> None:
    counters = ("issued:s1", "redeemed:s2", "redeemed:", "breakage", "referral:7")
    assert [store_of(counter) for counter in counters] == ["s1", "s2", "", "", ""]


def test_the_way_to_the_next_tier_counts_this_year_and_ends_at_the_top() -> None:
    rules = Parameters(tiers=(TierLevel("basic", 0), TierLevel("silver", 500), TierLevel("gold", 2_000)))
    assert climb_from(rules, 120, 0) == Climb("silver", 120, 500)
    assert climb_from(rules, 120, 700) == Climb("gold", 120, 2_000)
    assert climb_from(rules, -5, 0) == Climb("silver", 0, 500)
    assert climb_from(rules, 2_000, 0) is None
    assert climb_from(Parameters(), 120, 0) is None


def test_no_kind_of_entry_is_without_an_origin() -> None:
    assert {origin_of(kind, "x:1") for kind in EntryKind} <= set(PointsOrigin)
