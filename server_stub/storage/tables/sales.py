"""Tables of sales and returns, as the tills told them and as they were judged. Knows no rule. Amounts in fen."""

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, STAFF_LINK
from server_stub.storage.metadata import facts
from server_stub.storage.types import DAY, DOCUMENT, FLAG, MOMENT, TEXT, WHOLE, column

# account_id: on which it was booked, null where no member was named; lot_id: of the points that it earned. decision: each step of how they
# came about, so that it can be explained for ever. step: its place in the account, as entries have one.
sale = facts(
    "sale",
    column("sale_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("account_id", TEXT, PERSON_LINK, ForeignKey("points_account.account_id"), nullable=True, index=True),
    column("step", WHOLE, NOT_PERSONAL),
    column("store_id", TEXT, NOT_PERSONAL),
    column("total_fen", WHOLE, NOT_PERSONAL),
    column("eligible_fen", WHOLE, NOT_PERSONAL),
    column("earned", WHOLE, NOT_PERSONAL),
    column("lot_id", TEXT, NOT_PERSONAL, ForeignKey("points_lot.lot_id"), nullable=True),
    column("decision", DOCUMENT, NOT_PERSONAL),
    column("tenders", DOCUMENT, NOT_PERSONAL, nullable=True),
    column("tags", DOCUMENT, NOT_PERSONAL),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("request_id", TEXT, NOT_PERSONAL),
    column("occurred_at", MOMENT, NOT_PERSONAL),
    column("business_day", DAY, NOT_PERSONAL, index=True),
    column("at", MOMENT, NOT_PERSONAL),
    CheckConstraint("total_fen > 0 AND eligible_fen >= 0 AND eligible_fen <= total_fen AND earned >= 0", name="amounts"),
)

sale_line = facts(
    "sale_line",
    column("sale_id", TEXT, NOT_PERSONAL, ForeignKey("sale.sale_id")),
    column("line", WHOLE, NOT_PERSONAL),
    column("sku", TEXT, NOT_PERSONAL),
    column("category", TEXT, NOT_PERSONAL),
    column("qty", WHOLE, NOT_PERSONAL),
    column("unit_price_fen", WHOLE, NOT_PERSONAL),
    column("discount_fen", WHOLE, NOT_PERSONAL),
    column("is_eligible", FLAG, NOT_PERSONAL),
    PrimaryKeyConstraint("sale_id", "line"),
    CheckConstraint("qty > 0 AND unit_price_fen >= 0 AND discount_fen >= 0", name="amounts"),
)

# taken_back: earned points, of which forgiven were gone already; given_back: spent points.
sale_return = facts(
    "sale_return",
    column("return_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("sale_id", TEXT, NOT_PERSONAL, ForeignKey("sale.sale_id"), index=True),
    column("account_id", TEXT, PERSON_LINK, ForeignKey("points_account.account_id"), nullable=True, index=True),
    column("step", WHOLE, NOT_PERSONAL),
    column("refund_fen", WHOLE, NOT_PERSONAL),
    column("taken_back", WHOLE, NOT_PERSONAL),
    column("forgiven", WHOLE, NOT_PERSONAL),
    column("given_back", WHOLE, NOT_PERSONAL),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("request_id", TEXT, NOT_PERSONAL),
    column("business_day", DAY, NOT_PERSONAL),
    column("at", MOMENT, NOT_PERSONAL),
    CheckConstraint("refund_fen >= 0 AND forgiven >= 0 AND given_back >= 0", name="amounts"),
)

sale_return_line = facts(
    "sale_return_line",
    column("return_id", TEXT, NOT_PERSONAL, ForeignKey("sale_return.return_id")),
    column("line", WHOLE, NOT_PERSONAL),
    column("qty", WHOLE, NOT_PERSONAL),
    PrimaryKeyConstraint("return_id", "line"),
    CheckConstraint("qty > 0", name="qty"),
)

# A correction by hand; by and approved_by are two people.
adjustment = facts(
    "adjustment",
    column("request_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("account_id", TEXT, PERSON_LINK, ForeignKey("points_account.account_id"), index=True),
    column("entry_id", TEXT, NOT_PERSONAL, ForeignKey("points_entry.entry_id")),
    column("points", WHOLE, NOT_PERSONAL),
    column("reason", TEXT, NOT_PERSONAL),
    column("case_id", TEXT, NOT_PERSONAL),
    column("proposed_by", TEXT, STAFF_LINK),
    column("approved_by", TEXT, STAFF_LINK),
    column("at", MOMENT, NOT_PERSONAL),
    CheckConstraint("points <> 0 AND proposed_by <> approved_by", name="two_people"),
)
