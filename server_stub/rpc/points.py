"""PointsService: decode, call the service, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import points_pb2 as pb
from proto.member.v1 import points_pb2_grpc
from server_stub.rpc import translate

if TYPE_CHECKING:
    from server_stub.domain.ledger_commands import LotView
    from server_stub.rpc.servicer import Ground
    from server_stub.services.own_points import Movement, OwnPoints


class PointsServicer(points_pb2_grpc.PointsServiceServicer):
    """Points of the member who stands at the device.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, points: OwnPoints) -> None:
        self._ground = ground
        self._points = points

    async def GetAccount(self, request: pb.GetAccountRequest, _context: object) -> pb.GetAccountResponse:
        """Returns what there is, by lot."""
        view = await self._ground.blocking.run(self._points.account, self._ground.caller.device, request.visit_token)
        return pb.GetAccountResponse(
            standing=translate.standing(view.standing),
            expired=view.expired,
            year_points=view.year_points,
            lots=[_lot(lot) for lot in view.lots],
        )

    async def ListEntries(self, request: pb.ListEntriesRequest, _context: object) -> pb.ListEntriesResponse:
        """Returns movements."""
        wanted = (request.visit_token, request.page_token, request.page_size)
        page = await self._ground.blocking.run(self._points.movements, self._ground.caller.device, *wanted)
        return pb.ListEntriesResponse(entries=[_entry(one) for one in page.movements], next_page_token=page.next_page_token)


def _lot(lot: LotView) -> pb.PointsLotView:
    return pb.PointsLotView(
        source=lot.source,
        points=lot.points,
        available_on=lot.available_on.isoformat() if lot.available_on else "",
        expires_on=lot.expires_on.isoformat() if lot.expires_on else "",
    )


def _entry(one: Movement) -> pb.PointsEntryView:
    at = translate.timestamp(one.at)
    return pb.PointsEntryView(kind=one.kind.value, points=one.points, source=one.source, at=at, balance=one.balance)
