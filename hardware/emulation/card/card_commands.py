"""Commands of the chip about the card, its applications and its keys. Source: NXP AN0945 clause 4, AN12343 clause 6."""

from __future__ import annotations

from hardware.emulation.card.chip import Chip, Command, Frames, framed
from hardware.emulation.card.memory import AES, APPLICATION_OVERHEAD, Application, Key
from hardware.emulation.card.sessions import Mode
from hardware.emulation.card.status import Refuse, Status

MASTER_CHANGEABLE = 0x01
FREE_LIST = 0x02
FREE_CREATE = 0x04
SETTINGS_CHANGEABLE = 0x08

CARD_AID = bytes(3)

_EV2 = (0x12, 0x02)
_EV1 = (0x01, 0x01)
MOST_APPLICATION_KEYS = 14


def _get_version(chip: Chip, _code: int, _body: bytes) -> Frames:
    hardware, software = _EV1 if chip.memory.kind == "desfire-ev1" else _EV2
    size = 0x16
    return [
        bytes([0x04, 0x01, 0x01, hardware, 0x00, size, 0x05]),
        bytes([0x04, 0x01, 0x01, software, 0x01, size, 0x05]),
        chip.memory.uid + bytes.fromhex("ba34c2f9") + bytes([0x10, 0x21, 0x25]),
    ]


def _get_card_uid(chip: Chip, _code: int, _body: bytes) -> bytes:
    if chip.session is None:
        raise Refuse(Status.AUTHENTICATION)
    return chip.memory.uid


def _select(chip: Chip, _code: int, body: bytes) -> bytes:
    if len(body) != 3:
        raise Refuse(Status.LENGTH)
    if not chip.select(body):
        raise Refuse(Status.NO_APPLICATION)
    return b""


def _on_card(chip: Chip, freedom: int) -> None:
    """Refuse unless the card itself is selected and its settings or its key allow this."""
    if chip.selected is not chip.memory.card:
        raise Refuse(Status.PERMISSION)
    if not chip.selected.settings & freedom:
        chip.needs(0)


def _get_application_ids(chip: Chip, _code: int, _body: bytes) -> Frames:
    _on_card(chip, FREE_LIST)
    return framed(b"".join(a.aid for a in chip.memory.applications))


def _create_application(chip: Chip, _code: int, body: bytes) -> bytes:
    _on_card(chip, FREE_CREATE)
    if len(body) < 5 or (len(body) > 5 and not 8 <= len(body) <= 23):
        raise Refuse(Status.LENGTH)
    aid, settings, kind, rest = body[:3], body[3], body[4], body[5:]
    if not 1 <= kind & 0x0F <= MOST_APPLICATION_KEYS or kind & 0xC0 != 0x80:
        raise Refuse(Status.PARAMETER)
    if chip.memory.application(aid) or any(a.df_name and a.df_name == rest[2:] for a in chip.memory.applications):
        raise Refuse(Status.DUPLICATE)
    take(chip, APPLICATION_OVERHEAD)
    keys = [Key(AES, bytes(16)) for _ in range(kind & 0x0F)]
    chip.memory.applications.append(Application(aid, settings, keys, rest[:2], rest[2:]))
    return b""


def take(chip: Chip, size: int) -> None:
    """Take memory, or refuse."""
    if chip.memory.kind == "write-protected":
        raise Refuse(Status.EEPROM)
    if chip.memory.used + size > chip.memory.capacity:
        raise Refuse(Status.OUT_OF_MEMORY)
    chip.memory.used += size


def _delete_application(chip: Chip, _code: int, body: bytes) -> bytes:
    found = chip.memory.application(body) if body != CARD_AID else None
    if found is None:
        raise Refuse(Status.NO_APPLICATION)
    if chip.selected is found:
        chip.needs(0)
        chip.session = None
    else:
        _on_card(chip, FREE_CREATE)
    chip.memory.applications.remove(found)
    chip.selected = chip.memory.card
    return b""


def _format(chip: Chip, _code: int, _body: bytes) -> bytes:
    _on_card(chip, 0)
    chip.memory.applications.clear()
    chip.memory.used = 0
    return b""


def _get_key_settings(chip: Chip, _code: int, _body: bytes) -> bytes:
    kind = 0x80 if chip.selected.keys[0].kind == AES else 0x00
    return bytes([chip.selected.settings, kind | len(chip.selected.keys)])


def _change_key_settings(chip: Chip, _code: int, body: bytes) -> bytes:
    chip.needs(0)
    if not chip.selected.settings & SETTINGS_CHANGEABLE:
        raise Refuse(Status.PERMISSION)
    if len(body) != 1:
        raise Refuse(Status.LENGTH)
    chip.selected.settings = body[0]
    return b""


def _get_key_version(chip: Chip, _code: int, body: bytes) -> bytes:
    if len(body) != 1:
        raise Refuse(Status.LENGTH)
    if body[0] & 0x0F >= len(chip.selected.keys):
        raise Refuse(Status.NO_SUCH_KEY)
    return bytes([chip.selected.keys[body[0] & 0x0F].version])


def _may_change(chip: Chip, number: int, session_key: int) -> bool:
    """Tell whether the settings let the session's key change key `number` (AN0945 clause 4.2)."""
    if number == 0:
        return bool(chip.selected.settings & MASTER_CHANGEABLE) and session_key == 0
    changer = chip.selected.settings >> 4
    return session_key == (number if changer == 0x0E else changer) and changer != 0x0F


def _change_key(chip: Chip, code: int, body: bytes) -> bytes:
    session = chip.session
    if session is None:
        raise Refuse(Status.AUTHENTICATION)
    number = body[0] & 0x0F if body else 0xFF
    if number >= len(chip.selected.keys):
        raise Refuse(Status.NO_SUCH_KEY)
    if not _may_change(chip, number, session.key_number):
        raise Refuse(Status.AUTHENTICATION)
    if chip.memory.kind == "write-protected":
        raise Refuse(Status.EEPROM)
    card = chip.selected is chip.memory.card
    if card and body[0] & 0xC0 != 0x80:
        raise Refuse(Status.PARAMETER)  # only AES is modelled as a target
    own = number == session.key_number
    value, version = session.new_key(code, body, 16, None if own else chip.selected.keys[number].value)
    chip.selected.keys[number] = Key(AES, value, version)
    if own:
        chip.session = None  # the answer to a change of the own key carries no MAC
        return b""
    return session.send(b"", Mode.MAC)


COMMANDS = {
    0x60: Command(_get_version),
    0x51: Command(_get_card_uid, mode=Mode.FULL),
    0x5A: Command(_select, mode=None),
    0x6A: Command(_get_application_ids),
    0xCA: Command(_create_application, writes=True),
    0xDA: Command(_delete_application, writes=True),
    0xFC: Command(_format, writes=True),
    0x45: Command(_get_key_settings),
    0x54: Command(_change_key_settings, mode=Mode.FULL, header=0, writes=True),
    0x64: Command(_get_key_version),
    0xC4: Command(_change_key, mode=None, writes=True),
}
