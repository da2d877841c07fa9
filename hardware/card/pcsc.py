"""Cards over PC/SC: one exclusive connection with one transaction per visit. Knows no commands but the reader's own.

Every context is released, whatever happens: pcscd serves few of them and then looks as if it were down.
Source: PC/SC part 5; PC/SC part 3 clause 3.2.2.1.3 (GET DATA for the UID).
"""

from __future__ import annotations

import contextlib
import logging
from types import TracebackType
from typing import Self

from smartcard import scard

from hardware.card.layout.apdu import LONGEST_APDU, SHORTEST_APDU
from hardware.card.pcsc_status import check
from hardware.errors import DeviceError, Mute, ProtocolViolation, Removed, ServiceDown, TruncatedAnswer

TRAFFIC = 5
"""Log level of commands; only codes and lengths are logged, never contents."""

logger = logging.getLogger(__name__)

_GET_UID = bytes.fromhex("ffca000000")
_OK = b"\x90\x00"


class PcscLink:
    """See hardware.card.api.CardLink."""

    def __init__(self, reader: str) -> None:
        self.uid = b""
        self.atr = b""
        with _translated(), contextlib.ExitStack() as undo:
            result, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
            check(result)
            undo.callback(scard.SCardReleaseContext, self._context)
            protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
            result, self._card, protocol = scard.SCardConnect(self._context, reader, scard.SCARD_SHARE_EXCLUSIVE, protocols)
            check(result)
            undo.callback(scard.SCardDisconnect, self._card, scard.SCARD_RESET_CARD)
            self._header = scard.SCARD_PCI_T1 if protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0
            check(scard.SCardBeginTransaction(self._card))
            undo.callback(scard.SCardEndTransaction, self._card, scard.SCARD_LEAVE_CARD)
            self.atr = self._read_atr()
            self.uid = self._read_uid()
            self._undo = undo.pop_all()

    def _read_atr(self) -> bytes:
        result, _, _, _, atr = scard.SCardStatus(self._card)
        check(result)
        return bytes(atr)

    def _read_uid(self) -> bytes:
        """Ask the reader; a reader that cannot tell is of no use here."""
        response = self._exchange(_GET_UID)
        if response[-2:] != _OK or len(response) - 2 not in (4, 7, 10):
            raise Mute("the reader tells no UID")
        return response[:-2]

    def transmit(self, apdu: bytes) -> bytes:
        """See CardLink.transmit."""
        if not SHORTEST_APDU <= len(apdu) <= LONGEST_APDU:
            # Shorter ones are control codes to some drivers, which never answer them.
            raise ProtocolViolation(f"{len(apdu)} bytes are no command")
        with _translated():
            response = self._exchange(apdu)
        logger.log(TRAFFIC, "%02x: %d bytes, answer %s and %d bytes", apdu[1], len(apdu), response[-2:].hex(), len(response) - 2)
        return response

    def _exchange(self, apdu: bytes) -> bytes:
        result, answer = scard.SCardTransmit(self._card, self._header, list(apdu))
        check(result)
        if not answer:
            raise Removed("no answer")
        if len(answer) < 2:
            raise TruncatedAnswer(f"{len(answer)} byte")
        return bytes(answer)

    def close(self) -> None:
        """See CardLink.close."""
        with contextlib.suppress(DeviceError), _translated():
            self._undo.close()

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()


class _translated(contextlib.AbstractContextManager[None]):  # noqa: N801 - reads as a statement
    """Turns the wrapper's own faults, which it raises where handles of a dead daemon are used, into ServiceDown."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, (SystemError, OverflowError)):
            raise ServiceDown("PC/SC handle is dead") from error


class PcscSlot:
    """See hardware.card.api.CardSlot."""

    def open(self, reader: str) -> PcscLink:
        """See CardSlot.open."""
        return PcscLink(reader)
