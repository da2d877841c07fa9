"""The card's profile: application, files, rights and capacity. Knows no keys and no contents.

Source: docs/decisions/ (card profile).
"""

from __future__ import annotations

from hardware.card.layout.apdu import Command
from hardware.card.layout.commands import (
    AccessRights,
    create_application,
    create_backup_file,
    create_cyclic_file,
    create_standard_file,
    read_data,
    select_df_name,
)
from hardware.card.layout.roles import KeyRole

# AID F48120 (ISO/IEC 7816-5 national function cluster), low byte first as it travels.
AID = b"\x20\x81\xf4"
# Proprietary name without registration: F0, "YHMBR", version 1.
DF_NAME = b"\xf0YHMBR\x01"
ISO_FID = b"\x10\xf4"

IDENTITY_FILE = 1
SNAPSHOT_FILE = 2
LOG_FILE = 3
FILE_SIZE = 128
LOG_RECORD_SIZE = 32
LOG_RECORDS = 8

APPLICATION_KEYS = (KeyRole.MASTER, KeyRole.READ, KeyRole.UPDATE, KeyRole.PRIVACY, KeyRole.READER)
# Keys changed with the master key, settings changeable, files listed freely, made and deleted with the master key only.
APPLICATION_SETTINGS = 0x0B
# The same at the level of the card: nobody but the centre adds or deletes applications.
CARD_SETTINGS = 0x0B

_WRITTEN_ONCE = AccessRights(read=KeyRole.READ, write=KeyRole.MASTER, read_write=KeyRole.MASTER, change=KeyRole.MASTER)
_UPDATED = AccessRights(read=KeyRole.READ, write=KeyRole.UPDATE, read_write=KeyRole.MASTER, change=KeyRole.MASTER)

SELECT = select_df_name(DF_NAME)
CREATE_APPLICATION = create_application(AID, APPLICATION_SETTINGS, len(APPLICATION_KEYS), ISO_FID, DF_NAME)
CREATE_FILES: tuple[Command, ...] = (
    create_standard_file(IDENTITY_FILE, _WRITTEN_ONCE, FILE_SIZE),
    create_backup_file(SNAPSHOT_FILE, _UPDATED, FILE_SIZE),
    create_cyclic_file(LOG_FILE, _UPDATED, LOG_RECORD_SIZE, LOG_RECORDS),
)
READ_IDENTITY = read_data(IDENTITY_FILE, 0, FILE_SIZE)
READ_SNAPSHOT = read_data(SNAPSHOT_FILE, 0, FILE_SIZE)


def is_desfire_ev2_or_later(version: bytes) -> bool:
    """Tell whether GetVersion's 28 bytes name an NXP DESFire of generation EV2 or EV3 with at least 2 KB.

    Source: AN12343 clause 6.3: vendor 04, type x1, major version 12 or 22 (EV2) and 33 (EV3), size code.
    """
    vendor, kind, major, size = version[0], version[1], version[3], version[5]
    return vendor == 0x04 and kind & 0x0F == 0x01 and major & 0x0F in (0x02, 0x03) and size >= 0x16


def uid_of(version: bytes) -> bytes:
    """Return the UID, 7 bytes, from GetVersion's 28 bytes."""
    return version[14:21]
