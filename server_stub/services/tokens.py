"""Keyed tokens: to find a person without storing what they told, and handles that cannot be guessed. Knows no table."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator

from server_stub.domain.key_protocols import TokenKey
from server_stub.domain.similarity import Likeness, folded

_HANDLE_MAC_BYTES = 15


class LookupTokens:
    """Tokens of values of which only the equality is needed."""

    def __init__(self, key: TokenKey) -> None:
        self._key = key

    def mobile(self, e164: str) -> bytes:
        """Returns the token of a phone number, 32 bytes."""
        return self._key.mac("lookup.mobile", e164.encode())

    def id_number(self, number: str) -> bytes:
        """Returns the token of a normalised ID number, 32 bytes."""
        return self._key.mac("lookup.id_number", number.encode())

    def birthday(self, month_and_day: str) -> bytes:
        """Returns the token of a day of the year, MM-DD."""
        return self._key.mac("lookup.birthday", month_and_day.encode())

    def code(self, challenge_id: str, code: str) -> bytes:
        """Returns the keyed hash of a one-time code, bound to its challenge."""
        return self._key.mac("code", f"{challenge_id}|{code}".encode())

    def case_secret(self, case_id: str) -> bytes:
        """Returns the digest from which the secret on a case's slip follows; the same each time, so that it is stored nowhere."""
        return self._key.mac("feedback.secret", case_id.encode())

    def match_keys(self, person: Likeness) -> tuple[bytes, ...]:
        """Returns tokens of pairs of facts; people who are similar enough to matter share at least one.

        Pairs, because single facts are shared by too many: one name by hundreds of thousands.
        """
        return tuple(self._key.mac("match", pair.encode()) for pair in _pairs(person))


def _pairs(person: Likeness) -> Iterator[str]:
    name = folded(person.name)
    if not name:
        return
    if person.birthday:
        yield f"name+birthday|{name}|{person.birthday.isoformat()}"
        # A miswritten name still shares its first character with the same birthday, a swapped day its name and year.
        yield f"initial+birthday|{name[0]}|{person.birthday.isoformat()}"
        yield f"name+year|{name}|{person.birthday.year}"
    if person.district_code:
        yield f"name+district|{name}|{person.district_code}"
        if person.birthday:
            yield f"birthday+district|{person.birthday.isoformat()}|{person.district_code}"


class Handles:
    """Opaque texts for ids that only who was given them may use: the id and a keyed proof. Nothing secret is stored."""

    def __init__(self, key: TokenKey) -> None:
        self._key = key

    def mint(self, kind: str, row_id: str) -> str:
        """Returns the handle of an id; always the same for the same kind and id."""
        return f"{row_id}.{self._proof(kind, row_id)}"

    def open(self, kind: str, handle: str) -> str | None:
        """Returns the id, or None where the handle was not made here for this kind."""
        row_id, dot, proof = handle.rpartition(".")
        right = dot and proof.isascii() and hmac.compare_digest(proof, self._proof(kind, row_id))
        return row_id if right else None

    def _proof(self, kind: str, row_id: str) -> str:
        mac = self._key.mac(f"handle.{kind}", row_id.encode())
        return base64.b32encode(mac[:_HANDLE_MAC_BYTES]).decode().lower()
