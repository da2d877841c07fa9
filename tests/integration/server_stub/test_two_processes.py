"""The service and a command line on the same machine write to one database: neither loses anything, neither waits for ever."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from sqlalchemy import text

from server_stub.storage.database import Tx
from tests.support.central_service import Central, central_service

if TYPE_CHECKING:
    from pathlib import Path

WRITER = """
import sys
from tests.support.central_service import central_service
with central_service(sys.argv[1]) as central:
    count = "UPDATE store SET region_code = CAST(CAST(region_code AS INTEGER) + 1 AS TEXT)"
    for n in range(40):
        central.database.write(lambda tx: tx.connection.exec_driver_sql(count))
"""


def _count_up(central: Central) -> None:
    def work(tx: Tx) -> None:
        # Read, then write: without BEGIN IMMEDIATE one of two writers would lose its step.
        code = int(tx.connection.exec_driver_sql("SELECT region_code FROM store").scalar_one())
        tx.connection.execute(text("UPDATE store SET region_code = :code"), {"code": str(code + 1)})

    central.database.write(work)


def test_writers_in_two_processes_and_many_threads_lose_no_step(database_address: str, project_root: Path) -> None:
    with central_service(database_address) as central:
        other = subprocess.Popen([sys.executable, "-c", WRITER, database_address], cwd=project_root)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: _count_up(central), range(60)))
        assert other.wait(timeout=40) == 0
        assert int(central.rows("store")[0]["region_code"]) == 330102 + 100


def test_a_reader_sees_one_state_while_a_writer_works(database_address: str) -> None:
    with central_service(database_address) as central:

        def look_twice(tx: Tx) -> tuple[str, str]:
            first = tx.connection.exec_driver_sql("SELECT region_code FROM store").scalar_one()
            _count_up(central)
            return first, tx.connection.exec_driver_sql("SELECT region_code FROM store").scalar_one()

        before, after = central.database.read(look_twice)
        assert before == after == "330102"
        assert central.rows("store")[0]["region_code"] == "330103"
