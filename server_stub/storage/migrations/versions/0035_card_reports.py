"""Makes the table of what was reported about cards. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import MOMENT, TEXT, WHOLE

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "card_report",
        sa.Column("version", WHOLE, autoincrement=False, nullable=False),
        sa.Column("card_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("visit_id", TEXT, nullable=True),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('LOST', 'WITHDRAWN', 'TURNED_IN')", name=op.f("ck_card_report_kind")),
        sa.CheckConstraint("version > 0", name=op.f("ck_card_report_version")),
        sa.ForeignKeyConstraint(["card_id"], ["card.card_id"], name=op.f("fk_card_report_card_id")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_card_report")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_index("ix_card_report_card_id", "card_report", ["card_id"])
    if op.get_bind().dialect.name == "sqlite":
        for trigger in append_only_triggers("card_report"):
            op.execute(trigger)


def downgrade() -> None:
    """Removes it."""
    op.drop_table("card_report")
