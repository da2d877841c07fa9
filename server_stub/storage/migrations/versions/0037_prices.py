"""Makes the table of the price list. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import DAY, TEXT, WHOLE

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it."""
    op.create_table(
        "price",
        sa.Column("position", WHOLE, nullable=False, autoincrement=False),
        sa.Column("sku", TEXT, nullable=False),
        sa.Column("store_id", TEXT, nullable=False),
        sa.Column("from_day", DAY, nullable=True),
        sa.Column("until_day", DAY, nullable=True),
        sa.Column("price_fen", WHOLE, nullable=False),
        sa.CheckConstraint("price_fen >= 0", name=op.f("ck_price_price")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_price")),
        sqlite_strict=True,
    )
    op.create_index("ix_price_sku", "price", ["sku", "store_id"])


def downgrade() -> None:
    """Removes it."""
    op.drop_table("price")
