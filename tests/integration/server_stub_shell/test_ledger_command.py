"""`ledger prove` and `audit verify` as an operator runs them on a ledger that the owner of its database has changed."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from hardware.card.layout.files import Identity, Snapshot
from server_stub.app import Composition, compose
from server_stub.config import load
from server_stub.domain.actors import SystemActor
from server_stub.domain.ledger_commands import JoinProgram, RecordSale, SaleLine
from server_stub.keys.cards import CardSigner
from server_stub.storage.cards import CardRow, CardState, add_card
from server_stub.storage.members import member_by_id

if TYPE_CHECKING:
    from server_stub.storage.database import Tx
    from tests.support.service_process import Installation

ACTOR = SystemActor("test")


def parts_of(installation: Installation) -> Composition:
    return compose(load(None, os.environ | installation.environment))


def as_owner(installation: Installation, *statements: str) -> None:
    """Runs statements on the database file with the service's own key, and without its triggers."""
    parts = parts_of(installation)
    with parts.database.writer.begin() as connection:
        for name in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS points_entry_no_{name}")
        for statement in statements:
            connection.exec_driver_sql(statement)
    parts.close()


@pytest.fixture
def with_sales(installation: Installation) -> Installation:
    """A member who bought twice; everything is sealed."""
    parts = parts_of(installation)
    ledger = parts.core.ledger
    ledger.joining.join(ACTOR, parts.new_envelope(), JoinProgram("m1"))
    for sale_id in ("s1", "s2"):
        ledger.sales.record(ACTOR, parts.new_envelope(), RecordSale(sale_id, "S01", (SaleLine("tea", "food", 1, 1_000),), "m1"))
    parts.close()
    assert installation.command("audit", "seal").returncode == 0
    assert installation.command("audit", "verify").returncode == 0
    return installation


def test_a_ledger_that_agrees_is_good(installation: Installation) -> None:
    done = installation.command("ledger", "prove", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["good"], told["accounts"], told["wrong"], told["first_wrong"]) == (True, 0, 0, [])
    assert (told["cards"], told["wrong_cards"], told["first_wrong_cards"]) == (0, 0, [])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE points_entry SET counter = 'issued:elsewhere' WHERE cause = 'sale:s2'",
        "UPDATE points_entry SET request_id = NULL WHERE cause = 'sale:s2'",
        "UPDATE points_entry SET at = '2020-01-01T00:00:00.000000Z' WHERE cause = 'sale:s2'",
    ],
    ids=["counter", "request", "moment"],
)
def test_an_entry_that_the_owner_rewrote_is_named(with_sales: Installation, statement: str) -> None:
    entry_id = _entry_of(with_sales, "sale:s2")
    as_owner(with_sales, statement)
    done = with_sales.command("audit", "verify", "--json")
    assert done.returncode == 1, done.stdout
    assert f"points_entry/{entry_id}" in done.stdout
    assert "ROW_CHANGED" in done.stdout


def test_an_entry_that_the_owner_made_is_named(with_sales: Installation) -> None:
    copy = (
        "INSERT INTO points_entry SELECT 'ent_made', account_id, 90, kind, points, counter, 'sale:s3', awaits, available_on, expires_on,"
        " idle_months, rules_version, request_id, business_day, at FROM points_entry WHERE cause = 'sale:s2'"
    )
    as_owner(with_sales, copy)
    done = with_sales.command("audit", "verify")
    assert (done.returncode, "points_entry/ent_made" in done.stdout) == (1, True), done.stdout
    assert with_sales.command("ledger", "prove").returncode == 1


def _entry_of(installation: Installation, cause: str) -> str:
    parts = parts_of(installation)
    query = f"SELECT entry_id FROM points_entry WHERE cause = '{cause}'"
    found = parts.database.read(lambda tx: str(tx.connection.exec_driver_sql(query).scalar_one()))
    parts.close()
    return found


def test_a_card_that_says_more_than_its_member_had_is_named(with_sales: Installation) -> None:
    parts = parts_of(with_sales)
    signer, uid, token = CardSigner(parts.keys), bytes(range(7)), bytes(range(16))

    def issue(tx: Tx) -> str:
        member = member_by_id(tx, "m1")
        assert member is not None
        day = member.joined_on
        identity = Identity(uid, member.number, token, 1, day, 1).signed(signer)
        snapshot = Snapshot(uid, 1, 1, 21, int(tx.now.timestamp()), token).signed(signer)
        written = (identity, snapshot, 1, day, CardState.ACTIVE, "", 1, "K03", tx.now, 1)
        add_card(tx, CardRow("crd_1", uid, "m1", 1, token, 1, *written))
        return member.number

    number = parts.database.write(issue)
    parts.close()
    done = with_sales.command("ledger", "prove", "--json")
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert (told["good"], told["wrong"], told["wrong_cards"]) == (False, 0, 1)
    assert told["first_wrong_cards"] == [f"crd_1 ({number[:4]} •••• {number[-4:]}) POINTS 21 must be 20"]
