"""Tables of personal data: one row for each applicant or member, sealed under the person's own key. Knows no membership."""

from sqlalchemy import ForeignKey, PrimaryKeyConstraint

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, PiiKind, emptied, lookup, sealed
from server_stub.storage.metadata import passing, table
from server_stub.storage.types import BYTES, DAY, MOMENT, TEXT, WHOLE, column

# The only place of names, numbers and addresses. Erasing a person empties this row and destroys wrapped_key.
person = table(
    "person",
    column("person_id", TEXT, PERSON_LINK, primary_key=True),
    column("wrapped_key", BYTES, NOT_PERSONAL, nullable=True),
    column("name", BYTES, sealed(PiiKind.NAME, "to address the member"), nullable=True),
    column("mobile", BYTES, sealed(PiiKind.PHONE, "to reach the member"), nullable=True),
    column("email", BYTES, sealed(PiiKind.EMAIL, "to reach the member"), nullable=True),
    column("birthday", BYTES, sealed(PiiKind.BIRTHDAY, "birthday benefits"), nullable=True),
    column("address", BYTES, sealed(PiiKind.ADDRESS, "to mail a card"), nullable=True),
    column("id_last4", BYTES, sealed(PiiKind.ID_NUMBER, "to tell documents apart at the desk"), nullable=True),
    column("mobile_token", BYTES, lookup(PiiKind.PHONE, "to find the member by phone"), nullable=True, index=True),
    column("id_token", BYTES, lookup(PiiKind.ID_NUMBER, "to find a second membership"), nullable=True, index=True),
    column("birthday_proof", TEXT, emptied(PiiKind.BIRTHDAY, "says how the birthday is proved")),
    column("age_band", TEXT, emptied(PiiKind.AGE_BAND, "rules for minors")),
    column("language", TEXT, NOT_PERSONAL),
    column("created_at", MOMENT, NOT_PERSONAL),
    column("erased_at", MOMENT, NOT_PERSONAL, nullable=True),
)

# Keyed tokens of pairs of facts (name and birthday, name and district): similar people are looked for only among
# those who share one, because sealed values cannot be compared in the database.
person_match_key = passing(
    "person_match_key",
    column("person_id", TEXT, PERSON_LINK, ForeignKey("person.person_id")),
    column("match_key", BYTES, lookup(PiiKind.PSEUDONYM, "to find a second membership"), index=True),
    PrimaryKeyConstraint("person_id", "match_key"),
)

# Whose birthday it is on a day, without opening everybody: the sealed birthday cannot be looked for. The token tells the day of the year
# only, not the year; the row is deleted when its person is erased.
birthday_record = passing(
    "birthday_record",
    column("person_id", TEXT, PERSON_LINK, ForeignKey("person.person_id"), primary_key=True),
    column("day_token", BYTES, lookup(PiiKind.BIRTHDAY, "to find whose birthday it is"), nullable=True, index=True),
    column("known_since", DAY, NOT_PERSONAL),
    column("changed_on", DAY, NOT_PERSONAL, nullable=True),
    column("version", WHOLE, NOT_PERSONAL),
)
