"""The table of guardians and their children. Knows no name: both are members, or one is an applicant."""

from sqlalchemy import CheckConstraint, ForeignKey

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK
from server_stub.storage.metadata import table
from server_stub.storage.types import MOMENT, TEXT, WHOLE, column

# Made with the child's application; child_member_id is set when the child becomes a member.
guardian_link = table(
    "guardian_link",
    column("link_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("application_id", TEXT, PERSON_LINK, ForeignKey("application.application_id"), unique=True),
    column("guardian_member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), index=True),
    column("child_member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), nullable=True, unique=True),
    column("state", TEXT, NOT_PERSONAL),
    column("asked_at", MOMENT, NOT_PERSONAL),
    column("active_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("ended_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("version", WHOLE, NOT_PERSONAL),
    CheckConstraint("state IN ('PENDING', 'ACTIVE', 'WITHDRAWN', 'CAME_OF_AGE', 'LAPSED')", name="state"),
    CheckConstraint("(state = 'PENDING') = (child_member_id IS NULL)", name="child"),
    CheckConstraint("child_member_id IS NULL OR child_member_id <> guardian_member_id", name="two_people"),
)
