"""Made-up points and purchases for pictures and for the check of layouts. No real person and no real receipt is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kiosk.flows.points.state import (
    LoadAccount,
    LoadingEntries,
    LoadingPoints,
    LoadingPurchase,
    LoadingPurchases,
    PointsByEntry,
    PointsByLot,
    PointsUnavailable,
    PreparingStatement,
    PurchaseList,
    PurchaseShown,
    StatementReady,
)
from kiosk.ports.perks import ExplanationLine
from kiosk.ports.points import (
    PointsAccount,
    PointsEntry,
    PointsLot,
    PointsPayer,
    Purchase,
    PurchaseDetail,
    PurchaseLine,
    PurchaseReturn,
    PurchaseTender,
    Statement,
)
from kiosk.ports.values import Reason, Visitor

VISITOR = Visitor("visit", "欧阳**")
NUMBER = "8800 •••• 9012"
STORE = "湖滨店"

# As long as a title may be.
_TITLE = "亲子烘焙课春季加开第二期"
_LOTS = (
    PointsLot("PURCHASE", STORE, 800, 2_350, "2025-08-31", "2025-08-31", "2026-08-30"),
    PointsLot("PURCHASE", STORE, 2_140, 2_140, "2025-10-08", "2025-10-08", "2027-10-07"),
    PointsLot("CAMPAIGN", "", 50, 50, "2026-05-20", "2026-05-20", "2099-05-19", _TITLE),
    PointsLot("REFERRAL", "", 4_990, 4_990, "2026-01-14", "2026-01-14", "2028-01-13"),
    PointsLot("WELCOME", "", 200, 200, "2026-04-02", "", "2028-04-01"),
    PointsLot("PURCHASE", "城西店", 120, 120, "2026-06-18", "2099-06-18", "2099-12-17"),
    *(PointsLot("PURCHASE", "城西店", 100 * day, 100 * day, f"2026-07-{day:02}", f"2026-07-{day:02}", "") for day in range(1, 10)),
)
ACCOUNT = PointsAccount(12_480, 320, 0, 0, 800, "2026-08-30", "2026-08-09", _LOTS)
NOTHING = PointsAccount(0, 0, 0, 0, 0, "", "", ())

_PAID = PointsPayer("PURCHASE", STORE, "2025-08-31", 1_550)
_ENTRIES = (
    PointsEntry("REDEMPTION", -1_550, "X1", STORE, "2026-08-05 14:26", 12_480, (_PAID,)),
    PointsEntry(
        "REDEMPTION", -12_000, "X2", "城西店", "2026-08-02 09:05", 14_030, (_PAID, replace(_PAID, earned_on="2025-07-03", points=10_450))
    ),
    PointsEntry("REDEMPTION", -1_200, "X3", STORE, "2026-08-01 10:12", 26_030, (PointsPayer("CAMPAIGN", "", "2025-10-28", 1_200, _TITLE),)),
    PointsEntry("CAMPAIGN", 50, "", "", "2026-07-20 10:00", 27_230, campaign=_TITLE),
    PointsEntry("PURCHASE", 2_400, "S14", "城西店", "2026-06-18 18:40", 27_180),
    PointsEntry("RETURN", -120, "R2", STORE, "2026-05-02 10:12", 24_780),
    PointsEntry("EXPIRY", -75, "", "", "2026-04-01 00:00", 24_900),
    PointsEntry("CORRECTION", 300, "", "", "2026-03-15 16:00", 24_975),
    PointsEntry("WELCOME", 200, "", "", "2026-01-14 11:30", 24_675),
    PointsEntry("FROM_THE_FUTURE", 5, "", "", "2026-01-10 11:30", 24_475),
)
_PURCHASES = tuple(
    Purchase(f"S{100 + place}", STORE if place % 2 else "", f"2026-{7 - place:02}-20 14:26", fen, fen, fen // 100, back, back * 100)
    for place, (fen, back) in enumerate(((128_050, 0), (9_900, 20), (50, 0), (1_234_567, 0), (30_000, 0)))
)
LISTED = PurchaseList(VISITOR, NUMBER, _PURCHASES, 26, "older")
_LINES = (
    PurchaseLine("6901234567892", "food", 2, 5_990, 0, 0, earns=True),
    PurchaseLine("6909876543210", "alcohol", 1, 128_000, 12_000, 1, earns=False),
    PurchaseLine("6900000000017", "fresh", 12, 350, 50, 2, earns=True),
    PurchaseLine("6900000000024", "from_the_future", 1, 199, 0, 0, earns=True),
    PurchaseLine("6900000000031", "household", 1, 1_990, 0, 0, earns=True),
)
DETAIL = PurchaseDetail(
    replace(_PURCHASES[0], store_name=STORE, points=1_280, taken_back=120, refund_fen=12_050),
    _LINES,
    (PurchaseTender("wechat_pay", 120_000), PurchaseTender("gift_card", 8_050)),
    (PurchaseReturn("2026-07-22 10:00", 12_050, 120, 0, 0),),
    (),
    "2026-11",
)
WHY = (
    ExplanationLine("explain.sale.earned", (("amount", "1280.50"), ("points", "1280")), "house-2026-11"),
    ExplanationLine("explain.sale.returned", (("points", "120"),)),
    ExplanationLine("explain.sale.excluded", (("amount", "1160.00"),)),
)

Row = tuple[str, Any, dict[str, Any]]


def points_states() -> Iterable[Row]:
    """Yield label, state and change of the chrome."""
    loading = LoadingPoints(VISITOR, NUMBER)
    yield "points-loading", loading, {}
    yield "points", PointsByLot(VISITOR, NUMBER, ACCOUNT), {}
    yield "points-few", PointsByLot(VISITOR, NUMBER, replace(ACCOUNT, lots=_LOTS[:2], available=2_940, pending=0)), {}
    yield "points-debt", PointsByLot(VISITOR, NUMBER, replace(NOTHING, debt=120)), {}
    yield "points-nothing", PointsByLot(VISITOR, NUMBER, NOTHING), {}
    yield "points-unavailable", PointsUnavailable(VISITOR, Reason("UNREACHABLE"), loading, LoadAccount("visit")), {"is_linked": False}
    yield "entries-loading", LoadingEntries(VISITOR, NUMBER, ACCOUNT), {}
    entries = PointsByEntry(VISITOR, NUMBER, ACCOUNT, _ENTRIES, "older")
    yield "entries", entries, {}
    yield "entries-waiting", replace(entries, is_loading=True), {}
    yield "entries-offline", replace(entries, next_page=""), {"is_linked": False}
    yield "entries-none", replace(entries, entries=(), next_page=""), {}
    yield "statement-loading", PreparingStatement(VISITOR, NUMBER, ACCOUNT), {}
    statement = StatementReady(VISITOR, NUMBER, Statement("欧阳**", NUMBER, ACCOUNT, _ENTRIES, is_whole=False))
    yield "statement", statement, {}
    yield "statement-printed", replace(statement, slip="printed"), {}
    yield "statement-copied", replace(statement, slip="printed", is_copy=True), {}
    yield "statement-failed", replace(statement, slip="failed", reason=Reason("PAPER_OUT")), {"printer_ok": False}
    yield "statement-unknown", replace(statement, slip="unknown", reason=Reason("PAPER_OUT")), {}
    yield "purchases-loading", LoadingPurchases(VISITOR, NUMBER), {}
    yield "purchases", LISTED, {}
    yield "purchases-waiting", replace(LISTED, is_loading=True), {}
    yield "purchases-offline", LISTED, {"is_linked": False}
    yield "purchases-none", replace(LISTED, purchases=(), total=0, next_page=""), {}
    yield "purchase-loading", LoadingPurchase(VISITOR, LISTED, "S100"), {}
    shown = PurchaseShown(VISITOR, LISTED, DETAIL, WHY)
    yield "purchase", shown, {}
    yield "purchase-why-loading", replace(shown, why=None), {}
    yield "purchase-why-offline", replace(shown, why=None, why_not=Reason("UNREACHABLE")), {"is_linked": False}
    yield "purchase-why-refused", replace(shown, why=None, why_not=Reason("RATE_LIMITED")), {}
    yield "purchase-why-unknown", replace(shown, why=(ExplanationLine("explain.of_the_future"),)), {}
    plain = replace(DETAIL, purchase=replace(_PURCHASES[4], taken_back=0, refund_fen=0), lines=_LINES[:1], tenders=(), returns=())
    yield "purchase-plain", PurchaseShown(VISITOR, LISTED, plain, WHY[:1]), {}
