"""Cards, and what was reported about them. Knows no key: keys are derived from the UID and the generation when they are needed."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK
from server_stub.storage.metadata import facts, table
from server_stub.storage.types import BYTES, DAY, MOMENT, TEXT, WHOLE, column

_LIVE = text("state IN ('PERSONALIZING', 'WRITTEN', 'ACTIVE')")

# A row is made before the first byte is written to a card, so a half-written card is always known by its UID.
# identity and snapshot are what stands on the card, signed; they say no more than the membership number and the points.
card = table(
    "card",
    column("card_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("uid", BYTES, PERSON_LINK, unique=True),
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id")),
    column("issue_number", WHOLE, NOT_PERSONAL),
    column("card_token", BYTES, PERSON_LINK, unique=True),
    column("key_generation", WHOLE, NOT_PERSONAL),
    column("identity", BYTES, PERSON_LINK),
    column("snapshot", BYTES, PERSON_LINK),
    column("snapshot_sequence", WHOLE, NOT_PERSONAL),
    column("expires_on", DAY, NOT_PERSONAL),
    column("state", TEXT, NOT_PERSONAL),
    column("reason", TEXT, NOT_PERSONAL),
    column("attempts", WHOLE, NOT_PERSONAL),
    column("device_id", TEXT, NOT_PERSONAL),
    column("state_since", MOMENT, NOT_PERSONAL),
    column("version", WHOLE, NOT_PERSONAL),
    CheckConstraint(
        "state IN ('PERSONALIZING', 'WRITTEN', 'ACTIVE', 'BLOCKED', 'LOST', 'REPLACED', 'RETIRED', 'SPOILED')",
        name="state",
    ),
    CheckConstraint("state <> 'SPOILED' OR reason <> ''", name="reason"),
    # One membership never has two cards that are good or may become good.
    Index("uq_card_live_member", "member_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    Index("ix_card_member_id", "member_id"),
)

# What was said about cards, in one order that devices follow: the version of their hotlist is the version of the last row they have.
card_report = facts(
    "card_report",
    column("version", WHOLE, NOT_PERSONAL, primary_key=True, autoincrement=False),
    column("card_id", TEXT, PERSON_LINK, ForeignKey("card.card_id")),
    column("kind", TEXT, NOT_PERSONAL),
    column("device_id", TEXT, NOT_PERSONAL),
    column("visit_id", TEXT, PERSON_LINK, nullable=True),
    column("reported_at", MOMENT, NOT_PERSONAL),
    CheckConstraint("kind IN ('LOST', 'WITHDRAWN', 'TURNED_IN')", name="kind"),
    CheckConstraint("version > 0", name="version"),
    Index("ix_card_report_card_id", "card_id"),
)
