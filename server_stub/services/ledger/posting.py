"""What an entry is posted with. Knows no account and no row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server_stub.domain.awaits import Awaits
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.ledger.lots import Ending

REDEMPTION_CAUSE = "redemption:"
REVERSAL_CAUSE = "reversal:"
_NEVER = Ending()


@dataclass(frozen=True, slots=True)
class Posting:
    """An entry to be posted.

    Attributes:
        cause: What led to it; an account has one entry for a cause, ever.
        counter: The account that has the other half: where points come from and go to, by kind and store.
        available_on: Where it makes a lot, the first day on which it can be spent; None: not before the card is active.
        ending: Where it makes a lot, how that ends.
        rules_version: Rules that gave it; None: those of the programme that are in force.
    """

    kind: EntryKind
    points: int
    cause: str
    counter: str
    request_id: str | None = None
    awaits: Awaits = Awaits.NOTHING
    available_on: date | None = None
    ending: Ending = _NEVER
    rules_version: str | None = None
