"""Makes the tables of corrections that were asked for and agreed to. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import DAY, MOMENT, TEXT, WHOLE

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

FACTS = ("adjustment_request", "adjustment_approval")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "adjustment_request",
        sa.Column("adjustment_id", TEXT, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("expires_on", DAY, nullable=True),
        sa.Column("requested_by", TEXT, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.CheckConstraint("points <> 0 AND case_id <> ''", name=op.f("ck_adjustment_request_complete")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_adjustment_request_member_id")),
        sa.PrimaryKeyConstraint("adjustment_id", name=op.f("pk_adjustment_request")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_table(
        "adjustment_approval",
        sa.Column("adjustment_id", TEXT, nullable=False),
        sa.Column("request_id", TEXT, nullable=False),
        sa.Column("approved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["adjustment_id"], ["adjustment_request.adjustment_id"], name=op.f("fk_adjustment_approval_adjustment_id")),
        sa.ForeignKeyConstraint(["request_id"], ["adjustment.request_id"], name=op.f("fk_adjustment_approval_request_id")),
        sa.PrimaryKeyConstraint("adjustment_id", name=op.f("pk_adjustment_approval")),
        sa.UniqueConstraint("request_id", name=op.f("uq_adjustment_approval_request_id")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for name in FACTS:
            for trigger in append_only_triggers(name):
                op.execute(trigger)


def downgrade() -> None:
    """Removes them."""
    for name in reversed(FACTS):
        op.drop_table(name)
