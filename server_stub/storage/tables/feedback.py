"""Tables of feedback cases and replies. Knows no step that a case may take."""

from sqlalchemy import CheckConstraint, ForeignKey, Index

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, STAFF_LINK, Erasure, PiiKind, PiiMark
from server_stub.storage.metadata import facts, table
from server_stub.storage.types import BYTES, DOCUMENT, FLAG, MOMENT, TEXT, WHOLE, column

_RETENTION = "3 years after the case is closed"
_TEXT = PiiMark(PiiKind.MESSAGE, "to handle the case", _RETENTION, Erasure.KEY_DESTROYED)

# content holds text and receipt number, sealed under the case's own key; numbers of people in the text were masked before.
# member_id is never there for an anonymous case. wrong_secrets counts since wrong_since; both guard the secret of the slip.
feedback_case = table(
    "feedback_case",
    column("case_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("number", TEXT, NOT_PERSONAL, unique=True),
    column("channel", TEXT, NOT_PERSONAL),
    column("store_id", TEXT, NOT_PERSONAL, ForeignKey("store.store_id")),
    column("device_id", TEXT, NOT_PERSONAL),
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), nullable=True),
    column("is_anonymous", FLAG, NOT_PERSONAL),
    column("face", WHOLE, NOT_PERSONAL),
    column("category", TEXT, NOT_PERSONAL, nullable=True),
    column("department", TEXT, NOT_PERSONAL, nullable=True),
    column("phrases", DOCUMENT, NOT_PERSONAL),
    column("campaign_id", TEXT, NOT_PERSONAL, nullable=True),
    column("language", TEXT, NOT_PERSONAL),
    column("wrapped_key", BYTES, NOT_PERSONAL, nullable=True),
    column("content", BYTES, _TEXT, nullable=True),
    column("state", TEXT, NOT_PERSONAL),
    column("owner", TEXT, STAFF_LINK, nullable=True),
    column("resolution", TEXT, NOT_PERSONAL, nullable=True),
    column("verdict", TEXT, NOT_PERSONAL, nullable=True),
    column("merged_into", TEXT, NOT_PERSONAL, ForeignKey("feedback_case.case_id"), nullable=True),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("received_at", MOMENT, NOT_PERSONAL),
    column("classify_by", MOMENT, NOT_PERSONAL),
    column("reply_by", MOMENT, NOT_PERSONAL),
    column("resolve_by", MOMENT, NOT_PERSONAL),
    column("classified_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("replied_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("closed_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("reopened", WHOLE, NOT_PERSONAL),
    column("wrong_secrets", WHOLE, NOT_PERSONAL),
    column("wrong_since", MOMENT, NOT_PERSONAL, nullable=True),
    column("version", WHOLE, NOT_PERSONAL),
    CheckConstraint("channel IN ('KIOSK', 'HOTLINE', 'ONLINE', 'SUGGESTION_BOX')", name="channel"),
    CheckConstraint("state IN ('RECEIVED', 'CLASSIFIED', 'ASSIGNED', 'REPLIED', 'CLOSED', 'REOPENED')", name="state"),
    CheckConstraint("face BETWEEN 1 AND 5", name="face"),
    CheckConstraint("NOT is_anonymous OR member_id IS NULL", name="anonymous"),
    CheckConstraint("(state = 'CLOSED') = (resolution IS NOT NULL)", name="resolution"),
    CheckConstraint("verdict IN ('HELPED', 'NOT_HELPED')", name="verdict"),
    CheckConstraint("merged_into IS NULL OR resolution = 'DUPLICATE'", name="merged"),
    Index("ix_feedback_case_state", "state", "reply_by"),
    Index("ix_feedback_case_device", "device_id", "received_at"),
    Index("ix_feedback_case_member", "member_id", "received_at"),
)

# What staff wrote to the member, sealed under the key of the case.
feedback_reply = facts(
    "feedback_reply",
    column("reply_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("case_id", TEXT, NOT_PERSONAL, ForeignKey("feedback_case.case_id"), index=True),
    column("text", BYTES, _TEXT),
    column("replied_by", TEXT, STAFF_LINK),
    column("at", MOMENT, NOT_PERSONAL),
)
