"""Makes the tables of allowances: points that devices hold to give out offline. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import MOMENT, TEXT, WHOLE

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'OPEN'")
_FACTS = ("allowance_share", "allowance_use")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "allowance",
        sa.Column("allowance_id", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("granted_step", WHOLE, nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("returns_at", MOMENT, nullable=False),
        sa.Column("settled_step", WHOLE, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.CheckConstraint("points > 0", name=op.f("ck_allowance_points")),
        sa.CheckConstraint("state IN ('OPEN', 'SETTLED', 'RETURNED')", name=op.f("ck_allowance_state")),
        sa.CheckConstraint(
            "(state = 'OPEN') = (settled_step IS NULL) AND (state = 'OPEN') = (settled_at IS NULL)", name=op.f("ck_allowance_settled")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["points_account.account_id"], name=op.f("fk_allowance_account_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.device_id"], name=op.f("fk_allowance_device_id")),
        sa.PrimaryKeyConstraint("allowance_id", name=op.f("pk_allowance")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_allowance_account_id"), "allowance", ["account_id"])
    op.create_index("ix_allowance_open", "allowance", ["returns_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table(
        "allowance_share",
        sa.Column("allowance_id", TEXT, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("lot_id", TEXT, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["allowance_id"], ["allowance.allowance_id"], name=op.f("fk_allowance_share_allowance_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["points_lot.lot_id"], name=op.f("fk_allowance_share_lot_id")),
        sa.PrimaryKeyConstraint("allowance_id", "position", name=op.f("pk_allowance_share")),
        sqlite_strict=True,
    )
    op.create_table(
        "allowance_use",
        sa.Column("redemption_id", TEXT, nullable=False),
        sa.Column("allowance_id", TEXT, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["allowance_id"], ["allowance.allowance_id"], name=op.f("fk_allowance_use_allowance_id")),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemption.redemption_id"], name=op.f("fk_allowance_use_redemption_id")),
        sa.PrimaryKeyConstraint("redemption_id", name=op.f("pk_allowance_use")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_allowance_use_allowance_id"), "allowance_use", ["allowance_id"])
    if op.get_bind().dialect.name == "sqlite":
        for name in _FACTS:
            for statement in append_only_triggers(name):
                op.execute(statement)


def downgrade() -> None:
    """Removes them."""
    for name in ("allowance_use", "allowance_share", "allowance"):
        op.drop_table(name)
