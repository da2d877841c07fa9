"""A till of the store beside the kiosk: enrolled by the service's command, it sells over gRPC with a certificate of its own."""

from __future__ import annotations

import time

import grpc

from proto.member.v1 import common_pb2, sale_pb2
from proto.member.v1.sale_pb2_grpc import SaleServiceStub
from server_stub.domain.clock import SystemClock
from server_stub.domain.uuid7 import Uuid7Source
from tests.journey.glass import JourneyFailed
from tests.journey.staff import proof
from tests.journey.world import World

TILL, STORE, ADMINISTRATOR = "T01", "S001", "dev-admin"
LINES = (("6901234500011", "food", 2, 6_800), ("6901234500028", "household", 1, 2_990))
"""Goods of the sale: stock keeping unit, category, pieces, price of a piece in fen."""
_CALL_S = 10.0


class Till:
    """One till. Blocking."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._folder = world.folder / "till"

    def enrol(self) -> None:
        """Get a key and a certificate, once."""
        if not self._folder.exists():
            words = ("device", "enrol", TILL, "--kind", "till", "--store", STORE, "--out", str(self._folder))
            self._world.run_service_command(*words, environment=proof(self._world, ADMINISTRATOR))

    def sell(self, sale_id: str, membership_number: str) -> int:
        """Sell the goods to a member; returns the points that they earned.

        Raises:
            JourneyFailed: the service refused the sale.
        """
        lines = [sale_pb2.SaleLine(sku=sku, category=category, qty=qty, unit_price_fen=fen) for sku, category, qty, fen in LINES]
        total = sum(qty * fen for _, _, qty, fen in LINES)
        sale = sale_pb2.Sale(
            sale_id=sale_id,
            membership_number=membership_number,
            lines=lines,
            tenders=[sale_pb2.Tender(type="wechat_pay", fen=total)],
            currency="CNY",
        )
        envelope = common_pb2.Envelope(request_id=str(Uuid7Source(SystemClock()).uuid()), device_seq=1)
        envelope.occurred_at.FromSeconds(int(time.time()))
        target = self._world.kiosk.environment["KIOSK_SERVICE_TARGET"]
        with grpc.secure_channel(target, self._credentials(), [("grpc.use_local_subchannel_pool", 1)]) as channel:
            try:
                booked = SaleServiceStub(channel).RecordSale(sale_pb2.RecordSaleRequest(envelope=envelope, sale=sale), timeout=_CALL_S)
            except grpc.RpcError as error:
                raise JourneyFailed(f"the till's sale was refused: {error}") from error
        return int(booked.points)

    def _credentials(self) -> grpc.ChannelCredentials:
        authority, key, certificate = ((self._folder / name).read_bytes() for name in ("ca.pem", "device.key", "device.pem"))
        return grpc.ssl_channel_credentials(authority, key, certificate)
