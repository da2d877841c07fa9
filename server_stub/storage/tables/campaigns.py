"""Tables of campaigns: what was loaded, when one was stopped, places, who took part and who wants to be told. Knows no rule."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, STAFF_LINK
from server_stub.storage.metadata import facts, passing, table
from server_stub.storage.types import DOCUMENT, FLAG, MOMENT, TEXT, WHOLE, column

_UNTOLD = text("told_at IS NULL")

# document: as the file had it (domain/campaigns/campaign_file.py). Another wording is another version; the newest holds.
campaign_version = facts(
    "campaign_version",
    column("campaign_id", TEXT, NOT_PERSONAL),
    column("version", WHOLE, NOT_PERSONAL),
    column("document", DOCUMENT, NOT_PERSONAL),
    column("loaded_by", TEXT, STAFF_LINK),
    column("loaded_at", MOMENT, NOT_PERSONAL),
    PrimaryKeyConstraint("campaign_id", "version"),
)

# Who stopped a campaign or let it go on, and why; the newest row holds.
campaign_switch = facts(
    "campaign_switch",
    column("campaign_id", TEXT, NOT_PERSONAL),
    column("sequence", WHOLE, NOT_PERSONAL),
    column("is_stopped", FLAG, NOT_PERSONAL),
    column("reason", TEXT, NOT_PERSONAL),
    column("thrown_by", TEXT, STAFF_LINK),
    column("thrown_at", MOMENT, NOT_PERSONAL),
    PrimaryKeyConstraint("campaign_id", "sequence"),
    CheckConstraint("reason <> ''", name="reason"),
)

# store_id empty: places of all stores together. No row: they are not counted. taken may exceed places where these were made fewer.
campaign_places = passing(
    "campaign_places",
    column("campaign_id", TEXT, NOT_PERSONAL),
    column("store_id", TEXT, NOT_PERSONAL),
    column("places", WHOLE, NOT_PERSONAL),
    column("taken", WHOLE, NOT_PERSONAL),
    PrimaryKeyConstraint("campaign_id", "store_id"),
    CheckConstraint("places >= 0 AND taken >= 0", name="places"),
)

# ordinal: the how manieth time of this member, from 1. coupon_id null and points 0 where taking part is all.
campaign_claim = facts(
    "campaign_claim",
    column("claim_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("campaign_id", TEXT, NOT_PERSONAL),
    column("version", WHOLE, NOT_PERSONAL),
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), index=True),
    column("ordinal", WHOLE, NOT_PERSONAL),
    column("store_id", TEXT, NOT_PERSONAL),
    column("device_id", TEXT, NOT_PERSONAL),
    column("coupon_id", TEXT, NOT_PERSONAL, ForeignKey("coupon.coupon_id"), nullable=True),
    column("points", WHOLE, NOT_PERSONAL),
    column("claimed_at", MOMENT, NOT_PERSONAL),
    ForeignKeyConstraint(["campaign_id", "version"], ["campaign_version.campaign_id", "campaign_version.version"]),
    UniqueConstraint("campaign_id", "member_id", "ordinal"),
    CheckConstraint("ordinal > 0 AND points >= 0", name="ordinal"),
)

# Who asked to be told once when they can take part; the wish is the consent to that one message.
campaign_reminder = table(
    "campaign_reminder",
    column("campaign_id", TEXT, NOT_PERSONAL),
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id")),
    column("store_id", TEXT, NOT_PERSONAL),
    column("wished_at", MOMENT, NOT_PERSONAL),
    column("told_at", MOMENT, NOT_PERSONAL, nullable=True),
    PrimaryKeyConstraint("campaign_id", "member_id"),
    Index("ix_campaign_reminder_untold", "campaign_id", "member_id", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
)
