"""Who is told by a message that feedback was answered: its member, where they gave their name and can be reached. Sends nothing."""

from __future__ import annotations

from server_stub.storage.database import Tx
from server_stub.storage.members import member_by_id
from server_stub.storage.people import People, PersonalData, PersonRow


def reached(tx: Tx, people: People, member_id: str | None) -> tuple[PersonRow, PersonalData] | None:
    """Returns whom a message reaches; None for guests, for who gave no name, and for members without a contact of their own: children."""
    member = member_by_id(tx, member_id) if member_id else None
    person = people.find(tx, member.person_id) if member else None
    data = people.open_row(person) if person is not None else None
    if person is None or data is None or not (data.mobile or data.email):
        return None
    return person, data
