"""SyncService: operations that a device wrote down while the centre was out of reach. Knows their order; decides nothing about them.

Operations that follow one another and spend points go together; sales and returns one by one. What is refused does not stop the rest,
and what meets a fault does not either: a device whose list always ends at the same place would hand in nothing behind it for ever.
A database that does not answer ends the call, and so does a service that is too busy: whoever is told "refused" does not ask again. The
device sends the same operations again, under the same request ids.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from proto.member.v1 import reward_pb2, sync_pb2_grpc
from proto.member.v1 import sync_pb2 as pb
from server_stub.domain.refusals import Refusal
from server_stub.rpc.faults import refusal_of_one
from server_stub.rpc.fields import malformed, require_texts
from server_stub.rpc.refusals import encoded
from server_stub.rpc.reward import spend_request
from server_stub.rpc.reward_views import redemption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server_stub.rpc.sale import SaleServicer
    from server_stub.rpc.servicer import Ground
    from server_stub.rpc.spending import SpendingDesk
    from server_stub.services.rewards.own_redemptions import RedemptionNow
    from server_stub.services.rewards.own_spending import SpendRequest

MOST_OPERATIONS = 100
_REDEEM = "redeem"


class SyncServicer(sync_pb2_grpc.SyncServiceServicer):
    """Late operations.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, desk: SpendingDesk, sales: SaleServicer) -> None:
        self._ground = ground
        self._desk = desk
        self._sales = sales

    async def Upload(self, request: pb.UploadRequest, context: object) -> pb.UploadResponse:
        """Carries out what was written down."""
        operations = request.operations
        if not 0 < len(operations) <= MOST_OPERATIONS or any(one.WhichOneof("intent") is None for one in operations):
            raise malformed("operations")
        results: list[pb.OperationResult] = []
        for kind, group in itertools.groupby(operations, key=lambda one: one.WhichOneof("intent")):
            if kind == _REDEEM:
                results += await self._redeem([one.redeem for one in group])
            else:
                results += [await self._book(str(kind), getattr(one, str(kind)), context) for one in group]
        return pb.UploadResponse(results=results)

    async def _redeem(self, requests: Sequence[reward_pb2.RedeemRequest]) -> list[pb.OperationResult]:
        read = [_read(one) for one in requests]
        well_formed = [one for one in read if not isinstance(one, Refusal)]
        carried_out = iter(await self._desk.redeem_all(self._ground.caller.device, well_formed))
        outcomes = (one if isinstance(one, Refusal) else next(carried_out) for one in read)
        return [_result(request.envelope.device_seq, outcome) for request, outcome in zip(requests, outcomes, strict=True)]

    async def _book(self, kind: str, request: Any, context: object) -> pb.OperationResult:
        sequence = request.envelope.device_seq
        try:
            require_texts(request)
            if kind == "sale":
                return pb.OperationResult(device_seq=sequence, sale=await self._sales.RecordSale(request, context))
            return pb.OperationResult(device_seq=sequence, sale_return=await self._sales.RecordReturn(request, context))
        except Exception as error:  # noqa: BLE001 - what is about this one alone must not keep back those behind it
            return _refused(sequence, refusal_of_one(f"an uploaded {kind}", error))


def _read(request: reward_pb2.RedeemRequest) -> SpendRequest | Refusal:
    try:
        require_texts(request)
        return spend_request(request)
    except Refusal as refusal:
        return refusal


def _result(sequence: int, outcome: RedemptionNow | Refusal) -> pb.OperationResult:
    try:
        if isinstance(outcome, Refusal):
            return _refused(sequence, outcome)
        return pb.OperationResult(device_seq=sequence, redeem=reward_pb2.RedeemResponse(redemption=redemption(outcome)))
    except Exception as error:  # noqa: BLE001 - an answer that cannot be put into words must not keep back the others
        return _refused(sequence, refusal_of_one("the answer to an uploaded redeem", error))


def _refused(sequence: int, refusal: Refusal) -> pb.OperationResult:
    return pb.OperationResult(device_seq=sequence, refusal=encoded(refusal.refused))
