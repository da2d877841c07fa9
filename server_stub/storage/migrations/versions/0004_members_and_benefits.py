"""Makes the tables of members, visits, points and coupons. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import BYTES, DAY, MOMENT, TEXT, WHOLE

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FACTS = (
    "tier_assignment",
    "points_entry",
)


def upgrade() -> None:
    """Makes the tables."""
    _make_member()
    _make_tier_assignment()
    _make_visit()
    _make_points_account()
    _make_points_entry()
    _make_coupon()
    _protect_facts()


def _make_member() -> None:
    op.create_table(
        "member",
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("application_id", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("mobile_token", BYTES, nullable=True),
        sa.Column("store_id", TEXT, nullable=False),
        sa.Column("joined_on", DAY, nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("activated_at", MOMENT, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("state IN ('ACTIVE', 'SUSPENDED', 'CLOSING', 'CLOSED', 'ERASED', 'MERGED')", name=op.f("ck_member_state")),
        sa.ForeignKeyConstraint(["application_id"], ["application.application_id"], name=op.f("fk_member_application_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_member_person_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member")),
        sa.UniqueConstraint("application_id", name=op.f("uq_member_application_id")),
        sa.UniqueConstraint("mobile_token", name=op.f("uq_member_mobile_token")),
        sa.UniqueConstraint("number", name=op.f("uq_member_number")),
        sa.UniqueConstraint("person_id", name=op.f("uq_member_person_id")),
        sqlite_strict=True,
    )


def _make_tier_assignment() -> None:
    op.create_table(
        "tier_assignment",
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("tier", TEXT, nullable=False),
        sa.Column("from_day", DAY, nullable=False),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("assigned_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_tier_assignment_member_id")),
        sa.PrimaryKeyConstraint("member_id", "sequence", name=op.f("pk_tier_assignment")),
        info={"append_only": True},
        sqlite_strict=True,
    )


def _make_visit() -> None:
    op.create_table(
        "visit",
        sa.Column("visit_id", TEXT, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("identified_by", TEXT, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("identified_by IN ('PHONE', 'CARD', 'ISSUE')", name=op.f("ck_visit_identified_by")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_visit_member_id")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_visit")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_visit_member_id"), "visit", ["member_id"], unique=False)


def _make_points_account() -> None:
    op.create_table(
        "points_account",
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("available", WHOLE, nullable=False),
        sa.Column("pending", WHOLE, nullable=False),
        sa.Column("next_expiry_on", DAY, nullable=True),
        sa.Column("last_sequence", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("available >= 0", name=op.f("ck_points_account_available")),
        sa.CheckConstraint("pending >= 0", name=op.f("ck_points_account_pending")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_points_account_member_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_points_account")),
        sa.UniqueConstraint("member_id", name=op.f("uq_points_account_member_id")),
        sqlite_strict=True,
    )


def _make_points_entry() -> None:
    op.create_table(
        "points_entry",
        sa.Column("entry_id", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("awaits", TEXT, nullable=False),
        sa.Column("expires_on", DAY, nullable=True),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("business_day", DAY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("awaits IN ('', 'CARD_ACTIVATION')", name=op.f("ck_points_entry_awaits")),
        sa.CheckConstraint(
            "kind IN ('ACCRUAL', 'ACCRUAL_REVERSAL', 'REDEMPTION', 'REDEMPTION_REVERSAL', 'EXPIRY', 'ADJUSTMENT', 'MERGE',"
            " 'ALLOWANCE_OUT', 'ALLOWANCE_IN')",
            name=op.f("ck_points_entry_kind"),
        ),
        sa.CheckConstraint("points <> 0", name=op.f("ck_points_entry_points")),
        sa.ForeignKeyConstraint(["account_id"], ["points_account.account_id"], name=op.f("fk_points_entry_account_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_points_entry")),
        sa.UniqueConstraint("account_id", "cause", name="uq_points_entry_cause"),
        sa.UniqueConstraint("account_id", "sequence", name=op.f("uq_points_entry_account_id_sequence")),
        info={"append_only": True},
        sqlite_strict=True,
    )


def _make_coupon() -> None:
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


def _protect_facts() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in FACTS:
            for trigger in append_only_triggers(name):
                op.execute(trigger)


def downgrade() -> None:
    """Removes them."""
    op.drop_table("coupon")
    op.drop_table("points_entry")
    op.drop_table("points_account")
    op.drop_table("visit")
    op.drop_table("tier_assignment")
    op.drop_table("member")
