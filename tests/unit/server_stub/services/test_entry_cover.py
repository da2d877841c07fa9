"""Points entries under the hands of the database's owner, on both databases: whatever is done to one, the check names it first."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from server_stub.config import Profile, SealSettings
from server_stub.keys.folder import KeyFolder, KeyKind
from server_stub.keys.signing import SigningKey
from server_stub.services.audit_chain.head_file import HeadFile
from server_stub.services.audit_chain.sealer import AuditSealer
from server_stub.services.audit_chain.verify import AuditVerifier, Wrong
from server_stub.storage.metadata import metadata
from server_stub.storage.postgres import PostgresDatabase
from tests.support.central_service import SQLITE, Central, SettableClock
from tests.support.ledger_desk import JOB, Counter
from tests.support.spenders import Wish, spenders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from server_stub.storage.database import Database

COLUMNS = tuple(column.name for column in metadata.tables["points_entry"].columns if column.name not in ("entry_id", "account_id"))
OTHER: dict[str, Any] = {
    "sequence": 900,
    "kind": "ADJUSTMENT",
    "points": 7,
    "awaits": "CARD_ACTIVATION",
    "idle_months": 3,
    "available_on": "2031-01-01",
    "expires_on": "2031-01-02",
    "business_day": "2031-01-03",
    "at": "2031-01-04T00:00:00.000000Z",
}


@dataclass
class Ledger:
    """A ledger with a sale, an expiry, and what was spent in a batch; everything is sealed."""

    owner: Database
    sealer: AuditSealer
    verifier: AuditVerifier
    counter: Counter

    def run(self, statement: str, **values: Any) -> None:
        """Runs a statement as the owner, whom no trigger and no right holds off."""
        with self.owner.writer.begin() as connection:
            connection.execute(text(statement), values)

    def entries(self) -> list[dict[str, Any]]:
        with self.owner.writer.begin() as connection:
            return [dict(row._mapping) for row in connection.execute(text("SELECT * FROM points_entry ORDER BY entry_id"))]

    def first_wrong(self) -> tuple[Wrong, str] | None:
        found = self.verifier.verify().first_wrong
        return None if found is None else (found.wrong, found.row)


@pytest.fixture
def ledger(central: Central, database_address: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    with ExitStack() as stack:
        owner: Database = central.database
        if not database_address.startswith(SQLITE):
            owner = PostgresDatabase(request.getfixturevalue("migrated_postgres").owner_address, SettableClock())
            stack.callback(owner.close)
        keys = KeyFolder.create(tmp_path / "seal-keys", Profile.DEVELOPMENT)
        heads, key = HeadFile(tmp_path / "heads" / "head.jsonl", SigningKey(keys, KeyKind.AUDIT)), central.base.audit._key
        sealer = AuditSealer(central.database, key, heads, SealSettings(batch=4))
        made = Ledger(owner, sealer, AuditVerifier(central.database, key, heads), Counter(central))
        asyncio.run(_live(made, database_address))
        if owner is central.database:
            for name in ("update", "delete"):
                made.run(f"DROP TRIGGER points_entry_no_{name}")
        sealer.seal_all()
        yield made


async def _live(made: Ledger, address: str) -> None:
    counter = made.counter
    counter.rules(expiry="rolling", expiry_months=1).join("m1", "m2").sell(2_000)
    counter.sell(1_000, "m2")
    counter.central.clock.advance(days=60)
    counter.ledger.accounts.settle_due(JOB)
    counter.sell(3_000)
    async with spenders(counter.central, address) as shop:
        await shop.warm()
        await shop.spend(counter.central.envelope(), Wish(shop.visit("m1"), 5, None))


def is_of_a_batch(ledger: Ledger, entry_id: str) -> bool:
    return any(row["detail"] == {"entry": entry_id} for row in ledger.counter.central.rows("audit_event"))


def test_a_ledger_that_nobody_touched_is_good_sealed_or_not(ledger: Ledger) -> None:
    assert ledger.first_wrong() is None
    assert {entry["kind"] for entry in ledger.entries()} == {"ACCRUAL", "EXPIRY", "REDEMPTION"}
    assert sum(is_of_a_batch(ledger, entry["entry_id"]) for entry in ledger.entries()) >= 1
    ledger.counter.sell(100)
    assert ledger.first_wrong() is None


def test_a_change_of_any_column_of_any_entry_is_named(ledger: Ledger) -> None:
    for entry in ledger.entries():
        for column in COLUMNS:
            other = OTHER.get(column, "x")
            if entry[column] == other:
                other = "ACCRUAL"
            change = f"UPDATE points_entry SET {column} = :value WHERE entry_id = :entry_id"
            ledger.run(change, value=other, entry_id=entry["entry_id"])
            assert ledger.first_wrong() == (Wrong.ROW_CHANGED, f"points_entry/{entry['entry_id']}"), (entry, column)
            ledger.run(change, value=entry[column], entry_id=entry["entry_id"])
    assert ledger.first_wrong() is None


def test_an_entry_that_was_given_to_another_account_is_named(ledger: Ledger) -> None:
    mine, theirs = (next(entry for entry in ledger.entries() if entry["account_id"].endswith(end)) for end in _ends(ledger))
    give = "UPDATE points_entry SET account_id = :theirs, sequence = 900 WHERE entry_id = :entry_id"
    ledger.run(give, theirs=theirs["account_id"], entry_id=mine["entry_id"])
    assert ledger.first_wrong() == (Wrong.ROW_CHANGED, f"points_entry/{mine['entry_id']}")


def _ends(ledger: Ledger) -> tuple[str, str]:
    accounts = sorted({entry["account_id"] for entry in ledger.entries()})
    return accounts[0], accounts[1]


def test_a_removed_entry_is_named_whoever_posted_it(ledger: Ledger) -> None:
    removable = [entry for entry in ledger.entries() if entry["kind"] in ("EXPIRY", "REDEMPTION")]
    assert {is_of_a_batch(ledger, entry["entry_id"]) for entry in removable} == {True, False}
    for entry in removable:
        ledger.run("DELETE FROM points_entry WHERE entry_id = :entry_id", entry_id=entry["entry_id"])
        assert ledger.first_wrong() == (Wrong.ROW_REMOVED, f"points_entry/{entry['entry_id']}")
        names = ", ".join(entry)
        ledger.run(f"INSERT INTO points_entry ({names}) VALUES ({', '.join(':' + name for name in entry)})", **entry)
    assert ledger.first_wrong() is None


def test_an_entry_that_was_put_in_is_named_even_with_an_event_of_the_owners_own(ledger: Ledger) -> None:
    model = next(entry for entry in ledger.entries() if entry["kind"] == "REDEMPTION")
    forged = model | {"entry_id": "ent_forged", "sequence": 901, "cause": "redemption:forged"}
    names = ", ".join(forged)
    ledger.run(f"INSERT INTO points_entry ({names}) VALUES ({', '.join(':' + name for name in forged)})", **forged)
    assert ledger.first_wrong() == (Wrong.ROW_WITHOUT_EVENT, "points_entry/ent_forged")
    told = ['{"entries":{"ent_forged":"' + "00" * 32 + '"}}', '{"entry":"ent_forged"}']
    event = (
        "INSERT INTO audit_event (event_id, at, actor, action, subject_table, subject_key, detail)"
        " SELECT :event_id, at, actor, action, '', '', :told FROM audit_event LIMIT 1"
    )
    for number, detail in enumerate(told):
        ledger.run(event, event_id=f"evt_forged_{number}", told=detail)
    ledger.sealer.seal_all()
    wrong = {(finding.wrong, finding.row) for finding in ledger.verifier.verify().findings}
    assert (Wrong.ROW_WITHOUT_EVENT, "points_entry/ent_forged") in wrong
    assert {row for found, row in wrong if found is Wrong.EVENT_FORGED} == {"audit_event/evt_forged_0", "audit_event/evt_forged_1"}


def test_two_entries_that_changed_places_are_named_from_the_first(ledger: Ledger) -> None:
    account, _ = _ends(ledger)
    first, second = [entry for entry in ledger.entries() if entry["account_id"] == account][:2]
    place = "UPDATE points_entry SET sequence = :sequence WHERE entry_id = :entry_id"
    for entry, sequence in ((first, 900), (second, first["sequence"]), (first, second["sequence"])):
        ledger.run(place, sequence=sequence, entry_id=entry["entry_id"])
    wrong = [finding.row for finding in ledger.verifier.verify().findings]
    assert wrong == [f"points_entry/{first['entry_id']}", f"points_entry/{second['entry_id']}"]


def test_an_entry_of_a_batch_that_is_changed_together_with_its_seal_is_still_named(ledger: Ledger) -> None:
    entry = next(entry for entry in ledger.entries() if is_of_a_batch(ledger, entry["entry_id"]))
    ledger.run("UPDATE points_entry SET points = points - 1 WHERE entry_id = :entry_id", entry_id=entry["entry_id"])
    assert ledger.first_wrong() == (Wrong.ROW_CHANGED, f"points_entry/{entry['entry_id']}")
