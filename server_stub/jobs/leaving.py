"""Ends the process at its time, whatever still runs in it. Knows no job and no call."""

from __future__ import annotations

import logging
import os
import threading

log = logging.getLogger(__name__)

_LEFT = 0


def leave_within(seconds: float) -> None:
    """Ends the process so many seconds from now, unless it has ended by itself.

    What still runs then is left as a kill leaves it: a use case is one transaction, and whoever waits for an answer asks again. So a job
    that reads the whole ledger, or a lock that somebody else holds, does not decide how long a stop takes.

    Thread:
        any; the end comes on a thread of its own.
    """
    timer = threading.Timer(seconds, _leave, (seconds,))
    timer.daemon = True
    timer.start()


def _leave(seconds: float) -> None:
    log.warning("still busy %g s after the signal; leaving what runs", seconds)
    logging.shutdown()
    os._exit(_LEFT)
