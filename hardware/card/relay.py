"""Relays batches of commands that the centre computed; looks at status words only. Knows no keys and no meaning."""

from __future__ import annotations

from collections.abc import Sequence

from hardware.card.api import CardLink, Command, Outcome, Relayed
from hardware.errors import DeviceError, ProtocolViolation

# Commands for the card: DESFire's own, and SELECT by name. Anything else, such as commands to the reader, is not relayed.
_NATIVE = 0x90
_SELECT = b"\x00\xa4\x04"


def relay(link: CardLink, commands: Sequence[Command]) -> Relayed:
    """Send commands one after the other, until a status word does not let the batch go on or the link fails.

    Thread: the reader's worker.
    """
    responses: list[bytes] = []
    for command in commands:
        if not _is_for_a_card(command.apdu):
            return Relayed(tuple(responses), ProtocolViolation("not a card's command"), Outcome.NOT_SENT)
        try:
            response = link.transmit(command.apdu)
        except DeviceError as error:
            return Relayed(tuple(responses), error, Outcome.UNKNOWN)
        responses.append(response)
        if response[-2:] not in command.go_on:
            break
    return Relayed(tuple(responses))


def _is_for_a_card(apdu: bytes) -> bool:
    return len(apdu) >= 4 and (apdu[0] == _NATIVE or apdu[:3] == _SELECT)
