"""The gate: faults tell no more than a number, and work that runs too long or too often starves nobody."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import grpc
import pytest

from proto.member.v1 import common_pb2, device_pb2, reward_pb2
from server_stub.domain.actors import DeviceActor
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.rpc.blocking import Blocking
from server_stub.rpc.caller import CurrentCaller
from server_stub.rpc.gate import Gate
from server_stub.storage.database import StorageUnavailable

CERTIFICATE = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
HELLO = "/member.v1.DeviceService/Hello"


class Aborted(Exception):
    """What the context raises, as grpc's does."""


class Context:
    """A call's context: a certificate, a deadline, and what the gate said."""

    def __init__(self, remaining: float | None = 5.0, certificate: bytes | None = CERTIFICATE) -> None:
        self.remaining, self.certificate = remaining, certificate
        self.code: grpc.StatusCode | None = None
        self.detail = ""
        self.metadata: Any = ()

    def time_remaining(self) -> float | None:
        return self.remaining

    def auth_context(self) -> dict[str, list[bytes]]:
        return {"x509_pem_cert": [self.certificate]} if self.certificate else {}

    async def abort(self, code: grpc.StatusCode, detail: str, metadata: Any = ()) -> None:
        self.code, self.detail, self.metadata = code, detail, metadata
        raise Aborted


class Registry:
    async def device_with(self, _digest: bytes) -> DeviceActor:
        return DeviceActor("K03", "S001")


async def call(behaviour: Any, context: Context, method: str = HELLO, request: Any = None) -> Any:
    gate = Gate(Registry(), CurrentCaller(), 60.0)

    class Details:
        pass

    details = Details()
    details.method = method

    async def continuation(_details: Any) -> Any:
        return grpc.unary_unary_rpc_method_handler(behaviour)

    handler = await gate.intercept_service(continuation, details)
    return await handler.unary_unary(request or device_pb2.HelloRequest(), context)


async def test_a_fault_is_told_by_its_number_alone(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(_request: Any, _context: Any) -> None:
        raise LookupError("13800138000 欧阳晓明")

    context = Context()
    with caplog.at_level(logging.ERROR), pytest.raises(Aborted):
        await call(broken, context)
    assert context.code is grpc.StatusCode.INTERNAL
    assert context.detail.startswith("fault ")
    assert context.detail.removeprefix("fault ") in caplog.text
    assert "LookupError" in caplog.text
    assert "test_gate.py" in caplog.text
    for secret in ("13800138000", "欧阳"):
        assert secret not in caplog.text
        assert secret not in context.detail


async def test_a_database_that_does_not_answer_is_a_broken_link_and_no_refusal() -> None:
    """The kiosk keeps the intent open and sends it again; a refusal would end it, although it may have been carried out."""

    async def storage_is_gone(_request: Any, _context: Any) -> None:
        raise StorageUnavailable("SerializationFailure")

    context = Context()
    with pytest.raises(Aborted):
        await call(storage_is_gone, context)
    assert context.code is grpc.StatusCode.UNAVAILABLE
    assert not context.metadata


async def never(_request: Any, _context: Any) -> None:
    raise AssertionError("it got through")


async def test_no_text_with_a_control_character_gets_through() -> None:
    """A file books it and a server cannot store it; whoever retries on INTERNAL would never get rid of it."""
    context = Context()
    with pytest.raises(Aborted):
        await call(never, context, request=reward_pb2.CommitRequest(redemption_id="a\0b"))
    assert context.code is grpc.StatusCode.INVALID_ARGUMENT
    assert common_pb2.Refusal.FromString(context.metadata[0][1]).findings[0].field == "redemption_id"


@pytest.mark.parametrize("context", [Context(remaining=None), Context(remaining=9.2e18), Context(remaining=60.5)])
async def test_no_deadline_no_call(context: Context) -> None:
    with pytest.raises(Aborted):
        await call(never, context)
    assert context.code is grpc.StatusCode.INVALID_ARGUMENT


async def test_no_certificate_no_call() -> None:
    context = Context(certificate=None)
    with pytest.raises(Aborted):
        await call(never, context)
    assert context.code is grpc.StatusCode.UNAUTHENTICATED


async def test_an_rpc_without_an_entry_is_denied() -> None:
    context = Context()
    with pytest.raises(Aborted):
        await call(never, context, "/member.v1.DeviceService/Reboot")
    assert context.code is grpc.StatusCode.PERMISSION_DENIED


async def test_callers_do_not_mix() -> None:
    caller = CurrentCaller()
    with pytest.raises(LookupError):
        _ = caller.device

    async def as_device(name: str) -> str:
        caller.set(DeviceActor(name, "S001"))
        await asyncio.sleep(0.01)
        return caller.device.device_id

    names = [f"K{number:02d}" for number in range(20)]
    assert await asyncio.gather(*(asyncio.create_task(as_device(name)) for name in names)) == names


async def test_a_full_queue_refuses_at_once_and_takes_again_afterwards() -> None:
    blocking, release = Blocking(1), threading.Event()
    waiting = [asyncio.create_task(blocking.run(release.wait, 5)) for _ in range(17)]
    await asyncio.sleep(0)
    with pytest.raises(Refusal) as caught:
        await blocking.run(release.wait, 5)
    assert caught.value.reason is Reason.RATE_LIMITED
    release.set()
    await asyncio.gather(*waiting)
    assert await blocking.run(int, "7") == 7
    blocking.close()


async def test_work_that_was_begun_is_ended_though_its_caller_has_gone() -> None:
    blocking, release, done = Blocking(1), threading.Event(), threading.Event()

    def work() -> None:
        release.wait(5)
        done.set()

    task = asyncio.create_task(blocking.run(work))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    release.set()
    assert await asyncio.to_thread(done.wait, 5)
    await asyncio.sleep(0.02)
    blocking.close()
