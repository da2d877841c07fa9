"""The channel to the central service: mutual TLS, pings, several addresses, reconnection, and a new one for every visitor.

Where the service has several processes, calls take turns among them and go to another one when theirs dies. A dialogue with a
card lives in the process that began it, so those calls have a channel of their own that stays with one address.

gRPC keeps the bytes of calls in its read and write buffers as long as a connection lives; a closed one gives them back.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import grpc

from kiosk.ports.errors import IdentityUnusable

REQUEST_MAX_BYTES = 64 * 1024
ANSWER_MAX_BYTES = 1024 * 1024
"""Every lot of a member who buys each day for years is in one answer."""
PING_EVERY_MS = 60_000
RECONNECT_MAX_MS = 5_000
CLOSE_GRACE_S = 6.0
"""For calls under way when their channel is replaced, the last word of a visit among them; longer than their deadline."""


@dataclass(frozen=True, slots=True)
class Identity:
    """PEM files of this device: the authority that it trusts, its certificate and its private key.

    Attributes:
        server_name: Name that the service's certificate must carry; empty where it is the target's host.
    """

    authority: Path
    certificate: Path
    private_key: Path
    server_name: str = ""


# A call that was not answered because its process is gone goes to the next one, after a pause of up to these seconds. Mutations
# carry their request id, so that one which was carried out without an answer is not carried out again. A process that ends while calls
# run longer than it can wait for them cancels them.
_RETRY = {
    "maxAttempts": 5,
    "initialBackoff": "0.05s",
    "maxBackoff": "1s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
}
_IN_TURN: dict[str, Any] = {"round_robin": {}}
_AT_RANDOM: dict[str, Any] = {"pick_first": {"shuffleAddressList": True}}
_STAYS = "/member.v1.CardService/"
# A code works once: asked again after an answer that was lost, the centre would take its member for a thief.
_ONCE = {"service": "member.v1.CredentialService", "method": "IdentifyByCode"}


def _service_config(policy: dict[str, Any]) -> str:
    return json.dumps({"loadBalancingConfig": [policy], "methodConfig": [{"name": [_ONCE]}, {"name": [{}], "retryPolicy": _RETRY}]})


def open_channel(target: str, identity: Identity, *, stays: bool = False) -> grpc.aio.Channel:
    """Return a channel; it connects when it is first used and reconnects by itself. Thread: loop.

    Args:
        target: gRPC target, e.g. "localhost:8443" or "ipv4:10.0.0.1:8443,10.0.0.2:8443"; several are used in turn.
        identity: Files of the device's identity.
        stays: All calls go to one address, drawn anew when it does not answer; else they take turns.

    Raises:
        IdentityUnusable: One of the files is missing or cannot be read.
    """
    authority, private_key, certificate = (_read(identity, name) for name in ("authority", "private_key", "certificate"))
    credentials = grpc.ssl_channel_credentials(authority, private_key, certificate)
    options: list[tuple[str, str | int]] = [
        ("grpc.max_receive_message_length", ANSWER_MAX_BYTES),
        ("grpc.max_send_message_length", REQUEST_MAX_BYTES),
        ("grpc.keepalive_time_ms", PING_EVERY_MS),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.initial_reconnect_backoff_ms", 250),
        ("grpc.max_reconnect_backoff_ms", RECONNECT_MAX_MS),
        ("grpc.service_config", _service_config(_AT_RANDOM if stays else _IN_TURN)),
        # Else a new channel takes over the connection of the old one, with its buffers.
        ("grpc.use_local_subchannel_pool", 1),
    ]
    if identity.server_name:
        options.append(("grpc.ssl_target_name_override", identity.server_name))
    return grpc.aio.secure_channel(target, credentials, options=options)


def _read(identity: Identity, name: str) -> bytes:
    path: Path = getattr(identity, name)
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise IdentityUnusable(f"{name} {path} is missing") from error
    except OSError as error:
        raise IdentityUnusable(f"{name} {path} cannot be read: {error.strerror}") from error


class Connection:
    """A channel that can be replaced under the stubs made of it. Thread: loop."""

    def __init__(self, target: str, identity: Identity) -> None:
        """Open the first channel; see `open_channel`."""
        self._target = target
        self._identity = identity
        self._open = open_channel(target, identity)
        self._staying: grpc.aio.Channel | None = None
        self._callables: dict[str, Any] = {}

    @property
    def channel(self) -> grpc.aio.Channel:
        """What stubs are made of: every call goes over the channel of its moment."""
        return cast("grpc.aio.Channel", self)

    def unary_unary(self, method: str, *serializers: Any, **options: Any) -> Any:
        """Return the call of a method; the only kind of call that the contract has."""

        def call(request: Any, **settings: Any) -> Any:
            if method not in self._callables:
                self._callables[method] = self._channel_of(method).unary_unary(method, *serializers, **options)
            return self._callables[method](request, **settings)

        return call

    async def renew(self) -> None:
        """Go on over a new channel at once, and close the old one when its calls have ended."""
        old, self._open = [self._open, *self._stayed()], open_channel(self._target, self._identity)
        self._callables = {}
        self._open.get_state(try_to_connect=True)
        await asyncio.gather(*(channel.close(CLOSE_GRACE_S) for channel in old))

    async def close(self) -> None:
        """Close it."""
        await asyncio.gather(*(channel.close() for channel in (self._open, *self._stayed())))

    def _channel_of(self, method: str) -> grpc.aio.Channel:
        if not method.startswith(_STAYS):
            return self._open
        if self._staying is None:
            self._staying = open_channel(self._target, self._identity, stays=True)
        return self._staying

    def _stayed(self) -> tuple[grpc.aio.Channel, ...]:
        """Return the channel of the visit's card, if one was opened, and forget it."""
        staying, self._staying = self._staying, None
        return (staying,) if staying is not None else ()
