"""A member's own points, as the visit at a device shows them: standing, every lot, and the statement by entry. Knows no rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server_stub.domain.actors import Actor, SystemActor
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.ledger_commands import AccountView
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.desks import AccountDesk
from server_stub.services.visits import Visits
from server_stub.storage.database import Tx
from server_stub.storage.statements import StatementRow, statement_page

LARGEST_PAGE = 100
_USUAL_PAGE = 20
_READER = SystemActor("own-points")


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of points.

    Attributes:
        source: What it belongs to, e.g. a sale's number.
        balance: Points on the account after it: available, pending and held, less the debt.
    """

    kind: EntryKind
    points: int
    source: str
    at: datetime
    balance: int


@dataclass(frozen=True, slots=True)
class MovementsPage:
    """Movements, the newest first; the token of the next page is empty at the end."""

    movements: tuple[Movement, ...]
    next_page_token: str


class OwnPoints:
    """Shows members what is theirs."""

    def __init__(self, base: Foundation, visits: Visits, accounts: AccountDesk) -> None:
        self._base = base
        self._visits = visits
        self._accounts = accounts

    def account(self, actor: Actor, visit_token: str) -> AccountView:
        """Returns standing and lots of the member who stands at the device.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE.
        """
        return self._accounts.view(_READER, self._member_id(actor, visit_token))

    def movements(self, actor: Actor, visit_token: str, page_token: str, page_size: int) -> MovementsPage:
        """Returns a page of movements.

        Args:
            actor: A kiosk.
            visit_token: Of the member's visit.
            page_token: From the page before; empty for the first.
            page_size: 1 to 100; 0: 20.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE; REQUEST_MALFORMED with the field.
        """
        before = _sequence(page_token)
        if not 0 <= page_size <= LARGEST_PAGE:
            raise refuse(Reason.REQUEST_MALFORMED, Finding("page_size", Reason.REQUEST_MALFORMED))
        member_id, size = self._member_id(actor, visit_token), page_size or _USUAL_PAGE
        rows = self._base.database.read(lambda tx: statement_page(tx, member_id, before, size + 1))
        token = str(rows[size - 1].sequence) if len(rows) > size else ""
        return MovementsPage(tuple(_movement(row) for row in rows[:size]), token)

    def _member_id(self, actor: Actor, visit_token: str) -> str:
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)

        def reading(tx: Tx) -> str:
            return self._visits.require(tx, visit_token, device).member_id

        return self._base.database.read(reading)


def _sequence(page_token: str) -> int | None:
    if not page_token:
        return None
    if not (page_token.isascii() and page_token.isdigit() and len(page_token) <= 18):
        raise refuse(Reason.REQUEST_MALFORMED, Finding("page_token", Reason.REQUEST_MALFORMED))
    return int(page_token)


def _movement(row: StatementRow) -> Movement:
    _, _, source = row.cause.partition(":")
    return Movement(row.kind, row.points, source.partition(":")[0], row.at, row.balance)
