"""Lets the seal of an event cover the redemption that was made with it in a batch. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import BYTES

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column("audit_seal", sa.Column("redemption_mac", BYTES, nullable=True))


def downgrade() -> None:
    """Removes it."""
    op.drop_column("audit_seal", "redemption_mac")
