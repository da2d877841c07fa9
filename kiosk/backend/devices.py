"""The device itself, over the wire: implements kiosk.ports.desks.DeviceDesk."""

from __future__ import annotations

from collections.abc import Iterable

import grpc

from kiosk import __version__
from kiosk.backend.caller import Caller
from kiosk.backend.convert import LANGUAGES
from kiosk.ports.journal import IntentKind
from kiosk.ports.values import DeviceInfo, Language, RequestId, StaffCall, TierName
from proto.member.v1 import device_pb2, device_pb2_grpc

STAFF_CALLS = {
    device_pb2.STAFF_CALL_STATE_WAITING: StaffCall.WAITING,
    device_pb2.STAFF_CALL_STATE_ANSWERED: StaffCall.ANSWERED,
    device_pb2.STAFF_CALL_STATE_CLOSED: StaffCall.CLOSED,
}


class DeviceGateway:
    """See DeviceDesk. Thread: loop."""

    def __init__(self, channel: grpc.aio.Channel, caller: Caller) -> None:
        self._devices = device_pb2_grpc.DeviceServiceStub(channel)
        self._caller = caller

    async def hello(self, last_device_seq: int) -> DeviceInfo:
        """Tell who this device is."""
        request = device_pb2.HelloRequest(software_version=__version__, last_device_seq=last_device_seq)
        answer = await self._caller.ask(self._devices.Hello, request)
        store = (answer.store_name, answer.store_region_code)
        return DeviceInfo(answer.device_id, answer.device_name, *store, answer.development_notice, _tiers(answer.tiers))

    async def heartbeat(self, *, card_reader_ok: bool, printer_ok: bool) -> tuple[TierName, ...]:
        """Give a sign of life; returns what the tiers are called now."""
        request = device_pb2.HeartbeatRequest(card_reader_ok=card_reader_ok, printer_ok=printer_ok)
        answer = await self._caller.ask(self._devices.Heartbeat, request)
        return _tiers(answer.tiers)

    async def call_staff(self, request_id: RequestId, screen: str, language: Language) -> str:
        """Call staff; returns the call's handle."""
        request = device_pb2.CallStaffRequest(screen=screen, language=LANGUAGES[language])
        answer = await self._caller.mutate(self._devices.CallStaff, request, request_id, IntentKind.CALL_STAFF)
        return str(answer.call_id)

    async def staff_call(self, call_id: str) -> StaffCall:
        """Tell whether somebody comes."""
        answer = await self._caller.ask(self._devices.GetStaffCall, device_pb2.GetStaffCallRequest(call_id=call_id))
        return STAFF_CALLS[answer.state]


def _tiers(names: Iterable[device_pb2.TierName]) -> tuple[TierName, ...]:
    return tuple(TierName(one.tier, one.zh_hans, one.zh_hant, one.en) for one in names)
