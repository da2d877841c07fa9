"""Chooses ports for processes that are started again where they were. Development and tests only."""

from __future__ import annotations

import random
import socket
from pathlib import Path

_LOWEST = 10_000
_BEYOND = 65_536
_KERNELS_OWN = Path("/proc/sys/net/ipv4/ip_local_port_range")
_TRIES = 1000


def steady_port(neighbours: int = 1) -> int:
    """Return the first of neighbouring TCP ports that are free now and that the kernel gives to nobody.

    A port that the kernel chose can become the near end of somebody's connection as soon as its process is down, and the
    process then cannot come back; so it is taken from outside the kernel's own range (ip(7), ip_local_port_range).

    Raises:
        OSError: no such port is free.
    """
    first_own = int(_KERNELS_OWN.read_text(encoding="ascii").split()[0])
    # Where the kernel's range leaves hardly anything below it, a port of it is the best there is.
    end = first_own if first_own > _LOWEST + _TRIES else _BEYOND
    chance = random.SystemRandom()
    for _ in range(_TRIES):
        port = chance.randrange(_LOWEST, end - neighbours)
        if all(_is_free(port + step) for step in range(neighbours)):
            return port
    raise OSError("no port is free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port on which only ended connections linger can be listened on.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
        return True
