"""Clients that redeem without a pause, ask again under the same request id until they are answered, and remember every answer.

What a kiosk does with one intent, many at once and against a service that dies. Knows the wire; knows no database and no process.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import grpc

from proto.member.v1 import reason_pb2, reward_pb2
from proto.member.v1.reward_pb2_grpc import RewardServiceStub
from tests.support.wire_calls import envelope, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DEADLINE_S = 20.0
_PAUSE_S = 0.05
# A dead service is looked for again soon; the service of a test comes back at once.
_OPTIONS = [("grpc.initial_reconnect_backoff_ms", 50), ("grpc.min_reconnect_backoff_ms", 50), ("grpc.max_reconnect_backoff_ms", 200)]
# Whether something was done is not known after these; the same is asked again.
_OPEN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}

Answer = tuple[str, int, int, str, int]


@dataclass
class Answers:
    """What the clients know.

    Attributes:
        acknowledged: The answer to each request that was accepted.
        refused: Why each of the others was refused.
        open: Requests without an answer.
        unexpected: Anything else that was answered, by its text.
        requests: Every request by its id.
        again: How many times a request was asked again.
        longest_s: The longest wait for an answer of any kind.
    """

    acknowledged: dict[str, Answer] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    open: dict[str, reward_pb2.RedeemRequest] = field(default_factory=dict)
    unexpected: Counter[str] = field(default_factory=Counter)
    requests: dict[str, reward_pb2.RedeemRequest] = field(default_factory=dict)
    again: int = 0
    longest_s: float = 0.0


class RedeemLoad:
    """The clients; their requests are drawn from a seed.

    Thread:
        loop.
    """

    def __init__(self, target: str, credentials: grpc.ChannelCredentials, seed: int) -> None:
        self._target, self._credentials, self._random = target, credentials, Random(seed)
        self._is_over = False
        self._sequence = 0
        self.known = Answers()

    async def run(self, visits: Sequence[str], rewards: Sequence[str], clients: int, until: asyncio.Task[None]) -> None:
        """Redeems with so many clients until the task is done; what has no answer then stays open."""
        tasks = [asyncio.create_task(self._client(visits, rewards)) for _ in range(clients)]
        try:
            await until
        finally:
            self._is_over = True
            await asyncio.gather(*tasks)

    async def ask_again(self, requests: Iterable[reward_pb2.RedeemRequest], clients: int) -> Answers:
        """Asks each of these once, of a service that stays alive, and returns what it answered."""
        waiting, known = list(requests), Answers()
        async with self._channel() as channel:
            stub = RewardServiceStub(channel)
            await asyncio.wait_for(channel.channel_ready(), DEADLINE_S)

            async def ask() -> None:
                while waiting:
                    await _ask(stub, waiting.pop(), known)

            await asyncio.gather(*(ask() for _ in range(clients)))
        return known

    def _channel(self) -> grpc.aio.Channel:
        return grpc.aio.secure_channel(self._target, self._credentials, [*_OPTIONS, ("grpc.use_local_subchannel_pool", 1)])

    async def _client(self, visits: Sequence[str], rewards: Sequence[str]) -> None:
        async with self._channel() as channel:
            stub = RewardServiceStub(channel)
            while not self._is_over:
                request = self._intent(visits, rewards)
                await _ask(stub, request, self.known)
                while request.envelope.request_id in self.known.open and not self._is_over:
                    await asyncio.sleep(_PAUSE_S)
                    self.known.again += 1
                    await _ask(stub, request, self.known)

    def _intent(self, visits: Sequence[str], rewards: Sequence[str]) -> reward_pb2.RedeemRequest:
        self._sequence += 1
        chosen = self._random.choice(["", "", *rewards])
        if chosen:
            order = reward_pb2.RedemptionOrder(reward_id=chosen, qty=self._random.randint(1, 2))
        else:
            order = reward_pb2.RedemptionOrder(points=self._random.randint(1, 30))
        return reward_pb2.RedeemRequest(envelope=envelope(seq=self._sequence), visit_token=self._random.choice(visits), order=order)


async def _ask(stub: RewardServiceStub, request: reward_pb2.RedeemRequest, known: Answers) -> None:
    request_id = request.envelope.request_id
    known.requests[request_id] = known.open[request_id] = request
    began = time.monotonic()
    try:
        made = await stub.Redeem(request, timeout=DEADLINE_S)
    except grpc.aio.AioRpcError as error:
        why = _why(error)
        if error.code() in _OPEN or why == "REASON_RATE_LIMITED":
            known.longest_s = max(known.longest_s, time.monotonic() - began)
            return
        if why:
            known.refused[request_id] = why
        else:
            known.unexpected[f"{error.code().name} {error.details()}"] += 1
    else:
        known.acknowledged[request_id] = _answer(made.redemption)
    known.longest_s = max(known.longest_s, time.monotonic() - began)
    del known.open[request_id]


def _why(error: grpc.aio.AioRpcError) -> str:
    if "member-refusal-bin" not in dict(error.trailing_metadata() or ()):
        return ""
    return reason_pb2.Reason.Name(refusal(error).reason)


def _answer(made: reward_pb2.Redemption) -> Answer:
    """What never changes of an answer; what is available is as of now."""
    return made.redemption_id, made.state, made.points, made.pickup_code, made.until.ToNanoseconds()
