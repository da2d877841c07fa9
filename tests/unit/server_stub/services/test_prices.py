"""The price list: which files are one, who loads it, and what it says of lines of a sale, which is sold whatever it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server_stub.domain.actors import Role, StaffActor
from server_stub.domain.ledger_commands import LineDoubt, RecordReturn, RecordSale, ReturnLine, SaleBooked, SaleLine
from server_stub.domain.price_list import BadPriceList, PriceFlaw, read_price_list
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal
from server_stub.services.tills import TillSale
from tests.support.central_service import ADMIN, DEVICE, LI, Central
from tests.unit.server_stub.services.test_tills import TILL

ZHAO = StaffActor("zhao", frozenset({Role.MANAGER}))
LIST = b"""sku,price_fen,from,until,store
rice,1250,,,
oil,9900,,2026-11-23,
oil,8900,2026-11-24,,
oil,9000,,,lakeside
tea,500,2027-01-01,,
"""


def load(central: Central, data: bytes = LIST, actor: Any = ZHAO, **more: Any) -> Any:
    return central.core.prices.load(actor, read_price_list(data), **more)


def sold(sale_id: str, number: str, *lines: SaleLine) -> TillSale:
    return TillSale(RecordSale(sale_id, "", lines), number)


def record(central: Central, told: TillSale, request_id: str = "") -> SaleBooked:
    return central.core.tills.record_sale(TILL, central.envelope(request_id), told)


@pytest.fixture
def number(central: Central) -> str:
    found = central.join().membership_number
    central.activate(central.member_id(found))
    return found


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [(1, "", "COLUMNS")]),
        (b"sku,price\nrice,1\n", [(1, "", "COLUMNS")]),
        (b"sku,price_fen,sku\nrice,1,rice\n", [(1, "", "COLUMNS")]),
        (b"sku,price_fen\nri\xffce,1\n", [(1, "", "UNREADABLE")]),
        (b'sku,price_fen\n"rice,1\n', [(1, "", "UNREADABLE")]),
        (b"sku,price_fen\nrice\n,5\nrice,\n", [(2, "", "COLUMNS"), (3, "sku", "MISSING_FIELD"), (4, "price_fen", "MISSING_FIELD")]),
        (b"sku,price_fen\na,-1\nb,1.5\nc,1_0\nd,99999999999999999999\n", [(n, "price_fen", "BAD_FIELD") for n in range(2, 6)]),
        (b"sku,price_fen,from\nrice,1,2026-02-30\n", [(2, "from", "BAD_FIELD")]),
        (b"sku,price_fen,from,until\nrice,1,2026-02-02,2026-02-01\n", [(2, "until", "ENDS_EARLY")]),
        (b"sku,price_fen,from,until\nrice,1,,2026-02-01\nrice,2,2026-02-01,\n", [(3, "from", "OVERLAP")]),
        (b"sku,price_fen\nrice,1\noil,1\nrice,1\n", [(4, "from", "OVERLAP")]),
    ],
)
def test_every_wrong_line_is_named_by_its_number(data: bytes, expected: list[tuple[int, str, str]]) -> None:
    with pytest.raises(BadPriceList) as caught:
        read_price_list(data)
    assert [(one.line, one.field, one.flaw.value) for one in caught.value.findings] == expected


def test_a_spreadsheet_with_its_mark_and_line_ends_is_read() -> None:
    prices = read_price_list("\ufeffprice_fen,sku\r\n100,大米\r\n\r\n0,bag\r\n".encode())
    assert [(one.sku, one.price_fen, one.store_id) for one in prices] == [("大米", 100, ""), ("bag", 0, "")]


@pytest.mark.parametrize("actor", [DEVICE, LI, ADMIN, TILL])
def test_only_a_manager_loads_prices(central: Central, actor: Any) -> None:
    with pytest.raises(Refusal) as refused:
        load(central, actor=actor)
    assert refused.value.reason is Reason.NOT_PERMITTED
    assert central.count("price") == 0


def test_a_list_is_loaded_whole_or_not_at_all(central: Central) -> None:
    load(central)
    with pytest.raises(BadPriceList) as caught:
        load(central, b"sku,price_fen,store\nrice,1,\nrice,2,nowhere\n")
    assert [(one.line, one.field, one.flaw) for one in caught.value.findings] == [(3, "store", PriceFlaw.STORE_UNKNOWN)]
    told = load(central, b"sku,price_fen\nrice,1\n", is_rehearsal=True)
    assert (told.lines, told.goods, central.count("price")) == (1, 1, 5)
    load(central, b"sku,price_fen\nrice,1\n")
    assert central.count("price") == 1


def test_without_a_list_no_price_is_wrong(central: Central, number: str) -> None:
    assert record(central, sold("S1", number, SaleLine("anything", "food", 1, 100))).doubts == ()


def test_a_line_that_the_list_does_not_bear_earns_nothing_and_the_rest_does(central: Central, number: str) -> None:
    load(central)
    basket = (
        SaleLine("rice", "food", 2, 1_250),
        SaleLine("oil", "food", 1, 8_900),
        SaleLine("oil", "food", 1, 9_000, 500),
        SaleLine("tea", "food", 1, 500),
        SaleLine("gold", "food", 1, 100_000),
    )
    expected = (
        # The store's own price goes before the chain's, and a price of another day is none.
        LineDoubt(2, Reason.PRICE_MISMATCH, 9_000),
        LineDoubt(4, Reason.SKU_UNKNOWN, None),
        LineDoubt(5, Reason.SKU_UNKNOWN, None),
    )
    seen = central.core.tills.preview(TILL, sold("S1", number, *basket))
    assert (seen.doubts, seen.eligible_fen, seen.booked.points) == (expected, 11_000, 110)
    request_id = central.request_id()
    booked = record(central, sold("S1", number, *basket), request_id)
    assert (booked.doubts, booked.eligible_fen, booked.booked.points) == (expected, 11_000, 110)
    # A list that came later changes no answer that was given.
    load(central, b"sku,price_fen\nrice,1\n")
    again = record(central, sold("S1", number, *basket), request_id)
    assert (again.doubts, again.booked.points, again.booked.is_replay) == (expected, 110, True)
    assert [row["is_eligible"] for row in sorted(central.rows("sale_line"), key=lambda row: row["line"])] == [1, 0, 1, 0, 0]
    back = central.core.tills.record_return(TILL, central.envelope(), RecordReturn("R1", "S1", (ReturnLine(5, 1), ReturnLine(1, 1))))
    assert (back.refund_fen, back.taken_back) == (101_250, 12)


def test_prices_of_all_lines_being_unknown_is_told_too(central: Central, number: str) -> None:
    load(central)
    booked = record(central, sold("S1", number, SaleLine("gold", "food", 1, 100)))
    assert ([doubt.reason for doubt in booked.doubts], booked.booked.points) == ([Reason.SKU_UNKNOWN], 0)
    nobody = record(central, sold("S2", "", SaleLine("gold", "food", 1, 100), SaleLine("rice", "food", 1, 1_250)))
    assert ([doubt.line for doubt in nobody.doubts], nobody.eligible_fen) == ([1], 1_250)


def test_wrong_quantities_and_discounts_are_named_line_by_line_and_a_sale_that_comes_twice_by_its_number(
    central: Central, number: str
) -> None:
    wrong = (SaleLine("a", "f", -1, 5), SaleLine("b", "f", 1, 5), SaleLine("c", "f", 0, 5), SaleLine("d", "f", 1, 5, 6))
    with pytest.raises(Refusal) as refused:
        record(central, sold("S1", number, *wrong))
    assert refused.value.reason is Reason.BAD_QTY
    assert refused.value.refused.findings == (
        Finding("lines.1.qty", Reason.BAD_QTY),
        Finding("lines.3.qty", Reason.BAD_QTY),
        Finding("lines.4.discount_fen", Reason.DISCOUNT_TOO_LARGE),
    )
    assert central.count("sale") == 0
    told = sold("S1", number, SaleLine("a", "f", 1, 500))
    record(central, told)
    with pytest.raises(Refusal) as refused:
        record(central, replace(told, membership_number=""))
    assert (refused.value.reason, refused.value.refused.findings) == (Reason.DUPLICATE_ID, (Finding("sale_id", Reason.DUPLICATE_ID),))
