"""Two service processes on one PostgreSQL: one is killed under load and comes back, and no kiosk notices."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Callable

import grpc
import pytest
from sqlalchemy import text

from kiosk.backend.channel import RECONNECT_MAX_MS, Identity, open_channel
from proto.member.v1 import device_pb2, enrollment_pb2
from proto.member.v1.device_pb2_grpc import DeviceServiceStub
from proto.member.v1.enrollment_pb2_grpc import EnrollmentServiceStub
from tests.integration.server_stub_shell.test_killed_under_load import CUP, MEMBERS, PIN, judge, put_rewards
from tests.load.furnishing import furnish
from tests.support.central_service import SettableClock, open_database
from tests.support.redeem_load import RedeemLoad
from tests.support.service_parts import beside
from tests.support.service_process import Installation, Process
from tests.support.wire_calls import new_request_id

CLIENTS, SPENDERS = 4, 12
DEADLINE_S = 10.0
BACK_AFTER_S = 1.25 * RECONNECT_MAX_MS / 1000
"""A channel tries an address again after this pause at the latest: the longest one and the fifth by which gRPC scatters it."""


def another(installation: Installation, number: int, port: int = 0) -> tuple[Process, int]:
    """Starts a further process of the same installation."""
    ready = installation.folder / f"service-{number}.port"
    settings = {"MEMBER_SERVICE_LISTEN__PORT": str(port), "MEMBER_SERVICE_LISTEN__PORT_FILE": str(ready)}
    process = Process(["server_stub", "serve"], ready, {**installation.environment, **settings})
    installation.running.append(process)
    return process, int(process.start())


class Load:
    """Kiosks that call without a pause and remember what was acknowledged."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._devices, self._enrollment = DeviceServiceStub(channel), EnrollmentServiceStub(channel)
        self._is_over = False
        self.acknowledged: list[str] = []
        self.errors: Counter[str] = Counter()
        self.longest_s = 0.0

    async def run(self, kills: asyncio.Task[None]) -> None:
        """Calls until what happens to the services has happened."""
        clients = [asyncio.create_task(self._client()) for _ in range(CLIENTS)]
        try:
            await kills
        finally:
            self._is_over = True
            await asyncio.gather(*clients)

    async def _client(self) -> None:
        while not self._is_over:
            began = time.monotonic()
            request_id = new_request_id()
            try:
                # A tombstone is a row of its own for each request id: what was acknowledged can be counted afterwards.
                await self._enrollment.CancelRequest(enrollment_pb2.CancelRequestRequest(request_id=request_id), timeout=DEADLINE_S)
                self.acknowledged.append(request_id)
                await self._devices.Heartbeat(device_pb2.HeartbeatRequest(card_reader_ok=True), timeout=DEADLINE_S)
            except grpc.aio.AioRpcError as error:
                self.errors[f"{error.code().name} {error.details()}"] += 1
            self.longest_s = max(self.longest_s, time.monotonic() - began)


class Spending(RedeemLoad):
    """Kiosks that redeem, each over the channel that kiosks have."""

    def __init__(self, targets: str, identity: Identity) -> None:
        super().__init__(targets, grpc.ssl_channel_credentials(), seed=0)
        self._identity = identity

    def _channel(self) -> grpc.aio.Channel:
        return open_channel(self._target, self._identity)


@pytest.mark.timeout(300)
async def test_no_kiosk_notices_that_one_of_two_services_is_killed(
    installation_on_postgres: Installation, figures: Callable[[str], None]
) -> None:
    installation = installation_on_postgres
    first, first_port = await asyncio.to_thread(another, installation, 1)
    second, second_port = await asyncio.to_thread(another, installation, 2)
    own = installation.kiosk
    identity = Identity(own / "ca.pem", own / "device.pem", own / "device.key", "localhost")
    targets = f"ipv4:127.0.0.1:{first_port},127.0.0.1:{second_port}"
    channel = open_channel(targets, identity)
    load, spending = Load(channel), Spending(targets, identity)
    with beside(installation) as parts:
        visits = furnish(parts.database, parts.settings.keys_folder, parts.settings.profile, MEMBERS).visit_tokens
        parts.database.write(put_rewards)

    async def kill_both_in_turn() -> None:
        await asyncio.sleep(1)
        await asyncio.to_thread(first.stop, signal.SIGKILL)
        await asyncio.sleep(1)
        await asyncio.to_thread(another, installation, 1, first_port)
        # The channel has to come back to the first one, or the second one's end leaves it with nobody.
        await asyncio.sleep(BACK_AFTER_S)
        await asyncio.to_thread(second.stop, signal.SIGTERM)
        await asyncio.sleep(1)

    kills = asyncio.create_task(kill_both_in_turn())
    await asyncio.gather(load.run(kills), spending.run(visits, (CUP.reward_id, PIN.reward_id), SPENDERS, kills))
    await channel.close()
    known = spending.known
    counted = f"{len(load.acknowledged)} cancelled, {len(known.acknowledged)} redeemed"
    figures(f"{counted}, longest {load.longest_s:.2f} s, errors {dict(load.errors)}")
    assert not load.errors
    assert len(load.acknowledged) > 20
    assert _tombstones(installation) == Counter(load.acknowledged)
    assert (known.again, known.open, known.unexpected, known.refused) == (0, {}, Counter(), {})
    assert len(known.acknowledged) > 100
    installation.stop()
    with beside(installation) as parts:
        assert parts.database.read(judge) == known.acknowledged.keys()
    for command in (("ledger", "prove"), ("audit", "verify")):
        done = installation.command(*command)
        assert done.returncode == 0, done.stdout + done.stderr


def _tombstones(installation: Installation) -> Counter[str]:
    database = open_database(installation.settings["MEMBER_SERVICE_DATABASE"], SettableClock())
    query = text("SELECT request_id FROM request_log WHERE state = 'CANCELLED'")
    found = database.read(lambda tx: Counter(tx.connection.execute(query).scalars()))
    database.close()
    return found
