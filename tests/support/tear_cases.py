"""Every way in which a card can be torn away in a conversation.

Every cut of a command is the same to the card: it did not arrive. What remains are: not carried out, carried out with the
answer lost or broken off after each of its bytes, and, where a file is written, every length that got written.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardware.emulation.card.tears import When

Case = tuple[int, When, int]
_WRITE_DATA = 0x8D


def cases(trace: list[tuple[bytes, bytes]]) -> Iterator[Case]:
    """Every tear of a conversation: place of the command, when, and after how many bytes."""
    for place, (command, answer) in enumerate(trace):
        yield place, When.BEFORE, 0
        yield place, When.AFTER, 0
        yield from ((place, When.REPLY, length) for length in range(len(answer)))
        if command[1] == _WRITE_DATA:
            yield from ((place, When.DURING, length) for length in range(129))
