"""Commands of the chip about files: making, reading, writing, committing. Source: NXP AN0945 clause 4.5, AN12343 clause 6.

Reading and writing come in two forms: AD and 8D with long frames, BD and 3D with the card's own chaining.
"""

from __future__ import annotations

from hardware.emulation.card.card_commands import FREE_CREATE, FREE_LIST, take
from hardware.emulation.card.chip import Chip, Command, Frames, PowerLost, framed
from hardware.emulation.card.memory import BACKUP, CYCLIC, STANDARD, File
from hardware.emulation.card.sessions import Mode
from hardware.emulation.card.status import Refuse, Status

FREE = 0x0E
HEADER = 7

_CREATE = {0xCD: STANDARD, 0xCB: BACKUP, 0xC0: CYCLIC}
_TYPE = {STANDARD: 0, BACKUP: 1, CYCLIC: 4}
_CHAINED = {0xBD, 0xBB, 0x3D, 0x3B}
LAST_FILE = 31


def _in_application(chip: Chip, freedom: int) -> None:
    if chip.selected is chip.memory.card:
        raise Refuse(Status.PERMISSION)
    if not chip.selected.settings & freedom:
        chip.needs(0)


def _create(chip: Chip, code: int, body: bytes) -> bytes:
    _in_application(chip, FREE_CREATE)
    kind = _CREATE[code]
    if len(body) != (10 if kind == CYCLIC else 7):
        raise Refuse(Status.LENGTH)
    number, protection, rights = body[0], body[1], int.from_bytes(body[2:4], "little")
    size = int.from_bytes(body[4:7], "little")
    if number > LAST_FILE or protection not in (0, 1, 3) or not size:
        raise Refuse(Status.PARAMETER)
    if chip.selected.file(number):
        raise Refuse(Status.DUPLICATE)
    made = File(number, kind, protection, rights)
    if kind == CYCLIC:
        made.record_size, made.record_limit = size, int.from_bytes(body[7:10], "little")
    else:
        made.content = bytes(min(size, chip.memory.capacity + 1))
    take(chip, made.size_on_chip)
    chip.selected.files.append(made)
    return b""


def _delete(chip: Chip, _code: int, body: bytes) -> bytes:
    _in_application(chip, FREE_CREATE)
    chip.selected.files.remove(chip.file(body[0] if body else 0xFF))
    return b""


def _get_file_ids(chip: Chip, _code: int, _body: bytes) -> bytes:
    _in_application(chip, FREE_LIST)
    return bytes(f.number for f in chip.selected.files)


def _get_file_settings(chip: Chip, _code: int, body: bytes) -> bytes:
    f = chip.file(body[0] if body else 0xFF)
    head = bytes([_TYPE[f.kind], f.protection]) + f.rights.to_bytes(2, "little")
    if f.kind != CYCLIC:
        return head + len(f.content).to_bytes(3, "little")
    numbers = (f.record_size, f.record_limit, len(f.records))
    return head + b"".join(n.to_bytes(3, "little") for n in numbers)


def _granted(chip: Chip, f: File, *shifts: int) -> Mode:
    """Return the protection of an access whose rights lie at these bits, or refuse; free access is not protected."""
    rights = [f.rights >> shift & 0x0F for shift in shifts]
    if chip.session is not None and chip.session.key_number in rights:
        return Mode(f.protection)
    if FREE in rights:
        return Mode.PLAIN
    raise Refuse(Status.AUTHENTICATION)


def _span(body: bytes) -> tuple[int, int]:
    return int.from_bytes(body[1:4], "little"), int.from_bytes(body[4:7], "little")


def _read(chip: Chip, code: int, body: bytes) -> bytes | Frames:
    if len(body) < HEADER:
        raise Refuse(Status.LENGTH)
    f, (offset, length) = chip.file(body[0]), _span(body)
    mode = _granted(chip, f, 12, 4)
    if chip.session is not None:
        # A read carries no data: EV1 sends it bare, EV2 with a MAC.
        chip.session.receive(code, body, HEADER, mode)
    data = _records(f, offset, length) if code in (0xBB, 0xAB) else _content(f, offset, length)
    if chip.session is not None:
        data = chip.session.send(data, mode)
    return framed(data) if code in _CHAINED else data


def _content(f: File, offset: int, length: int) -> bytes:
    if f.kind == CYCLIC:
        raise Refuse(Status.PARAMETER)
    length = length or len(f.content) - offset
    if length <= 0 or offset + length > len(f.content):
        raise Refuse(Status.BOUNDARY)
    return f.content[offset : offset + length]


def _records(f: File, offset: int, count: int) -> bytes:
    """Return records, oldest first; `offset` counts back from the newest."""
    if f.kind != CYCLIC:
        raise Refuse(Status.PARAMETER)
    end = len(f.records) - offset
    count = count or end
    if end <= 0 or count > end:
        raise Refuse(Status.BOUNDARY)
    return b"".join(f.records[end - count : end])


def _write(chip: Chip, code: int, body: bytes) -> bytes:
    if len(body) < HEADER:
        raise Refuse(Status.LENGTH)
    f, (offset, length) = chip.file(body[0]), _span(body)
    mode = _granted(chip, f, 8, 4)
    session = chip.session
    complete = session.body_length(HEADER, length, mode) if session else HEADER + length
    if not chip.expect(code, body, complete):
        return b""
    data = (session.receive(code, body, HEADER, mode) if session else body)[HEADER:]
    if len(data) != length:
        raise Refuse(Status.LENGTH)
    _store(chip, f, offset, data)
    return session.send(b"", Mode.MAC if mode is Mode.FULL else mode) if session else b""


def _store(chip: Chip, f: File, offset: int, data: bytes) -> None:
    if offset + len(data) > (f.record_size if f.kind == CYCLIC else len(f.content)) or not data:
        raise Refuse(Status.BOUNDARY)
    if chip.memory.kind == "write-protected":
        raise Refuse(Status.EEPROM)
    if f.kind == CYCLIC:
        before = chip.pending.records.get(f.number, bytes(f.record_size))
        chip.pending.records[f.number] = _patched(before, offset, data)
    elif f.kind == BACKUP:
        before = chip.pending.contents.get(f.number, f.content)
        chip.pending.contents[f.number] = _patched(before, offset, data)
    else:
        _store_in_place(chip, f, offset, data)


def _store_in_place(chip: Chip, f: File, offset: int, data: bytes) -> None:
    """Write a standard file; where the field breaks down, only the first bytes are new."""
    if chip.partial_write is None:
        f.content = _patched(f.content, offset, data)
        return
    f.content = _patched(f.content, offset, data[: chip.partial_write])
    chip.partial_write = None
    chip.save()
    raise PowerLost


def _patched(before: bytes, offset: int, data: bytes) -> bytes:
    return before[:offset] + data + before[offset + len(data) :]


def _commit(chip: Chip, _code: int, _body: bytes) -> bytes:
    for number, content in chip.pending.contents.items():
        chip.file(number).content = content
    for number, record in chip.pending.records.items():
        f = chip.file(number)
        f.records = [*f.records, record][-(f.record_limit - 1) :]
    chip.pending.clear()
    return b""


def _abort(chip: Chip, _code: int, _body: bytes) -> bytes:
    chip.pending.clear()
    return b""


COMMANDS = {
    **{code: Command(_create, writes=True) for code in _CREATE},
    0xDF: Command(_delete, writes=True),
    0x6F: Command(_get_file_ids),
    0xF5: Command(_get_file_settings),
    **{code: Command(_read, mode=None) for code in (0xAD, 0xBD, 0xAB, 0xBB)},
    **{code: Command(_write, mode=None, writes=True) for code in (0x8D, 0x3D, 0x8B, 0x3B)},
    0xC7: Command(_commit, writes=True),
    0xA7: Command(_abort),
}
