"""Makes the tables of sales, returns, rewards, redemptions, corrections and merges. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import DAY, DOCUMENT, FLAG, MOMENT, TEXT, WHOLE

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FACTS = (
    "sale",
    "sale_line",
    "sale_return",
    "sale_return_line",
    "adjustment",
    "program_join",
)


def upgrade() -> None:
    """Makes the tables."""
    _make_reward()
    _make_reward_stock()
    _make_sale()
    _make_sale_line()
    _make_sale_return()
    _make_sale_return_line()
    _make_adjustment()
    _make_redemption()
    _make_redemption_share()
    _make_member_merge()
    _make_program_join()
    _protect_facts()


def _make_reward() -> None:
    op.create_table(
        "reward",
        sa.Column("reward_id", TEXT, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("min_tier", TEXT, nullable=True),
        sa.Column("per_member", WHOLE, nullable=True),
        sa.Column("stores", DOCUMENT, nullable=True),
        sa.Column("from_day", DAY, nullable=True),
        sa.Column("until_day", DAY, nullable=True),
        sa.Column("adult_only", FLAG, nullable=False),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_reward_points")),
        sa.PrimaryKeyConstraint("reward_id", name=op.f("pk_reward")),
        sqlite_strict=True,
    )


def _make_reward_stock() -> None:
    op.create_table(
        "reward_stock",
        sa.Column("reward_id", TEXT, nullable=False),
        sa.Column("store_id", TEXT, nullable=False),
        sa.Column("stock", WHOLE, nullable=False),
        sa.Column("taken", WHOLE, nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_reward_stock_taken")),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.reward_id"], name=op.f("fk_reward_stock_reward_id")),
        sa.PrimaryKeyConstraint("reward_id", "store_id", name=op.f("pk_reward_stock")),
        sqlite_strict=True,
    )


def _make_sale() -> None:
    op.create_table(
        "sale",
        sa.Column("sale_id", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=True),
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("store_id", TEXT, nullable=False),
        sa.Column("total_fen", WHOLE, nullable=False),
        sa.Column("eligible_fen", WHOLE, nullable=False),
        sa.Column("earned", WHOLE, nullable=False),
        sa.Column("lot_id", TEXT, nullable=True),
        sa.Column("decision", DOCUMENT, nullable=False),
        sa.Column("tenders", DOCUMENT, nullable=True),
        sa.Column("tags", DOCUMENT, nullable=False),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("request_id", TEXT, nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("business_day", DAY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "total_fen > 0 AND eligible_fen >= 0 AND eligible_fen <= total_fen AND earned >= 0", name=op.f("ck_sale_amounts")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["points_account.account_id"], name=op.f("fk_sale_account_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["points_lot.lot_id"], name=op.f("fk_sale_lot_id")),
        sa.PrimaryKeyConstraint("sale_id", name=op.f("pk_sale")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sale_account_id"), "sale", ["account_id"], unique=False)
    op.create_index(op.f("ix_sale_business_day"), "sale", ["business_day"], unique=False)


def _make_sale_line() -> None:
    op.create_table(
        "sale_line",
        sa.Column("sale_id", TEXT, nullable=False),
        sa.Column("line", WHOLE, nullable=False, autoincrement=False),
        sa.Column("sku", TEXT, nullable=False),
        sa.Column("category", TEXT, nullable=False),
        sa.Column("qty", WHOLE, nullable=False),
        sa.Column("unit_price_fen", WHOLE, nullable=False),
        sa.Column("discount_fen", WHOLE, nullable=False),
        sa.Column("is_eligible", FLAG, nullable=False),
        sa.CheckConstraint("qty > 0 AND unit_price_fen >= 0 AND discount_fen >= 0", name=op.f("ck_sale_line_amounts")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.sale_id"], name=op.f("fk_sale_line_sale_id")),
        sa.PrimaryKeyConstraint("sale_id", "line", name=op.f("pk_sale_line")),
        info={"append_only": True},
        sqlite_strict=True,
    )


def _make_sale_return() -> None:
    op.create_table(
        "sale_return",
        sa.Column("return_id", TEXT, nullable=False),
        sa.Column("sale_id", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=True),
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("refund_fen", WHOLE, nullable=False),
        sa.Column("taken_back", WHOLE, nullable=False),
        sa.Column("forgiven", WHOLE, nullable=False),
        sa.Column("given_back", WHOLE, nullable=False),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("request_id", TEXT, nullable=False),
        sa.Column("business_day", DAY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("refund_fen >= 0 AND forgiven >= 0 AND given_back >= 0", name=op.f("ck_sale_return_amounts")),
        sa.ForeignKeyConstraint(["account_id"], ["points_account.account_id"], name=op.f("fk_sale_return_account_id")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.sale_id"], name=op.f("fk_sale_return_sale_id")),
        sa.PrimaryKeyConstraint("return_id", name=op.f("pk_sale_return")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sale_return_account_id"), "sale_return", ["account_id"], unique=False)
    op.create_index(op.f("ix_sale_return_sale_id"), "sale_return", ["sale_id"], unique=False)


def _make_sale_return_line() -> None:
    op.create_table(
        "sale_return_line",
        sa.Column("return_id", TEXT, nullable=False),
        sa.Column("line", WHOLE, nullable=False, autoincrement=False),
        sa.Column("qty", WHOLE, nullable=False),
        sa.CheckConstraint("qty > 0", name=op.f("ck_sale_return_line_qty")),
        sa.ForeignKeyConstraint(["return_id"], ["sale_return.return_id"], name=op.f("fk_sale_return_line_return_id")),
        sa.PrimaryKeyConstraint("return_id", "line", name=op.f("pk_sale_return_line")),
        info={"append_only": True},
        sqlite_strict=True,
    )


def _make_adjustment() -> None:
    op.create_table(
        "adjustment",
        sa.Column("request_id", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("entry_id", TEXT, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("proposed_by", TEXT, nullable=False),
        sa.Column("approved_by", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("points <> 0 AND proposed_by <> approved_by", name=op.f("ck_adjustment_two_people")),
        sa.ForeignKeyConstraint(["account_id"], ["points_account.account_id"], name=op.f("fk_adjustment_account_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["points_entry.entry_id"], name=op.f("fk_adjustment_entry_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_adjustment")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_adjustment_account_id"), "adjustment", ["account_id"], unique=False)


def _make_redemption() -> None:
    op.create_table(
        "redemption",
        sa.Column("redemption_id", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("given_back", WHOLE, nullable=False),
        sa.Column("reward_id", TEXT, nullable=True),
        sa.Column("qty", WHOLE, nullable=False),
        sa.Column("stock_store_id", TEXT, nullable=True),
        sa.Column("store_id", TEXT, nullable=True),
        sa.Column("device_id", TEXT, nullable=True),
        sa.Column("sale_id", TEXT, nullable=True),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("request_id", TEXT, nullable=False),
        sa.Column("made_step", WHOLE, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("hold_until", MOMENT, nullable=True),
        sa.Column("spent_step", WHOLE, nullable=True),
        sa.Column("spent_at", MOMENT, nullable=True),
        sa.Column("ended_step", WHOLE, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("points > 0 AND given_back >= 0 AND given_back <= points AND qty > 0", name=op.f("ck_redemption_points")),
        sa.CheckConstraint(
            "state IN ('QUOTED', 'HELD', 'COMMITTED', 'FULFILLED', 'CANCELLED', 'EXPIRED', 'REVERSED')", name=op.f("ck_redemption_state")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["points_account.account_id"], name=op.f("fk_redemption_account_id")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.sale_id"], name=op.f("fk_redemption_sale_id")),
        sa.PrimaryKeyConstraint("redemption_id", name=op.f("pk_redemption")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_redemption_account_id"), "redemption", ["account_id"], unique=False)
    op.create_index(op.f("ix_redemption_reward_id"), "redemption", ["reward_id", "state", "hold_until"], unique=False)
    op.create_index(op.f("ix_redemption_sale_id"), "redemption", ["sale_id"], unique=False)


def _make_redemption_share() -> None:
    op.create_table(
        "redemption_share",
        sa.Column("redemption_id", TEXT, nullable=False),
        sa.Column("position", WHOLE, nullable=False, autoincrement=False),
        sa.Column("lot_id", TEXT, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("given_back", WHOLE, nullable=False),
        sa.CheckConstraint("points > 0 AND given_back >= 0 AND given_back <= points", name=op.f("ck_redemption_share_points")),
        sa.ForeignKeyConstraint(["lot_id"], ["points_lot.lot_id"], name=op.f("fk_redemption_share_lot_id")),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemption.redemption_id"], name=op.f("fk_redemption_share_redemption_id")),
        sa.PrimaryKeyConstraint("redemption_id", "position", name=op.f("pk_redemption_share")),
        sqlite_strict=True,
    )


def _make_member_merge() -> None:
    op.create_table(
        "member_merge",
        sa.Column("merge_id", TEXT, nullable=False),
        sa.Column("from_member_id", TEXT, nullable=False),
        sa.Column("into_member_id", TEXT, nullable=False),
        sa.Column("proposed_by", TEXT, nullable=False),
        sa.Column("approved_by", TEXT, nullable=False),
        sa.Column("merged_on", DAY, nullable=False),
        sa.Column("merged_at", MOMENT, nullable=False),
        sa.Column("undone_by", TEXT, nullable=True),
        sa.Column("undone_approved_by", TEXT, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint("from_member_id <> into_member_id AND proposed_by <> approved_by", name=op.f("ck_member_merge_two_of_each")),
        sa.ForeignKeyConstraint(["from_member_id"], ["member.member_id"], name=op.f("fk_member_merge_from_member_id")),
        sa.ForeignKeyConstraint(["into_member_id"], ["member.member_id"], name=op.f("fk_member_merge_into_member_id")),
        sa.PrimaryKeyConstraint("merge_id", name=op.f("pk_member_merge")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_member_merge_from_member_id"), "member_merge", ["from_member_id"], unique=False)
    op.create_index(op.f("ix_member_merge_into_member_id"), "member_merge", ["into_member_id"], unique=False)


def _make_program_join() -> None:
    op.create_table(
        "program_join",
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("guardian_id", TEXT, nullable=True),
        sa.Column("request_id", TEXT, nullable=False),
        sa.Column("joined_step", WHOLE, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_program_join_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_program_join")),
        info={"append_only": True},
        sqlite_strict=True,
    )


def _protect_facts() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in FACTS:
            for trigger in append_only_triggers(name):
                op.execute(trigger)


def downgrade() -> None:
    """Removes them."""
    op.drop_table("program_join")
    op.drop_table("member_merge")
    op.drop_table("redemption_share")
    op.drop_table("redemption")
    op.drop_table("adjustment")
    op.drop_table("sale_return_line")
    op.drop_table("sale_return")
    op.drop_table("sale_line")
    op.drop_table("sale")
    op.drop_table("reward_stock")
    op.drop_table("reward")
