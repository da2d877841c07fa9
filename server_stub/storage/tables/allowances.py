"""Tables of allowances: points that were moved from an account to one device, and what it gave out. Knows no rule."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, text

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK
from server_stub.storage.metadata import facts, table
from server_stub.storage.types import MOMENT, TEXT, WHOLE, column

# steps: places in the account at which the points went out and came back. returns_at: when what the device did not bring back goes back.
allowance = table(
    "allowance",
    column("allowance_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("account_id", TEXT, PERSON_LINK, ForeignKey("points_account.account_id"), index=True),
    column("device_id", TEXT, NOT_PERSONAL, ForeignKey("device.device_id")),
    column("points", WHOLE, NOT_PERSONAL),
    column("state", TEXT, NOT_PERSONAL),
    column("granted_step", WHOLE, NOT_PERSONAL),
    column("granted_at", MOMENT, NOT_PERSONAL),
    column("expires_at", MOMENT, NOT_PERSONAL),
    column("returns_at", MOMENT, NOT_PERSONAL),
    column("settled_step", WHOLE, NOT_PERSONAL, nullable=True),
    column("settled_at", MOMENT, NOT_PERSONAL, nullable=True),
    CheckConstraint("points > 0", name="points"),
    CheckConstraint("state IN ('OPEN', 'SETTLED', 'RETURNED')", name="state"),
    CheckConstraint("(state = 'OPEN') = (settled_step IS NULL) AND (state = 'OPEN') = (settled_at IS NULL)", name="settled"),
    Index("ix_allowance_open", "returns_at", sqlite_where=text("state = 'OPEN'"), postgresql_where=text("state = 'OPEN'")),
)

# The lots that were lent, in the order in which they were taken.
allowance_share = facts(
    "allowance_share",
    column("allowance_id", TEXT, NOT_PERSONAL, ForeignKey("allowance.allowance_id")),
    column("position", WHOLE, NOT_PERSONAL),
    column("lot_id", TEXT, NOT_PERSONAL, ForeignKey("points_lot.lot_id")),
    column("points", WHOLE, NOT_PERSONAL),
    PrimaryKeyConstraint("allowance_id", "position"),
)

# What the device gave out, in its order.
allowance_use = facts(
    "allowance_use",
    column("redemption_id", TEXT, NOT_PERSONAL, ForeignKey("redemption.redemption_id"), primary_key=True),
    column("allowance_id", TEXT, NOT_PERSONAL, ForeignKey("allowance.allowance_id"), index=True),
    column("position", WHOLE, NOT_PERSONAL),
    column("points", WHOLE, NOT_PERSONAL),
    column("occurred_at", MOMENT, NOT_PERSONAL),
)
