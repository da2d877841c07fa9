"""The gate that every call passes: deadline, device, permission, texts; and the one place where errors become answers.

Responsible for letting nobody through without a rule. A device is known by the digest of its certificate, looked up again every
second, so that a revocation holds for open connections too; names in the certificate mean nothing here. Must not know what an RPC does.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import logging
import ssl
from typing import TYPE_CHECKING, Any, Protocol

import grpc
from google.protobuf.message import DecodeError

from server_stub.domain.permissions import require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, Refused, refuse
from server_stub.rpc.faults import note_fault
from server_stub.rpc.fields import require_texts
from server_stub.rpc.permissions import HEALTH_CHECK, operation_of
from server_stub.rpc.refusals import abort
from server_stub.storage.database import StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server_stub.domain.actors import DeviceActor
    from server_stub.rpc.caller import CurrentCaller

    Context = grpc.aio.ServicerContext[Any, Any]
    Handler = grpc.RpcMethodHandler[Any, Any]

log = logging.getLogger(__name__)

_CERTIFICATE = "x509_pem_cert"


class DeviceRegistry(Protocol):
    """Knows which certificates belong to devices."""

    async def device_with(self, certificate_sha256: bytes) -> DeviceActor:
        """Returns the device.

        Raises:
            Refusal: DEVICE_UNKNOWN or DEVICE_REVOKED.
        """
        ...


class Gate(grpc.aio.ServerInterceptor):
    """The only interceptor.

    Thread:
        loop.
    """

    def __init__(self, registry: DeviceRegistry, caller: CurrentCaller, longest_deadline_s: float) -> None:
        self._registry = registry
        self._caller = caller
        self._longest_deadline_s = longest_deadline_s

    async def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]], handler_call_details: grpc.HandlerCallDetails
    ) -> Handler | None:
        """Returns the handler behind the gate; an unknown method stays UNIMPLEMENTED."""
        method = handler_call_details.method
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        if handler.unary_unary is None:
            return _handler(_refuse_streams)
        inner: Any = handler.unary_unary

        async def guarded(request: Any, context: Context) -> Any:
            try:
                await self._admit(method, context)
                _require_message(request)
                return await inner(request, context)
            except Refusal as refusal:
                await abort(context, refusal.refused)
            except StorageUnavailable as error:
                # A broken link to whoever asks: the fate of the request is not known, it comes again under the same id.
                log.error("storage unavailable in %s: %s", method, error)  # noqa: TRY400 - its trace quotes statements
                await context.abort(grpc.StatusCode.UNAVAILABLE, "storage")
            except (grpc.aio.AbortError, asyncio.CancelledError):
                raise
            except Exception as error:  # noqa: BLE001 - the one place where any fault becomes an answer
                await abort(context, Refused(Reason.SERVICE_FAULT), f"fault {note_fault(method, error)}")

        return _handler(guarded, handler)

    async def _admit(self, method: str, context: Context) -> None:
        if method == HEALTH_CHECK:
            # Says SERVING or not and nothing else; the certificate's chain was checked by TLS.
            return
        remaining = context.time_remaining()
        if remaining is None or remaining > self._longest_deadline_s:
            raise refuse(Reason.DEADLINE_REQUIRED)
        device = await self._registry.device_with(_certificate_digest(context))
        operation = operation_of(method)
        if operation is None:
            log.error("no permission entry for %s", method)
            raise refuse(Reason.NOT_PERMITTED)
        require(device, operation)
        self._caller.set(device)


class _NoMessage:
    """Stands for bytes that are no message of their method, until it is known whether their sender may call it at all."""


def _tolerant(deserialize: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """Returns what grpc may call before the gate: what it raises there, grpc writes into the log with its trace and answers by itself."""

    def read(raw: bytes) -> Any:
        try:
            return deserialize(raw)
        except DecodeError:
            return _NoMessage()

    return read


def _require_message(request: Any) -> None:
    if isinstance(request, _NoMessage):
        raise refuse(Reason.REQUEST_MALFORMED)
    require_texts(request)


def _handler(behaviour: Callable[[Any, Context], Awaitable[Any]], like: Handler | None = None) -> Handler:
    return grpc.unary_unary_rpc_method_handler(
        behaviour,
        request_deserializer=_tolerant(like.request_deserializer) if like and like.request_deserializer else None,
        response_serializer=like.response_serializer if like else None,
    )


def _certificate_digest(context: Context) -> bytes:
    for pem in context.auth_context().get(_CERTIFICATE, ()):
        return _digest(pem)
    raise refuse(Reason.DEVICE_UNKNOWN)


@functools.lru_cache(maxsize=10_000)
def _digest(pem: bytes) -> bytes:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem.decode("ascii"))).digest()


async def _refuse_streams(_request: Any, context: Context) -> None:
    await abort(context, Refused(Reason.NOT_PERMITTED))
