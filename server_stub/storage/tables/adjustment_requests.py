"""Corrections of points that one person asked for, and who agreed to them; the corrections are with the sales. Knows no rule."""

from sqlalchemy import CheckConstraint, ForeignKey

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, STAFF_LINK
from server_stub.storage.metadata import facts
from server_stub.storage.types import DAY, MOMENT, TEXT, WHOLE, column

adjustment_request = facts(
    "adjustment_request",
    column("adjustment_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id")),
    column("points", WHOLE, NOT_PERSONAL),
    column("reason", TEXT, NOT_PERSONAL),
    column("case_id", TEXT, NOT_PERSONAL),
    column("expires_on", DAY, NOT_PERSONAL, nullable=True),
    column("requested_by", TEXT, STAFF_LINK),
    column("requested_at", MOMENT, NOT_PERSONAL),
    CheckConstraint("points <> 0 AND case_id <> ''", name="complete"),
)

# The key makes a second correction for one request impossible; request_id is that of the correction.
adjustment_approval = facts(
    "adjustment_approval",
    column("adjustment_id", TEXT, NOT_PERSONAL, ForeignKey("adjustment_request.adjustment_id"), primary_key=True),
    column("request_id", TEXT, NOT_PERSONAL, ForeignKey("adjustment.request_id"), unique=True),
    column("approved_at", MOMENT, NOT_PERSONAL),
)
