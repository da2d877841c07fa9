"""Tells tills from kiosks. Frozen once released."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; what there is are kiosks. SQLite adds a check only together with its column."""
    op.execute(
        "ALTER TABLE device ADD COLUMN kind TEXT NOT NULL DEFAULT 'KIOSK' CONSTRAINT ck_device_kind CHECK (kind IN ('KIOSK', 'TILL'))"
    )


def downgrade() -> None:
    """Removes it."""
    op.execute("ALTER TABLE device DROP COLUMN kind")
