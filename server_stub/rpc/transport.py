"""The listening side: mutual TLS, limits, health, graceful end. Knows no service and no registry.

That nothing below TLS 1.3 is agreed upon is set in `server_stub.__main__`, before grpc is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

if TYPE_CHECKING:
    from server_stub.config import LimitSettings, ListenSettings
    from server_stub.keys.authority import Authority

_PINGS_WITHOUT_END = 0
# Of the time that a stop may take; the rest is for what comes after the last call: the last seals, leases, connections.
_FOR_CALLS = 0.8


class Transport:
    """One server and its health.

    Thread:
        loop.
    """

    def __init__(self, limits: LimitSettings, gate: grpc.aio.ServerInterceptor) -> None:
        self._limits = limits
        self._health = health.aio.HealthServicer()
        self.server = grpc.aio.server(interceptors=(gate,), options=_options(limits), maximum_concurrent_rpcs=limits.concurrent_calls)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self.server)

    async def start(self, listen: ListenSettings, authority: Authority) -> int:
        """Returns the port on which the server listens.

        Raises:
            RuntimeError: the port is taken.
        """
        server = authority.server
        credentials = grpc.ssl_server_credentials(
            [(server.private_key, server.certificate)], root_certificates=authority.certificate, require_client_auth=True
        )
        port = self.server.add_secure_port(f"{listen.host}:{listen.port}", credentials)
        await self.server.start()
        await self._health.set("", health_pb2.HealthCheckResponse.SERVING)
        return port

    async def drain(self) -> None:
        """Takes no new calls, lets the running ones end within their part of the limit, then closes."""
        await self._health.enter_graceful_shutdown()
        await self.server.stop(self._limits.drain_s * _FOR_CALLS)


def _options(limits: LimitSettings) -> list[tuple[str, int]]:
    """Returns the channel arguments; names as in grpc's grpc_types.h, times in ms."""
    return [
        ("grpc.server_handshake_timeout_ms", round(limits.handshake_s * 1000)),
        ("grpc.max_connection_idle_ms", round(limits.idle_s * 1000)),
        ("grpc.max_receive_message_length", limits.message_bytes),
        ("grpc.max_send_message_length", limits.answer_bytes),
        # The soft limit drops at random between soft and hard; only equal limits are a limit.
        ("grpc.max_metadata_size", limits.metadata_bytes),
        ("grpc.absolute_max_metadata_size", limits.metadata_bytes),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_recv_ping_interval_without_data_ms", round(limits.ping_allowance_s * 1000)),
        ("grpc.http2.max_pings_without_data", _PINGS_WITHOUT_END),
        # Two servers on one port would share calls at random.
        ("grpc.so_reuseport", 0),
    ]
