"""Tables of the points liability: the figures of closed periods. Knows no estimate."""

from sqlalchemy import CheckConstraint

from server_stub.storage.marks import NOT_PERSONAL, STAFF_LINK
from server_stub.storage.metadata import facts
from server_stub.storage.types import DAY, DOCUMENT, MOMENT, TEXT, WHOLE, column

# One row for each month that finance closed; total and lines are the report as it was, for ever.
liability_period = facts(
    "liability_period",
    column("period", TEXT, NOT_PERSONAL, primary_key=True),
    column("as_of", DAY, NOT_PERSONAL),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("deferred_fen", WHOLE, NOT_PERSONAL),
    column("owed", WHOLE, NOT_PERSONAL),
    column("total", DOCUMENT, NOT_PERSONAL),
    column("lines", DOCUMENT, NOT_PERSONAL),
    column("closed_by", TEXT, STAFF_LINK),
    column("closed_at", MOMENT, NOT_PERSONAL),
    CheckConstraint("deferred_fen >= 0", name="deferred_fen"),
    CheckConstraint("closed_by <> ''", name="closed_by"),
)
