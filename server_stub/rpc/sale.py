"""SaleService: decode, call the service, encode. Decides nothing about points."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from proto.member.v1 import sale_pb2 as pb
from proto.member.v1 import sale_pb2_grpc
from server_stub.domain.ledger_commands import RecordReturn, RecordSale, ReturnLine, SaleLine, Tender
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.rpc import translate
from server_stub.rpc.refusals import number_of
from server_stub.services.till_spending import TillPoints
from server_stub.services.tills import TillSale

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server_stub.domain.ledger_commands import LineDoubt
    from server_stub.rpc.servicer import Ground
    from server_stub.services.till_spending import TillSpending
    from server_stub.services.tills import Tills

MOST_LINES = 500
_LONGEST_ID = 64
_LONGEST_TEXT = 200


class SaleServicer(sale_pb2_grpc.SaleServiceServicer):
    """Sales.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, tills: Tills, spending: TillSpending) -> None:
        self._ground = ground
        self._tills = tills
        self._spending = spending

    async def PreviewSale(self, request: pb.PreviewSaleRequest, _context: object) -> pb.PreviewSaleResponse:
        """Tells what a sale would earn."""
        booked = await self._ground.blocking.run(self._tills.preview, self._ground.caller.device, _sale(request.sale))
        doubts = _doubts(booked.doubts)
        return pb.PreviewSaleResponse(points=booked.booked.points, eligible_fen=booked.eligible_fen, applied=booked.applied, doubts=doubts)

    async def RecordSale(self, request: pb.RecordSaleRequest, _context: object) -> pb.RecordSaleResponse:
        """Books a sale."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        booked = await self._ground.blocking.run(self._tills.record_sale, device, envelope, _sale(request.sale))
        return pb.RecordSaleResponse(
            points=booked.booked.points,
            eligible_fen=booked.eligible_fen,
            applied=booked.applied,
            standing=translate.standing(booked.booked.after),
            doubts=_doubts(booked.doubts),
        )

    async def RecordReturn(self, request: pb.RecordReturnRequest, _context: object) -> pb.RecordReturnResponse:
        """Books a return."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        booked = await self._ground.blocking.run(self._tills.record_return, device, envelope, _return(request))
        return pb.RecordReturnResponse(
            refund_fen=booked.refund_fen,
            taken_back=booked.taken_back,
            forgiven=booked.forgiven,
            given_back=booked.given_back,
            standing=translate.standing(booked.booked.after),
        )

    async def SpendPoints(self, request: pb.SpendPointsRequest, _context: object) -> pb.SpendPointsResponse:
        """Spends points on a booked sale."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        _require(0 < len(request.sale_id) <= _LONGEST_ID, "sale_id")
        _require(request.points > 0, "points")
        wanted = TillPoints(request.sale_id, request.membership_number, request.points)
        spent = await self._ground.blocking.run(self._spending.spend, device, envelope, wanted)
        return pb.SpendPointsResponse(
            redemption_id=spent.redemption_id, points=-spent.booked.points, standing=translate.standing(spent.booked.after)
        )


def _doubts(doubts: Iterable[LineDoubt]) -> list[pb.LineDoubt]:
    return [pb.LineDoubt(line=one.line, reason=number_of(one.reason), list_price_fen=one.price_fen) for one in doubts]


def _sale(sale: pb.Sale) -> TillSale:
    """Returns the sale; what is refused here has no shape, what the rules refuse has a reason of its own."""
    _require(0 < len(sale.sale_id) <= _LONGEST_ID, "sale.sale_id")
    _require(0 < len(sale.lines) <= MOST_LINES, "sale.lines")
    _require(all(len(text) <= _LONGEST_TEXT for text in _texts(sale)), "sale")
    _require(all(line.unit_price_fen >= 0 and line.discount_fen >= 0 for line in sale.lines), "sale.lines")
    _require(all(tender.fen >= 0 for tender in sale.tenders), "sale.tenders")
    command = RecordSale(
        sale_id=sale.sale_id,
        store_id="",
        lines=tuple(SaleLine(x.sku, x.category, x.qty, x.unit_price_fen, x.discount_fen) for x in sale.lines),
        tenders=tuple(Tender(x.type, x.fen) for x in sale.tenders) or None,
        tags=tuple(sale.tags),
        currency=sale.currency,
        occurred_at=_occurred_at(sale),
    )
    return TillSale(command, sale.membership_number)


def _texts(sale: pb.Sale) -> list[str]:
    return [*sale.tags, *(t for x in sale.lines for t in (x.sku, x.category)), *(x.type for x in sale.tenders), sale.membership_number]


def _occurred_at(sale: pb.Sale) -> datetime | None:
    if not sale.HasField("occurred_at"):
        return None
    try:
        return sale.occurred_at.ToDatetime(tzinfo=UTC)
    except ValueError as error:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("sale.occurred_at", Reason.REQUEST_MALFORMED)) from error


def _return(request: pb.RecordReturnRequest) -> RecordReturn:
    _require(0 < len(request.return_id) <= _LONGEST_ID, "return_id")
    _require(0 < len(request.sale_id) <= _LONGEST_ID, "sale_id")
    _require(len({line.line for line in request.lines}) == len(request.lines) <= MOST_LINES, "lines")
    lines = tuple(ReturnLine(line.line, line.qty) for line in request.lines) or None
    return RecordReturn(request.return_id, request.sale_id, lines)


def _require(is_well_formed: bool, field: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not is_well_formed:
        raise refuse(Reason.REQUEST_MALFORMED, Finding(field, Reason.REQUEST_MALFORMED))
