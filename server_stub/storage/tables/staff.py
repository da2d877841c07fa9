"""Table of staff accounts. Knows no hashing and no TOTP arithmetic."""

from sqlalchemy import CheckConstraint

from server_stub.storage.marks import NOT_PERSONAL, Erasure, PiiKind, PiiMark
from server_stub.storage.metadata import table
from server_stub.storage.types import BYTES, DOCUMENT, FLAG, MOMENT, TEXT, WHOLE, column

_NAME = PiiMark(PiiKind.STAFF, "names the account", "employment, then 3 years", Erasure.ACCOUNT_CLOSED)
_SECRET = PiiMark(PiiKind.CREDENTIAL, "proves the person", "employment", Erasure.ACCOUNT_CLOSED)
_PHONE = PiiMark(PiiKind.PHONE, "nobody decides on an own application", "employment", Erasure.ACCOUNT_CLOSED)

staff = table(
    "staff",
    column("name", TEXT, _NAME, primary_key=True),
    column("display_name", TEXT, _NAME),
    column("passphrase_argon2", TEXT, _SECRET, nullable=True),
    column("totp_secret", BYTES, _SECRET, nullable=True),
    column("totp_last_step", WHOLE, NOT_PERSONAL),
    column("failures", WHOLE, NOT_PERSONAL),
    column("locked_until", MOMENT, NOT_PERSONAL, nullable=True),
    column("roles", DOCUMENT, NOT_PERSONAL),
    column("own_mobile_token", BYTES, _PHONE, nullable=True),
    column("state", TEXT, NOT_PERSONAL),
    column("is_development", FLAG, NOT_PERSONAL),
    column("created_at", MOMENT, NOT_PERSONAL),
    column("store_id", TEXT, NOT_PERSONAL, nullable=True),
    CheckConstraint("state IN ('ACTIVE', 'CLOSED')", name="state"),
)
