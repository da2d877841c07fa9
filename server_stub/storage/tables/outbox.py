"""Table of messages that wait for their gateway. Knows no gateway and no wording."""

from sqlalchemy import CheckConstraint, ForeignKey, Index

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, Erasure, PiiKind, PiiMark
from server_stub.storage.metadata import table
from server_stub.storage.types import BYTES, MOMENT, TEXT, WHOLE, column

_PAYLOAD = PiiMark(PiiKind.MESSAGE, "to deliver the message", "until handed over or given up", Erasure.SET_EMPTY)

# payload holds recipient, fallback and variables, sealed under its own key; both are emptied after handover.
outbox_message = table(
    "outbox_message",
    column("message_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("dedupe_key", TEXT, NOT_PERSONAL, unique=True),
    column("person_id", TEXT, PERSON_LINK, ForeignKey("person.person_id"), nullable=True),
    column("template", TEXT, NOT_PERSONAL),
    column("language", TEXT, NOT_PERSONAL),
    column("channel", TEXT, NOT_PERSONAL),
    column("state", TEXT, NOT_PERSONAL),
    column("wrapped_key", BYTES, NOT_PERSONAL, nullable=True),
    column("payload", BYTES, _PAYLOAD, nullable=True),
    column("tries", WHOLE, NOT_PERSONAL),
    column("next_try_at", MOMENT, NOT_PERSONAL),
    column("give_up_at", MOMENT, NOT_PERSONAL),
    column("created_at", MOMENT, NOT_PERSONAL),
    column("finished_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("gateway_reference", TEXT, NOT_PERSONAL, nullable=True),
    column("failure", TEXT, NOT_PERSONAL, nullable=True),
    CheckConstraint("state IN ('QUEUED', 'HANDED_OVER', 'FAILED', 'SUPPRESSED')", name="state"),
    CheckConstraint("channel IN ('SMS', 'MAIL')", name="channel"),
    Index("ix_outbox_message_due", "state", "next_try_at"),
)
