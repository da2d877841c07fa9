"""Makes the tables of campaigns. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import DOCUMENT, FLAG, MOMENT, TEXT, WHOLE

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_UNTOLD = sa.text("told_at IS NULL")
_FACTS = ("campaign_version", "campaign_switch", "campaign_claim")


def upgrade() -> None:
    """Makes the tables."""
    _make_versions()
    _make_claims()
    _make_reminders()
    if op.get_bind().dialect.name == "sqlite":
        for name in _FACTS:
            for trigger in append_only_triggers(name):
                op.execute(trigger)


def _make_versions() -> None:
    op.create_table(
        "campaign_version",
        sa.Column("campaign_id", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.Column("loaded_by", TEXT, nullable=False),
        sa.Column("loaded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "version", name=op.f("pk_campaign_version")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_table(
        "campaign_switch",
        sa.Column("campaign_id", TEXT, nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("is_stopped", FLAG, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("thrown_by", TEXT, nullable=False),
        sa.Column("thrown_at", MOMENT, nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_campaign_switch_reason")),
        sa.PrimaryKeyConstraint("campaign_id", "sequence", name=op.f("pk_campaign_switch")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_table(
        "campaign_places",
        sa.Column("campaign_id", TEXT, nullable=False),
        sa.Column("store_id", TEXT, nullable=False),
        sa.Column("places", WHOLE, nullable=False),
        sa.Column("taken", WHOLE, nullable=False),
        sa.CheckConstraint("places >= 0 AND taken >= 0", name=op.f("ck_campaign_places_places")),
        sa.PrimaryKeyConstraint("campaign_id", "store_id", name=op.f("pk_campaign_places")),
        sqlite_strict=True,
    )


def _make_claims() -> None:
    op.create_table(
        "campaign_claim",
        sa.Column("claim_id", TEXT, nullable=False),
        sa.Column("campaign_id", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("ordinal", WHOLE, nullable=False),
        sa.Column("store_id", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("coupon_id", TEXT, nullable=True),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.CheckConstraint("ordinal > 0 AND points >= 0", name=op.f("ck_campaign_claim_ordinal")),
        sa.ForeignKeyConstraint(
            ["campaign_id", "version"],
            ["campaign_version.campaign_id", "campaign_version.version"],
            name=op.f("fk_campaign_claim_campaign_id_version"),
        ),
        sa.ForeignKeyConstraint(["coupon_id"], ["coupon.coupon_id"], name=op.f("fk_campaign_claim_coupon_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_campaign_claim_member_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_campaign_claim")),
        sa.UniqueConstraint("campaign_id", "member_id", "ordinal", name=op.f("uq_campaign_claim_campaign_id_member_id_ordinal")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_campaign_claim_member_id"), "campaign_claim", ["member_id"], unique=False)


def _make_reminders() -> None:
    op.create_table(
        "campaign_reminder",
        sa.Column("campaign_id", TEXT, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("store_id", TEXT, nullable=False),
        sa.Column("wished_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_campaign_reminder_member_id")),
        sa.PrimaryKeyConstraint("campaign_id", "member_id", name=op.f("pk_campaign_reminder")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_campaign_reminder_untold",
        "campaign_reminder",
        ["campaign_id", "member_id"],
        sqlite_where=_UNTOLD,
        postgresql_where=_UNTOLD,
    )


def downgrade() -> None:
    """Removes them."""
    for name in ("campaign_reminder", "campaign_claim", "campaign_places", "campaign_switch", "campaign_version"):
        op.drop_table(name)
