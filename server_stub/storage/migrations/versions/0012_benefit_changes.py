"""Makes the tables of announced changes of benefits. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import DAY, DOCUMENT, MOMENT, TEXT, WHOLE

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "benefit_change",
        sa.Column("change_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("effective_on", DAY, nullable=False),
        sa.Column("notice_on", DAY, nullable=True),
        sa.Column("words", DOCUMENT, nullable=False),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("drafted_by", TEXT, nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("published_by", TEXT, nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("told_until", TEXT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("state IN ('DRAFT', 'PUBLISHED')", name=op.f("ck_benefit_change_state")),
        sa.CheckConstraint(
            "state <> 'PUBLISHED' OR (notice_on IS NOT NULL AND notice_on < effective_on AND published_by IS NOT NULL"
            " AND published_by <> drafted_by)",
            name=op.f("ck_benefit_change_published"),
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_benefit_change")),
        sqlite_strict=True,
    )
    op.create_table(
        "benefit_notice",
        sa.Column("change_id", TEXT, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("event_key", TEXT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["benefit_change.change_id"], name=op.f("fk_benefit_notice_change_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_benefit_notice_member_id")),
        sa.PrimaryKeyConstraint("change_id", "member_id", name=op.f("pk_benefit_notice")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for trigger in append_only_triggers("benefit_notice"):
            op.execute(trigger)


def downgrade() -> None:
    """Removes them."""
    op.drop_table("benefit_notice")
    op.drop_table("benefit_change")
