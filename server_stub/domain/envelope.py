"""The envelope of a mutation: what makes a repeated request the same request. Knows no transport."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.domain.uuid7 import is_uuid7


@dataclass(frozen=True, slots=True)
class Envelope:
    """Travels with every mutation.

    Attributes:
        request_id: UUIDv7 made where the intent was made.
        device_seq: From 1; grows strictly with a device's mutations. 0 for members of staff.
        occurred_at: When the member acted, by the device's clock, aware; it is recorded, never decided on.
    """

    request_id: str
    device_seq: int
    occurred_at: datetime

    def validate(self) -> None:
        """Lets a well-formed envelope through.

        Raises:
            Refusal: REQUEST_MALFORMED.
        """
        if not is_uuid7(self.request_id) or self.device_seq < 0 or self.occurred_at.tzinfo is None:
            raise refuse(Reason.REQUEST_MALFORMED)
