"""Tables of joining: applications, consents, one-time codes, receipts and permissions to issue a card. Knows no member's data."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint

from server_stub.domain.application_states import ApplicationState
from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, Erasure, PiiKind, PiiMark, lookup
from server_stub.storage.metadata import facts, passing, table
from server_stub.storage.types import BYTES, FINDINGS, FLAG, MOMENT, TEXT, WHOLE, column

_CODE = PiiMark(PiiKind.PHONE, "proof that a phone is the applicant's", "24 hours", Erasure.ROW_DELETED)

_STATES = ", ".join(f"'{state}'" for state in ApplicationState)

# open_mobile_token is set while the application is open: its uniqueness is "one open application for a phone".
application = table(
    "application",
    column("application_id", TEXT, PERSON_LINK, primary_key=True),
    column("number", TEXT, PERSON_LINK, unique=True),
    column("person_id", TEXT, PERSON_LINK, ForeignKey("person.person_id"), unique=True),
    column("state", TEXT, NOT_PERSONAL),
    column("version", WHOLE, NOT_PERSONAL),
    column("findings", FINDINGS, NOT_PERSONAL),
    column("open_mobile_token", BYTES, lookup(PiiKind.PHONE, "one open application for a phone"), nullable=True, unique=True),
    column("channel", TEXT, NOT_PERSONAL),
    column("schema_version", WHOLE, NOT_PERSONAL),
    column("device_id", TEXT, NOT_PERSONAL),
    column("store_id", TEXT, NOT_PERSONAL),
    column("notice_version", TEXT, NOT_PERSONAL),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("replaces_application_id", TEXT, PERSON_LINK, ForeignKey("application.application_id"), nullable=True),
    column("occurred_at", MOMENT, NOT_PERSONAL),
    column("submitted_at", MOMENT, NOT_PERSONAL),
    column("state_since", MOMENT, NOT_PERSONAL),
    CheckConstraint(f"state IN ({_STATES})", name="state"),
    Index("ix_application_state_since", "state", "state_since"),
)

consent = facts(
    "consent",
    column("consent_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("person_id", TEXT, PERSON_LINK, ForeignKey("person.person_id"), index=True),
    column("application_id", TEXT, PERSON_LINK, ForeignKey("application.application_id")),
    column("purpose", TEXT, NOT_PERSONAL),
    column("given", FLAG, NOT_PERSONAL),
    column("notice_version", TEXT, NOT_PERSONAL),
    column("text_sha256", TEXT, NOT_PERSONAL),
    column("language", TEXT, NOT_PERSONAL),
    column("device_id", TEXT, NOT_PERSONAL),
    column("occurred_at", MOMENT, NOT_PERSONAL),
    column("recorded_at", MOMENT, NOT_PERSONAL),
    # Person of the guardian who chose in the name of person_id, a child; null where people chose for themselves.
    column("guardian_person_id", TEXT, PERSON_LINK, nullable=True),
    UniqueConstraint("application_id", "purpose"),
)

# The code itself is nowhere but in the sealed payload of its message; here is its keyed hash.
ownership_code = passing(
    "ownership_code",
    column("challenge_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("mobile_token", BYTES, _CODE),
    column("purpose", TEXT, NOT_PERSONAL),
    column("device_id", TEXT, NOT_PERSONAL),
    column("code_mac", BYTES, _CODE),
    column("sent", FLAG, _CODE),
    column("tries_left", WHOLE, NOT_PERSONAL),
    column("created_at", MOMENT, NOT_PERSONAL),
    column("expires_at", MOMENT, NOT_PERSONAL),
    column("verified_at", MOMENT, NOT_PERSONAL, nullable=True),
    CheckConstraint("tries_left >= 0", name="tries_left"),
    Index("ix_ownership_code_number", "mobile_token", "created_at"),
    Index("ix_ownership_code_device", "device_id", "created_at"),
)

issue_grant = passing(
    "issue_grant",
    column("grant_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("application_id", TEXT, PERSON_LINK, ForeignKey("application.application_id"), index=True),
    column("device_id", TEXT, NOT_PERSONAL),
    column("created_at", MOMENT, NOT_PERSONAL),
    column("expires_at", MOMENT, NOT_PERSONAL),
)

receipt = facts(
    "receipt",
    column("device_id", TEXT, NOT_PERSONAL),
    column("sequence", WHOLE, NOT_PERSONAL),
    column("number", TEXT, NOT_PERSONAL, unique=True),
    column("kind", TEXT, NOT_PERSONAL),
    column("application_id", TEXT, PERSON_LINK, ForeignKey("application.application_id"), index=True),
    column("body_sha256", BYTES, NOT_PERSONAL),
    column("code", TEXT, PiiMark(PiiKind.PSEUDONYM, "what the member was told", "10 years", Erasure.LINK_BROKEN)),
    column("issued_at", MOMENT, NOT_PERSONAL),
    PrimaryKeyConstraint("device_id", "sequence"),
)
