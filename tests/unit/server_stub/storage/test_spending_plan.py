"""The plan of the statement that spends: it is kept for long, so it must be good for the days after the one on which it was made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from server_stub.storage import statement_pool
from server_stub.storage.metadata import metadata
from server_stub.storage.spending import sqlite
from server_stub.storage.spending.statement import PARAMETERS, SESSION, prepared
from tests.support.central_service import central_service
from tests.support.spenders import Wish, spenders

if TYPE_CHECKING:
    from tests.support.furnished_postgres import FurnishedPostgres

LOOKED_UP = {"visit", "member", "points_account", "reward", "reward_stock", "reward_listing", "redemption", "request_log", "device"}


@pytest.fixture(params=["never counted", "counted when there were few"])
async def plan(request: pytest.FixtureRequest, furnished_postgres: FurnishedPostgres) -> dict[str, Any]:
    """The statement's plan as a new session makes it."""
    owner = await asyncpg.connect(statement_pool._address(furnished_postgres.owner_address))
    # Of what is truncated nobody knows how many rows it has.
    await owner.execute(f"TRUNCATE {', '.join(table.name for table in metadata.sorted_tables)}")
    if request.param != "never counted":
        furnished_postgres.furnish()
        with central_service(furnished_postgres.address) as central:
            async with spenders(central, furnished_postgres.address) as shop:
                for name in ("a", "b", "c"):
                    shop.reward(name, 10, stock=1)
                    await shop.spend(central.envelope(), Wish(shop.visit(shop.member(name, 10)), None, name))
        await owner.execute("ANALYZE")
    await owner.close()
    connection = await asyncpg.connect(statement_pool._address(furnished_postgres.address), server_settings=dict(SESSION))
    await connection.execute(f"PREPARE spending({', '.join(PARAMETERS.values())}) AS {prepared()}")
    told = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE spending({', '.join(['NULL'] * len(PARAMETERS))})")
    await connection.close()
    made: dict[str, Any] = json.loads(told)[0]["Plan"]
    return made


def scans(plan: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Returns table, alias and condition of every part of a plan that reads a table."""
    if "Scan" in plan["Node Type"] and "Relation Name" in plan:
        yield plan["Relation Name"], plan["Alias"], plan.get("Index Cond", "")
    for part in plan.get("Plans", ()):
        yield from scans(part)


async def test_every_row_is_found_by_its_key_however_few_there_were_when_the_plan_was_made(plan: dict[str, Any]) -> None:
    """Protection: what is looked up for an operation is looked up beside it (LATERAL), not joined to it.

    Of a small table a planner reads the whole: a redemption then took longer with each one that had been, until somebody counted the rows.
    """
    found = list(scans(plan))
    assert {table for table, _, _ in found} >= LOOKED_UP
    # One device has made all of these, and of rules there are few.
    assert [one for one in found if one[0] in LOOKED_UP - {"device"} and " = " not in one[2]] == []


async def test_what_a_card_spent_lately_is_found_without_reading_what_it_ever_spent(plan: dict[str, Any]) -> None:
    """Protection: the moment in the index of an account's redemptions."""
    conditions = [condition for table, _, condition in scans(plan) if table == "redemption"]
    assert [one for one in conditions if "account_id = " in one and "made_at > " in one]


def test_what_a_card_spent_lately_is_found_by_moment_in_the_embedded_file_too(tmp_path: Path) -> None:
    query = "EXPLAIN QUERY PLAN " + sqlite._FIND
    values = dict.fromkeys(re.findall(r":(\w+)", query))
    with central_service(tmp_path) as central:
        plan = central.database.read(lambda tx: str(tx.connection.connection.cursor().execute(query, values).fetchall()))
    assert "ix_redemption_account_id (account_id=? AND made_at>?)" in plan
