"""The one channel to the central service: mutual TLS, pings, reconnection, and a new one for every visitor.

gRPC keeps the bytes of calls in its read and write buffers as long as a connection lives; a closed one gives them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import grpc

MESSAGE_MAX_BYTES = 64 * 1024
PING_EVERY_MS = 60_000
RECONNECT_MAX_MS = 5_000
CLOSE_GRACE_S = 6.0
"""For calls under way when their channel is replaced, the last word of a visit among them; longer than their deadline."""


@dataclass(frozen=True, slots=True)
class Identity:
    """PEM files of this device: the authority that it trusts, its certificate and its private key."""

    authority: Path
    certificate: Path
    private_key: Path


def open_channel(target: str, identity: Identity) -> grpc.aio.Channel:
    """Return a channel; it connects when it is first used and reconnects by itself. Thread: loop.

    Args:
        target: gRPC target, e.g. "localhost:8443" or "ipv4:10.0.0.1:8443,10.0.0.2:8443"; several are used in turn.
        identity: Files of the device's identity.
    """
    credentials = grpc.ssl_channel_credentials(
        identity.authority.read_bytes(), identity.private_key.read_bytes(), identity.certificate.read_bytes()
    )
    options = [
        ("grpc.max_receive_message_length", MESSAGE_MAX_BYTES),
        ("grpc.max_send_message_length", MESSAGE_MAX_BYTES),
        ("grpc.keepalive_time_ms", PING_EVERY_MS),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.initial_reconnect_backoff_ms", 250),
        ("grpc.max_reconnect_backoff_ms", RECONNECT_MAX_MS),
        ("grpc.lb_policy_name", "round_robin"),
        # Else a new channel takes over the connection of the old one, with its buffers.
        ("grpc.use_local_subchannel_pool", 1),
    ]
    return grpc.aio.secure_channel(target, credentials, options=options)


class Connection:
    """A channel that can be replaced under the stubs made of it. Thread: loop."""

    def __init__(self, target: str, identity: Identity) -> None:
        """Open the first channel; see `open_channel`."""
        self._target = target
        self._identity = identity
        self._open = open_channel(target, identity)
        self._callables: dict[str, Any] = {}

    @property
    def channel(self) -> grpc.aio.Channel:
        """What stubs are made of: every call goes over the channel of its moment."""
        return cast("grpc.aio.Channel", self)

    def unary_unary(self, method: str, *serializers: Any, **options: Any) -> Any:
        """Return the call of a method; the only kind of call that the contract has."""

        def call(request: Any, **settings: Any) -> Any:
            if method not in self._callables:
                self._callables[method] = self._open.unary_unary(method, *serializers, **options)
            return self._callables[method](request, **settings)

        return call

    async def renew(self) -> None:
        """Go on over a new channel at once, and close the old one when its calls have ended."""
        old, self._open = self._open, open_channel(self._target, self._identity)
        self._callables = {}
        self._open.get_state(try_to_connect=True)
        await old.close(CLOSE_GRACE_S)

    async def close(self) -> None:
        """Close it."""
        await self._open.close()
