"""What the rules may ask of a person: birthday and whether they are a minor, opened only when a rule asks. Keeps nothing."""

from __future__ import annotations

from datetime import date

from server_stub.domain.birthday import AgeBand
from server_stub.services.foundation import Foundation
from server_stub.storage.database import Tx

_MINOR = frozenset({AgeBand.UNDER_14.value, AgeBand.FROM_14_TO_17.value})


def birthday_of(base: Foundation, tx: Tx, person_id: str) -> date | None:
    """Returns the birthday, or None where it is not known."""
    text = base.people.open(tx, person_id).birthday
    return date.fromisoformat(text) if text else None


def is_known_as_minor(base: Foundation, tx: Tx, person_id: str) -> bool:
    """Returns whether the person said so, for where no birthday is known."""
    row = base.people.find(tx, person_id)
    return row is not None and row.age_band in _MINOR
