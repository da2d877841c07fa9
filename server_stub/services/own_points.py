"""A member's own points, as the visit at a device shows them: standing, every lot, and the statement by entry. Knows no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server_stub.domain.actors import Actor, SystemActor
from server_stub.domain.clock import business_day
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.language import Language
from server_stub.domain.ledger.lots import Share
from server_stub.domain.ledger_commands import AccountView, LotView, Standing
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.points_origin import PointsOrigin, campaign_of, number_of, origin_of, store_of
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.campaigns.titles import titles_of
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.desks import AccountDesk
from server_stub.services.own_language import language_for
from server_stub.services.visits import Visits
from server_stub.storage.database import Tx
from server_stub.storage.devices import store_names
from server_stub.storage.members import MemberRow
from server_stub.storage.statements import LotEntryRow, StatementRow, entries_of_lots, statement_page

LARGEST_PAGE = 100
USUAL_PAGE = 20
_READER = SystemActor("own-points")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a lot came from.

    Attributes:
        number: Of the sale; empty for every other origin.
        store_name: Empty where no store gave it.
        campaign_title: In the language asked for; empty where no campaign gave it.
    """

    origin: PointsOrigin
    number: str
    store_name: str
    campaign_title: str
    earned_on: date


@dataclass(frozen=True, slots=True)
class OwnLot:
    """A lot with free points, and where it came from."""

    lot: LotView
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Expiring:
    """Points that are gone next, and the last day on which they can be spent."""

    points: int
    last_day: date


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What there is, lots in the order in which they are spent.

    Attributes:
        expiring: None where nothing ends.
        pending_until: First day on which the next pending points can be spent; None where no day is known.
    """

    standing: Standing
    expired: int
    year_points: int
    lots: tuple[OwnLot, ...]
    expiring: Expiring | None
    pending_until: date | None


@dataclass(frozen=True, slots=True)
class Payer:
    """Points of one lot that paid."""

    provenance: Provenance
    points: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of points.

    Attributes:
        number: Of the sale, return or redemption; empty for every other origin.
        store_name: Where it happened; empty where it was no store.
        campaign_title: In the language asked for; empty where it was no campaign.
        balance: Points on the account after it: available, pending and held, less the debt.
        payers: Lots that paid, where it is a redemption.
    """

    kind: EntryKind
    origin: PointsOrigin
    points: int
    number: str
    store_name: str
    campaign_title: str
    at: datetime
    balance: int
    payers: tuple[Payer, ...]


@dataclass(frozen=True, slots=True)
class MovementsPage:
    """Movements, the newest first; the token of the next page is empty at the end."""

    movements: tuple[Movement, ...]
    next_page_token: str


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whom it is told, and in which language; None: the member's own."""

    member: MemberRow
    language: Language | None


@dataclass(frozen=True, slots=True)
class _Told:
    """What stores and campaigns are called, by id."""

    stores: Mapping[str, str]
    campaigns: Mapping[str, str]

    def places(self, origin: PointsOrigin, row: LotEntryRow | StatementRow) -> tuple[str, str]:
        """Returns the names of the store and of the campaign of an entry, each "" where it is none."""
        return self.stores.get(store_of(row.counter), ""), self.campaigns.get(campaign_of(origin, row.cause), "")


class OwnPoints:
    """Shows members what is theirs."""

    def __init__(self, base: Foundation, visits: Visits, accounts: AccountDesk) -> None:
        self._base = base
        self._visits = visits
        self._accounts = accounts

    def account(self, actor: Actor, visit_token: str, language: Language | None = None) -> OwnAccount:
        """Returns standing and lots of the member who stands at the device.

        Args:
            actor: A kiosk.
            visit_token: Of the member's visit.
            language: Of titles; None: the member's own.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE.
        """
        member = self._member(actor, visit_token)
        view = self._accounts.view(_READER, member.member_id)
        known = self._provenances({lot.lot_id for lot in view.lots}, _Reader(member, language))
        lots = tuple(OwnLot(lot, known[lot.lot_id]) for lot in view.lots)
        return OwnAccount(view.standing, view.expired, view.year_points, lots, _expiring(view), self._pending_until(view))

    def movements(self, actor: Actor, visit_token: str, page_token: str, page_size: int, language: Language | None = None) -> MovementsPage:
        """Returns a page of movements.

        Args:
            actor: A kiosk.
            visit_token: Of the member's visit.
            page_token: From the page before; empty for the first.
            page_size: 1 to 100; 0: 20.
            language: Of titles; None: the member's own.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE; REQUEST_MALFORMED with the field.
        """
        before = _sequence(page_token)
        size = size_of_page(page_size)
        member = self._member(actor, visit_token)
        rows = self._base.database.read(lambda tx: statement_page(tx, member.member_id, before, size + 1))
        token = str(rows[size - 1].sequence) if len(rows) > size else ""
        return MovementsPage(self._movements(_Reader(member, language), rows[:size]), token)

    def _member(self, actor: Actor, visit_token: str) -> MemberRow:
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)
        return self._base.database.read(lambda tx: self._visits.require(tx, visit_token, device))

    def _movements(self, reader: _Reader, rows: tuple[StatementRow, ...]) -> tuple[Movement, ...]:
        spent = {row.sequence: _redemption_of(row) for row in rows if row.kind is EntryKind.REDEMPTION}
        paid = self._accounts.payers(_READER, reader.member.member_id, set(spent.values())) if spent else {}
        known = self._provenances({share.lot_id for shares in paid.values() for share in shares}, reader)
        told = self._base.database.read(lambda tx: self._told(tx, rows, reader))
        return tuple(_movement(row, told, _payers(paid.get(spent.get(row.sequence, ""), ()), known)) for row in rows)

    def _provenances(self, lot_ids: set[str], reader: _Reader) -> dict[str, Provenance]:
        def reading(tx: Tx) -> dict[str, Provenance]:
            entries = entries_of_lots(tx, lot_ids)
            told = self._told(tx, entries.values(), reader)
            return {lot_id: _provenance(entry, told) for lot_id, entry in entries.items()}

        return self._base.database.read(reading) if lot_ids else {}

    def _told(self, tx: Tx, entries: Iterable[LotEntryRow | StatementRow], reader: _Reader) -> _Told:
        """Returns what the stores and campaigns of entries are called."""
        rows = tuple(entries)
        campaigns = {campaign_of(origin_of(row.kind, row.cause), row.cause) for row in rows} - {""}
        titles: dict[str, str] = {}
        if campaigns:
            titles = titles_of(tx, campaigns, language_for(tx, self._base.people, reader.member, reader.language))
        return _Told(store_names(tx, {store_of(row.counter) for row in rows}), titles)

    def _pending_until(self, view: AccountView) -> date | None:
        today = business_day(self._base.database.read(lambda tx: tx.now))
        waiting = [lot.available_on for lot in view.lots if lot.available_on is not None and lot.available_on > today]
        return min(waiting, default=None)


def size_of_page(page_size: int) -> int:
    """Returns how many rows a page has; 0: the usual number.

    Raises:
        Refusal: REQUEST_MALFORMED with the field.
    """
    if not 0 <= page_size <= LARGEST_PAGE:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("page_size", Reason.REQUEST_MALFORMED))
    return page_size or USUAL_PAGE


def _sequence(page_token: str) -> int | None:
    if not page_token:
        return None
    if not (page_token.isascii() and page_token.isdigit() and len(page_token) <= 18):
        raise refuse(Reason.REQUEST_MALFORMED, Finding("page_token", Reason.REQUEST_MALFORMED))
    return int(page_token)


def _expiring(view: AccountView) -> Expiring | None:
    ends = [(lot.expires_on, lot.points) for lot in view.lots if lot.expires_on is not None]
    if not ends:
        return None
    first = min(end for end, _ in ends)
    return Expiring(sum(points for end, points in ends if end == first), first - timedelta(days=1))


def _redemption_of(row: StatementRow) -> str:
    return number_of(PointsOrigin.REDEMPTION, row.cause)


def _provenance(entry: LotEntryRow, told: _Told) -> Provenance:
    origin = origin_of(entry.kind, entry.cause)
    return Provenance(origin, number_of(origin, entry.cause), *told.places(origin, entry), entry.business_day)


def _payers(shares: tuple[Share, ...], known: Mapping[str, Provenance]) -> tuple[Payer, ...]:
    return tuple(Payer(known[share.lot_id], share.points) for share in shares)


def _movement(row: StatementRow, told: _Told, payers: tuple[Payer, ...]) -> Movement:
    origin = origin_of(row.kind, row.cause)
    return Movement(row.kind, origin, row.points, number_of(origin, row.cause), *told.places(origin, row), row.at, row.balance, payers)
