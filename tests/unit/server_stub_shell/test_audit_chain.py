"""The audit trail under the hands of the database's owner: every way of changing it, and the row that is named."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlite

from server_stub.config import Profile, SealSettings
from server_stub.domain.actors import SystemActor
from server_stub.domain.uuid7 import least_id_at
from server_stub.jobs.housekeeping import Housekeeping
from server_stub.keys.folder import KeyFolder, KeyKind
from server_stub.keys.signing import SigningKey
from server_stub.services.audit import Deed
from server_stub.services.audit_chain.head_file import Head, HeadDamaged, HeadFile
from server_stub.services.audit_chain.sealer import LATEST_COMMIT, AuditSealer
from server_stub.services.audit_chain.verify import AuditVerifier, Verdict, Wrong
from server_stub.services.event_cover import signed
from server_stub.services.leases import Lease
from server_stub.storage.audit import AuditEvent, add_event, row_digest
from server_stub.storage.cards import CardRow, CardState, add_card, card_by_id, change_card
from server_stub.storage.database import Tx
from server_stub.storage.metadata import metadata
from tests.support.central_service import DEVICE, Central, KeysOfTheTest, central_service


@dataclass
class Trail:
    """A sealed trail on a database file, and the owner's hand."""

    central: Central
    file: Path
    heads: HeadFile
    head_path: Path
    sealer: AuditSealer
    verifier: AuditVerifier

    def verify(self) -> Verdict:
        return self.verifier.verify()

    def owner(self, *statements: str) -> None:
        """Runs statements as the owner: without triggers and without foreign keys."""
        connection = sqlite.connect(self.file, isolation_level=None)
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            connection.execute(statement)
        connection.close()

    def value(self, query: str) -> Any:
        connection = sqlite.connect(self.file)
        try:
            return connection.execute(query).fetchone()[0]
        finally:
            connection.close()

    def position_of(self, event_id: str) -> int:
        return int(self.value(f"SELECT position FROM audit_seal WHERE event_id = '{event_id}'"))


def _issue_card(tx: Tx, central: Central, member_id: str) -> None:
    until = central.clock.now().date() + timedelta(days=1000)
    state = (CardState.ACTIVE, "", 1, DEVICE.device_id, central.clock.now(), 1)
    add_card(tx, CardRow("crd_1", bytes(7), member_id, 1, bytes(16), 1, b"", b"", 1, until, *state))
    central.base.audit.record(tx, Deed(DEVICE, "card.activated", "card", "crd_1"))


def _block_card(tx: Tx, central: Central, card_id: str) -> None:
    change_card(tx, card_by_id(tx, card_id), {"state": CardState.BLOCKED})
    central.base.audit.record(tx, Deed(DEVICE, "card.blocked", "card", card_id))


def make_old(trail: Trail) -> None:
    """Makes the trail one that was written and sealed before events had a digest."""
    trail.owner("DELETE FROM audit_seal", "UPDATE audit_event SET event_mac = NULL")
    trail.head_path.unlink()
    trail.sealer.seal_all()


@pytest.fixture
def trail(tmp_path: Path) -> Iterator[Trail]:
    """Two people have joined; everything is sealed, in batches of 7."""
    keys = KeyFolder.create(tmp_path / "keys", Profile.DEVELOPMENT)
    with central_service(tmp_path) as central:
        head_path = tmp_path / "elsewhere" / "head.jsonl"
        heads = HeadFile(head_path, SigningKey(keys, KeyKind.AUDIT))
        sealer = AuditSealer(central.database, KeysOfTheTest(), heads, SealSettings(batch=7))
        made = Trail(central, tmp_path / "central.db", heads, head_path, sealer, AuditVerifier(central.database, KeysOfTheTest(), heads))
        first = central.join()
        central.join(mobile="13900139000", name="王小明", email="wang@example.com")
        member_id = central.member_id(first.membership_number)
        central.activate(member_id)
        central.database.write(lambda tx: _issue_card(tx, central, member_id))
        made.sealer.seal_all()
        yield made


def test_a_trail_that_nobody_touched_is_good(trail: Trail) -> None:
    verdict = trail.verify()
    assert verdict.findings == ()
    assert verdict.sealed == trail.central.count("audit_event") > 10
    assert verdict.heads > 1
    assert verdict.unsealed == 0
    assert verdict.rows > 6


def test_what_is_not_sealed_yet_is_covered_too(trail: Trail) -> None:
    trail.central.join(mobile="13700137000", name="李四海")
    verdict = trail.verify()
    assert verdict.findings == ()
    assert verdict.unsealed > 0
    key = trail.value("SELECT decision_id FROM decision ORDER BY decision_id DESC")
    trail.owner(f"UPDATE decision SET reason_code = 'X' WHERE decision_id = '{key}'")
    assert trail.verify().first_wrong.row == f"decision/{key}"


CHANGES = {
    "decision": "UPDATE decision SET verdict = 'REJECT' WHERE decision_id = '{key}'",
    "consent": "UPDATE consent SET given = 1 - given WHERE consent_id = '{key}'",
    "card": "UPDATE card SET state = 'BLOCKED' WHERE card_id = '{key}'",
    "member": "UPDATE member SET joined_on = '2020-01-01' WHERE member_id = '{key}'",
}


@pytest.mark.parametrize("table", CHANGES)
def test_a_changed_row_is_named(trail: Trail, table: str) -> None:
    key = trail.value(f"SELECT {table}_id FROM {table} ORDER BY {table}_id DESC")
    trail.owner(CHANGES[table].format(key=key))
    verdict = trail.verify()
    assert [(f.wrong, f.row) for f in verdict.findings] == [(Wrong.ROW_CHANGED, f"{table}/{key}")]


@pytest.mark.parametrize("table", ["decision", "consent", "card"])
def test_a_removed_row_is_named(trail: Trail, table: str) -> None:
    key = trail.value(f"SELECT {table}_id FROM {table} ORDER BY {table}_id")
    trail.owner(f"DELETE FROM {table} WHERE {table}_id = '{key}'")
    assert [(f.wrong, f.row) for f in trail.verify().findings] == [(Wrong.ROW_REMOVED, f"{table}/{key}")]


def test_a_removed_request_is_named(trail: Trail) -> None:
    key = trail.value("SELECT request_id FROM audit_event WHERE request_id IS NOT NULL")
    trail.owner(f"DELETE FROM request_log WHERE request_id = '{key}'")
    assert trail.verify().first_wrong.row == f"request_log/{key}"


REQUEST_CHANGES = {
    "answer": "UPDATE request_log SET answer = '{{}}' WHERE request_id = '{key}'",
    "body": "UPDATE request_log SET body_mac = zeroblob(32) WHERE request_id = '{key}'",
    "operation": "UPDATE request_log SET operation = 'ISSUE_CARD' WHERE request_id = '{key}'",
    "actor": "UPDATE request_log SET actor = 'device:K99' WHERE request_id = '{key}'",
    "moment": "UPDATE request_log SET at = '2020-01-01T00:00:00.000000Z' WHERE request_id = '{key}'",
    "state": "UPDATE request_log SET state = 'CANCELLED' WHERE request_id = '{key}'",
    "seal": "UPDATE request_log SET row_mac = NULL WHERE request_id = '{key}'",
    "forged seal": "UPDATE request_log SET row_mac = zeroblob(32) WHERE request_id = '{key}'",
}


@pytest.mark.parametrize("what", REQUEST_CHANGES)
def test_a_changed_row_of_an_accepted_request_is_named(trail: Trail, what: str) -> None:
    key = trail.value("SELECT request_id FROM audit_event WHERE request_id IS NOT NULL")
    trail.owner(REQUEST_CHANGES[what].format(key=key))
    assert [(f.wrong, f.row) for f in trail.verify().findings] == [(Wrong.ROW_CHANGED, f"request_log/{key}")]


def test_a_changed_tombstone_and_a_forged_request_are_named(trail: Trail) -> None:
    cancelled, forged = trail.central.request_id(), "ffffffff-ffff-7fff-8fff-ffffffffffff"
    trail.central.core.enrollment.cancel_request(DEVICE, cancelled)
    assert trail.verify().findings == ()
    columns = ", ".join(c.name for c in metadata.tables["request_log"].columns if c.name != "request_id")
    trail.owner(
        f"UPDATE request_log SET actor = 'device:K99' WHERE request_id = '{cancelled}'",
        f"INSERT INTO request_log (request_id, {columns}) SELECT '{forged}', {columns} FROM request_log LIMIT 1",
    )
    assert {f.row for f in trail.verify().findings} == {f"request_log/{cancelled}", f"request_log/{forged}"}


FORGED = {
    "consent": {"purpose": "'forged'"},
    "card": {"uid": "x'01'", "card_token": "x'02'", "issue_number": "2", "state": "'SPOILED'", "reason": "'x'"},
}


@pytest.mark.parametrize("table", ["decision", "consent", "card"])
def test_a_row_that_was_put_in_past_the_service_is_named(trail: Trail, table: str) -> None:
    # What is unique differs in a forged one.
    values = {c.name: c.name for c in metadata.tables[table].columns} | {f"{table}_id": "'forged'"}
    values |= FORGED.get(table, {})
    trail.owner(f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {table} LIMIT 1")
    assert [(f.wrong, f.row) for f in trail.verify().findings] == [(Wrong.ROW_WITHOUT_EVENT, f"{table}/forged")]


def test_two_rows_that_changed_places_are_named(trail: Trail) -> None:
    one, two = (trail.value(f"SELECT consent_id FROM consent ORDER BY consent_id LIMIT 1 OFFSET {place}") for place in (0, 4))
    trail.owner(
        f"UPDATE consent SET consent_id = 'x' WHERE consent_id = '{one}'",
        f"UPDATE consent SET consent_id = '{one}' WHERE consent_id = '{two}'",
        f"UPDATE consent SET consent_id = '{two}' WHERE consent_id = 'x'",
    )
    verdict = trail.verify()
    assert verdict.first_wrong.row == f"consent/{one}"
    assert {f.row for f in verdict.findings} == {f"consent/{one}", f"consent/{two}"}


EVENT_CHANGES = [
    "UPDATE audit_event SET actor = 'staff:nobody' WHERE event_id = '{id}'",
    "UPDATE audit_event SET action = 'application.approved' WHERE event_id = '{id}'",
    "UPDATE audit_event SET at = '2020-01-01T00:00:00.000000Z' WHERE event_id = '{id}'",
    "UPDATE audit_event SET row_sha256 = zeroblob(32) WHERE event_id = '{id}'",
    "UPDATE audit_event SET detail = '{{\"x\":1}}' WHERE event_id = '{id}'",
    "UPDATE audit_event SET request_id = NULL WHERE event_id = '{id}'",
    "UPDATE audit_event SET subject_key = 'x' WHERE event_id = '{id}'",
]


@pytest.mark.parametrize("statement", EVENT_CHANGES)
def test_a_changed_event_is_named(trail: Trail, statement: str) -> None:
    event_id = trail.value("SELECT event_id FROM audit_event WHERE request_id IS NOT NULL AND row_sha256 IS NOT NULL LIMIT 1 OFFSET 3")
    trail.owner(statement.format(id=event_id))
    changed = [f for f in trail.verify().findings if f.wrong is Wrong.EVENT_CHANGED]
    assert [(f.row, f.position) for f in changed] == [(f"audit_event/{event_id}", trail.position_of(event_id))]


def test_a_removed_event_is_named(trail: Trail) -> None:
    event_id = trail.value("SELECT event_id FROM audit_seal WHERE position = 5")
    trail.owner(f"DELETE FROM audit_event WHERE event_id = '{event_id}'")
    first = trail.verify().first_wrong
    assert (first.wrong, first.row, first.position) == (Wrong.EVENT_REMOVED, f"audit_event/{event_id}", 5)


def test_a_removed_link_is_named(trail: Trail) -> None:
    trail.owner("DELETE FROM audit_event WHERE event_id = (SELECT event_id FROM audit_seal WHERE position = 5)")
    trail.owner("DELETE FROM audit_seal WHERE position = 5")
    first = trail.verify().first_wrong
    assert (first.wrong, first.row) == (Wrong.SEAL_REMOVED, "audit_seal/5")


def test_a_trail_that_lost_all_seals_and_the_head_file_is_not_taken_for_a_new_one(trail: Trail) -> None:
    trail.owner("DELETE FROM audit_seal")
    trail.head_path.unlink()
    assert trail.verify().is_good
    trail.central.clock.advance(minutes=61)
    assert trail.verify().first_wrong.wrong is Wrong.HEAD_MISSING


def test_reordered_events_are_named_from_the_first(trail: Trail) -> None:
    one, two = (trail.value(f"SELECT event_id FROM audit_seal WHERE position = {place}") for place in (4, 9))
    trail.owner(
        "UPDATE audit_seal SET event_id = 'x' WHERE position = 4",
        f"UPDATE audit_seal SET event_id = '{one}' WHERE position = 9",
        f"UPDATE audit_seal SET event_id = '{two}' WHERE position = 4",
    )
    verdict = trail.verify()
    assert (verdict.first_wrong.wrong, verdict.first_wrong.position) == (Wrong.EVENT_CHANGED, 4)
    assert {f.position for f in verdict.findings} == {4, 9}


FORGED_EVENT = """
INSERT INTO audit_event (event_id, at, actor, action, subject_table, subject_key, row_sha256, detail)
SELECT '{id}', at, actor, action, subject_table, subject_key, x'{digest}', '{{}}' FROM audit_event
WHERE subject_table = '{table}' AND subject_key = '{key}' LIMIT 1
"""
FORGED_ID = "evt_ffffffff-ffff-7fff-8fff-ffffffffffff"


def forge(trail: Trail, table: str, **columns: str) -> str:
    """Changes a sealed row, puts in an event that tells of it as it now is, and returns the row; no key is needed for either."""
    key = trail.value(f"SELECT {table}_id FROM {table} ORDER BY {table}_id DESC")
    trail.owner(CHANGES[table].format(key=key))
    digest = trail.central.database.read(lambda tx: row_digest(tx, table, key))
    trail.owner(FORGED_EVENT.format(id=FORGED_ID, digest=digest.hex(), table=table, key=key))
    for name, value in columns.items():
        trail.owner(f"UPDATE audit_event SET {name} = {value} WHERE event_id = '{FORGED_ID}'")
    return f"{table}/{key}"


@pytest.mark.parametrize("table", CHANGES)
def test_a_changed_row_with_a_newer_event_of_the_owners_own_is_named_before_and_after_it_was_sealed(trail: Trail, table: str) -> None:
    row = forge(trail, table)
    wanted = {(Wrong.ROW_CHANGED, row), (Wrong.EVENT_FORGED, f"audit_event/{FORGED_ID}")}
    assert {(f.wrong, f.row) for f in trail.verify().findings} == wanted
    assert trail.sealer.seal_all() == 1
    assert {(f.wrong, f.row) for f in trail.verify().findings} == wanted


def test_a_digest_that_the_service_made_for_another_event_does_not_help(trail: Trail) -> None:
    row = forge(trail, "decision", event_mac="(SELECT event_mac FROM audit_event AS e WHERE e.subject_table = 'decision' LIMIT 1)")
    trail.sealer.seal_all()
    assert {f.row for f in trail.verify().findings} == {row, f"audit_event/{FORGED_ID}"}


def test_a_row_cannot_be_put_back_to_what_an_older_event_says_of_it(trail: Trail) -> None:
    """The digest is right for the older state; only the event that brings it again is not the service's."""
    key = trail.value("SELECT card_id FROM card")
    trail.central.database.write(lambda tx: _block_card(tx, trail.central, key))
    trail.sealer.seal_all()
    trail.owner(f"UPDATE card SET state = 'ACTIVE' WHERE card_id = '{key}'")
    columns = "at, actor, action, subject_table, subject_key, row_sha256, detail, event_mac"
    first = f"SELECT '{FORGED_ID}', {columns} FROM audit_event WHERE subject_key = '{key}' ORDER BY event_id LIMIT 1"
    trail.owner(f"INSERT INTO audit_event (event_id, {columns}) {first}")
    trail.sealer.seal_all()
    assert {f.row for f in trail.verify().findings} == {f"card/{key}", f"audit_event/{FORGED_ID}"}


def test_an_event_of_the_owners_own_that_tells_of_no_row_is_named_too(trail: Trail) -> None:
    put_in(trail, timedelta(0), sign=False)
    assert [f.wrong for f in trail.verify().findings] == [Wrong.EVENT_FORGED]


def test_events_from_before_their_digest_stay_good_and_cover_their_rows(trail: Trail) -> None:
    make_old(trail)
    assert trail.verify().findings == ()
    trail.central.join(mobile="13700137000", name="李四海")
    trail.sealer.seal_all()
    assert trail.verify().findings == ()
    key = trail.value("SELECT decision_id FROM decision ORDER BY decision_id")
    trail.owner(f"UPDATE decision SET verdict = 'REJECT' WHERE decision_id = '{key}'")
    assert [(f.wrong, f.row) for f in trail.verify().findings] == [(Wrong.ROW_CHANGED, f"decision/{key}")]


def test_an_event_without_a_digest_is_not_taken_for_an_old_one_once_there_was_one_with_it(trail: Trail) -> None:
    make_old(trail)
    trail.central.join(mobile="13700137000", name="李四海")
    trail.sealer.seal_all()
    row = forge(trail, "decision")
    trail.sealer.seal_all()
    assert {f.row for f in trail.verify().findings} == {row, f"audit_event/{FORGED_ID}"}


def test_taking_the_digests_of_all_events_away_does_not_make_the_trail_an_old_one(trail: Trail) -> None:
    row = forge(trail, "decision")
    trail.owner("UPDATE audit_event SET event_mac = NULL")
    found = trail.verify().findings
    assert found[0].wrong is Wrong.EVENT_CHANGED
    assert len([f for f in found if f.wrong is Wrong.EVENT_CHANGED]) == trail.central.count("audit_seal")
    assert row not in {f.row for f in found}


def test_a_row_changed_together_with_its_event_is_still_named(trail: Trail) -> None:
    """The owner knows how digests are made, but not the key of the chain."""
    key = trail.value("SELECT decision_id FROM decision ORDER BY decision_id")
    event_id = trail.value(f"SELECT event_id FROM audit_event WHERE subject_key = '{key}'")
    trail.owner(f"UPDATE decision SET verdict = 'REJECT' WHERE decision_id = '{key}'")
    digest = trail.central.database.read(lambda tx: row_digest(tx, "decision", key))
    trail.owner(f"UPDATE audit_event SET row_sha256 = x'{digest.hex()}' WHERE event_id = '{event_id}'")
    first = trail.verify().first_wrong
    assert (first.wrong, first.row) == (Wrong.EVENT_CHANGED, f"audit_event/{event_id}")


@pytest.mark.parametrize("kept", [0, 3, 8])
def test_a_cut_tail_is_seen(trail: Trail, kept: int) -> None:
    trail.owner(
        f"DELETE FROM audit_event WHERE event_id IN (SELECT event_id FROM audit_seal WHERE position > {kept})",
        f"DELETE FROM audit_seal WHERE position > {kept}",
    )
    found = {(f.wrong, f.row) for f in trail.verify().findings}
    assert (Wrong.TAIL_CUT, f"audit_seal/{kept + 1}") in found


def test_a_tail_that_was_replaced_is_seen(trail: Trail) -> None:
    length = trail.central.count("audit_seal")
    keep = length - 3
    trail.owner(
        f"DELETE FROM audit_event WHERE event_id IN (SELECT event_id FROM audit_seal WHERE position > {keep})",
        f"DELETE FROM audit_seal WHERE position > {keep}",
    )
    for number in range(3):
        trail.central.database.write(lambda tx, n=number: trail.central.base.audit.record(tx, Deed(SystemActor(), f"filler.{n}")))
    trail.sealer.seal_all()
    assert any(f.wrong is Wrong.HEAD_DIFFERS and keep < f.position <= length for f in trail.verify().findings)


def test_a_trail_that_somebody_keeps_from_being_sealed_is_not_good(trail: Trail) -> None:
    trail.central.join(mobile="13900139009", name="王小二")
    sealed = {row["event_id"] for row in trail.central.rows("audit_seal")}
    oldest = next(row["event_id"] for row in trail.central.rows("audit_event") if row["event_id"] not in sealed)
    trail.central.clock.advance(minutes=59)
    assert trail.verify().is_good
    trail.central.clock.advance(minutes=2)
    first = trail.verify().first_wrong
    assert (first.wrong, first.row) == (Wrong.UNSEALED_TOO_LONG, f"audit_event/{oldest}")
    trail.sealer.seal_all()
    assert trail.verify().is_good


def test_a_missing_head_file_is_seen(trail: Trail) -> None:
    trail.head_path.unlink()
    assert trail.verify().first_wrong.wrong is Wrong.HEAD_MISSING


def _position(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "position": line["position"] + 1}


def _signature(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "signature": "00" * 64}


def _no_head(_line: dict[str, Any]) -> dict[str, Any]:
    return {"hello": 1}


@pytest.mark.parametrize("change", [_position, _signature, _no_head])
def test_a_changed_head_is_seen(trail: Trail, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    lines = trail.head_path.read_text().splitlines()
    lines[1] = json.dumps(change(json.loads(lines[1])))
    trail.head_path.write_text("\n".join(lines) + "\n")
    found = [f for f in trail.verify().findings if f.wrong is Wrong.HEAD_DAMAGED]
    assert len(found) == 1
    assert "line 2" in found[0].row


def test_a_head_that_a_crash_tore_is_neither_counted_nor_a_reason_to_worry(trail: Trail) -> None:
    with trail.head_path.open("a") as stream:
        stream.write('{"position": 99')
    assert trail.verify().findings == ()
    trail.central.join(mobile="13700137000", name="李四海")
    trail.sealer.seal_all()
    assert trail.verify().findings == ()
    assert trail.heads.last().position == trail.central.count("audit_seal")


def test_a_crash_between_chain_and_head_is_mended_by_the_next_round(trail: Trail) -> None:
    lines = trail.head_path.read_text().splitlines(keepends=True)
    trail.head_path.write_text("".join(lines[:-1]))
    assert trail.verify().findings == ()
    trail.sealer.seal_all()
    assert trail.heads.last().position == trail.central.count("audit_seal")


def put_in(trail: Trail, age: timedelta, *, sign: bool = True) -> None:
    """Commits an event whose id was made some time ago."""
    event_id = least_id_at("evt", trail.central.clock.now() - age)
    event = AuditEvent(event_id, trail.central.clock.now() - age, "system:test", "test.done", "", "", None, None, {})
    if sign:
        event = signed(trail.central.base.audit._key, event)
    trail.central.database.write(lambda tx: add_event(tx, event))


def test_an_event_that_was_committed_late_is_sealed_all_the_same(trail: Trail) -> None:
    put_in(trail, LATEST_COMMIT / 2)
    assert trail.sealer.seal_all() == 1
    assert trail.verify().unsealed == 0


def test_what_a_crash_left_long_ago_is_sealed_when_the_service_begins(trail: Trail) -> None:
    put_in(trail, timedelta(days=2))
    assert AuditSealer(trail.central.database, KeysOfTheTest(), trail.heads, SealSettings(batch=7)).seal_all() == 1
    assert trail.verify().unsealed == 0


def test_the_newest_head_is_read_from_the_end_of_the_file(trail: Trail) -> None:
    newest = trail.heads.last()
    lines = trail.head_path.read_bytes()
    trail.head_path.write_bytes(b"no head at all\n" * 1000 + lines)
    assert trail.heads.last() == newest
    with pytest.raises(HeadDamaged, match="line 1"):
        list(trail.heads.heads())
    trail.head_path.write_bytes(lines + b"no head at all\n")
    with pytest.raises(HeadDamaged, match="last"):
        trail.heads.last()


def test_positions_that_fall_are_no_head_file(tmp_path: Path) -> None:
    heads = HeadFile(tmp_path / "h", SigningKey(KeyFolder.create(tmp_path / "keys", Profile.DEVELOPMENT), KeyKind.AUDIT))
    moment = datetime.now(UTC)
    heads.append(Head(5, bytes(32), moment))
    heads.append(Head(4, bytes(32), moment))
    with pytest.raises(HeadDamaged, match="falls"):
        list(heads.heads())


def test_the_sealer_seals_each_event_once_and_in_order(trail: Trail) -> None:
    before = trail.central.count("audit_seal")
    assert trail.sealer.seal_all() == 0
    trail.central.join(mobile="13700137000", name="李四海")
    added = trail.sealer.seal_all()
    assert trail.central.count("audit_seal") == before + added == trail.central.count("audit_event")


async def test_a_sealer_that_is_told_to_end_leaves_what_does_not_fit_to_the_next(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long backlog must not decide how long a stop takes."""
    for number in range(30):
        put_in(trail, timedelta(milliseconds=number))
    monkeypatch.setattr("server_stub.services.audit_chain.sealer.LAST_ROUND_S", 0)
    lease = Lease(trail.central.database, trail.central.base.ids, "seal", timedelta(seconds=9))
    sealing = asyncio.create_task(trail.sealer.run(lease))
    # Cancelled in its first round, before a single batch.
    await asyncio.sleep(0)
    sealing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sealing
    left = trail.verify()
    assert left.findings == ()
    assert 0 < left.unsealed < 30
    next_one = AuditSealer(trail.central.database, KeysOfTheTest(), trail.heads, SealSettings(batch=7))
    assert next_one.seal_all() == left.unsealed


def test_rows_that_changed_by_right_stay_good(trail: Trail) -> None:
    trail.central.clock.advance(days=100)
    member = trail.central.rows("member")[1]["member_id"]
    trail.central.activate(member)
    swept = Housekeeping(trail.central.base, trail.central.core.ledger.accounts).run()
    assert swept.total > 0
    assert trail.verify().findings == ()


UNREADABLE_ROWS = {
    "decision.findings": "UPDATE decision SET findings = 'x'",
    "decision.findings' form": "UPDATE decision SET findings = '{\"a\":1}'",
    "decision.findings, the same ones spelt otherwise": "UPDATE decision SET findings = ' ' || findings",
    "decision.at": "UPDATE decision SET at = 'x'",
    "decision.at, another character in it": "UPDATE decision SET at = replace(at, 'T', '~')",
    "consent.given": "UPDATE consent SET given = 2 WHERE given = 1",
    "consent.occurred_at": "UPDATE consent SET occurred_at = 'x'",
    "consent.occurred_at, another character in it": "UPDATE consent SET occurred_at = replace(occurred_at, 'T', ' ')",
    "card.state_since": "UPDATE card SET state_since = 'x'",
    "card.state_since, the same moment spelt otherwise": "UPDATE card SET state_since = replace(state_since, 'Z', '+00:00')",
    "card.state_since, a comma in it": "UPDATE card SET state_since = replace(state_since, '.', ',')",
    "card.expires_on": "UPDATE card SET expires_on = 'x'",
    "card.expires_on, the same day spelt otherwise": "UPDATE card SET expires_on = replace(expires_on, '-', '')",
    "card.expires_on, as a day of a week": "UPDATE card SET expires_on = '2029-W33-7'",
    "card.reason, no UTF-8": "UPDATE card SET reason = CAST(x'ff41' AS TEXT)",
    "decision.findings, an object": "UPDATE decision SET findings = '{}'",
    "request_log.at": "UPDATE request_log SET at = 'x'",
}


@pytest.mark.parametrize("statement", UNREADABLE_ROWS.values(), ids=UNREADABLE_ROWS.keys())
def test_a_row_that_cannot_be_read_is_named(trail: Trail, statement: str) -> None:
    trail.owner(statement)
    table = statement.split()[1]
    found = trail.verify().findings
    assert found
    assert {(one.wrong, one.row.split("/")[0]) for one in found} == {(Wrong.ROW_CHANGED, table)}


UNREADABLE_EVENTS = {
    "at": "at = 'x'",
    "at, another character in it": "at = replace(at, 'T', ' ')",
    "detail": "detail = 'x'",
    "detail, a list": "detail = '[]'",
    "detail, covers that are none": 'detail = \'{"entries":5,"redemptions":{"x":[1]}}\'',
    "action, no UTF-8": "action = CAST(x'ff41' AS TEXT)",
    "detail, spelt otherwise": "detail = ' ' || coalesce(detail, '{}')",
    "unknown table": "subject_table = 'nope'",
    "key of other parts": "subject_key = 'a/b/c'",
}


@pytest.mark.parametrize("change", UNREADABLE_EVENTS.values(), ids=UNREADABLE_EVENTS.keys())
@pytest.mark.parametrize("make", [lambda _trail: None, make_old], ids=["with digests", "without"])
def test_a_sealed_event_that_cannot_be_read_is_named(trail: Trail, change: str, make: Callable[[Trail], None]) -> None:
    make(trail)
    event_id = trail.value("SELECT event_id FROM audit_event WHERE subject_table = 'decision' ORDER BY event_id LIMIT 1")
    trail.owner(f"UPDATE audit_event SET {change} WHERE event_id = '{event_id}'")
    first = trail.verify().first_wrong
    assert first is not None
    assert (first.wrong, first.row) == (Wrong.EVENT_CHANGED, f"audit_event/{event_id}")


def test_an_event_that_cannot_be_read_hides_nothing_and_stops_no_seal(trail: Trail) -> None:
    trail.owner(
        "UPDATE card SET state = 'BLOCKED'",
        "INSERT INTO audit_event SELECT 'evt_ffffffff-ffff-7fff-bfff-ffffffffffff', at, actor, action, '', '', NULL, NULL, 'x', NULL"
        " FROM audit_event LIMIT 1",
    )
    expected = {(Wrong.ROW_CHANGED, "card/crd_1"), (Wrong.EVENT_FORGED, "audit_event/evt_ffffffff-ffff-7fff-bfff-ffffffffffff")}
    assert {(one.wrong, one.row) for one in trail.verify().findings} == expected
    trail.sealer.seal_all()
    verdict = trail.verify()
    assert {(one.wrong, one.row) for one in verdict.findings} == expected
    assert verdict.unsealed == 0


@pytest.mark.parametrize("place", [5, None], ids=["in the middle", "the last"])
def test_a_link_that_cannot_be_read_is_named_and_stops_no_seal(trail: Trail, place: int | None) -> None:
    position = place or trail.value("SELECT max(position) FROM audit_seal")
    trail.owner(f"UPDATE audit_seal SET sealed_at = 'x' WHERE position = {position}")
    first = trail.verify().first_wrong
    assert first is not None
    assert (first.wrong, first.row) == (Wrong.SEAL_CHANGED, f"audit_seal/{position}")
    heads = trail.head_path.read_bytes()
    trail.sealer.seal_all()
    assert trail.head_path.read_bytes() == heads
    trail.central.join(mobile="13700137000", name="李四海")
    trail.sealer.seal_all()
    verdict = trail.verify()
    assert verdict.unsealed == 0
    assert verdict.first_wrong == first
    assert {one.wrong for one in verdict.findings} <= {Wrong.SEAL_CHANGED, Wrong.HEAD_DIFFERS, Wrong.ROW_WITHOUT_EVENT, Wrong.ROW_CHANGED}
