"""Tables of members and their visits. Knows no name and no number of a phone: those are in person."""

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, PiiKind, PiiMark, lookup
from server_stub.storage.marks import Erasure as _Erasure
from server_stub.storage.metadata import facts, passing, table
from server_stub.storage.types import BYTES, DAY, MOMENT, TEXT, WHOLE, column

_NUMBER = PiiMark(PiiKind.MEMBERSHIP_NUMBER, "names the membership", "10 years, de-identified after closure", _Erasure.LINK_BROKEN)

# mobile_token is emptied when the membership is closed: its uniqueness is "one active member for a phone".
member = table(
    "member",
    column("member_id", TEXT, PERSON_LINK, primary_key=True),
    column("person_id", TEXT, PERSON_LINK, ForeignKey("person.person_id"), unique=True),
    column("application_id", TEXT, PERSON_LINK, ForeignKey("application.application_id"), unique=True),
    column("number", TEXT, _NUMBER, unique=True),
    column("state", TEXT, NOT_PERSONAL),
    column("mobile_token", BYTES, lookup(PiiKind.PHONE, "one active member for a phone"), nullable=True, unique=True),
    column("store_id", TEXT, NOT_PERSONAL),
    column("joined_on", DAY, NOT_PERSONAL),
    column("joined_at", MOMENT, NOT_PERSONAL),
    column("activated_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("version", WHOLE, NOT_PERSONAL),
    CheckConstraint("state IN ('ACTIVE', 'SUSPENDED', 'CLOSING', 'CLOSED', 'ERASED', 'MERGED')", name="state"),
)

tier_assignment = facts(
    "tier_assignment",
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id")),
    column("sequence", WHOLE, NOT_PERSONAL),
    column("tier", TEXT, NOT_PERSONAL),
    column("from_day", DAY, NOT_PERSONAL),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("assigned_at", MOMENT, NOT_PERSONAL),
    PrimaryKeyConstraint("member_id", "sequence"),
)

visit = passing(
    "visit",
    column("visit_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), index=True),
    column("device_id", TEXT, NOT_PERSONAL),
    column("identified_by", TEXT, NOT_PERSONAL),
    column("began_at", MOMENT, NOT_PERSONAL),
    column("expires_at", MOMENT, NOT_PERSONAL),
    column("ended_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("left_at_page", TEXT, NOT_PERSONAL, nullable=True),
    CheckConstraint("identified_by IN ('PHONE', 'CARD', 'ISSUE', 'CODE', 'RECEIPT')", name="identified_by"),
)
