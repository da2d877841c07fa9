"""The one channel to the central service: mutual TLS, pings, reconnection."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import grpc

MESSAGE_MAX_BYTES = 64 * 1024
PING_EVERY_MS = 60_000
RECONNECT_MAX_MS = 5_000


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
    ]
    return grpc.aio.secure_channel(target, credentials, options=options)
