"""In which language a member is told something: the one that was asked for, or else their own. Knows no word."""

from __future__ import annotations

from server_stub.domain.language import Language
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberRow
from server_stub.storage.people import People


def language_for(tx: Tx, people: People, member: MemberRow, asked: Language | None) -> Language:
    """Returns what was asked for; where nothing was, e.g. by an older kiosk, the language in which the member joined."""
    if asked is not None:
        return asked
    person = people.find(tx, member.person_id)
    return Language(person.language) if person else Language.ZH_HANS
