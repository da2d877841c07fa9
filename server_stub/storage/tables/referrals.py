"""Tables of referrals. Knows no rule by which they are rewarded."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK
from server_stub.storage.metadata import table
from server_stub.storage.types import DAY, MOMENT, TEXT, WHOLE, column

_COUNTS = text("state <> 'VOID'")

referral_code = table(
    "referral_code",
    column("code", TEXT, PERSON_LINK, primary_key=True),
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), unique=True),
    column("made_at", MOMENT, NOT_PERSONAL),
)

# application_id is the new member's, who may not be one yet. reason says why it is VOID. sale_id is the sale that counts.
referral = table(
    "referral",
    column("referral_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("referrer_id", TEXT, PERSON_LINK, ForeignKey("member.member_id")),
    column("application_id", TEXT, PERSON_LINK, ForeignKey("application.application_id"), index=True),
    column("device_id", TEXT, NOT_PERSONAL),
    column("state", TEXT, NOT_PERSONAL),
    column("reason", TEXT, NOT_PERSONAL),
    column("attached_at", MOMENT, NOT_PERSONAL),
    column("attached_on", DAY, NOT_PERSONAL),
    column("sale_id", TEXT, NOT_PERSONAL, nullable=True),
    column("qualified_on", DAY, NOT_PERSONAL, nullable=True),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("version", WHOLE, NOT_PERSONAL),
    CheckConstraint("state IN ('PENDING', 'QUALIFIED', 'REWARDED', 'VOID')", name="state"),
    CheckConstraint("(state = 'VOID') = (reason <> '')", name="reason"),
    CheckConstraint("state NOT IN ('QUALIFIED', 'REWARDED') OR (sale_id IS NOT NULL AND qualified_on IS NOT NULL)", name="sale"),
    # One code for a new member, whatever is asked at once.
    Index("uq_referral_application_counts", "application_id", unique=True, sqlite_where=_COUNTS, postgresql_where=_COUNTS),
    Index("ix_referral_referrer", "referrer_id", "device_id", "attached_at"),
    Index("ix_referral_state", "state", "referral_id"),
)
