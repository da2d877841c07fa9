"""Makes the table of leases. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import MOMENT, TEXT

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "lease",
        sa.Column("job", TEXT, nullable=False),
        sa.Column("holder", TEXT, nullable=False),
        sa.Column("held_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_lease")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Removes it."""
    op.drop_table("lease")
