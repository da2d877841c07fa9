"""Makes the tables of the codes that members show, and lets a visit begin with one. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import BYTES, MOMENT, TEXT, WHOLE

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_WAYS = "identified_by IN ('PHONE', 'CARD', 'ISSUE', 'CODE', 'RECEIPT')"
_WAYS_BEFORE = "identified_by IN ('PHONE', 'CARD', 'ISSUE')"
_KEPT = "visit_id, member_id, device_id, identified_by, began_at, expires_at, ended_at"


def upgrade() -> None:
    """Makes the tables; a visit may begin in two more ways and says where it was left."""
    if op.get_bind().dialect.name == "sqlite":
        _remake_visit(_WAYS, sa.Column("left_at_page", TEXT, nullable=True))
    else:
        op.drop_constraint(op.f("ck_visit_identified_by"), "visit")
        op.create_check_constraint(op.f("ck_visit_identified_by"), "visit", _WAYS)
        op.add_column("visit", sa.Column("left_at_page", TEXT, nullable=True))
    _make_alias()
    _make_used_and_refused()
    op.create_table(
        "resumed_receipt",
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("visit_id", TEXT, nullable=False),
        sa.Column("resumed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("device_id", "sequence", name=op.f("pk_resumed_receipt")),
        sqlite_strict=True,
    )


def _remake_visit(ways: str, *more: sa.Column[str]) -> None:
    """Makes the table anew, because SQLite does not change a check; visits are kept."""
    op.create_table(
        "visit_anew",
        sa.Column("visit_id", TEXT, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("identified_by", TEXT, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        *more,
        sa.CheckConstraint(ways, name=op.f("ck_visit_identified_by")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_visit_member_id")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_visit")),
        sqlite_strict=True,
    )
    op.execute(f"INSERT INTO visit_anew ({_KEPT}) SELECT {_KEPT} FROM visit WHERE {ways}")  # noqa: S608 - our own words
    op.drop_table("visit")
    op.rename_table("visit_anew", "visit")
    op.create_index(op.f("ix_visit_member_id"), "visit", ["member_id"], unique=False)


def _make_alias() -> None:
    op.create_table(
        "member_alias",
        sa.Column("member_alias", BYTES, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_member_alias_member_id")),
        sa.PrimaryKeyConstraint("member_alias", name=op.f("pk_member_alias")),
        sa.UniqueConstraint("member_id", name=op.f("uq_member_alias_member_id")),
        sqlite_strict=True,
    )


def _make_used_and_refused() -> None:
    op.create_table(
        "used_member_code",
        sa.Column("member_alias", BYTES, nullable=False),
        sa.Column("nonce", BYTES, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("member_alias", "nonce", "issued_at", name=op.f("pk_used_member_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "refused_member_code",
        sa.Column("refusal_id", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("refused_at", MOMENT, nullable=False),
        sa.Column("locks_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("refusal_id", name=op.f("pk_refused_member_code")),
        sqlite_strict=True,
    )
    op.create_index("ix_refused_member_code_device_id", "refused_member_code", ["device_id", "refused_at"], unique=False)


def downgrade() -> None:
    """Removes them, and the visits that began in the new ways: each ends within a quarter of an hour anyhow."""
    for name in ("resumed_receipt", "refused_member_code", "used_member_code", "member_alias"):
        op.drop_table(name)
    if op.get_bind().dialect.name == "sqlite":
        _remake_visit(_WAYS_BEFORE)
        return
    op.execute(f"DELETE FROM visit WHERE NOT ({_WAYS_BEFORE})")  # noqa: S608 - our own words
    op.drop_column("visit", "left_at_page")
    op.drop_constraint(op.f("ck_visit_identified_by"), "visit")
    op.create_check_constraint(op.f("ck_visit_identified_by"), "visit", _WAYS_BEFORE)
