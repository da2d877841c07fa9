"""Gives each audit event a keyed digest of its own. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import BYTES

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; events of before have none, and the first one that has it ends their time."""
    op.add_column("audit_event", sa.Column("event_mac", BYTES, nullable=True))


def downgrade() -> None:
    """Removes it."""
    op.drop_column("audit_event", "event_mac")
