"""PointsService: decode, call the service, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import points_pb2 as pb
from proto.member.v1 import points_pb2_grpc
from server_stub.rpc import translate
from server_stub.rpc.fields import require

if TYPE_CHECKING:
    from datetime import date

    from server_stub.rpc.servicer import Ground
    from server_stub.services.own_points import Movement, OwnLot, OwnPoints, Payer
    from server_stub.services.own_purchases import OwnPurchases, Purchase, PurchaseDetail, PurchaseLine
    from server_stub.storage.sales import ReturnRow

_LONGEST_ID = 64


class PointsServicer(points_pb2_grpc.PointsServiceServicer):
    """Points and purchases of the member who stands at the device.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, points: OwnPoints, purchases: OwnPurchases) -> None:
        self._ground = ground
        self._points = points
        self._purchases = purchases

    async def GetAccount(self, request: pb.GetAccountRequest, _context: object) -> pb.GetAccountResponse:
        """Returns what there is, by lot."""
        asked = (request.visit_token, translate.language(request.language))
        view = await self._ground.blocking.run(self._points.account, self._ground.caller.device, *asked)
        return pb.GetAccountResponse(
            standing=translate.standing(view.standing),
            expired=view.expired,
            year_points=view.year_points,
            lots=[_lot(lot) for lot in view.lots],
            expiring=view.expiring.points if view.expiring else 0,
            expiring_last_day=_day(view.expiring.last_day if view.expiring else None),
            pending_until=_day(view.pending_until),
        )

    async def ListEntries(self, request: pb.ListEntriesRequest, _context: object) -> pb.ListEntriesResponse:
        """Returns movements."""
        wanted = (request.visit_token, request.page_token, request.page_size, translate.language(request.language))
        page = await self._ground.blocking.run(self._points.movements, self._ground.caller.device, *wanted)
        return pb.ListEntriesResponse(entries=[_entry(one) for one in page.movements], next_page_token=page.next_page_token)

    async def ListPurchases(self, request: pb.ListPurchasesRequest, _context: object) -> pb.ListPurchasesResponse:
        """Returns purchases."""
        require(len(request.page_token) <= _LONGEST_ID, "page_token")
        wanted = (request.visit_token, request.page_token, request.page_size)
        page = await self._ground.blocking.run(self._purchases.page, self._ground.caller.device, *wanted)
        rows = [_purchase(one) for one in page.purchases]
        return pb.ListPurchasesResponse(purchases=rows, next_page_token=page.next_page_token, total=page.total)

    async def GetPurchase(self, request: pb.GetPurchaseRequest, _context: object) -> pb.GetPurchaseResponse:
        """Returns a purchase."""
        require(len(request.sale_id) <= _LONGEST_ID, "sale_id")
        device = self._ground.caller.device
        detail = await self._ground.blocking.run(self._purchases.one, device, request.visit_token, request.sale_id)
        return _detail(detail)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _lot(own: OwnLot) -> pb.PointsLotView:
    lot, came = own.lot, own.provenance
    return pb.PointsLotView(
        source=came.number,
        points=lot.points,
        available_on=_day(lot.available_on),
        expires_on=_day(lot.expires_on),
        origin=came.origin.value,
        store_name=came.store_name,
        earned_on=_day(came.earned_on),
        original=lot.original,
        campaign_title=came.campaign_title,
    )


def _entry(one: Movement) -> pb.PointsEntryView:
    return pb.PointsEntryView(
        kind=one.kind.value,
        points=one.points,
        source=one.number,
        at=translate.timestamp(one.at),
        balance=one.balance,
        origin=one.origin.value,
        store_name=one.store_name,
        payers=[_payer(payer) for payer in one.payers],
        campaign_title=one.campaign_title,
    )


def _payer(payer: Payer) -> pb.PointsPayer:
    came = payer.provenance
    return pb.PointsPayer(
        origin=came.origin.value,
        store_name=came.store_name,
        earned_on=_day(came.earned_on),
        points=payer.points,
        campaign_title=came.campaign_title,
    )


def _purchase(one: Purchase) -> pb.PurchaseView:
    return pb.PurchaseView(
        sale_id=one.sale_id,
        store_name=one.store_name,
        sold_at=translate.timestamp(one.sold_at),
        total_fen=one.total_fen,
        eligible_fen=one.eligible_fen,
        points=one.points,
        taken_back=one.taken_back,
        refund_fen=one.refund_fen,
    )


def _detail(detail: PurchaseDetail) -> pb.GetPurchaseResponse:
    return pb.GetPurchaseResponse(
        purchase=_purchase(detail.purchase),
        lines=[_line(line) for line in detail.lines],
        tenders=[pb.PurchaseTender(type=tender.type, fen=tender.fen) for tender in detail.tenders],
        returns=[_return(row) for row in detail.returns],
        applied=detail.applied,
        rules_version=detail.rules_version,
    )


def _line(one: PurchaseLine) -> pb.PurchaseLine:
    line = one.line
    return pb.PurchaseLine(
        sku=line.sku,
        category=line.category,
        qty=line.qty,
        unit_price_fen=line.unit_price_fen,
        discount_fen=line.discount_fen,
        returned=one.returned,
        earns=line.is_eligible,
    )


def _return(row: ReturnRow) -> pb.PurchaseReturn:
    return pb.PurchaseReturn(
        at=translate.timestamp(row.at),
        refund_fen=row.refund_fen,
        taken_back=row.taken_back,
        forgiven=row.forgiven,
        given_back=row.given_back,
    )
