"""Makes what shows rewards and hands them over, and says at which store a person works. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import DOCUMENT, MOMENT, TEXT, WHOLE

revision = "0030"
down_revision = "0024"
branch_labels = None
depends_on = None

_WAITS = sa.text("state = 'COMMITTED' AND pickup_until IS NOT NULL")


def upgrade() -> None:
    """Makes tables and columns."""
    _make_reward_listing()
    _make_pickup_columns()
    _make_pickup_try()
    _make_redemption_receipt()
    op.add_column("staff", sa.Column("store_id", TEXT, nullable=True))


def _make_reward_listing() -> None:
    op.create_table(
        "reward_listing",
        sa.Column("reward_id", TEXT, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("names", DOCUMENT, nullable=False),
        sa.Column("descriptions", DOCUMENT, nullable=False),
        sa.Column("picture", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.reward_id"], name=op.f("fk_reward_listing_reward_id")),
        sa.PrimaryKeyConstraint("reward_id", name=op.f("pk_reward_listing")),
        sqlite_strict=True,
    )


def _make_pickup_columns() -> None:
    op.add_column("redemption", sa.Column("pickup_code", TEXT, nullable=True))
    op.add_column("redemption", sa.Column("pickup_until", MOMENT, nullable=True))
    op.add_column("redemption", sa.Column("fulfilled_at", MOMENT, nullable=True))
    op.add_column("redemption", sa.Column("fulfilled_by", TEXT, nullable=True))
    op.create_index("uq_redemption_pickup_code", "redemption", ["pickup_code"], unique=True)
    op.create_index("ix_redemption_pickup_until", "redemption", ["pickup_until"], sqlite_where=_WAITS, postgresql_where=_WAITS)


def _make_pickup_try() -> None:
    op.create_table(
        "pickup_try",
        sa.Column("try_id", TEXT, nullable=False),
        sa.Column("tried_by", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("try_id", name=op.f("pk_pickup_try")),
        sqlite_strict=True,
    )
    op.create_index("ix_pickup_try_tried_by", "pickup_try", ["tried_by", "at"])


def _make_redemption_receipt() -> None:
    op.create_table(
        "redemption_receipt",
        sa.Column("redemption_id", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["number"], ["receipt.number"], name=op.f("fk_redemption_receipt_number")),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemption.redemption_id"], name=op.f("fk_redemption_receipt_redemption_id")),
        sa.PrimaryKeyConstraint("redemption_id", name=op.f("pk_redemption_receipt")),
        sa.UniqueConstraint("number", name=op.f("uq_redemption_receipt_number")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for trigger in append_only_triggers("redemption_receipt"):
            op.execute(trigger)


def downgrade() -> None:
    """Removes them."""
    op.drop_column("staff", "store_id")
    op.drop_table("redemption_receipt")
    op.drop_table("pickup_try")
    op.drop_index("ix_redemption_pickup_until", "redemption")
    op.drop_index("uq_redemption_pickup_code", "redemption")
    for name in ("fulfilled_by", "fulfilled_at", "pickup_until", "pickup_code"):
        op.drop_column("redemption", name)
    op.drop_table("reward_listing")
