"""Writes faults down so that they can be looked for, and keeps one operation's fault from those behind it. Knows no service."""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, refuse
from server_stub.storage.database import StorageError, StorageUnavailable

log = logging.getLogger(__name__)


def note_fault(method: str, error: Exception) -> str:
    """Logs the fault and returns the id that it is found by.

    The log gets the kind of the error and where it was, not its text: texts of errors quote values, and those may be personal.
    """
    log_id = secrets.token_hex(4)
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(error.__traceback__)))
    log.error("fault %s in %s: %s at %s", log_id, method, type(error).__name__, where)
    return log_id


def refusal_of_one(what: str, error: Exception) -> Refusal:
    """Returns as what one of several operations is answered, so that those behind it go on.

    Raises:
        Exception: The error itself where it is not about this operation: the service is too busy, its database does not answer.
    """
    if isinstance(error, StorageUnavailable | StorageError) or (isinstance(error, Refusal) and error.reason is Reason.RATE_LIMITED):
        raise error
    if isinstance(error, Refusal):
        return error
    note_fault(what, error)
    return refuse(Reason.SERVICE_FAULT)
