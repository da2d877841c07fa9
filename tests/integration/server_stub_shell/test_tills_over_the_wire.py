"""Tills over the wire: their own certificate, a sale, the same sale again, a return, and what they may not do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest

from proto.member.v1 import member_pb2, reason_pb2, sale_pb2, sync_pb2
from proto.member.v1.member_pb2_grpc import MemberServiceStub
from proto.member.v1.sale_pb2_grpc import SaleServiceStub
from proto.member.v1.sync_pb2_grpc import SyncServiceStub
from tests.support.wire_calls import envelope, new_request_id, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.service_process import Installation

CNY = {"currency": "CNY"}
RICE = {"sku": "rice", "category": "food", "qty": 1, "unit_price_fen": 1}
CASH = {"type": "cash", "fen": 1}
# As a till script has them (till-script.md section 1), so that every sale of the wire can be told again by a script.
MALFORMED: list[tuple[dict[str, Any], str]] = [
    *(({"sale_id": text}, "sale_id") for text in ("", "x" * 65, " ", "\N{GRINNING FACE}" * 64, "\x1b[31m", "a\0b", "a/b")),
    *(({"lines": [RICE] * count}, "lines") for count in (0, 501)),
    *(({"lines": [{**RICE, name: text}]}, f"lines.{name}") for name in ("sku", "category") for text in ("", "x" * 201, "\0")),
    *(({"lines": [{**RICE, name: -1}]}, f"lines.{name}") for name in ("unit_price_fen", "discount_fen")),
    *(({"tenders": [{**CASH, "type": text}]}, "tenders.type") for text in ("", "x" * 201, "\0")),
    ({"tenders": [{**CASH, "fen": -1}]}, "tenders.fen"),
    ({"tenders": [CASH] * 101}, "tenders"),
    *(({"tags": [text]}, "tags") for text in ("", "x" * 201, "\0")),
    ({"tags": ["gift"] * 101}, "tags"),
    ({"membership_number": "1" * 201}, "membership_number"),
]


def enrol(installation: Installation) -> Path:
    """Enrols a till, starts the service, and returns the till's folder."""
    folder = installation.folder / "till"
    words = ("device", "enrol", "T01", "--kind", "till", "--store", "S001", "--out", str(folder))
    done = installation.as_person("dev-admin", *words)
    assert done.returncode == 0, done.stderr
    installation.start()
    return folder


def test_a_till_books_sales_and_opens_no_visit(installation: Installation) -> None:
    folder = enrol(installation)
    line = sale_pb2.SaleLine(sku="rice", category="food", qty=2, unit_price_fen=1_250)
    sale = sale_pb2.Sale(sale_id="S1", lines=[line], tenders=[sale_pb2.Tender(type="cash", fen=2_500)], **CNY)
    with installation.channel(installation.credentials(folder)) as channel:
        stub, request_id = SaleServiceStub(channel), new_request_id()
        for _ in range(2):
            booked = stub.RecordSale(sale_pb2.RecordSaleRequest(envelope=envelope(request_id), sale=sale), timeout=5)
            assert (booked.points, booked.eligible_fen, booked.HasField("standing")) == (0, 2_500, False)
        with pytest.raises(grpc.RpcError) as refused:
            stub.RecordSale(sale_pb2.RecordSaleRequest(envelope=envelope(), sale=sale), timeout=5)
        assert refusal(refused.value).reason == reason_pb2.REASON_DUPLICATE_ID
        for wrong, field in MALFORMED:
            bad = sale_pb2.Sale(**{"sale_id": "S2", "lines": [line], **CNY, **wrong})
            with pytest.raises(grpc.RpcError) as refused:
                stub.RecordSale(sale_pb2.RecordSaleRequest(envelope=envelope(), sale=bad), timeout=5)
            assert refusal(refused.value).reason == reason_pb2.REASON_REQUEST_MALFORMED
            assert [one.field for one in refusal(refused.value).findings] == [f"sale.{field}"]
        back = sale_pb2.RecordReturnRequest(envelope=envelope(), return_id="R1", sale_id="S1", lines=[sale_pb2.ReturnLine(line=1, qty=1)])
        assert stub.RecordReturn(back, timeout=5).refund_fen == 1_250
        with pytest.raises(grpc.RpcError) as refused:
            MemberServiceStub(channel).GetMember(member_pb2.GetMemberRequest(visit_token="x"), timeout=5)
        assert refusal(refused.value).reason == reason_pb2.REASON_NOT_PERMITTED


def test_a_sale_that_no_database_can_store_does_not_stop_a_tills_list(installation_on_both: Installation) -> None:
    installation = installation_on_both
    line = sale_pb2.SaleLine(**RICE)
    with installation.channel(installation.credentials(enrol(installation))) as channel:
        sales = [sale_pb2.Sale(sale_id=sale_id, lines=[line], **CNY) for sale_id in ("G1", "a\0b", "G3")]
        requests = [sale_pb2.RecordSaleRequest(envelope=envelope(seq=place), sale=one) for place, one in enumerate(sales, 1)]
        operations = [sync_pb2.Operation(sale=one) for one in requests]
        for _ in range(2):
            answer = SyncServiceStub(channel).Upload(sync_pb2.UploadRequest(operations=operations), timeout=5)
            assert [one.WhichOneof("outcome") for one in answer.results] == ["sale", "refusal", "sale"]
            assert answer.results[1].refusal.reason == reason_pb2.REASON_REQUEST_MALFORMED
            assert answer.results[1].refusal.findings[0].field == "sale.sale_id"
