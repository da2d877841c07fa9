"""The other end of a foreign host's process: command APDUs leave as lines of hex, responses come back as such."""

from __future__ import annotations

import sys


def exchange(apdu: bytes) -> bytes:
    """Return the card's response."""
    print(apdu.hex(), flush=True)
    return bytes.fromhex(sys.stdin.readline().strip())


def told(what: str) -> None:
    """Say what was just seen to work."""
    print(f"# {what}", flush=True)
