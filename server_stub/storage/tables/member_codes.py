"""Tables of the codes that members show, and of receipts by which a visit was taken up.

No code is kept: its signature proves that it was made here.
"""

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK
from server_stub.storage.metadata import passing, table
from server_stub.storage.types import BYTES, MOMENT, TEXT, WHOLE, column

member_alias = table(
    "member_alias",
    column("member_alias", BYTES, PERSON_LINK, primary_key=True),
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), unique=True),
    column("made_at", MOMENT, NOT_PERSONAL),
)

# Rows go soon after the code has expired: from then on its own time refuses it.
used_member_code = passing(
    "used_member_code",
    column("member_alias", BYTES, PERSON_LINK),
    column("nonce", BYTES, NOT_PERSONAL),
    column("issued_at", MOMENT, NOT_PERSONAL),
    column("device_id", TEXT, NOT_PERSONAL),
    column("used_at", MOMENT, NOT_PERSONAL),
    PrimaryKeyConstraint("member_alias", "nonce", "issued_at"),
)

# What a refused code said is not kept, only that there was one and why.
refused_member_code = passing(
    "refused_member_code",
    column("refusal_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("device_id", TEXT, NOT_PERSONAL),
    column("reason", TEXT, NOT_PERSONAL),
    column("refused_at", MOMENT, NOT_PERSONAL),
    column("locks_until", MOMENT, NOT_PERSONAL, nullable=True),
    Index("ix_refused_member_code_device_id", "device_id", "refused_at"),
)

resumed_receipt = passing(
    "resumed_receipt",
    column("device_id", TEXT, NOT_PERSONAL),
    column("sequence", WHOLE, NOT_PERSONAL),
    column("visit_id", TEXT, NOT_PERSONAL),
    column("resumed_at", MOMENT, NOT_PERSONAL),
    PrimaryKeyConstraint("device_id", "sequence"),
)
