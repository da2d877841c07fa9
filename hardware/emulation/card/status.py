"""Status bytes of the chip and the way in which a command refuses. Source: NXP AN0945 table 1, AN12343 annex."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """Second byte of 91xx."""

    OK = 0x00
    OUT_OF_MEMORY = 0x0E
    ILLEGAL_COMMAND = 0x1C
    INTEGRITY = 0x1E
    NO_SUCH_KEY = 0x40
    LENGTH = 0x7E
    PERMISSION = 0x9D
    PARAMETER = 0x9E
    NO_APPLICATION = 0xA0
    AUTHENTICATION = 0xAE
    MORE = 0xAF
    BOUNDARY = 0xBE
    COMMAND_ABORTED = 0xCA
    DUPLICATE = 0xDE
    EEPROM = 0xEE
    NO_FILE = 0xF0


class Refuse(Exception):
    """Ends a command with a status; the session ends with it."""

    def __init__(self, status: Status) -> None:
        super().__init__(status.name)
        self.status = status
