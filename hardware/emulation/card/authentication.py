"""Authentication commands of the chip: EV2 first and following, AES of EV1, DES of a factory card.

Source: NXP AN12343 clause 5.2; AN0945 clause 6.
"""

from __future__ import annotations

from collections.abc import Callable

from hardware.emulation.card.chip import Chip, Command
from hardware.emulation.card.ciphers import ChipCipher
from hardware.emulation.card.memory import AES, DES, Key
from hardware.emulation.card.sessions import Ev1Session, Ev2Session
from hardware.emulation.card.status import Refuse, Status


def _left(block: bytes) -> bytes:
    return block[1:] + block[:1]


def _key(chip: Chip, number: int, kind: str) -> Key:
    if number >= len(chip.selected.keys):
        raise Refuse(Status.NO_SUCH_KEY)
    key = chip.selected.keys[number]
    if key.kind != kind:
        raise Refuse(Status.AUTHENTICATION)
    return key


def _begin_ev2(chip: Chip, code: int, body: bytes) -> bytes:
    first = code == 0x71
    before = chip.session
    if len(body) < (2 if first else 1) or (first and len(body) != 2 + body[1]):
        raise Refuse(Status.LENGTH)
    if not first and not isinstance(before, Ev2Session):
        raise Refuse(Status.PERMISSION)
    number = body[0]
    cipher, rnd_b = ChipCipher(_key(chip, number, AES).value, 16), chip.random(16)
    chip.session = None
    if first:
        chip.pending.clear()

    def finish(token: bytes) -> bytes:
        if len(token) != 32:
            raise Refuse(Status.LENGTH)
        plain = cipher.decrypt(bytes(16), token)
        rnd_a = plain[:16]
        if plain[16:] != _left(rnd_b):
            raise Refuse(Status.AUTHENTICATION)
        enc, mac = Ev2Session.derive(cipher.key, rnd_a, rnd_b)
        if isinstance(before, Ev2Session) and not first:
            chip.session = Ev2Session(number, before.ti, enc, mac, before.counter)
            return cipher.encrypt(bytes(16), _left(rnd_a))
        ti = chip.random(4)
        chip.session = Ev2Session(number, ti, enc, mac)
        return cipher.encrypt(bytes(16), ti + _left(rnd_a) + bytes(12))

    chip.challenge = finish
    return cipher.encrypt(bytes(16), rnd_b)


def _begin_ev1(kind: str) -> Callable[[Chip, int, bytes], bytes]:
    def begin(chip: Chip, _code: int, body: bytes) -> bytes:
        if len(body) != 1:
            raise Refuse(Status.LENGTH)
        key = _key(chip, body[0], kind)
        cipher, rnd_b = ChipCipher(key.value, key.block), chip.random(key.block)
        challenge = cipher.encrypt(bytes(key.block), rnd_b)
        chip.session = None
        chip.pending.clear()

        def finish(token: bytes) -> bytes:
            size = key.block
            if len(token) != 2 * size:
                raise Refuse(Status.LENGTH)
            plain = cipher.decrypt(challenge, token)
            rnd_a = plain[:size]
            if plain[size:] != _left(rnd_b):
                raise Refuse(Status.AUTHENTICATION)
            session_key = rnd_a[:4] + rnd_b[:4] + (rnd_a[12:] + rnd_b[12:] if size == 16 else b"")
            chip.session = Ev1Session(body[0], ChipCipher(session_key, size))
            return cipher.encrypt(token[-size:], _left(rnd_a))

        chip.challenge = finish
        return challenge

    return begin


COMMANDS = {
    0x71: Command(_begin_ev2, mode=None),
    0x77: Command(_begin_ev2, mode=None),
    0xAA: Command(_begin_ev1(AES), mode=None),
    0x1A: Command(_begin_ev1(DES), mode=None),
}
