"""Makes the tables of stores, devices, calls and staff accounts. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import BYTES, DOCUMENT, FLAG, MOMENT, TEXT, WHOLE

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    _make_store()
    _make_device()
    _make_staff_call()
    _make_staff()


def _make_store() -> None:
    op.create_table(
        "store",
        sa.Column("store_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("region_code", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_store")),
        sqlite_strict=True,
    )


def _make_device() -> None:
    op.create_table(
        "device",
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("store_id", TEXT, nullable=False),
        sa.Column("certificate_sha256", BYTES, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("last_device_seq", WHOLE, nullable=False),
        sa.Column("enrolled_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=True),
        sa.Column("software_version", TEXT, nullable=True),
        sa.Column("card_reader_ok", FLAG, nullable=True),
        sa.Column("printer_ok", FLAG, nullable=True),
        sa.CheckConstraint("state IN ('ENROLLING', 'AVAILABLE', 'SUSPENDED', 'REVOKED')", name=op.f("ck_device_state")),
        sa.ForeignKeyConstraint(["store_id"], ["store.store_id"], name=op.f("fk_device_store_id")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_device")),
        sa.UniqueConstraint("certificate_sha256", name=op.f("uq_device_certificate_sha256")),
        sqlite_strict=True,
    )


def _make_staff_call() -> None:
    op.create_table(
        "staff_call",
        sa.Column("call_id", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("screen", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Column("answered_by", TEXT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('WAITING', 'ANSWERED', 'CLOSED')", name=op.f("ck_staff_call_state")),
        sa.ForeignKeyConstraint(["device_id"], ["device.device_id"], name=op.f("fk_staff_call_device_id")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_staff_call")),
        sqlite_strict=True,
    )
    op.create_index("ix_staff_call_state", "staff_call", ["state", "called_at"], unique=False)


def _make_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("display_name", TEXT, nullable=False),
        sa.Column("passphrase_argon2", TEXT, nullable=True),
        sa.Column("totp_secret", BYTES, nullable=True),
        sa.Column("totp_last_step", WHOLE, nullable=False),
        sa.Column("failures", WHOLE, nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.Column("roles", DOCUMENT, nullable=False),
        sa.Column("own_mobile_token", BYTES, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("is_development", FLAG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('ACTIVE', 'CLOSED')", name=op.f("ck_staff_state")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_staff")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Removes them."""
    op.drop_table("staff")
    op.drop_table("staff_call")
    op.drop_table("device")
    op.drop_table("store")
