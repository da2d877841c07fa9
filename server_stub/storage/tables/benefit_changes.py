"""Tables of announced changes of benefits and of who was told. Knows no message's content."""

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, STAFF_LINK
from server_stub.storage.metadata import facts, table
from server_stub.storage.types import DAY, DOCUMENT, MOMENT, TEXT, WHOLE, column

# words: title and text by language. told_until: the last member to whom the message was queued; told_at: when all were.
benefit_change = table(
    "benefit_change",
    column("change_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("state", TEXT, NOT_PERSONAL),
    column("effective_on", DAY, NOT_PERSONAL),
    column("notice_on", DAY, NOT_PERSONAL, nullable=True),
    column("words", DOCUMENT, NOT_PERSONAL),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("drafted_by", TEXT, STAFF_LINK),
    column("drafted_at", MOMENT, NOT_PERSONAL),
    column("published_by", TEXT, STAFF_LINK, nullable=True),
    column("published_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("told_until", TEXT, PERSON_LINK),
    column("told_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("version", WHOLE, NOT_PERSONAL),
    CheckConstraint("state IN ('DRAFT', 'PUBLISHED')", name="state"),
    CheckConstraint(
        "state <> 'PUBLISHED' OR (notice_on IS NOT NULL AND notice_on < effective_on AND published_by IS NOT NULL"
        " AND published_by <> drafted_by)",
        name="published",
    ),
)

# event_key is the message's in the outbox; null where there was no way to reach the member.
benefit_notice = facts(
    "benefit_notice",
    column("change_id", TEXT, NOT_PERSONAL, ForeignKey("benefit_change.change_id")),
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id")),
    column("event_key", TEXT, NOT_PERSONAL, nullable=True),
    column("at", MOMENT, NOT_PERSONAL),
    PrimaryKeyConstraint("change_id", "member_id"),
)
