"""Under which reason the screens know a fault of our own. Knows errors by class; knows no screen."""

from __future__ import annotations

import errno

from hardware.errors import KioskError
from kiosk.ports.values import Reason

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
