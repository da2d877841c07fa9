"""Many members with points and running visits, put into a database at once, and the tokens of their visits.

One member is made by the product itself; the others are copies of its rows under ids of their own, so that no rule is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from server_stub.domain.actors import SystemActor
from server_stub.domain.clock import SystemClock, business_day
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger_commands import JoinProgram, RecordSale, SaleLine
from server_stub.domain.uuid7 import Uuid7Source
from server_stub.keys.folder import KeyFolder
from server_stub.keys.symmetric import AesWrappingKey, HmacTokenKey
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation, lay_foundation
from server_stub.services.ledger.build import LedgerServices, build_ledger
from server_stub.services.tokens import Handles
from server_stub.storage.database import Database, Tx
from server_stub.storage.ledger import EntryRow, entries_after
from server_stub.storage.metadata import metadata

if TYPE_CHECKING:
    from pathlib import Path

    from server_stub.config import Profile

_TABLES = ("person", "application", "member", "points_account", "points_entry", "points_lot")
POINTS = 1_000_000
_ENTRIES_OF_AN_EVENT = 100
_VISITS_LAST = timedelta(days=1)
DEVICE = "K03"


@dataclass(frozen=True, slots=True)
class Furnished:
    """What a load may use.

    Attributes:
        members: How many.
        visit_tokens: One for each member.
        visit_prefix: Of the visits' ids; the number of the member follows, from 1.
    """

    members: int
    visit_tokens: tuple[str, ...]
    visit_prefix: str


def furnish(database: Database, keys_folder: Path, profile: Profile, members: int) -> Furnished:
    """Fills a migrated database in which the device is known already."""
    keys = KeyFolder.open(keys_folder, profile)
    token_key, wrapping_key = HmacTokenKey(keys), AesWrappingKey(keys)
    clock, prefix = SystemClock(), "vis_load_"
    base = lay_foundation(database, clock, Uuid7Source(clock), token_key, wrapping_key)
    ledger = build_ledger(base)
    template = _template(database, ledger)
    database.write(lambda tx: _copy(tx, template, members, base))
    database.write(lambda tx: _visits(tx, members, prefix))
    # The rules in force may make something due on every account; the hourly job of a service would do it in the middle of a measurement.
    ledger.accounts.settle_due(SystemActor())
    handles = Handles(token_key)
    return Furnished(members, tuple(handles.mint("visit", f"{prefix}{n}") for n in range(1, members + 1)), prefix)


def _template(database: Database, ledger: LedgerServices) -> dict[str, list[dict[str, Any]]]:
    clock, actor = SystemClock(), SystemActor()

    def envelope() -> Envelope:
        return Envelope(str(Uuid7Source(clock).uuid()), 0, clock.now())

    ledger.joining.join(actor, envelope(), JoinProgram("load"))
    sale = RecordSale("sale-load", "load", (SaleLine("tea", "food", 1, POINTS * 100),), "load")
    ledger.sales.record(actor, envelope(), sale)
    return database.read(_rows)


def _rows(tx: Tx) -> dict[str, list[dict[str, Any]]]:
    found = {name: [dict(row._mapping) for row in tx.connection.execute(metadata.tables[name].select())] for name in _TABLES}
    return {name: [row for row in rows if "load" in repr(row) or _is_of(row, found)] for name, rows in found.items()}


def _is_of(row: dict[str, Any], found: dict[str, list[dict[str, Any]]]) -> bool:
    member = next(one for one in found["member"] if one["member_id"] == "load")
    account = next(one for one in found["points_account"] if one["member_id"] == "load")
    mine = {member["person_id"], member["application_id"], account["account_id"]}
    return any(value in mine for value in row.values() if isinstance(value, str))


def _copy(tx: Tx, template: dict[str, list[dict[str, Any]]], members: int, base: Foundation) -> None:
    ids = {value for rows in template.values() for row in rows for name, value in row.items() if name.endswith("_id") and value}
    for name, rows in template.items():
        copies = [_renamed(row, number, ids) for number in range(1, members + 1) for row in rows]
        if name == "person":
            for copy in copies:
                key = base.sealer.new(copy["person_id"])
                copy.update(wrapped_key=key.wrapped, name=key.seal("name", "欧阳小满"))
        tx.connection.execute(insert(metadata.tables[name]), copies)
    _name_entries(tx, base)


def _name_entries(tx: Tx, base: Foundation) -> None:
    """Has the audit trail cover the copies as it covers what the ledger posts; the template's are named a second time."""
    last = ""
    while page := entries_after(tx, last, _ENTRIES_OF_AN_EVENT):
        entries = tuple(entry for entry in page if isinstance(entry, EntryRow))
        base.audit.record(tx, Deed(SystemActor(), "points.posted", entries=entries))
        last = entries[-1].entry_id


def _renamed(row: dict[str, Any], number: int, ids: set[str]) -> dict[str, Any]:
    copy = {name: f"{value}-{number}" if isinstance(value, str) and value in ids else value for name, value in row.items()}
    if "number" in copy:
        copy["number"] = f"{number:016}"
    return copy


def _visits(tx: Tx, members: int, prefix: str) -> None:
    rows = [
        {
            "visit_id": f"{prefix}{number}",
            "member_id": f"load-{number}",
            "device_id": DEVICE,
            "identified_by": "PHONE",
            "began_at": tx.now,
            "expires_at": tx.now + _VISITS_LAST,
            "ended_at": None,
        }
        for number in range(1, members + 1)
    ]
    tx.connection.execute(insert(metadata.tables["visit"]), rows)
    today = business_day(tx.now)
    tiers = [
        {"member_id": row["member_id"], "sequence": 1, "tier": "base", "from_day": today, "rules_version": "", "assigned_at": tx.now}
        for row in rows
    ]
    tx.connection.execute(insert(metadata.tables["tier_assignment"]), tiers)
