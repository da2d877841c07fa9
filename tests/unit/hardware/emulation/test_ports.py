"""Ports of processes that come back: whoever connects meanwhile is never given them."""

from __future__ import annotations

import random
import socket
from pathlib import Path

import pytest

from hardware.emulation.ports import steady_port


def test_the_kernel_gives_such_a_port_to_nobody() -> None:
    first, last = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    assert not any(first <= steady_port() <= last for _ in range(100))


def test_a_port_is_passed_over_where_it_or_its_neighbour_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    port = steady_port(neighbours=3)
    drawn = iter([port, port - 1, port + 1])
    monkeypatch.setattr(random.SystemRandom, "randrange", lambda *_: next(drawn))
    with socket.create_server(("", port)):
        assert steady_port(neighbours=2) == port + 1
