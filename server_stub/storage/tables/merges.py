"""Tables of memberships that became one, and of members who came without an application. Knows no rule."""

from sqlalchemy import CheckConstraint, ForeignKey

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, STAFF_LINK
from server_stub.storage.metadata import facts, table
from server_stub.storage.types import DAY, MOMENT, TEXT, WHOLE, column

# undone_at is null while the merge stands; then the accounts of from_member_id have the survivor's as their holder.
# The steps are its places in the sequences of both accounts, and those of its undoing; SQLite adds no column that may not be null.
member_merge = table(
    "member_merge",
    column("merge_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("from_member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), index=True),
    column("into_member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), index=True),
    column("proposed_by", TEXT, STAFF_LINK),
    column("approved_by", TEXT, STAFF_LINK),
    column("merged_on", DAY, NOT_PERSONAL),
    column("merged_at", MOMENT, NOT_PERSONAL),
    column("undone_by", TEXT, STAFF_LINK, nullable=True),
    column("undone_approved_by", TEXT, STAFF_LINK, nullable=True),
    column("undone_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("from_step", WHOLE, NOT_PERSONAL, nullable=True),
    column("into_step", WHOLE, NOT_PERSONAL, nullable=True),
    column("undone_from_step", WHOLE, NOT_PERSONAL, nullable=True),
    column("undone_into_step", WHOLE, NOT_PERSONAL, nullable=True),
    CheckConstraint("from_member_id <> into_member_id AND proposed_by <> approved_by", name="two_of_each"),
)

# A member who came without an application: from another programme. points_of_years are in points_year.
program_join = facts(
    "program_join",
    column("member_id", TEXT, PERSON_LINK, ForeignKey("member.member_id"), primary_key=True),
    column("guardian_id", TEXT, PERSON_LINK, nullable=True),
    column("request_id", TEXT, NOT_PERSONAL),
    column("joined_step", WHOLE, NOT_PERSONAL),
    column("at", MOMENT, NOT_PERSONAL),
)
