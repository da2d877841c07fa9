"""The member's own points and purchases, over the wire: implements kiosk.ports.desks.PointsDesk."""

from __future__ import annotations

from datetime import UTC, date, timedelta, timezone

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from kiosk.backend.caller import Caller
from kiosk.backend.convert import LANGUAGES
from kiosk.ports.points import (
    EntriesPage,
    PointsAccount,
    PointsEntry,
    PointsLot,
    PointsPayer,
    Purchase,
    PurchaseDetail,
    PurchaseLine,
    PurchaseReturn,
    PurchasesPage,
    PurchaseTender,
)
from kiosk.ports.values import Language
from proto.member.v1 import points_pb2, points_pb2_grpc

STORE_ZONE = timezone(timedelta(hours=8))
"""China's one time zone, without summer time; a machine's own zone may be set to anything."""
MINUTES = "%Y-%m-%d %H:%M"


class PointsGateway:
    """See PointsDesk. Thread: loop."""

    def __init__(self, channel: grpc.aio.Channel, caller: Caller) -> None:
        self._points = points_pb2_grpc.PointsServiceStub(channel)
        self._caller = caller

    async def account(self, visit_token: str, language: Language) -> PointsAccount:
        """Return what there is, by lot."""
        request = points_pb2.GetAccountRequest(visit_token=visit_token, language=LANGUAGES[language])
        answer = await self._caller.ask(self._points.GetAccount, request)
        standing = answer.standing
        return PointsAccount(
            available=standing.available,
            pending=standing.pending,
            held=standing.held,
            debt=standing.debt,
            expiring=answer.expiring,
            expiring_last_day=answer.expiring_last_day,
            pending_until=answer.pending_until,
            lots=tuple(_lot(lot) for lot in answer.lots),
        )

    async def entries(self, visit_token: str, page: str, size: int, language: Language) -> EntriesPage:
        """Return movements from a page on."""
        said = LANGUAGES[language]
        request = points_pb2.ListEntriesRequest(visit_token=visit_token, page_token=page, page_size=size, language=said)
        answer = await self._caller.ask(self._points.ListEntries, request)
        return EntriesPage(tuple(_entry(entry) for entry in answer.entries), answer.next_page_token)

    async def purchases(self, visit_token: str, page: str, size: int) -> PurchasesPage:
        """Return purchases from a page on."""
        request = points_pb2.ListPurchasesRequest(visit_token=visit_token, page_token=page, page_size=size)
        answer = await self._caller.ask(self._points.ListPurchases, request)
        return PurchasesPage(tuple(_purchase(one) for one in answer.purchases), answer.next_page_token, answer.total)

    async def purchase(self, visit_token: str, sale_id: str) -> PurchaseDetail:
        """Return one purchase."""
        request = points_pb2.GetPurchaseRequest(visit_token=visit_token, sale_id=sale_id)
        answer = await self._caller.ask(self._points.GetPurchase, request)
        return PurchaseDetail(
            _purchase(answer.purchase),
            tuple(
                PurchaseLine(one.sku, one.category, one.qty, one.unit_price_fen, one.discount_fen, one.returned, one.earns)
                for one in answer.lines
            ),
            tuple(PurchaseTender(one.type, one.fen) for one in answer.tenders),
            tuple(PurchaseReturn(_moment(one.at), one.refund_fen, one.taken_back, one.forgiven, one.given_back) for one in answer.returns),
            tuple(answer.applied),
            answer.rules_version,
        )


def _moment(stamp: Timestamp) -> str:
    return stamp.ToDatetime(tzinfo=UTC).astimezone(STORE_ZONE).strftime(MINUTES)


def last_day_before(first_day_without: str) -> str:
    """Return the day before: the wire names the first day on which points are gone, members the last on which they count."""
    if not first_day_without:
        return ""
    try:
        return (date.fromisoformat(first_day_without) - timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return ""


def _lot(lot: points_pb2.PointsLotView) -> PointsLot:
    return PointsLot(
        origin=lot.origin,
        store_name=lot.store_name,
        points=lot.points,
        original=max(lot.original, lot.points),
        earned_on=lot.earned_on,
        available_on=lot.available_on,
        last_day=last_day_before(lot.expires_on),
        campaign=lot.campaign_title,
    )


def _entry(entry: points_pb2.PointsEntryView) -> PointsEntry:
    payers = tuple(PointsPayer(one.origin, one.store_name, one.earned_on, one.points, one.campaign_title) for one in entry.payers)
    where = (entry.store_name, _moment(entry.at))
    return PointsEntry(entry.origin, entry.points, entry.source, *where, entry.balance, payers, entry.campaign_title)


def _purchase(one: points_pb2.PurchaseView) -> Purchase:
    return Purchase(
        sale_id=one.sale_id,
        store_name=one.store_name,
        sold_at=_moment(one.sold_at),
        total_fen=one.total_fen,
        eligible_fen=one.eligible_fen,
        points=one.points,
        taken_back=one.taken_back,
        refund_fen=one.refund_fen,
    )
