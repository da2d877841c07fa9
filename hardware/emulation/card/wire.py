"""The wire to pcscd's virtual reader (vpcd) and the reader's own pseudo commands. Knows no chip.

Every message is a length of two bytes, high byte first, and that many bytes. A message of one byte from pcscd controls the
power: 00 off, 01 on, 02 reset, 04 asks for the ATR, which alone is answered. Others are command APDUs.
Source: vsmartcard, `vpcd.h`; PC/SC part 3 clause 3.2.2.1.3 (GET DATA, `FF CA`).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import cast

from hardware.emulation.card.tears import Torn, TornCard
from hardware.emulation.card.timing import AirTime

_POWER_ON = {b"\x01", b"\x02"}
_GET_ATR = b"\x04"


class FrameReader:
    """Cuts a stream into messages."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages that are complete now."""
        self._buffer += data
        messages = []
        while len(self._buffer) >= 2:
            end = 2 + int.from_bytes(self._buffer[:2], "big")
            if len(self._buffer) < end:
                break
            messages.append(self._buffer[2:end])
            self._buffer = self._buffer[end:]
        return messages


def reader_answer(apdu: bytes, uid: bytes) -> bytes:
    """Return what the reader itself answers to a command of class FF."""
    if apdu[1:4] == b"\xca\x00\x00":
        return uid + b"\x90\x00"
    return b"\x6a\x81"


class CardWire(asyncio.Protocol):
    """A card's connection to one slot of the reader; it exists as long as the card lies there. Thread: loop."""

    def __init__(self, card: TornCard, air: Callable[[], AirTime], on_torn: Callable[[], None], on_lost: Callable[[], None]) -> None:
        self._card = card
        self._air = air
        self._on_torn = on_torn
        self._on_lost = on_lost
        self._frames = FrameReader()
        self._messages: asyncio.Queue[bytes] = asyncio.Queue()
        self._transport: asyncio.Transport | None = None
        self._serving: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to serve."""
        self._transport = cast(asyncio.Transport, transport)
        self._socket_option(socket.TCP_NODELAY)
        self._serving = asyncio.get_running_loop().create_task(self._serve())

    def _socket_option(self, option: int) -> None:
        if self._transport is not None:
            with contextlib.suppress(OSError):
                self._transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, option, 1)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        # vpcd sends length and body as two segments and waits for an acknowledgement between them; unless it is asked
        # for again after every arrival, the kernel delays it by 40 ms.
        self._socket_option(socket.TCP_QUICKACK)
        for message in self._frames.feed(data):
            self._messages.put_nowait(message)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Stop to serve."""
        if self._serving is not None:
            self._serving.cancel()
        self._on_lost()

    def leave(self) -> None:
        """Take the card off the reader."""
        if self._transport is not None:
            self._transport.abort()

    async def _serve(self) -> None:
        while True:
            message = await self._messages.get()
            if len(message) == 1:
                self._control(message)
            else:
                await self._command(message)

    def _control(self, message: bytes) -> None:
        if message in _POWER_ON:
            self._card.card.power_on()
        elif message == _GET_ATR:
            self._send(self._card.card.atr)

    def _send(self, payload: bytes, announced: int | None = None) -> None:
        if self._transport is not None:
            length = len(payload) if announced is None else announced
            self._transport.write(length.to_bytes(2, "big") + payload)

    async def _command(self, apdu: bytes) -> None:
        if apdu[:1] == b"\xff":
            self._send(reader_answer(apdu, self._card.card.memory.uid))
            return
        answer = self._card.transmit(apdu)
        if isinstance(answer, Torn):
            await self._tear(answer)
        elif answer is not None:
            delay_s = self._air().seconds(apdu, answer)
            if delay_s:
                await asyncio.sleep(delay_s)
            self._send(answer)

    async def _tear(self, torn: Torn) -> None:
        """Send what is left and leave. A reply cut within its length field would crash pcscd before 2.3.1; never done."""
        self._on_torn()
        if self._transport is None:
            return
        if torn.sent is None:
            self._transport.abort()
        else:
            self._send(torn.sent, torn.announced)
            self._transport.close()
