"""After a power cut, or a customer who left in the middle: closes the fate of every open intent.

A cancel is a fence at the centre: an intent that was not applied never will be, one that was stays as it is. What an
applied intent led to is found again by its member: by phone and code, or by the half-written card itself.
"""

from __future__ import annotations

import logging

from kiosk.ports.desks import EnrollmentDesk
from kiosk.ports.errors import DeskError
from kiosk.ports.journal import Journal

log = logging.getLogger(__name__)


async def close_open_intents(journal: Journal, desk: EnrollmentDesk) -> int:
    """Return how many intents are still open; 0 means that the journal and the centre agree."""
    for intent in journal.unsettled():
        try:
            was_applied = await desk.cancel_request(intent.request_id)
        except DeskError as error:
            log.warning("open intent %s stays open: %s", intent.kind, type(error).__name__)
            break
        log.info("open intent %s closed: %s", intent.kind, "applied" if was_applied else "cancelled")
    return len(journal.unsettled())
