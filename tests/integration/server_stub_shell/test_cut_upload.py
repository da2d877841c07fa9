"""F7 of the failure catalogue (OCA/pos#185: a repeated sync doubles points): the link dies at each byte of an upload."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import grpc
import pytest

from proto.member.v1 import reward_pb2, sync_pb2
from proto.member.v1.sync_pb2_grpc import SyncServiceStub
from server_stub.storage.redemptions import RewardRow, set_reward
from tests.load.furnishing import POINTS, furnish
from tests.support.cut_link import Cut, CutLink, Way
from tests.support.service_parts import beside
from tests.support.wire_calls import envelope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from server_stub.storage.database import Tx
    from tests.support.service_process import Installation

DEADLINE_S = 20.0
# Of a short run: about so many cuts in each direction, the first and the last byte among them.
CUTS = 12
# Two go in a batch, the pin by the use case: an upload may have been carried out in part when its link dies.
COSTS = (5, 2, 7)
PIN = RewardRow("pin", 2, None, 1_000_000, None, None, None, adult_only=False, rules_version="")


class Device:
    """A kiosk that hands in three operations through the link."""

    def __init__(self, installation: Installation, visit: str) -> None:
        self.installation, self._visit = installation, visit
        self.left = POINTS

    def upload(self) -> sync_pb2.UploadRequest:
        """Three new operations."""
        pin = reward_pb2.RedemptionOrder(reward_id=PIN.reward_id)
        orders = [pin if cost == PIN.points else reward_pb2.RedemptionOrder(points=cost) for cost in COSTS]
        return sync_pb2.UploadRequest(
            operations=[
                sync_pb2.Operation(redeem=reward_pb2.RedeemRequest(envelope=envelope(seq=place), visit_token=self._visit, order=order))
                for place, order in enumerate(orders, 1)
            ]
        )

    def through(self, cut: Cut | None, request: sync_pb2.UploadRequest) -> tuple[dict[Way, int], sync_pb2.UploadResponse | None]:
        """Returns the bytes that went each way once the connection stood, and the answer if there was one."""
        with closing(CutLink(self.installation.port)) as link:
            options = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0)]
            with grpc.secure_channel(f"localhost:{link.port}", self.installation.credentials(), options) as channel:
                grpc.channel_ready_future(channel).result(DEADLINE_S)
                link.arm(cut)
                try:
                    answer = SyncServiceStub(channel).Upload(request, timeout=DEADLINE_S)
                except grpc.RpcError as error:
                    if error.code() is not grpc.StatusCode.UNAVAILABLE:
                        raise
                    answer = None
                return dict(link.carried), answer

    def settle(self, request: sync_pb2.UploadRequest, cut: sync_pb2.UploadResponse | None) -> None:
        """Hands the same in twice more: each has one effect, and the answers agree."""
        first, again = (self.through(None, request)[1] for _ in range(2))
        self.left -= sum(COSTS)
        for answer in (cut, first, again):
            if answer is not None:
                assert [made.redeem.redemption.points for made in answer.results] == list(COSTS)
                assert [made.redeem.redemption.redemption_id for made in answer.results] == [
                    f"red_{one.redeem.envelope.request_id}" for one in request.operations
                ]
        assert first is not None
        assert again is not None
        assert again.results[-1].redeem.redemption.available == self.left


def put_pin(tx: Tx) -> None:
    set_reward(tx, PIN)


@pytest.fixture
def device(installation_on_both: Installation) -> Device:
    installation_on_both.start()
    with beside(installation_on_both) as parts:
        visits = furnish(parts.database, parts.settings.keys_folder, parts.settings.profile, 1).visit_tokens
        parts.database.write(put_pin)
    return Device(installation_on_both, visits[0])


@pytest.mark.timeout(300)
def test_f7_a_link_killed_at_a_byte_of_an_upload_doubles_nothing(device: Device, figures: Callable[[str], None]) -> None:
    """Protection: the request id of each operation."""
    figures(die_at(device, lambda size: {*range(1, size, max(1, size // CUTS)), size - 1, size}))


@pytest.mark.long
def test_f7_a_link_killed_at_every_byte_of_an_upload_doubles_nothing(device: Device, figures: Callable[[str], None]) -> None:
    figures(die_at(device, lambda size: range(1, size + 1)))


def die_at(device: Device, chosen: Callable[[int], Iterable[int]]) -> str:
    """Returns how many uploads were played."""
    request = device.upload()
    sizes, answer = device.through(None, request)
    device.settle(request, answer)
    assert min(sizes.values()) > sum(len(one.redeem.envelope.request_id) for one in request.operations)
    outcomes = {True: 0, False: 0}
    for way in Way:
        for after in sorted(chosen(sizes[way])):
            request = device.upload()
            _, answer = device.through(Cut(way, after), request)
            outcomes[answer is None] += 1
            device.settle(request, answer)
    assert outcomes[True] > outcomes[False]
    device.installation.stop()
    for command in (("ledger", "prove"), ("audit", "verify")):
        done = device.installation.command(*command)
        assert done.returncode == 0, done.stdout + done.stderr
    return f"{sizes}: {outcomes[True]} uploads without an answer, {outcomes[False]} with one"
