"""One call to the central service: deadline, retry, refusals and broken links as our errors.

A mutation is written into the journal before it is sent and settled when its fate is known.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

import grpc
from google.protobuf.message import DecodeError, Message
from google.protobuf.timestamp_pb2 import Timestamp

from kiosk.ports.clock import Clock
from kiosk.ports.errors import DeskError, NotAdmitted, Refused, Unreachable
from kiosk.ports.journal import IntentKind, IntentState, Journal
from kiosk.ports.values import Finding, Reason, RequestId
from proto.member.v1.common_pb2 import Envelope, Refusal
from proto.member.v1.reason_pb2 import Reason as ReasonCode

log = logging.getLogger(__name__)

Answer = TypeVar("Answer", bound=Message)
Call = Callable[..., Awaitable[Any]]

REFUSAL_KEY = "member-refusal-bin"
DEADLINE_S = 5.0
ATTEMPTS = 3
PAUSE_S = 0.3

_LOST = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED})


class Enveloped(Protocol):
    """A request message that carries an envelope."""

    @property
    def envelope(self) -> Envelope:
        """The envelope, to be filled."""
        ...

    def SerializeToString(self, *, deterministic: bool = ...) -> bytes:  # noqa: N802 - name of protobuf
        """Return the bytes."""
        ...


def reason_name(code: int) -> Reason:
    """Return a reason's name without prefix; a number of a later contract becomes its digits."""
    try:
        return Reason(ReasonCode.Name(code).removeprefix("REASON_"))  # type: ignore[arg-type]
    except ValueError:
        return Reason(str(code))


def _refusal(error: grpc.aio.AioRpcError) -> Refused | None:
    for key, value in error.trailing_metadata() or ():
        if key == REFUSAL_KEY:
            refusal = Refusal()
            try:
                refusal.ParseFromString(value if isinstance(value, bytes) else value.encode())
            except DecodeError:
                return None
            found = tuple(Finding(finding.field, reason_name(finding.reason)) for finding in refusal.findings)
            more = (found, refusal.retry_after_s, refusal.tries_left)
            return Refused(reason_name(refusal.reason), *more, on_day=refusal.on_day, points=refusal.points)
    return None


def as_desk_error(error: grpc.aio.AioRpcError) -> DeskError:
    """Return our error for a failed call; a device that is not admitted is never merely offline."""
    refused = _refusal(error)
    if error.code() is grpc.StatusCode.UNAUTHENTICATED:
        return NotAdmitted(str(refused or "identity not accepted"))
    if refused is not None:
        return refused
    if error.code() in _LOST:
        return Unreachable(error.code().name)
    return Refused(Reason("SERVICE_FAULT"))


def _failure(error: grpc.aio.AioRpcError | asyncio.CancelledError) -> DeskError:
    """Return our error for a call that was not answered; raises `error` where not the call was cancelled, but who waits for it."""
    if isinstance(error, grpc.aio.AioRpcError):
        return as_desk_error(error)
    task = asyncio.current_task()
    if task is None or task.cancelling():
        raise error
    # Its channel was closed over it. gRPC tells so by an error that ends whatever waits, up to the whole kiosk, without a word.
    return Unreachable(grpc.StatusCode.CANCELLED.name)


class Caller:
    """Makes calls and remembers whether the link stands. Thread: loop."""

    def __init__(self, journal: Journal, clock: Clock, deadline_s: float = DEADLINE_S) -> None:
        self._journal = journal
        self._clock = clock
        self._deadline_s = deadline_s
        self._link_changed: list[Callable[[bool], None]] = []

    def on_link(self, changed: Callable[[bool], None]) -> None:
        """Have `changed` called with true or false after each call."""
        self._link_changed.append(changed)

    async def ask(self, call: Call, request: Message, attempts: int = ATTEMPTS) -> Any:
        """Return the answer to a question that may be asked again without harm; with 1 attempt, to one that may not.

        Raises:
            DeskError: refused, not admitted or, after so many attempts, unreachable.
        """
        for attempt in range(1, attempts + 1):
            try:
                answer = await call(request, timeout=self._deadline_s)
            except (grpc.aio.AioRpcError, asyncio.CancelledError) as error:
                failure = _failure(error)
                if isinstance(failure, Unreachable) and attempt < attempts:
                    await asyncio.sleep(PAUSE_S * attempt)
                    continue
                self._tell_link(is_linked=not isinstance(failure, Unreachable))
                raise failure from error
            self._tell_link(is_linked=True)
            return answer
        raise Unreachable("attempts used up")

    async def mutate(self, call: Call, request: Any, request_id: RequestId, kind: IntentKind, subject: str = "") -> Any:
        """Return the answer to a mutation; the same id is used for every attempt, now and later.

        Raises:
            DeskError: as for `ask`. After Unreachable the intent stays open in the journal.
            JournalDamaged: nothing was sent.
        """
        device_seq = self._journal.open(request_id, kind, subject)
        occurred_at = Timestamp()
        occurred_at.FromDatetime(self._clock.now())
        request.envelope.CopyFrom(Envelope(request_id=request_id, device_seq=device_seq, occurred_at=occurred_at))
        try:
            answer = await self.ask(call, request)
        except Refused:
            self._journal.settle(request_id, IntentState.REFUSED)
            raise
        self._journal.settle(request_id, IntentState.APPLIED)
        return answer

    def _tell_link(self, *, is_linked: bool) -> None:
        for changed in self._link_changed:
            changed(is_linked)
