"""Makes coupons that tills can redeem of those that were only given. Frozen once released.

The table is made anew, because SQLite cannot change the constraints of one. Coupons that no longer await the card are claimed.
"""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import DAY, DOCUMENT, MOMENT, TEXT, WHOLE

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEPT = (
    "coupon_id, member_id, definition, text_key, value_fen, minimum_spend_fen, valid_from, valid_until, awaits, rules_version, cause,"
    " issued_at"
)


def upgrade() -> None:
    """Makes the tables and carries the rows over."""
    op.execute("CREATE TABLE coupon_before AS SELECT * FROM coupon")
    op.drop_table("coupon")
    _make_coupon()
    op.execute(
        f"INSERT INTO coupon ({_KEPT}, issued_to, state, version) SELECT {_KEPT}, member_id,"  # noqa: S608 - a constant
        " CASE WHEN state = 'ISSUED' AND awaits = '' THEN 'CLAIMED' WHEN state = 'EXPIRED' THEN 'CLAIMED' ELSE state END, 1"
        " FROM coupon_before"
    )
    op.drop_table("coupon_before")
    _make_coupon_move()


def _make_coupon() -> None:
    op.create_table(
        "coupon",
        sa.Column("coupon_id", TEXT, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("issued_to", TEXT, nullable=False),
        sa.Column("definition", TEXT, nullable=False),
        sa.Column("text_key", TEXT, nullable=False),
        sa.Column("value_fen", WHOLE, nullable=False),
        sa.Column("minimum_spend_fen", WHOLE, nullable=False),
        sa.Column("valid_from", DAY, nullable=False),
        sa.Column("valid_until", DAY, nullable=False),
        sa.Column("stores", DOCUMENT, nullable=True),
        sa.Column("weekdays", DOCUMENT, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("awaits", TEXT, nullable=False),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("sale_id", TEXT, nullable=True),
        sa.Column("redeemed_store_id", TEXT, nullable=True),
        sa.Column("redeemed_at", MOMENT, nullable=True),
        sa.Column("redeemed_by", TEXT, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("awaits IN ('', 'CARD_ACTIVATION')", name=op.f("ck_coupon_awaits")),
        sa.CheckConstraint("state <> 'REDEEMED' OR (sale_id IS NOT NULL AND redeemed_at IS NOT NULL)", name=op.f("ck_coupon_redeemed")),
        sa.CheckConstraint("state IN ('ISSUED', 'CLAIMED', 'REDEEMED', 'ROLLED_BACK', 'VOID')", name=op.f("ck_coupon_state")),
        sa.CheckConstraint("value_fen > 0", name=op.f("ck_coupon_value_fen")),
        sa.ForeignKeyConstraint(["issued_to"], ["member.member_id"], name=op.f("fk_coupon_issued_to")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_coupon_member_id")),
        sa.PrimaryKeyConstraint("coupon_id", name=op.f("pk_coupon")),
        sa.UniqueConstraint("issued_to", "cause", name="uq_coupon_issued_to_cause"),
        sqlite_strict=True,
    )
    is_redeemed = sa.text("state = 'REDEEMED'")
    op.create_index(
        "uq_coupon_redeemed_sale_id", "coupon", ["sale_id"], unique=True, sqlite_where=is_redeemed, postgresql_where=is_redeemed
    )
    op.create_index(op.f("ix_coupon_member_id"), "coupon", ["member_id"], unique=False)


def _make_coupon_move() -> None:
    op.create_table(
        "coupon_move",
        sa.Column("merge_id", TEXT, nullable=False),
        sa.Column("coupon_id", TEXT, nullable=False),
        sa.Column("from_member_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["coupon_id"], ["coupon.coupon_id"], name=op.f("fk_coupon_move_coupon_id")),
        sa.ForeignKeyConstraint(["from_member_id"], ["member.member_id"], name=op.f("fk_coupon_move_from_member_id")),
        sa.PrimaryKeyConstraint("merge_id", "coupon_id", name=op.f("pk_coupon_move")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for trigger in append_only_triggers("coupon_move"):
            op.execute(trigger)


def downgrade() -> None:
    """Makes the table as it was; a coupon that was redeemed or rolled back is VOID then, and nothing tells where."""
    op.execute("CREATE TABLE coupon_after AS SELECT * FROM coupon")
    op.drop_table("coupon_move")
    op.drop_table("coupon")
    _make_coupon_before()
    op.execute(
        f"INSERT INTO coupon ({_KEPT}, state) SELECT {_KEPT.replace('member_id', 'issued_to', 1)},"  # noqa: S608 - a constant
        " CASE WHEN state IN ('REDEEMED', 'ROLLED_BACK') THEN 'VOID' ELSE state END FROM coupon_after"
    )
    op.drop_table("coupon_after")


def _make_coupon_before() -> None:
    op.create_table(
        "coupon",
        sa.Column("coupon_id", TEXT, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("definition", TEXT, nullable=False),
        sa.Column("text_key", TEXT, nullable=False),
        sa.Column("value_fen", WHOLE, nullable=False),
        sa.Column("minimum_spend_fen", WHOLE, nullable=False),
        sa.Column("valid_from", DAY, nullable=False),
        sa.Column("valid_until", DAY, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("awaits", TEXT, nullable=False),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.CheckConstraint("awaits IN ('', 'CARD_ACTIVATION')", name=op.f("ck_coupon_awaits")),
        sa.CheckConstraint("state IN ('ISSUED', 'CLAIMED', 'REDEEMED', 'ROLLED_BACK', 'EXPIRED', 'VOID')", name=op.f("ck_coupon_state")),
        sa.CheckConstraint("value_fen > 0", name=op.f("ck_coupon_value_fen")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_coupon_member_id")),
        sa.PrimaryKeyConstraint("coupon_id", name=op.f("pk_coupon")),
        sa.UniqueConstraint("member_id", "cause", name=op.f("uq_coupon_member_id_cause")),
        sqlite_strict=True,
    )
