"""Makes the table of guardians and their children, and the guardian's person in a consent. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import MOMENT, TEXT, WHOLE

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes table and column."""
    op.create_table(
        "guardian_link",
        sa.Column("link_id", TEXT, nullable=False),
        sa.Column("application_id", TEXT, nullable=False),
        sa.Column("guardian_member_id", TEXT, nullable=False),
        sa.Column("child_member_id", TEXT, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("active_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("state IN ('PENDING', 'ACTIVE', 'WITHDRAWN', 'CAME_OF_AGE', 'LAPSED')", name=op.f("ck_guardian_link_state")),
        sa.CheckConstraint("(state = 'PENDING') = (child_member_id IS NULL)", name=op.f("ck_guardian_link_child")),
        sa.CheckConstraint("child_member_id IS NULL OR child_member_id <> guardian_member_id", name=op.f("ck_guardian_link_two_people")),
        sa.ForeignKeyConstraint(["application_id"], ["application.application_id"], name=op.f("fk_guardian_link_application_id")),
        sa.ForeignKeyConstraint(["guardian_member_id"], ["member.member_id"], name=op.f("fk_guardian_link_guardian_member_id")),
        sa.ForeignKeyConstraint(["child_member_id"], ["member.member_id"], name=op.f("fk_guardian_link_child_member_id")),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_guardian_link")),
        sa.UniqueConstraint("application_id", name=op.f("uq_guardian_link_application_id")),
        sa.UniqueConstraint("child_member_id", name=op.f("uq_guardian_link_child_member_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_guardian_link_guardian_member_id"), "guardian_link", ["guardian_member_id"])
    op.add_column("consent", sa.Column("guardian_person_id", TEXT, nullable=True))


def downgrade() -> None:
    """Removes them."""
    op.drop_column("consent", "guardian_person_id")
    op.drop_table("guardian_link")
