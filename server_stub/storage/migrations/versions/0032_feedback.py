"""Makes the tables of feedback. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import BYTES, DOCUMENT, FLAG, MOMENT, TEXT, WHOLE

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    _make_cases()
    _make_replies()


def _make_cases() -> None:
    op.create_table(
        "feedback_case",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("store_id", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("member_id", TEXT, nullable=True),
        sa.Column("is_anonymous", FLAG, nullable=False),
        sa.Column("face", WHOLE, nullable=False),
        sa.Column("category", TEXT, nullable=True),
        sa.Column("department", TEXT, nullable=True),
        sa.Column("phrases", DOCUMENT, nullable=False),
        sa.Column("campaign_id", TEXT, nullable=True),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("wrapped_key", BYTES, nullable=True),
        sa.Column("content", BYTES, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("owner", TEXT, nullable=True),
        sa.Column("resolution", TEXT, nullable=True),
        sa.Column("verdict", TEXT, nullable=True),
        sa.Column("merged_into", TEXT, nullable=True),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("classify_by", MOMENT, nullable=False),
        sa.Column("reply_by", MOMENT, nullable=False),
        sa.Column("resolve_by", MOMENT, nullable=False),
        sa.Column("classified_at", MOMENT, nullable=True),
        sa.Column("replied_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("reopened", WHOLE, nullable=False),
        sa.Column("wrong_secrets", WHOLE, nullable=False),
        sa.Column("wrong_since", MOMENT, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        *_rules_of_a_case(),
        sqlite_strict=True,
    )
    op.create_index("ix_feedback_case_state", "feedback_case", ["state", "reply_by"], unique=False)
    op.create_index("ix_feedback_case_device", "feedback_case", ["device_id", "received_at"], unique=False)
    op.create_index("ix_feedback_case_member", "feedback_case", ["member_id", "received_at"], unique=False)


def _make_replies() -> None:
    op.create_table(
        "feedback_reply",
        sa.Column("reply_id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("text", BYTES, nullable=False),
        sa.Column("replied_by", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.case_id"], name=op.f("fk_feedback_reply_case_id")),
        sa.PrimaryKeyConstraint("reply_id", name=op.f("pk_feedback_reply")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_feedback_reply_case_id"), "feedback_reply", ["case_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for trigger in append_only_triggers("feedback_reply"):
            op.execute(trigger)


def _rules_of_a_case() -> tuple[sa.Constraint, ...]:
    return (
        sa.CheckConstraint("channel IN ('KIOSK', 'HOTLINE', 'ONLINE', 'SUGGESTION_BOX')", name=op.f("ck_feedback_case_channel")),
        sa.CheckConstraint(
            "state IN ('RECEIVED', 'CLASSIFIED', 'ASSIGNED', 'REPLIED', 'CLOSED', 'REOPENED')", name=op.f("ck_feedback_case_state")
        ),
        sa.CheckConstraint("face BETWEEN 1 AND 5", name=op.f("ck_feedback_case_face")),
        sa.CheckConstraint("NOT is_anonymous OR member_id IS NULL", name=op.f("ck_feedback_case_anonymous")),
        sa.CheckConstraint("(state = 'CLOSED') = (resolution IS NOT NULL)", name=op.f("ck_feedback_case_resolution")),
        sa.CheckConstraint("verdict IN ('HELPED', 'NOT_HELPED')", name=op.f("ck_feedback_case_verdict")),
        sa.CheckConstraint("merged_into IS NULL OR resolution = 'DUPLICATE'", name=op.f("ck_feedback_case_merged")),
        sa.ForeignKeyConstraint(["store_id"], ["store.store_id"], name=op.f("fk_feedback_case_store_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_feedback_case_member_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["feedback_case.case_id"], name=op.f("fk_feedback_case_merged_into")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_feedback_case")),
        sa.UniqueConstraint("number", name=op.f("uq_feedback_case_number")),
    )


def downgrade() -> None:
    """Removes them."""
    op.drop_table("feedback_reply")
    op.drop_table("feedback_case")
