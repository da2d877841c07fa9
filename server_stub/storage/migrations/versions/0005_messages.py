"""Makes the tables of messages that wait for their gateway. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import BYTES, MOMENT, TEXT, WHOLE

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "outbox_message",
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("dedupe_key", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=True),
        sa.Column("template", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("wrapped_key", BYTES, nullable=True),
        sa.Column("payload", BYTES, nullable=True),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("give_up_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("gateway_reference", TEXT, nullable=True),
        sa.Column("failure", TEXT, nullable=True),
        sa.CheckConstraint("channel IN ('SMS', 'MAIL')", name=op.f("ck_outbox_message_channel")),
        sa.CheckConstraint("state IN ('QUEUED', 'HANDED_OVER', 'FAILED', 'SUPPRESSED')", name=op.f("ck_outbox_message_state")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_outbox_message_person_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_message_dedupe_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_outbox_message_due", "outbox_message", ["state", "next_try_at"], unique=False)


def downgrade() -> None:
    """Removes them."""
    op.drop_table("outbox_message")
