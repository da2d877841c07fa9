"""Makes the tables of submitted rule files and their approvals. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import DAY, DOCUMENT, MOMENT, TEXT, WHOLE

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

FACTS = ("rule_draft", "rule_approval")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "rule_draft",
        sa.Column("version", TEXT, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("effective_from", DAY, nullable=False),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.Column("request_id", TEXT, nullable=False),
        sa.Column("submitted_by", TEXT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("version", "revision", name=op.f("pk_rule_draft")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_table(
        "rule_approval",
        sa.Column("version", TEXT, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("effective_from", DAY, nullable=False),
        sa.Column("notice", TEXT, nullable=False),
        sa.Column("request_id", TEXT, nullable=False),
        sa.Column("submitted_by", TEXT, nullable=False),
        sa.Column("approved_by", TEXT, nullable=False),
        sa.Column("approved_at", MOMENT, nullable=False),
        sa.CheckConstraint("submitted_by <> approved_by", name=op.f("ck_rule_approval_two_people")),
        sa.ForeignKeyConstraint(["version"], ["rule_set_version.version"], name=op.f("fk_rule_approval_version")),
        sa.ForeignKeyConstraint(
            ["version", "revision"], ["rule_draft.version", "rule_draft.revision"], name=op.f("fk_rule_approval_version_revision")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rule_approval")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_rule_approval_effective_from")),
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
