"""The commands of DESFire EV2 that this product uses, before secure messaging. Knows no keys and no profile.

Numbers of several bytes are little endian. Source: NXP AN12343 clause 6 and annex, AN0945 clause 4; ISO/IEC 7816-4 clause
7.1.1 (SELECT). Reading and writing use AD and 8D, whose long answers are chained by ISO/IEC 14443-4, not by more commands.
"""

from __future__ import annotations

from dataclasses import dataclass

from hardware.card.layout.apdu import Command, plain, wrapped
from hardware.card.layout.legacy import CHANGE_KEY, checksum

CARD_AID = bytes(3)
GET_VERSION = plain(Command(0x60))
NEXT_FRAME = plain(Command(0xAF))
GET_APPLICATION_IDS = plain(Command(0x6A))
FORMAT_CARD = Command(0xFC)
COMMIT = Command(0xC7)

FULL_MESSAGING = 0x03


@dataclass(frozen=True, slots=True)
class AccessRights:
    """Key number that each access to a file needs; 14 is free, 15 is never."""

    read: int
    write: int
    read_write: int
    change: int

    def encoded(self) -> bytes:
        """Return the two bytes of the file's settings."""
        return bytes([self.read_write << 4 | self.change, self.read << 4 | self.write])


def select_application(aid: bytes) -> bytes:
    """Return the APDU that selects an application, or the card itself, and ends the session."""
    return wrapped(0x5A, aid)


def get_key_version(number: int) -> bytes:
    """Return the APDU that asks for the version of a key of the selected application; no key is needed for it."""
    return plain(Command(0x64, bytes([number])))


def select_df_name(name: bytes) -> bytes:
    """Return the ISO APDU that selects an application by its name of 1 to 16 bytes, asking for no data."""
    return bytes([0x00, 0xA4, 0x04, 0x0C, len(name)]) + name


def create_application(aid: bytes, key_settings: int, key_count: int, iso_fid: bytes, df_name: bytes) -> Command:
    """Make an application with AES keys, all zero.

    Args:
        aid: 3 bytes as they travel.
        key_settings: Bits of AN0945 clause 4.2 (who may change keys, list, make files).
        key_count: 1 to 14.
        iso_fid: ISO file identifier, 2 bytes as they travel.
        df_name: ISO name, 1 to 16 bytes.
    """
    aes_keys = 0x80 | key_count
    return Command(0xCA, aid + bytes([key_settings, aes_keys]) + iso_fid + df_name)


def change_key_settings(settings: int) -> Command:
    """Change the key settings of what is selected."""
    return Command(0x54, b"", bytes([settings]))


def create_standard_file(number: int, rights: AccessRights, size: int) -> Command:
    """Make a file that is written in place; a torn write leaves it undefined, so it is written once."""
    return Command(0xCD, bytes([number, FULL_MESSAGING]) + rights.encoded() + size.to_bytes(3, "little"))


def create_backup_file(number: int, rights: AccessRights, size: int) -> Command:
    """Make a file whose writes count from the commit on, wholly or not at all."""
    return Command(0xCB, bytes([number, FULL_MESSAGING]) + rights.encoded() + size.to_bytes(3, "little"))


def create_cyclic_file(number: int, rights: AccessRights, record_size: int, records: int) -> Command:
    """Make a ring of records, one of which is the spare one of a write that is not committed."""
    sizes = record_size.to_bytes(3, "little") + records.to_bytes(3, "little")
    return Command(0xC0, bytes([number, FULL_MESSAGING]) + rights.encoded() + sizes)


def read_data(number: int, offset: int, length: int) -> Command:
    """Read from a file."""
    return Command(0xAD, bytes([number]) + offset.to_bytes(3, "little") + length.to_bytes(3, "little"))


def write_data(number: int, offset: int, data: bytes) -> Command:
    """Write to a file."""
    return Command(0x8D, bytes([number]) + offset.to_bytes(3, "little") + len(data).to_bytes(3, "little"), data)


def change_other_key(number: int, old_key: bytes, new_key: bytes, version: int) -> Command:
    """Replace a key other than the session's; the answer carries a MAC."""
    mixed = bytes(a ^ b for a, b in zip(old_key, new_key, strict=True))
    return Command(CHANGE_KEY, bytes([number]), mixed + bytes([version]) + checksum(new_key))


def change_own_key(number: int, new_key: bytes, version: int) -> Command:
    """Replace the session's own key; the answer carries no MAC and the session is gone."""
    return Command(CHANGE_KEY, bytes([number]), new_key + bytes([version]))
