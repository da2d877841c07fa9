"""Tables of points. Knows no rule by which they are given."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK
from server_stub.storage.metadata import facts, table
from server_stub.storage.types import DAY, MOMENT, TEXT, WHOLE, column

# Materialised from points_entry; prove_account says whether it agrees. No money anywhere (china.md 4.4).
points_account = table(
    "points_account",
    column("account_id", TEXT, PERSON_LINK, primary_key=True),
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), unique=True),
    column("available", WHOLE, NOT_PERSONAL),
    column("pending", WHOLE, NOT_PERSONAL),
    column("next_expiry_on", DAY, NOT_PERSONAL, nullable=True),
    column("last_sequence", WHOLE, NOT_PERSONAL),
    column("version", WHOLE, NOT_PERSONAL),
    CheckConstraint("available >= 0", name="available"),
    CheckConstraint("pending >= 0", name="pending"),
)

# awaits says what makes a pending lot spendable ('CARD_ACTIVATION'), or is empty.
points_entry = facts(
    "points_entry",
    column("entry_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("account_id", TEXT, PERSON_LINK, ForeignKey("points_account.account_id")),
    column("sequence", WHOLE, NOT_PERSONAL),
    column("kind", TEXT, NOT_PERSONAL),
    column("points", WHOLE, NOT_PERSONAL),
    column("awaits", TEXT, NOT_PERSONAL),
    column("expires_on", DAY, NOT_PERSONAL, nullable=True),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("cause", TEXT, NOT_PERSONAL),
    column("business_day", DAY, NOT_PERSONAL),
    column("at", MOMENT, NOT_PERSONAL),
    UniqueConstraint("account_id", "sequence"),
    UniqueConstraint("account_id", "cause", name="uq_points_entry_cause"),
    CheckConstraint(
        "kind IN ('ACCRUAL', 'ACCRUAL_REVERSAL', 'REDEMPTION', 'REDEMPTION_REVERSAL', 'EXPIRY', 'ADJUSTMENT', 'MERGE',"
        " 'ALLOWANCE_OUT', 'ALLOWANCE_IN')",
        name="kind",
    ),
    CheckConstraint("points <> 0", name="points"),
    CheckConstraint("awaits IN ('', 'CARD_ACTIVATION')", name="awaits"),
)
