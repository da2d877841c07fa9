"""Statements on personal data: sealing on the way in, opening on the way out. Knows no membership and no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.sealed import Sealer
from server_stub.storage.tables.people import birthday_record, person, person_match_key


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What is known of a person, in clear; empty where nothing is known.

    Attributes:
        name: Full name.
        mobile: E.164.
        email: E-mail address.
        birthday: YYYY-MM-DD.
        address: One line: district code, detail and postcode, divided by tabs.
        id_last4: Last four characters of an ID number.
    """

    name: str = field(default="", repr=False)
    mobile: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    birthday: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    id_last4: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A row as it lies in the database, sealed."""

    person_id: str
    wrapped_key: bytes | None
    name: bytes | None
    mobile: bytes | None
    email: bytes | None
    birthday: bytes | None
    address: bytes | None
    id_last4: bytes | None
    mobile_token: bytes | None
    id_token: bytes | None
    birthday_proof: str
    age_band: str
    language: str
    created_at: datetime
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of a person besides the sealed values."""

    person_id: str
    mobile_token: bytes | None
    id_token: bytes | None
    birthday_proof: str
    age_band: str
    language: str


_SEALED = ("name", "mobile", "email", "birthday", "address", "id_last4")


class People:
    """Keeps personal data, each person's under a data key of their own."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(self, tx: Tx, facts: PersonFacts, data: PersonalData, match_keys: Iterable[bytes] = ()) -> None:
        """Keeps a new person."""
        key = self._sealer.new(facts.person_id)
        sealed = {name: key.seal(name, getattr(data, name)) if getattr(data, name) else None for name in _SEALED}
        row = PersonRow(
            person_id=facts.person_id,
            wrapped_key=key.wrapped,
            mobile_token=facts.mobile_token,
            id_token=facts.id_token,
            birthday_proof=facts.birthday_proof,
            age_band=facts.age_band,
            language=facts.language,
            created_at=tx.now,
            erased_at=None,
            **sealed,
        )
        add(tx, person, row)
        self._add_match_keys(tx, facts.person_id, match_keys)

    def find(self, tx: Tx, person_id: str) -> PersonRow | None:
        """Returns the sealed row."""
        return first(tx, select(person).where(person.c.person_id == person_id), PersonRow)

    def open(self, tx: Tx, person_id: str) -> PersonalData:
        """Returns the person's data in clear; all empty where the person is unknown or erased."""
        row = self.find(tx, person_id)
        return PersonalData() if row is None else self.open_row(row)

    def open_row(self, row: PersonRow) -> PersonalData:
        """Returns the data of a sealed row in clear; all empty where the person was erased.

        Raises:
            SealBroken: The row was tampered with.
        """
        if row.wrapped_key is None:
            return PersonalData()
        key = self._sealer.unwrap(row.person_id, row.wrapped_key)
        values = {name: getattr(row, name) for name in _SEALED}
        return PersonalData(**{name: key.open(name, value) for name, value in values.items() if value is not None})

    def open_name(self, person_id: str, wrapped_key: bytes | None, name: bytes | None) -> str:
        """Returns the name of a person from its sealed value; empty where the person was erased.

        Raises:
            SealBroken: The value was tampered with.
        """
        return "" if wrapped_key is None or name is None else self._sealer.unwrap(person_id, wrapped_key).open("name", name)

    def set_birthday(self, tx: Tx, row: PersonRow, birthday: str, proof: str, match_keys: Iterable[bytes]) -> None:
        """Keeps another birthday (YYYY-MM-DD) and its proof, and the match keys that follow from it.

        Raises:
            ValueError: The person was erased.
        """
        if row.wrapped_key is None:
            raise ValueError(f"person {row.person_id} was erased")
        key = self._sealer.unwrap(row.person_id, row.wrapped_key)
        values = {"birthday": key.seal("birthday", birthday), "birthday_proof": proof}
        change(tx, person, person.c.person_id == row.person_id, values)
        tx.connection.execute(delete(person_match_key).where(person_match_key.c.person_id == row.person_id))
        self._add_match_keys(tx, row.person_id, match_keys)

    def set_contact(self, tx: Tx, row: PersonRow, changed: Mapping[str, str], mobile_token: bytes | None) -> None:
        """Keeps another ``mobile`` (E.164, with its lookup token), another ``email``, or both.

        Raises:
            ValueError: The person was erased.
        """
        if row.wrapped_key is None:
            raise ValueError(f"person {row.person_id} was erased")
        key = self._sealer.unwrap(row.person_id, row.wrapped_key)
        values = {name: key.seal(name, value) for name, value in changed.items()}
        change(tx, person, person.c.person_id == row.person_id, {**values, "mobile_token": mobile_token or row.mobile_token})

    def _add_match_keys(self, tx: Tx, person_id: str, match_keys: Iterable[bytes]) -> None:
        for match_key in sorted(set(match_keys)):
            tx.connection.execute(insert(person_match_key).values(person_id=person_id, match_key=match_key))

    def similar(self, tx: Tx, match_keys: Iterable[bytes], limit: int) -> tuple[PersonRow, ...]:
        """Returns people, newest first, who share one of the match keys; only among them is similarity worth a look."""
        ids = select(person_match_key.c.person_id).where(person_match_key.c.match_key.in_(sorted(set(match_keys)))).distinct()
        query = select(person).where(person.c.person_id.in_(ids), person.c.erased_at.is_(None))
        return every(tx, query.order_by(person.c.person_id.desc()).limit(limit), PersonRow)

    def with_id_token(self, tx: Tx, id_token: bytes) -> tuple[PersonRow, ...]:
        """Returns the people who gave the same ID number."""
        return every(tx, select(person).where(person.c.id_token == id_token, person.c.erased_at.is_(None)), PersonRow)

    def erase(self, tx: Tx, person_id: str) -> None:
        """Destroys the person's data key, empties the row and the keys to it; what refers to it stays, de-identified."""
        emptied = dict.fromkeys((*_SEALED, "wrapped_key", "mobile_token", "id_token"))
        values = {**emptied, "birthday_proof": "", "age_band": "", "erased_at": tx.now}
        change(tx, person, person.c.person_id == person_id, values)
        tx.connection.execute(delete(person_match_key).where(person_match_key.c.person_id == person_id))
        tx.connection.execute(delete(birthday_record).where(birthday_record.c.person_id == person_id))
