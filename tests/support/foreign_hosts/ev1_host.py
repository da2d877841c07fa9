"""Drives the card with python-desfire 0.1.5 (EV1: 1A with DES, AA with AES). Runs in an environment of its own."""

from __future__ import annotations

from desfire import DESFire, DESFireKey
from desfire.devices.base import Device
from desfire.enums import DESFireCommunicationMode, DESFireFileType, DESFireKeySettings, DESFireKeyType
from desfire.schemas import FilePermissions, FileSettings, KeySettings
from wire import exchange, told

AID = [0x11, 0x22, 0x33]


class Bridge(Device):
    """Wraps the library's native frames for ISO 7816-4."""

    def transceive(self, frame):
        body = bytes(frame[1:])
        apdu = bytes([0x90, frame[0], 0, 0]) + (bytes([len(body)]) + body if body else b"") + b"\x00"
        response = exchange(apdu)
        return [response[-1], *response[:-2]]


def key(kind, value):
    return DESFireKey(KeySettings(key_type=kind), value)


def main() -> None:
    card = DESFire(Bridge())
    version = card.get_card_version()
    told(f"version read, UID of {len(version.uid)} bytes")
    card.authenticate(0, key(DESFireKeyType.DF_KEY_2K3DES, bytes(8)))
    told("authenticated a factory card with DES")
    new = bytes(range(16))
    card.change_key(0, key(DESFireKeyType.DF_KEY_2K3DES, bytes(8)), key(DESFireKeyType.DF_KEY_AES, new), 1)
    card.authenticate(0, key(DESFireKeyType.DF_KEY_AES, new))
    told("changed the card's key from DES to AES and authenticated with it")
    assert card.get_real_uid() == version.uid
    assert card.get_key_version(0) == 1
    told("read the UID enciphered and the key's version")
    settings = KeySettings(key_type=DESFireKeyType.DF_KEY_AES, settings=[s for s in DESFireKeySettings if s.value in (1, 2, 8)])
    card.create_application(AID, settings, 3)
    assert card.get_application_ids() == [AID]
    card.select_application(AID)
    zero = bytes(16)
    card.authenticate(0, key(DESFireKeyType.DF_KEY_AES, zero))
    other = bytes(range(100, 116))
    card.change_key(1, key(DESFireKeyType.DF_KEY_AES, zero), key(DESFireKeyType.DF_KEY_AES, other), 7)
    assert card.get_key_version(1) == 7
    told("made an application and changed another key than the session's")
    for number, mode in enumerate(DESFireCommunicationMode):
        access = FilePermissions(read_key=0, write_key=0, read_write_key=0, change_key=0)
        card.create_standard_file(number, FileSettings(mode, DESFireFileType.MDFT_STANDARD_DATA_FILE, access, 40))
        # Under MAC this library sends the last 8 bytes of the MAC where AN0945 table 25 has the first 8: only read there.
        is_written = mode is not DESFireCommunicationMode.CMAC
        data = list(range(number, number + 40)) if is_written else [0] * 40
        if is_written:
            card.write_file_data(number, 0, mode, data)
        back = card.get_file_settings(number)
        assert back.file_size == 40
        assert back.encryption == mode
        if mode is not DESFireCommunicationMode.PLAIN:  # this library leaves the MAC of a plain answer in the data
            assert card.read_file_data(number, back) == data
        told(f"{'wrote and read' if is_written else 'read'} a file in mode {mode.name}")
    assert card.get_file_ids() == [0, 1, 2]
    card.authenticate(1, key(DESFireKeyType.DF_KEY_AES, other))
    told("authenticated with the changed key")


main()
