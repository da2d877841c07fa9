"""SaleService: decode, call the service, encode. Decides nothing about points."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from proto.member.v1 import sale_pb2 as pb
from proto.member.v1 import sale_pb2_grpc
from server_stub.domain.ledger_commands import RecordReturn, RecordSale, ReturnLine, SaleLine, Tender
from server_stub.domain.program.limits import LONGEST_TEXT
from server_stub.domain.program.values import identifier, text
from server_stub.rpc import translate
from server_stub.rpc.fields import malformed, read, require
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
MOST_TENDERS = MOST_TAGS = 100


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
        sale_id = read(identifier, request.sale_id, "sale_id")
        require(request.points > 0, "points")
        wanted = TillPoints(sale_id, request.membership_number, request.points)
        spent = await self._ground.blocking.run(self._spending.spend, device, envelope, wanted)
        return pb.SpendPointsResponse(
            redemption_id=spent.redemption_id, points=-spent.booked.points, standing=translate.standing(spent.booked.after)
        )


def _doubts(doubts: Iterable[LineDoubt]) -> list[pb.LineDoubt]:
    return [pb.LineDoubt(line=one.line, reason=number_of(one.reason), list_price_fen=one.price_fen) for one in doubts]


def _sale(sale: pb.Sale) -> TillSale:
    """Returns the sale; what is refused here has no shape, what the rules refuse has a reason of its own."""
    require(0 < len(sale.lines) <= MOST_LINES, "sale.lines")
    require(len(sale.tenders) <= MOST_TENDERS, "sale.tenders")
    require(len(sale.tags) <= MOST_TAGS, "sale.tags")
    require(len(sale.membership_number) <= LONGEST_TEXT, "sale.membership_number")
    command = RecordSale(
        sale_id=read(identifier, sale.sale_id, "sale.sale_id"),
        store_id="",
        lines=tuple(map(_line, sale.lines)),
        tenders=tuple(map(_tender, sale.tenders)) or None,
        tags=tuple(read(text, tag, "sale.tags") for tag in sale.tags),
        currency=sale.currency,
        occurred_at=_occurred_at(sale),
    )
    return TillSale(command, sale.membership_number)


def _line(line: pb.SaleLine) -> SaleLine:
    sku, category = read(text, line.sku, "sale.lines.sku"), read(text, line.category, "sale.lines.category")
    require(line.unit_price_fen >= 0, "sale.lines.unit_price_fen")
    require(line.discount_fen >= 0, "sale.lines.discount_fen")
    return SaleLine(sku, category, line.qty, line.unit_price_fen, line.discount_fen)


def _tender(tender: pb.Tender) -> Tender:
    require(tender.fen >= 0, "sale.tenders.fen")
    return Tender(read(text, tender.type, "sale.tenders.type"), tender.fen)


def _occurred_at(sale: pb.Sale) -> datetime | None:
    if not sale.HasField("occurred_at"):
        return None
    try:
        return sale.occurred_at.ToDatetime(tzinfo=UTC)
    except ValueError as error:
        raise malformed("sale.occurred_at") from error


def _return(request: pb.RecordReturnRequest) -> RecordReturn:
    return_id, sale_id = read(identifier, request.return_id, "return_id"), read(identifier, request.sale_id, "sale_id")
    require(len({line.line for line in request.lines}) == len(request.lines) <= MOST_LINES, "lines")
    return RecordReturn(return_id, sale_id, tuple(ReturnLine(line.line, line.qty) for line in request.lines) or None)
