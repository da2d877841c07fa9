"""After a power cut, or a customer who left in the middle: closes the fate of every open intent.

A cancel is a fence at the centre: an intent that was not applied never will be, one that was stays as it is. What an
applied intent led to is found again by its member: by phone and code, or by the half-written card itself.
"""

from __future__ import annotations

import logging

from kiosk.ports.desks import EnrollmentDesk
from kiosk.ports.errors import DeskError, Refused
from kiosk.ports.journal import Journal

log = logging.getLogger(__name__)


async def close_open_intents(journal: Journal, desk: EnrollmentDesk, up_to: int) -> int:
    """Return how many intents of customers who are gone are still open; 0 means that the journal and the centre agree.

    Args:
        journal: The kiosk's journal.
        desk: The centre.
        up_to: device_seq of the last intent of those who are gone. A later one belongs to who stands here now: cancelled,
            it could never be carried out any more.
    """
    for intent in journal.unsettled():
        if intent.device_seq > up_to:
            break
        try:
            was_applied = await desk.cancel_request(intent.request_id)
        except Refused as refused:
            log.warning("open intent %s stays open: %s", intent.kind, refused.reason)
            continue
        except DeskError as error:
            log.warning("open intent %s stays open: %s", intent.kind, type(error).__name__)
            break
        log.info("open intent %s closed: %s", intent.kind, "applied" if was_applied else "cancelled")
    return len([intent for intent in journal.unsettled() if intent.device_seq <= up_to])
