"""Makes the tables of people, applications, consents, codes and receipts. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import BYTES, DOCUMENT, FLAG, MOMENT, TEXT, WHOLE

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FACTS = (
    "consent",
    "receipt",
)


def upgrade() -> None:
    """Makes the tables."""
    _make_person()
    _make_person_match_key()
    _make_application()
    _make_consent()
    _make_ownership_code()
    _make_issue_grant()
    _make_receipt()
    _protect_facts()


def _make_person() -> None:
    op.create_table(
        "person",
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("wrapped_key", BYTES, nullable=True),
        sa.Column("name", BYTES, nullable=True),
        sa.Column("mobile", BYTES, nullable=True),
        sa.Column("email", BYTES, nullable=True),
        sa.Column("birthday", BYTES, nullable=True),
        sa.Column("address", BYTES, nullable=True),
        sa.Column("id_last4", BYTES, nullable=True),
        sa.Column("mobile_token", BYTES, nullable=True),
        sa.Column("id_token", BYTES, nullable=True),
        sa.Column("birthday_proof", TEXT, nullable=False),
        sa.Column("age_band", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_person_id_token"), "person", ["id_token"], unique=False)
    op.create_index(op.f("ix_person_mobile_token"), "person", ["mobile_token"], unique=False)


def _make_person_match_key() -> None:
    op.create_table(
        "person_match_key",
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("match_key", BYTES, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_person_match_key_person_id")),
        sa.PrimaryKeyConstraint("person_id", "match_key", name=op.f("pk_person_match_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_person_match_key_match_key"), "person_match_key", ["match_key"], unique=False)


def _make_application() -> None:
    op.create_table(
        "application",
        sa.Column("application_id", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("findings", DOCUMENT, nullable=False),
        sa.Column("open_mobile_token", BYTES, nullable=True),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("schema_version", WHOLE, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("store_id", TEXT, nullable=False),
        sa.Column("notice_version", TEXT, nullable=False),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("replaces_application_id", TEXT, nullable=True),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state IN ('CARD_PENDING', 'ACTIVE', 'IN_REVIEW', 'RETURNED', 'HELD', 'REJECTED', 'WITHDRAWN', 'EXPIRED')",
            name=op.f("ck_application_state"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_application_person_id")),
        sa.ForeignKeyConstraint(
            ["replaces_application_id"], ["application.application_id"], name=op.f("fk_application_replaces_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_application")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
        sa.UniqueConstraint("open_mobile_token", name=op.f("uq_application_open_mobile_token")),
        sa.UniqueConstraint("person_id", name=op.f("uq_application_person_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_application_state_since", "application", ["state", "state_since"], unique=False)


def _make_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("consent_id", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("application_id", TEXT, nullable=False),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("given", FLAG, nullable=False),
        sa.Column("notice_version", TEXT, nullable=False),
        sa.Column("text_sha256", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.application_id"], name=op.f("fk_consent_application_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_consent")),
        sa.UniqueConstraint("application_id", "purpose", name=op.f("uq_consent_application_id_purpose")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_consent_person_id"), "consent", ["person_id"], unique=False)


def _make_ownership_code() -> None:
    op.create_table(
        "ownership_code",
        sa.Column("challenge_id", TEXT, nullable=False),
        sa.Column("mobile_token", BYTES, nullable=False),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("code_mac", BYTES, nullable=False),
        sa.Column("sent", FLAG, nullable=False),
        sa.Column("tries_left", WHOLE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.CheckConstraint("tries_left >= 0", name=op.f("ck_ownership_code_tries_left")),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_ownership_code")),
        sqlite_strict=True,
    )
    op.create_index("ix_ownership_code_device", "ownership_code", ["device_id", "created_at"], unique=False)
    op.create_index("ix_ownership_code_number", "ownership_code", ["mobile_token", "created_at"], unique=False)


def _make_issue_grant() -> None:
    op.create_table(
        "issue_grant",
        sa.Column("grant_id", TEXT, nullable=False),
        sa.Column("application_id", TEXT, nullable=False),
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.application_id"], name=op.f("fk_issue_grant_application_id")),
        sa.PrimaryKeyConstraint("grant_id", name=op.f("pk_issue_grant")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_issue_grant_application_id"), "issue_grant", ["application_id"], unique=False)


def _make_receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("device_id", TEXT, nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("application_id", TEXT, nullable=False),
        sa.Column("body_sha256", BYTES, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.application_id"], name=op.f("fk_receipt_application_id")),
        sa.PrimaryKeyConstraint("device_id", "sequence", name=op.f("pk_receipt")),
        sa.UniqueConstraint("number", name=op.f("uq_receipt_number")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_receipt_application_id"), "receipt", ["application_id"], unique=False)


def _protect_facts() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in FACTS:
            for trigger in append_only_triggers(name):
                op.execute(trigger)


def downgrade() -> None:
    """Removes them."""
    op.drop_table("receipt")
    op.drop_table("issue_grant")
    op.drop_table("ownership_code")
    op.drop_table("consent")
    op.drop_table("application")
    op.drop_table("person_match_key")
    op.drop_table("person")
