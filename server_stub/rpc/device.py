"""DeviceService: decode, call the services, encode. Decides nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from proto.member.v1 import device_pb2 as pb
from proto.member.v1 import device_pb2_grpc
from server_stub.rpc import translate
from server_stub.services.device_registry import Condition
from server_stub.services.staff_calls import StaffCallOrder

if TYPE_CHECKING:
    from server_stub.domain.actors import DeviceActor
    from server_stub.rpc.blocking import Blocking
    from server_stub.rpc.servicer import Ground
    from server_stub.services.decisions import Decisions
    from server_stub.services.device_registry import DeviceRegistry
    from server_stub.services.staff_calls import CallView, StaffCalls

# A revocation holds after this time at the latest, on open connections too (docs/decisions/0017).
KNOWN_FOR_S = 1.0
_MOST_KNOWN = 10_000


class RegistryAtTheGate:
    """The register as the gate asks it; implements `rpc.gate.DeviceRegistry`.

    What it said holds for a second and is asked for once, however many calls wait for it; a refusal is never kept.

    Thread:
        loop.
    """

    def __init__(self, registry: DeviceRegistry, blocking: Blocking) -> None:
        self._registry = registry
        self._blocking = blocking
        # The moment until which it holds, by the loop's clock; counted from before the question, so that it is never older.
        self._known: dict[bytes, tuple[float, DeviceActor]] = {}
        self._asked: dict[bytes, asyncio.Task[DeviceActor]] = {}

    async def device_with(self, certificate_sha256: bytes) -> DeviceActor:
        """Returns the device of a certificate; see `DeviceRegistry.with_certificate`."""
        known = self._known.get(certificate_sha256)
        if known is not None and asyncio.get_running_loop().time() < known[0]:
            return known[1]
        task = self._asked.get(certificate_sha256)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._ask(certificate_sha256))
            self._asked[certificate_sha256] = task
            task.add_done_callback(lambda _done: self._asked.pop(certificate_sha256, None))
        # Others may wait for the same answer when this caller goes.
        return await asyncio.shield(task)

    async def _ask(self, certificate_sha256: bytes) -> DeviceActor:
        self._known.pop(certificate_sha256, None)
        begun = asyncio.get_running_loop().time()
        device = await self._blocking.run(self._registry.with_certificate, certificate_sha256)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[certificate_sha256] = (begun + KNOWN_FOR_S, device)
        return device


@dataclass(frozen=True, slots=True)
class DeviceParts:
    """The services behind it; the notice is what a device shows of the development profile, or empty."""

    registry: DeviceRegistry
    calls: StaffCalls
    decisions: Decisions
    development_notice: str


class DeviceServicer(device_pb2_grpc.DeviceServiceServicer):
    """Devices.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, parts: DeviceParts) -> None:
        self._ground = ground
        self._parts = parts

    async def Hello(self, request: pb.HelloRequest, _context: object) -> pb.HelloResponse:
        """Tells a device who it is."""
        device = await self._ground.blocking.run(self._parts.registry.hello, self._ground.caller.device, request.software_version)
        return pb.HelloResponse(
            device_id=device.device_id,
            device_name=device.name,
            store_name=device.store_name,
            store_region_code=device.region_code,
            server_time=translate.timestamp(device.server_time),
            last_device_seq=device.last_device_seq,
            development_notice=self._parts.development_notice,
            tiers=await self._tiers(),
        )

    async def Heartbeat(self, request: pb.HeartbeatRequest, _context: object) -> pb.HeartbeatResponse:
        """Sign of life."""
        condition = Condition(request.card_reader_ok, request.printer_ok)
        moment = await self._ground.blocking.run(self._parts.registry.heartbeat, self._ground.caller.device, condition)
        return pb.HeartbeatResponse(server_time=translate.timestamp(moment), tiers=await self._tiers())

    async def CallStaff(self, request: pb.CallStaffRequest, _context: object) -> pb.CallStaffResponse:
        """Calls staff."""
        order = StaffCallOrder(request.screen, translate.language(request.language))
        device, envelope = self._ground.caller.device, translate.envelope(request)
        call = await self._ground.blocking.run(self._parts.calls.call, device, envelope, order)
        return pb.CallStaffResponse(call_id=call.call_id, state=_state(call))

    async def GetStaffCall(self, request: pb.GetStaffCallRequest, _context: object) -> pb.GetStaffCallResponse:
        """Tells whether somebody comes."""
        call = await self._ground.blocking.run(self._parts.calls.find, self._ground.caller.device, request.call_id)
        return pb.GetStaffCallResponse(state=_state(call))

    async def _tiers(self) -> list[pb.TierName]:
        names = await self._ground.blocking.run(self._parts.decisions.tier_names)
        said = ((tier, {language.replace("-", "_").lower(): name for language, name in by.items()}) for tier, by in names.items())
        return [pb.TierName(tier=tier, **by) for tier, by in said]


def _state(call: CallView) -> pb.StaffCallState.ValueType:
    return pb.StaffCallState.Value(f"STAFF_CALL_STATE_{call.state.value}")
