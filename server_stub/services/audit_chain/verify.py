"""The check of the audit trail: chain, head file and the rows that the events cover, each computed anew from the database.

Names every wrong row in the order of the trail. Must not know what the rows mean and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hmac import compare_digest
from typing import TYPE_CHECKING

from server_stub.services import redemption_cover
from server_stub.services.audit import REMOVALS
from server_stub.services.audit_chain.chain import GENESIS, link
from server_stub.services.audit_chain.head_file import HeadDamaged
from server_stub.services.entry_cover import covered_by, entry_mac, sealed_with
from server_stub.services.event_cover import event_mac
from server_stub.services.requests import row_mac
from server_stub.storage.audit import row_digest, row_keys, sealed_events, unsealed_events
from server_stub.storage.ledger import entries_after
from server_stub.storage.metadata import metadata
from server_stub.storage.redemptions import redemptions_after
from server_stub.storage.requests import requests_after
from server_stub.storage.rows import UNREADABLE, Unreadable, odd_keys

if TYPE_CHECKING:
    from server_stub.domain.key_protocols import TokenKey
    from server_stub.services.audit_chain.head_file import Head, HeadFile
    from server_stub.storage.audit import AuditEvent, AuditSeal
    from server_stub.storage.database import Database, Tx

# Tables whose rows must each be covered by an event; a row without one was put in past the service.
COVERED_TABLES = ("decision", "consent", "card", "guardian_link", "liability_period")
_PAGE = 500
_MOST_UNSEALED = 1_000_000
# A service seals every second. A trail that nobody ever sealed is new, or lost its seals together with the head file; where an event waits
# for so long beside seals, somebody keeps the sealer from it.
_SEALED_WITHIN = timedelta(hours=1)


class Wrong(StrEnum):
    """What is wrong with a row."""

    EVENT_REMOVED = "EVENT_REMOVED"
    SEAL_REMOVED = "SEAL_REMOVED"
    SEAL_CHANGED = "SEAL_CHANGED"
    EVENT_CHANGED = "EVENT_CHANGED"
    EVENT_FORGED = "EVENT_FORGED"
    ROW_CHANGED = "ROW_CHANGED"
    ROW_REMOVED = "ROW_REMOVED"
    ROW_WITHOUT_EVENT = "ROW_WITHOUT_EVENT"
    TAIL_CUT = "TAIL_CUT"
    UNSEALED_TOO_LONG = "UNSEALED_TOO_LONG"
    HEAD_DIFFERS = "HEAD_DIFFERS"
    HEAD_DAMAGED = "HEAD_DAMAGED"
    HEAD_MISSING = "HEAD_MISSING"


_READ_BY_KEY = ("audit_seal", "audit_event", "request_log", "points_entry", "redemption", *COVERED_TABLES)
_ODD = {"audit_seal": Wrong.SEAL_CHANGED, "audit_event": Wrong.EVENT_FORGED}


@dataclass(frozen=True, slots=True)
class Finding:
    """One wrong row.

    Attributes:
        wrong: What.
        position: Place in the trail, from 1; one past the end where the row has none.
        row: `table/key` of the row, or the head file's line.
    """

    wrong: Wrong
    position: int
    row: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result: how much was checked and what is wrong, in the order of the trail."""

    sealed: int
    unsealed: int
    rows: int
    heads: int
    findings: tuple[Finding, ...]

    @property
    def is_good(self) -> bool:
        """True where nothing is wrong."""
        return not self.findings

    @property
    def first_wrong(self) -> Finding | None:
        """The first wrong row."""
        return self.findings[0] if self.findings else None


@dataclass(slots=True)
class _Redemption:
    """What the trail says of a redemption.

    Attributes:
        position: Of the newest event about it.
        is_made: An event covers what was made, or will in a moment, when it is sealed; else somebody else put it in.
        first: Lowest version that is covered, and its cover; None where none is yet.
        newest: Highest version, likewise.
    """

    position: int
    is_made: bool = False
    first: tuple[int, bytes] | None = None
    newest: tuple[int, bytes] | None = None


@dataclass(slots=True)
class _Walk:
    """What one walk along the chain has gathered.

    Attributes:
        entries: Place and digest of each points entry that an event covers; None for one that is sealed with its event in a moment.
        redemptions: What is known of each redemption that an event names.
        has_digests: True from the first event on that carries a digest of its own; later ones without are the owner's.
    """

    links: dict[int, bytes]
    covered: dict[tuple[str, str], tuple[int, AuditEvent]]
    requests: dict[str, int]
    entries: dict[str, tuple[int, bytes | None]]
    redemptions: dict[str, _Redemption]
    findings: list[Finding]
    position: int = 0
    previous: bytes = GENESIS
    has_digests: bool = False


class AuditVerifier:
    """Checks.

    Thread:
        any; blocks for as long as the trail is long.
    """

    def __init__(self, database: Database, key: TokenKey, heads: HeadFile) -> None:
        self._database = database
        self._key = key
        self._heads = heads

    def verify(self) -> Verdict:
        """Returns the verdict, from one consistent state of the database."""
        return self._database.read(self._verify)

    def _verify(self, tx: Tx) -> Verdict:
        # The head file first: what is sealed while we read can then only make the chain longer than the heads.
        heads, damaged = self._read_heads()
        walk = self._walk(tx, {head.position for head in heads})
        waiting = unsealed_events(tx, _MOST_UNSEALED)
        for event in waiting:
            self._take(walk, walk.position + 1, event)
        rows = sum(check(tx, walk, self._key) for check in (_check_requests, _check_entries, _check_redemptions)) + _check_rows(tx, walk)
        forged = {finding.row for finding in walk.findings}
        late = [f"audit_event/{event.event_id}" for event in waiting if event.at < tx.now - _SEALED_WITHIN]
        overdue = [row for row in late if row not in forged]
        walk.findings.extend([*damaged, *_check_heads(walk, heads, is_overdue=bool(overdue))])
        if overdue and heads:
            # Until it is sealed, whoever owns the database can take it away with all that it covers.
            walk.findings.append(Finding(Wrong.UNSEALED_TOO_LONG, walk.position + 1, overdue[0]))
        found = tuple(sorted(walk.findings, key=lambda finding: finding.position))
        return Verdict(walk.position, len(waiting), rows, len(heads), found)

    def _read_heads(self) -> tuple[list[Head], list[Finding]]:
        heads: list[Head] = []
        try:
            heads.extend(self._heads.heads())
        except HeadDamaged as error:
            return heads, [Finding(Wrong.HEAD_DAMAGED, heads[-1].position if heads else 0, str(error))]
        return heads, []

    def _walk(self, tx: Tx, noted: set[int]) -> _Walk:
        walk = _Walk({}, {}, {}, {}, {}, [])
        while page := sealed_events(tx, walk.position, _PAGE):
            for seal, event in page:
                if seal.position != walk.position + 1:
                    walk.findings.append(Finding(Wrong.SEAL_REMOVED, walk.position + 1, f"audit_seal/{walk.position + 1}"))
                walk.position = seal.position
                if not seal.event_id:
                    walk.findings.append(Finding(Wrong.SEAL_CHANGED, seal.position, f"audit_seal/{seal.position}"))
                elif event is None:
                    walk.findings.append(Finding(Wrong.EVENT_REMOVED, seal.position, f"audit_event/{seal.event_id}"))
                else:
                    named = (seal.entry_mac or b"") + (seal.redemption_mac or b"")
                    is_linked = link(self._key, seal.position, walk.previous, event, named) == seal.chain_sha256
                    if is_linked or _follows_a_gap(walk):
                        self._take(walk, seal.position, event, seal)
                    else:
                        walk.findings.append(Finding(Wrong.EVENT_CHANGED, seal.position, f"audit_event/{event.event_id}"))
                        _cover(walk, seal.position, event, seal)
                # Go on from what is stored, so that one wrong row is one finding and not all that follow.
                walk.previous = seal.chain_sha256
                if seal.position in noted:
                    walk.links[seal.position] = seal.chain_sha256
        return walk

    def _take(self, walk: _Walk, position: int, event: AuditEvent, seal: AuditSeal | None = None) -> None:
        """Lets an event cover what it tells of, if the service wrote it: the sealer seals whatever it finds."""
        if event.event_mac is None:
            is_own = not walk.has_digests
        else:
            is_own = compare_digest(event.event_mac, event_mac(self._key, event))
            walk.has_digests |= is_own
        if is_own:
            _cover(walk, position, event, seal)
        else:
            walk.findings.append(Finding(Wrong.EVENT_FORGED, position, f"audit_event/{event.event_id}"))


def _follows_a_gap(walk: _Walk) -> bool:
    """A link whose predecessor is gone or cannot be read cannot be computed; the gap itself is the finding."""
    gaps = ((Wrong.SEAL_REMOVED, walk.position), (Wrong.SEAL_CHANGED, walk.position - 1))
    return bool(walk.findings) and (walk.findings[-1].wrong, walk.findings[-1].position) in gaps


def _cover(walk: _Walk, position: int, event: AuditEvent, seal: AuditSeal | None = None) -> None:
    for entry_id, digest in covered_by(event.detail).items():
        walk.entries.setdefault(entry_id, (position, digest))
    if named := sealed_with(event.detail):
        # Sealed without a digest: the entry was gone by then.
        walk.entries.setdefault(named, (position, None if seal is None else seal.entry_mac or b""))
    _cover_redemptions(walk, position, event, seal)
    subject = event.subject_table, event.subject_key
    if event.row_sha256 is not None or event.action in REMOVALS:
        walk.covered[subject] = (position, event)
    if event.request_id is not None:
        walk.requests.setdefault(event.request_id, position)


def _cover_redemptions(walk: _Walk, position: int, event: AuditEvent, seal: AuditSeal | None) -> None:
    told = redemption_cover.covered_by(event.detail)
    if spent := redemption_cover.sealed_redemption(event):
        if seal is None:
            walk.redemptions.setdefault(spent, _Redemption(position)).is_made = True
        elif seal.redemption_mac:
            told[spent] = (redemption_cover.FIRST_VERSION, seal.redemption_mac)
    for redemption_id, covered in told.items():
        known = walk.redemptions.setdefault(redemption_id, _Redemption(position))
        known.is_made |= covered[0] == redemption_cover.FIRST_VERSION
        if known.first is None or covered[0] < known.first[0]:
            known.first = covered
        if known.newest is None or covered[0] > known.newest[0]:
            known.position, known.newest = position, covered


def _check_rows(tx: Tx, walk: _Walk) -> int:
    """Compares each covered row with the newest event about it, and looks for rows without one; returns how many were compared."""
    for (table, key), (position, event) in walk.covered.items():
        try:
            digest = row_digest(tx, table, key)
        except UNREADABLE:
            # The service writes no such value.
            digest = b""
        if event.row_sha256 is None:
            if digest is not None:
                # The service took it away, and nobody else has put it back.
                walk.findings.append(Finding(Wrong.ROW_WITHOUT_EVENT, position, f"{table}/{key}"))
        elif digest is None:
            walk.findings.append(Finding(Wrong.ROW_REMOVED, position, f"{table}/{key}"))
        elif not digest or digest != event.row_sha256:
            walk.findings.append(Finding(Wrong.ROW_CHANGED, position, f"{table}/{key}"))
    walk.findings.extend(_rows_without_event(tx, walk))
    walk.findings.extend(_rows_with_odd_keys(tx, walk))
    return len(walk.covered)


def _check_requests(tx: Tx, walk: _Walk, key: TokenKey) -> int:
    """Computes the seal of each row of the log anew, and looks for the requests that events tell of; returns how many rows there are."""
    missing, number, last = dict(walk.requests), 0, ""
    while page := requests_after(tx, last, _PAGE):
        for request in page:
            number, last = number + 1, request.key if isinstance(request, Unreadable) else request.request_id
            missing.pop(last, None)
            if isinstance(request, Unreadable) or request.row_mac is None or not compare_digest(request.row_mac, row_mac(key, request)):
                # A request that no event tells of has no place in the trail: it comes last.
                position = walk.requests.get(last, walk.position + 1)
                walk.findings.append(Finding(Wrong.ROW_CHANGED, position, f"request_log/{last}"))
    walk.findings.extend(Finding(Wrong.ROW_REMOVED, position, f"request_log/{lost}") for lost, position in missing.items())
    return number


def _check_entries(tx: Tx, walk: _Walk, key: TokenKey) -> int:
    """Compares each points entry with what its event or that event's seal says of it; returns how many there are."""
    missing, number, last = dict(walk.entries), 0, ""
    while page := entries_after(tx, last, _PAGE):
        for entry in page:
            number, last = number + 1, entry.key if isinstance(entry, Unreadable) else entry.entry_id
            position, digest = missing.pop(last, (0, b""))
            if position == 0:
                walk.findings.append(Finding(Wrong.ROW_WITHOUT_EVENT, walk.position + 1, f"points_entry/{last}"))
            elif digest is not None and (isinstance(entry, Unreadable) or not compare_digest(digest, entry_mac(key, entry))):
                walk.findings.append(Finding(Wrong.ROW_CHANGED, position, f"points_entry/{last}"))
    walk.findings.extend(Finding(Wrong.ROW_REMOVED, position, f"points_entry/{lost}") for lost, (position, _) in missing.items())
    return number


def _check_redemptions(tx: Tx, walk: _Walk, key: TokenKey) -> int:
    """Compares each redemption with what events or their seals say of it; returns how many there are."""
    missing, number, last = {one: told for one, told in walk.redemptions.items() if told.is_made}, 0, ""
    while page := redemptions_after(tx, last, _PAGE):
        for row in page:
            number, last = number + 1, row.key if isinstance(row, Unreadable) else row.redemption_id
            told = missing.pop(last, None)
            if told is None:
                walk.findings.append(Finding(Wrong.ROW_WITHOUT_EVENT, walk.position + 1, f"redemption/{last}"))
            elif isinstance(row, Unreadable) or not _is_as_told(told, redemption_cover.redemption_mac(key, row)):
                walk.findings.append(Finding(Wrong.ROW_CHANGED, told.position, f"redemption/{last}"))
    walk.findings.extend(Finding(Wrong.ROW_REMOVED, told.position, f"redemption/{lost}") for lost, told in missing.items())
    return number


def _is_as_told(told: _Redemption, cover: bytes) -> bool:
    if told.first is None or told.newest is None:
        return True
    half = redemption_cover.HALF
    return compare_digest(told.first[1][:half], cover[:half]) and compare_digest(told.newest[1], cover)


def _rows_without_event(tx: Tx, walk: _Walk) -> list[Finding]:
    # Last in the order: where an event was removed, that is the first wrong row, and the row that it told about merely follows.
    keys = [(table, key) for table in COVERED_TABLES for key in row_keys(tx, table)]
    return [
        Finding(Wrong.ROW_WITHOUT_EVENT, walk.position + 1, f"{table}/{key}") for table, key in keys if (table, key) not in walk.covered
    ]


def _rows_with_odd_keys(tx: Tx, walk: _Walk) -> list[Finding]:
    """Returns the rows that all the other checks leave out, because no statement could name them."""
    keys = [(table, key) for table in _READ_BY_KEY for key in odd_keys(tx, metadata.tables[table])]
    return [Finding(_ODD.get(table, Wrong.ROW_WITHOUT_EVENT), walk.position + 1, f"{table}/{key}") for table, key in keys]


def _check_heads(walk: _Walk, heads: list[Head], *, is_overdue: bool) -> list[Finding]:
    if (walk.position or is_overdue) and not heads:
        return [Finding(Wrong.HEAD_MISSING, walk.position, "audit head file")]
    for head in heads:
        if head.position > walk.position:
            return [Finding(Wrong.TAIL_CUT, walk.position + 1, f"audit_seal/{walk.position + 1}")]
        if walk.links.get(head.position) != head.link:
            return [Finding(Wrong.HEAD_DIFFERS, head.position, f"audit_seal/{head.position}")]
    return []
