"""Tables of coupons. Knows no rule by which they are given or taken."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint, text

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK
from server_stub.storage.metadata import facts, table
from server_stub.storage.types import DAY, DOCUMENT, MOMENT, TEXT, WHOLE, column

_IS_REDEEMED = text("state = 'REDEEMED'")

# member_id is the owner, who changes when memberships are merged; cause is unique for whom the coupon was made. The redeemed_ columns
# tell of the newest redemption, also after it was rolled back. state is never EXPIRED: that is the calendar's (domain/coupons.py).
coupon = table(
    "coupon",
    column("coupon_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), index=True),
    column("issued_to", TEXT, PERSON_LINK, ForeignKey("member.member_id")),
    column("definition", TEXT, NOT_PERSONAL),
    column("text_key", TEXT, NOT_PERSONAL),
    column("value_fen", WHOLE, NOT_PERSONAL),
    column("minimum_spend_fen", WHOLE, NOT_PERSONAL),
    column("valid_from", DAY, NOT_PERSONAL),
    column("valid_until", DAY, NOT_PERSONAL),
    column("stores", DOCUMENT, NOT_PERSONAL, nullable=True),
    column("weekdays", DOCUMENT, NOT_PERSONAL, nullable=True),
    column("state", TEXT, NOT_PERSONAL),
    column("awaits", TEXT, NOT_PERSONAL),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("cause", TEXT, NOT_PERSONAL),
    column("issued_at", MOMENT, NOT_PERSONAL),
    column("sale_id", TEXT, NOT_PERSONAL, nullable=True),
    column("redeemed_store_id", TEXT, NOT_PERSONAL, nullable=True),
    column("redeemed_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("redeemed_by", TEXT, NOT_PERSONAL, nullable=True),
    column("version", WHOLE, NOT_PERSONAL),
    UniqueConstraint("issued_to", "cause", name="uq_coupon_issued_to_cause"),
    CheckConstraint("state IN ('ISSUED', 'CLAIMED', 'REDEEMED', 'ROLLED_BACK', 'VOID')", name="state"),
    CheckConstraint("value_fen > 0", name="value_fen"),
    CheckConstraint("awaits IN ('', 'CARD_ACTIVATION')", name="awaits"),
    CheckConstraint("state <> 'REDEEMED' OR (sale_id IS NOT NULL AND redeemed_at IS NOT NULL)", name="redeemed"),
    # One coupon for a sale: of two tills at once the database lets one pass.
    Index("uq_coupon_redeemed_sale_id", "sale_id", unique=True, sqlite_where=_IS_REDEEMED, postgresql_where=_IS_REDEEMED),
)

# Which coupons changed hands with a merge, so that undoing it gives back exactly those.
coupon_move = facts(
    "coupon_move",
    column("merge_id", TEXT, NOT_PERSONAL),
    column("coupon_id", TEXT, NOT_PERSONAL, ForeignKey("coupon.coupon_id")),
    column("from_member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id")),
    PrimaryKeyConstraint("merge_id", "coupon_id"),
)
