"""Table of accepted requests: what makes a repeated request harmless. Knows no single request."""

from sqlalchemy import CheckConstraint

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, STAFF_LINK
from server_stub.storage.metadata import facts
from server_stub.storage.types import BYTES, DOCUMENT, MOMENT, TEXT, column

# Kept for ever (decisions.md, Requests). A cancelled id has neither body nor answer: it is the tombstone. row_mac seals the other
# columns (decision 0016); only rows from before it was kept have none.
request_log = facts(
    "request_log",
    column("request_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("state", TEXT, NOT_PERSONAL),
    column("operation", TEXT, NOT_PERSONAL),
    column("actor", TEXT, STAFF_LINK),
    column("body_mac", BYTES, NOT_PERSONAL, nullable=True),
    column("answer", DOCUMENT, PERSON_LINK, nullable=True),
    column("at", MOMENT, NOT_PERSONAL),
    column("row_mac", BYTES, NOT_PERSONAL, nullable=True),
    CheckConstraint("state IN ('APPLIED', 'CANCELLED')", name="state"),
)
