"""Makes the tables of review tasks, decisions and the blocklist. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import BYTES, DOCUMENT, MOMENT, TEXT, WHOLE

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FACTS = ("decision",)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "review_task",
        sa.Column("task_id", TEXT, nullable=False),
        sa.Column("application_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("needed_approvals", WHOLE, nullable=False),
        sa.Column("similar", DOCUMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("claimed_by", TEXT, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("state IN ('OPEN', 'CLOSED')", name=op.f("ck_review_task_state")),
        sa.CheckConstraint("needed_approvals BETWEEN 1 AND 2", name=op.f("ck_review_task_needed_approvals")),
        sa.ForeignKeyConstraint(["application_id"], ["application.application_id"], name=op.f("fk_review_task_application_id")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_review_task")),
        sa.UniqueConstraint("application_id", name=op.f("uq_review_task_application_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_review_task_open", "review_task", ["state", "opened_at"], unique=False)
    op.create_table(
        "decision",
        sa.Column("decision_id", TEXT, nullable=False),
        sa.Column("application_id", TEXT, nullable=False),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("reason_code", TEXT, nullable=False),
        sa.Column("findings", DOCUMENT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("application_version", WHOLE, nullable=False),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("verdict IN ('APPROVE', 'REJECT', 'RETURN', 'HOLD', 'REVIEW')", name=op.f("ck_decision_verdict")),
        sa.ForeignKeyConstraint(["application_id"], ["application.application_id"], name=op.f("fk_decision_application_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_decision_application_id"), "decision", ["application_id"], unique=False)
    op.create_table(
        "blocklist_entry",
        sa.Column("entry_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("token", BYTES, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.CheckConstraint("author <> ''", name=op.f("ck_blocklist_entry_author")),
        sa.CheckConstraint("kind IN ('MOBILE', 'ID')", name=op.f("ck_blocklist_entry_kind")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_blocklist_entry_reason")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_blocklist_entry")),
        sqlite_strict=True,
    )
    op.create_index("ix_blocklist_entry_token", "blocklist_entry", ["kind", "token"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for name in FACTS:
            for trigger in append_only_triggers(name):
                op.execute(trigger)


def downgrade() -> None:
    """Removes them."""
    op.drop_table("blocklist_entry")
    op.drop_table("decision")
    op.drop_table("review_task")
