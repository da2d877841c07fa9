"""Makes the table of cards. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import BYTES, DAY, MOMENT, TEXT, WHOLE

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "card",
        sa.Column("card_id", TEXT, nullable=False),
        sa.Column("uid", BYTES, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("issue_number", WHOLE, nullable=False),
        sa.Column("card_token", BYTES, nullable=False),
        sa.Column("key_generation", WHOLE, nullable=False),
        sa.Column("identity", BYTES, nullable=False),
        sa.Column("snapshot", BYTES, nullable=False),
        sa.Column("snapshot_sequence", WHOLE, nullable=False),
        sa.Column("expires_on", DAY, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(
            "state IN ('PERSONALIZING', 'WRITTEN', 'ACTIVE', 'BLOCKED', 'LOST', 'REPLACED', 'RETIRED', 'SPOILED')",
            name=op.f("ck_card_state"),
        ),
        sa.CheckConstraint("state <> 'SPOILED' OR reason <> ''", name=op.f("ck_card_reason")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_card_member_id")),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_card")),
        sa.UniqueConstraint("uid", name=op.f("uq_card_uid")),
        sa.UniqueConstraint("card_token", name=op.f("uq_card_card_token")),
        sqlite_strict=True,
    )
    live = sa.text("state IN ('PERSONALIZING', 'WRITTEN', 'ACTIVE')")
    op.create_index("uq_card_live_member", "card", ["member_id"], unique=True, sqlite_where=live, postgresql_where=live)
    op.create_index("ix_card_member_id", "card", ["member_id"], unique=False)


def downgrade() -> None:
    """Removes it."""
    op.drop_table("card")
