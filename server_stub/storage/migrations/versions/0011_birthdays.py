"""Makes the table by which it is found whose birthday it is. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import BYTES, DAY, TEXT, WHOLE

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table; the job fills it."""
    op.create_table(
        "birthday_record",
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("day_token", BYTES, nullable=True),
        sa.Column("known_since", DAY, nullable=False),
        sa.Column("changed_on", DAY, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_birthday_record_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_birthday_record")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_birthday_record_day_token"), "birthday_record", ["day_token"], unique=False)


def downgrade() -> None:
    """Removes it."""
    op.drop_table("birthday_record")
