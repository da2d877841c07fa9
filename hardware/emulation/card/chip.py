"""The chip: takes command APDUs, dispatches them, keeps what lives only while it has power. Knows no wire and no tears.

Source: NXP AN0945 clause 4, AN12343 clauses 3 to 6; ISO/IEC 7816-4 clauses 5 and 7.1.1.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from hardware.emulation.card.memory import CardMemory, File
from hardware.emulation.card.sessions import Mode, Session
from hardware.emulation.card.status import Refuse, Status

# ATR of a contactless card whose only historical byte is 80 (PC/SC part 3 clause 3.1.3.2.3.2).
ATR = bytes.fromhex("3b8180018080")
FRAME = 59

Frames = list[bytes]


class PowerLost(Exception):
    """The field broke down while the memory was being written."""


@dataclass(slots=True)
class Command:
    """A handler and how its command is protected where a session exists; `mode` None means that the handler sees to it."""

    handler: Callable[[Chip, int, bytes], bytes | Frames]
    mode: Mode | None = Mode.MAC
    header: int = 255
    answer_mode: Mode | None = None
    writes: bool = False


@dataclass(slots=True)
class Pending:
    """What a transaction changed and has not committed, by file number."""

    contents: dict[int, bytes] = field(default_factory=dict)
    records: dict[int, bytes] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget it."""
        self.contents.clear()
        self.records.clear()


class Chip:
    """One DESFire chip.

    Args:
        memory: What it keeps.
        keep: Called after each change of the memory, before the answer leaves.
        random: Source of random bytes.
    """

    def __init__(self, memory: CardMemory, keep: Callable[[CardMemory], None], random: Callable[[int], bytes] = os.urandom) -> None:
        self.memory = memory
        self.random = random
        self.pending = Pending()
        self.partial_write: int | None = None
        self._keep = keep
        self._commands: dict[int, Command] = {}
        self.power_on()

    def install(self, commands: dict[int, Command]) -> None:
        """Teach the chip commands by their code."""
        self._commands.update(commands)

    def power_on(self) -> None:
        """Begin anew: the card itself is selected, no session, nothing pending."""
        self.selected = self.memory.card
        self.session: Session | None = None
        self.challenge: Callable[[bytes], bytes] | None = None
        self._incoming: tuple[int, bytes, int] | None = None
        self._outgoing: Frames = []
        self.pending.clear()

    def select(self, aid: bytes) -> bool:
        """Select an application; ends session and transaction whether it exists or not."""
        self.session = None
        self.pending.clear()
        found = self.memory.application(aid)
        if found is not None:
            self.selected = found
        return found is not None

    def file(self, number: int) -> File:
        """Return a file of the selected application."""
        found = self.selected.file(number)
        if found is None:
            raise Refuse(Status.NO_FILE)
        return found

    def save(self) -> None:
        """Keep the memory as it is now."""
        self._keep(self.memory)

    def transmit(self, apdu: bytes) -> bytes:
        """Return the response APDU."""
        if len(apdu) < 4:
            return b"\x67\x00"
        if apdu[0] == 0x00:
            return self._iso(apdu)
        if apdu[0] != 0x90:
            return b"\x6e\x00"
        body = _body(apdu)
        if body is None or apdu[2:4] != b"\x00\x00":
            return b"\x91" + bytes([Status.LENGTH])
        try:
            data, status = self._native(apdu[1], body)
        except Refuse as refusal:
            self.session = None
            self.challenge = None
            self.pending.clear()
            data, status = b"", refusal.status
        return data + bytes([0x91, status])

    def _iso(self, apdu: bytes) -> bytes:
        """SELECT by name; everything else of ISO 7816-4 is not installed."""
        if apdu[1] != 0xA4:
            return b"\x6d\x00"
        name = _body(apdu)
        wanted = next((a for a in self.memory.applications if a.df_name and a.df_name == name), None)
        if apdu[2] != 0x04 or wanted is None:
            return b"\x6a\x82"
        self.select(wanted.aid)
        return b"\x90\x00"

    def _native(self, code: int, body: bytes) -> tuple[bytes, Status]:
        if code == 0xAF:
            return self._continued(body)
        self._incoming, self._outgoing, self.challenge = None, [], None
        return self._dispatched(code, body)

    def _continued(self, body: bytes) -> tuple[bytes, Status]:
        """Next frame of a command, of an answer, or of an authentication."""
        if self.challenge is not None:
            answer, self.challenge = self.challenge, None
            return answer(body), Status.OK
        if self._incoming is not None:
            code, before, _ = self._incoming
            return self._dispatched(code, before + body)
        if self._outgoing:
            return self._next_frame()
        raise Refuse(Status.COMMAND_ABORTED)

    def expect(self, code: int, body: bytes, length: int) -> bool:
        """Tell whether a command's body is complete; otherwise its next frame is waited for."""
        if len(body) > length:
            raise Refuse(Status.LENGTH)
        self._incoming = (code, body, length) if len(body) < length else None
        return self._incoming is None

    def _dispatched(self, code: int, body: bytes) -> tuple[bytes, Status]:
        command = self._commands.get(code)
        if command is None:
            raise Refuse(Status.ILLEGAL_COMMAND)
        answer = self._performed(command, code, body)
        if self._incoming is not None or self.challenge is not None:
            return answer[0] if isinstance(answer, list) else answer, Status.MORE
        if command.writes:
            self.save()
        self._outgoing = answer if isinstance(answer, list) else [answer]
        return self._next_frame()

    def _performed(self, command: Command, code: int, body: bytes) -> bytes | Frames:
        session, mode = self.session, command.mode
        if session is None or mode is None:
            return command.handler(self, code, body)
        plain = session.receive(code, body, command.header, mode)
        answer = command.handler(self, code, plain)
        if session is not self.session:
            return answer
        answer_mode = mode if command.answer_mode is None else command.answer_mode
        if isinstance(answer, bytes):
            return session.send(answer, answer_mode)
        whole = session.send(b"".join(answer), answer_mode)
        cut = len(b"".join(answer[:-1]))
        return [*answer[:-1], whole[cut:]]

    def _next_frame(self) -> tuple[bytes, Status]:
        frame = self._outgoing.pop(0)
        return frame, Status.MORE if self._outgoing else Status.OK

    def needs(self, *key_numbers: int) -> None:
        """Refuse unless the session was authenticated with one of these keys."""
        if self.session is None or self.session.key_number not in key_numbers:
            raise Refuse(Status.AUTHENTICATION)


def framed(data: bytes) -> Frames:
    """Return data in frames of the size that the card's own chaining allows."""
    return [data[start : start + FRAME] for start in range(0, len(data), FRAME)] or [b""]


def _body(apdu: bytes) -> bytes | None:
    """Return the data field of a short command APDU, None where its length byte lies."""
    if len(apdu) <= 5:
        return b""
    body, rest = apdu[5 : 5 + apdu[4]], apdu[5 + apdu[4] :]
    return body if len(body) == apdu[4] and len(rest) <= 1 else None
