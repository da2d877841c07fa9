"""Makes the tables of referrals. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import DAY, MOMENT, TEXT, WHOLE

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "referral_code",
        sa.Column("code", TEXT, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_referral_code_member_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_referral_code")),
        sa.UniqueConstraint("member_id", name=op.f("uq_referral_code_member_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "referral",
        sa.Column("referral_id", TEXT, nullable=False),
        sa.Column("referrer_id", TEXT, nullable=False),
        sa.Column("application_id", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("attached_at", MOMENT, nullable=False),
        sa.Column("attached_on", DAY, nullable=False),
        sa.Column("sale_id", TEXT, nullable=True),
        sa.Column("qualified_on", DAY, nullable=True),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("(state = 'VOID') = (reason <> '')", name=op.f("ck_referral_reason")),
        sa.CheckConstraint(
            "state NOT IN ('QUALIFIED', 'REWARDED') OR (sale_id IS NOT NULL AND qualified_on IS NOT NULL)", name=op.f("ck_referral_sale")
        ),
        sa.CheckConstraint("state IN ('PENDING', 'QUALIFIED', 'REWARDED', 'VOID')", name=op.f("ck_referral_state")),
        sa.ForeignKeyConstraint(["application_id"], ["application.application_id"], name=op.f("fk_referral_application_id")),
        sa.ForeignKeyConstraint(["referrer_id"], ["member.member_id"], name=op.f("fk_referral_referrer_id")),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referral")),
        sqlite_strict=True,
    )
    counts = sa.text("state <> 'VOID'")
    op.create_index(
        "uq_referral_application_counts", "referral", ["application_id"], unique=True, sqlite_where=counts, postgresql_where=counts
    )
    op.create_index("ix_referral_referrer", "referral", ["referrer_id", "device_id", "attached_at"], unique=False)
    op.create_index("ix_referral_state", "referral", ["state", "referral_id"], unique=False)
    op.create_index(op.f("ix_referral_application_id"), "referral", ["application_id"], unique=False)


def downgrade() -> None:
    """Removes them."""
    op.drop_table("referral")
    op.drop_table("referral_code")
