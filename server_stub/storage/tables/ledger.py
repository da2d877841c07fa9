"""Tables of the ledger: accounts, their entries, and the lots that the entries make. Knows no rule. No money anywhere (china.md 4.4)."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint

from server_stub.domain.entry_kinds import EntryKind
from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK
from server_stub.storage.metadata import facts, table
from server_stub.storage.types import DAY, DOCUMENT, MOMENT, TEXT, WHOLE, column

_KINDS = ", ".join(f"'{kind}'" for kind in EntryKind)

# Materialised; "ledger prove" compares it with the entries. holder_id is the account whose book the lots of this one belong to: its own,
# or after a merge the survivor's. due_at is the next moment at which anything changes by itself (null: never); until then available is
# right without a look at any lot. Entries up to settled_sequence are divided over lots.
points_account = table(
    "points_account",
    column("account_id", TEXT, PERSON_LINK, primary_key=True),
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), unique=True),
    column("holder_id", TEXT, PERSON_LINK, ForeignKey("points_account.account_id"), index=True),
    column("available", WHOLE, NOT_PERSONAL),
    column("pending", WHOLE, NOT_PERSONAL),
    column("held", WHOLE, NOT_PERSONAL),
    column("debt", WHOLE, NOT_PERSONAL),
    column("expired", WHOLE, NOT_PERSONAL),
    column("last_sequence", WHOLE, NOT_PERSONAL),
    column("settled_sequence", WHOLE, NOT_PERSONAL),
    column("settled_at", MOMENT, NOT_PERSONAL),
    column("due_at", MOMENT, NOT_PERSONAL, nullable=True, index=True),
    column("last_activity_on", DAY, NOT_PERSONAL),
    column("version", WHOLE, NOT_PERSONAL),
    CheckConstraint("available >= 0", name="available"),
    CheckConstraint("pending >= 0", name="pending"),
    CheckConstraint("held >= 0", name="held"),
    CheckConstraint("debt >= 0 AND (debt = 0 OR (available = 0 AND pending = 0))", name="debt"),
    CheckConstraint("expired >= 0", name="expired"),
)

# The truth. counter names the account that has the other half of the entry; awaits says what makes a pending lot spendable
# ('CARD_ACTIVATION'), or is empty. An entry that makes a lot says how the lot ends and when it can be spent.
points_entry = facts(
    "points_entry",
    column("entry_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("account_id", TEXT, PERSON_LINK, ForeignKey("points_account.account_id")),
    column("sequence", WHOLE, NOT_PERSONAL),
    column("kind", TEXT, NOT_PERSONAL),
    column("points", WHOLE, NOT_PERSONAL),
    column("counter", TEXT, NOT_PERSONAL),
    column("cause", TEXT, NOT_PERSONAL),
    column("awaits", TEXT, NOT_PERSONAL),
    column("available_on", DAY, NOT_PERSONAL, nullable=True),
    column("expires_on", DAY, NOT_PERSONAL, nullable=True),
    column("idle_months", WHOLE, NOT_PERSONAL, nullable=True),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("request_id", TEXT, NOT_PERSONAL, nullable=True),
    column("business_day", DAY, NOT_PERSONAL),
    column("at", MOMENT, NOT_PERSONAL),
    UniqueConstraint("account_id", "sequence"),
    UniqueConstraint("account_id", "cause", name="uq_points_entry_cause"),
    CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
    CheckConstraint("points <> 0", name="points"),
    CheckConstraint("awaits IN ('', 'CARD_ACTIVATION')", name="awaits"),
)

# Materialised: what is left of the entries that added points. lot_id is the entry's id, so lots sort in the order of posting. account_id is
# the account of that entry and stays; whose the points are says the account's holder_id. ended_on: its end was reached.
points_lot = table(
    "points_lot",
    column("lot_id", TEXT, NOT_PERSONAL, ForeignKey("points_entry.entry_id"), primary_key=True),
    column("account_id", TEXT, PERSON_LINK, ForeignKey("points_account.account_id")),
    column("source", TEXT, NOT_PERSONAL),
    column("posted_on", DAY, NOT_PERSONAL),
    column("points", WHOLE, NOT_PERSONAL),
    column("available_on", DAY, NOT_PERSONAL, nullable=True),
    column("expires_on", DAY, NOT_PERSONAL, nullable=True),
    column("idle_months", WHOLE, NOT_PERSONAL, nullable=True),
    column("free", WHOLE, NOT_PERSONAL),
    column("held", WHOLE, NOT_PERSONAL),
    column("expired", WHOLE, NOT_PERSONAL),
    column("forgiven", WHOLE, NOT_PERSONAL),
    column("ended_on", DAY, NOT_PERSONAL, nullable=True),
    CheckConstraint("free >= 0 AND held >= 0 AND expired >= 0 AND free + held + expired <= points", name="points"),
    CheckConstraint("forgiven >= 0 AND forgiven <= expired", name="forgiven"),
    Index("ix_points_lot_account_id", "account_id", "ended_on"),
)

# Points of a calendar year that count for tiers and the year review, on the account on which they were earned.
points_year = table(
    "points_year",
    column("account_id", TEXT, PERSON_LINK, ForeignKey("points_account.account_id")),
    column("year", WHOLE, NOT_PERSONAL),
    column("points", WHOLE, NOT_PERSONAL),
    PrimaryKeyConstraint("account_id", "year"),
)

rule_set_version = facts(
    "rule_set_version",
    column("version", TEXT, NOT_PERSONAL, primary_key=True),
    column("effective_from", MOMENT, NOT_PERSONAL, index=True),
    column("document", DOCUMENT, NOT_PERSONAL),
    column("published_by", TEXT, NOT_PERSONAL),
    column("published_at", MOMENT, NOT_PERSONAL),
)
