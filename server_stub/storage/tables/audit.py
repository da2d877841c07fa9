"""Tables of the audit trail and of its seal. Knows no chain arithmetic: that is the sealer's."""

from sqlalchemy import ForeignKey

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, STAFF_LINK
from server_stub.storage.metadata import facts
from server_stub.storage.types import BYTES, DOCUMENT, MOMENT, TEXT, WHOLE, column

# row_sha256 is the digest of the row that the event is about, as it was after the event (storage.audit.row_digest).
audit_event = facts(
    "audit_event",
    column("event_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("at", MOMENT, NOT_PERSONAL),
    column("actor", TEXT, STAFF_LINK),
    column("action", TEXT, NOT_PERSONAL),
    column("subject_table", TEXT, NOT_PERSONAL),
    column("subject_key", TEXT, PERSON_LINK, index=True),
    column("row_sha256", BYTES, NOT_PERSONAL, nullable=True),
    column("request_id", TEXT, NOT_PERSONAL, nullable=True),
    column("detail", DOCUMENT, NOT_PERSONAL),
    # Of all the other columns (services.event_cover); events from before it have none.
    column("event_mac", BYTES, NOT_PERSONAL, nullable=True),
)

audit_seal = facts(
    "audit_seal",
    column("position", WHOLE, NOT_PERSONAL, primary_key=True, autoincrement=False),
    column("event_id", TEXT, NOT_PERSONAL, ForeignKey("audit_event.event_id"), unique=True),
    column("chain_sha256", BYTES, NOT_PERSONAL),
    column("sealed_at", MOMENT, NOT_PERSONAL),
    # Of the points entry that a batch posted with the event (services.entry_cover).
    column("entry_mac", BYTES, NOT_PERSONAL, nullable=True),
    # Of the redemption that was made with it (services.redemption_cover).
    column("redemption_mac", BYTES, NOT_PERSONAL, nullable=True),
)
