"""Tills over the wire: their own certificate, a sale, the same sale again, a return, and what they may not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest

from proto.member.v1 import member_pb2, reason_pb2, sale_pb2
from proto.member.v1.member_pb2_grpc import MemberServiceStub
from proto.member.v1.sale_pb2_grpc import SaleServiceStub
from tests.support.wire_calls import envelope, new_request_id, refusal

if TYPE_CHECKING:
    from tests.support.service_process import Installation

CNY = {"currency": "CNY"}


def test_a_till_books_sales_and_opens_no_visit(installation: Installation) -> None:
    folder = installation.folder / "till"
    words = ("device", "enrol", "T01", "--kind", "till", "--store", "S001", "--out", str(folder))
    done = installation.as_person("dev-admin", *words)
    assert done.returncode == 0, done.stderr
    installation.start()
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
        for wrong in ({"sale_id": ""}, {"sale_id": "x" * 65}, {"lines": []}, {"lines": [line] * 501}):
            bad = sale_pb2.Sale(**{"sale_id": "S2", "lines": [line], **CNY, **wrong})
            with pytest.raises(grpc.RpcError) as refused:
                stub.RecordSale(sale_pb2.RecordSaleRequest(envelope=envelope(), sale=bad), timeout=5)
            assert refusal(refused.value).reason == reason_pb2.REASON_REQUEST_MALFORMED
        back = sale_pb2.RecordReturnRequest(envelope=envelope(), return_id="R1", sale_id="S1", lines=[sale_pb2.ReturnLine(line=1, qty=1)])
        assert stub.RecordReturn(back, timeout=5).refund_fen == 1_250
        with pytest.raises(grpc.RpcError) as refused:
            MemberServiceStub(channel).GetMember(member_pb2.GetMemberRequest(visit_token="x"), timeout=5)
        assert refusal(refused.value).reason == reason_pb2.REASON_NOT_PERMITTED
