"""Makes the table of closed periods of the points liability. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import DAY, DOCUMENT, MOMENT, TEXT, WHOLE

revision = "0020"
down_revision = "0013"
branch_labels = None
depends_on = None

FACTS = ("liability_period",)


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "liability_period",
        sa.Column("period", TEXT, nullable=False),
        sa.Column("as_of", DAY, nullable=False),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("deferred_fen", WHOLE, nullable=False),
        sa.Column("owed", WHOLE, nullable=False),
        sa.Column("total", DOCUMENT, nullable=False),
        sa.Column("lines", DOCUMENT, nullable=False),
        sa.Column("closed_by", TEXT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.CheckConstraint("deferred_fen >= 0", name=op.f("ck_liability_period_deferred_fen")),
        sa.CheckConstraint("closed_by <> ''", name=op.f("ck_liability_period_closed_by")),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_liability_period")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for name in FACTS:
            for trigger in append_only_triggers(name):
                op.execute(trigger)


def downgrade() -> None:
    """Removes it."""
    op.drop_table("liability_period")
