"""Under which reason the screens know a fault of our own. Knows errors by class; knows no screen."""

from __future__ import annotations

import errno
import logging

from hardware.errors import KioskError
from kiosk.flows.home.state import Faulted
from kiosk.ports.display import Display, View
from kiosk.ports.values import Reason

log = logging.getLogger(__name__)

JOURNAL_DAMAGED = Reason("JOURNAL_DAMAGED")
PROGRAM = Reason("PROGRAM")
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


def fault_reason(error: BaseException) -> Reason:
    """Return the reason of what no journey provides for: that of our own error, else of a program that is wrong.

    A disk that takes nothing more is the journal's fault as well: the next mutation could not be written down.
    """
    if isinstance(error, KioskError):
        return Reason(error.text_key.removeprefix("error.").upper())
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return JOURNAL_DAMAGED
    return PROGRAM


def fault_of_showing(display: Display, view: View) -> Reason | None:
    """Show a view and return why it cannot be drawn: that ends its journey and not the kiosk.

    Raises:
        Exception: the page that says so cannot be drawn either.
    """
    try:
        display.show(view)
    except Exception as error:
        if isinstance(view.state, Faulted):
            raise
        log.exception("page of %s failed", type(view.state).__name__)
        return fault_reason(error)
    return None
