"""Makes the tables of requests and the audit trail. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import BYTES, DOCUMENT, MOMENT, TEXT, WHOLE

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FACTS = (
    "request_log",
    "audit_event",
    "audit_seal",
)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "request_log",
        sa.Column("request_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("operation", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("body_mac", BYTES, nullable=True),
        sa.Column("answer", DOCUMENT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('APPLIED', 'CANCELLED')", name=op.f("ck_request_log_state")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_request_log")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_table(
        "audit_event",
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("subject_table", TEXT, nullable=False),
        sa.Column("subject_key", TEXT, nullable=False),
        sa.Column("row_sha256", BYTES, nullable=True),
        sa.Column("request_id", TEXT, nullable=True),
        sa.Column("detail", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_event")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_audit_event_subject_key"), "audit_event", ["subject_key"], unique=False)
    op.create_table(
        "audit_seal",
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("chain_sha256", BYTES, nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.event_id"], name=op.f("fk_audit_seal_event_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_seal_event_id")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for name in FACTS:
            for trigger in append_only_triggers(name):
                op.execute(trigger)


def downgrade() -> None:
    """Removes them."""
    op.drop_table("audit_seal")
    op.drop_table("audit_event")
    op.drop_table("request_log")
