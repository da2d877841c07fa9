"""Seals the rows of the request log; those that are there already stay without a seal. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import BYTES

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column("request_log", sa.Column("row_mac", BYTES, nullable=True))


def downgrade() -> None:
    """Removes it."""
    op.drop_column("request_log", "row_mac")
