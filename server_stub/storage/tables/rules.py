"""Tables of submitted rule files and of who agreed to them; the versions themselves are with the ledger. Knows no rule."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, PrimaryKeyConstraint

from server_stub.storage.marks import NOT_PERSONAL, STAFF_LINK
from server_stub.storage.metadata import facts
from server_stub.storage.types import DAY, DOCUMENT, MOMENT, TEXT, WHOLE, column

# document: the whole file with what came from its base, so that it means the same for ever.
rule_draft = facts(
    "rule_draft",
    column("version", TEXT, NOT_PERSONAL),
    column("revision", WHOLE, NOT_PERSONAL),
    column("effective_from", DAY, NOT_PERSONAL),
    column("document", DOCUMENT, NOT_PERSONAL),
    column("request_id", TEXT, NOT_PERSONAL),
    column("submitted_by", TEXT, STAFF_LINK),
    column("submitted_at", MOMENT, NOT_PERSONAL),
    PrimaryKeyConstraint("version", "revision"),
)

# effective_from: two versions never begin on one day. notice: the announcement that told members, or empty where none was needed.
rule_approval = facts(
    "rule_approval",
    column("version", TEXT, NOT_PERSONAL, ForeignKey("rule_set_version.version"), primary_key=True),
    column("revision", WHOLE, NOT_PERSONAL),
    column("effective_from", DAY, NOT_PERSONAL, unique=True),
    column("notice", TEXT, NOT_PERSONAL),
    column("request_id", TEXT, NOT_PERSONAL),
    column("submitted_by", TEXT, STAFF_LINK),
    column("approved_by", TEXT, STAFF_LINK),
    column("approved_at", MOMENT, NOT_PERSONAL),
    ForeignKeyConstraint(["version", "revision"], ["rule_draft.version", "rule_draft.revision"]),
    CheckConstraint("submitted_by <> approved_by", name="two_people"),
)
