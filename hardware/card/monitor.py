"""Watches what lies on the readers, through every restart of pcscd. Reports presence only; never talks to a card.

pyscard's own monitors end for good with the daemon and are therefore not used. Source: PC/SC part 5, SCardGetStatusChange.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from smartcard import scard

from hardware.card.api import Seen, Sighting
from hardware.card.pcsc_status import CANCELLED, SUCCESS, TIMED_OUT, check, error_of, unsigned
from hardware.errors import DeviceError, NoReader, ServiceDown

logger = logging.getLogger(__name__)

_PLUG_AND_PLAY = "\\\\?PnP?\\Notification"
# Cancelling a wait that is just beginning is lost; the wait is short enough to end without it.
_WAIT_MS = 1000
_RETRY_S = 0.2
_INSERTIONS_SHIFT = 16

States = dict[str, int]


class PcscMonitor:
    """See hardware.card.api.Watcher.

    Args:
        is_ours: Tells by its name whether a reader belongs to the kiosk; a contact slot for staff does not.
    """

    def __init__(self, is_ours: Callable[[str], bool] = lambda _name: True) -> None:
        self._is_ours = is_ours
        self._stopped = threading.Event()
        self._context: int | None = None
        self._last: tuple[object, ...] | None = None

    def run(self, report: Callable[[Sighting], None]) -> None:
        """See Watcher.run."""
        while not self._stopped.is_set():
            try:
                self._watch(report)
            except (DeviceError, SystemError) as error:
                trouble = error if isinstance(error, DeviceError) else ServiceDown("PC/SC handle is dead")
                self._report(report, Sighting(trouble=trouble))
                self._stopped.wait(_RETRY_S)

    def stop(self) -> None:
        """See Watcher.stop."""
        self._stopped.set()
        context = self._context
        if context is not None:
            scard.SCardCancel(context)

    def _report(self, report: Callable[[Sighting], None], sighting: Sighting) -> None:
        """Report what differs from the last report; a trouble that goes on is reported once."""
        key = (sighting.cards, type(sighting.trouble))
        if key != self._last:
            self._last = key
            report(sighting)

    def _watch(self, report: Callable[[Sighting], None]) -> None:
        result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        check(result)
        self._context = context
        try:
            known: States = {}
            while not self._stopped.is_set():
                readers = self._readers(context)
                known = {name: known.get(name, scard.SCARD_STATE_UNAWARE) for name in [*readers, _PLUG_AND_PLAY]}
                known = self._next_states(context, known, report)
        finally:
            self._context = None
            scard.SCardReleaseContext(context)

    def _readers(self, context: int) -> list[str]:
        result, names = scard.SCardListReaders(context, [])
        if unsigned(result) != SUCCESS:
            error = error_of(result)
            if not isinstance(error, NoReader):
                raise error
            return []
        return [name for name in names if self._is_ours(name)]

    def _next_states(self, context: int, known: States, report: Callable[[Sighting], None]) -> States:
        """Wait for a change, report it, return what is known now."""
        asked = [(name, state) for name, state in known.items()]
        result, answers = scard.SCardGetStatusChange(context, _WAIT_MS, list(asked))
        if unsigned(result) in (TIMED_OUT, CANCELLED):
            return known
        check(result)
        seen = [answer for answer in answers if answer[0] != _PLUG_AND_PLAY]
        cards = tuple(
            Seen(name, bytes(atr), state >> _INSERTIONS_SHIFT, bool(state & scard.SCARD_STATE_MUTE))
            for name, state, atr in seen
            if state & scard.SCARD_STATE_PRESENT
        )
        self._report(report, Sighting(cards, None if seen else NoReader("no reader")))
        return {name: state & ~scard.SCARD_STATE_CHANGED for name, state, _ in answers}
