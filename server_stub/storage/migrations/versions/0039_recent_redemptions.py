"""Finds the redemptions of an account's last day without reading all that it ever had. Frozen once released."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the index anew with the moment in it."""
    op.drop_index("ix_redemption_account_id", "redemption")
    op.create_index("ix_redemption_account_id", "redemption", ["account_id", "made_at"])
