"""The service as a process of its own under load, beside its database: what benchmarks of the hot path and tests of its end stand on.

Knows the load generator (tests/load/build makes it) and pgbench; knows no figure.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from server_stub.config import OutboxSettings, Profile, SealSettings
from server_stub.domain.clock import SystemClock
from server_stub.keys.folder import KeyFolder
from server_stub.keys.symmetric import database_key
from server_stub.storage.database import Database, Tx
from server_stub.storage.postgres import PostgresDatabase
from server_stub.storage.rule_sets import version_in_force
from server_stub.storage.spending.api import BUILT_IN_RULES
from server_stub.storage.spending.statement import SESSION, statement
from server_stub.storage.sqlite import SqliteDatabase
from tests.load.furnishing import DEVICE, Furnished, furnish
from tests.support.private_postgres import OWNER, PrivatePostgres, programs
from tests.support.service_process import Installation, Process

ROOT = Path(__file__).resolve().parents[2]
STORE = "S001"
_LOADGEN = ROOT / "build" / "load" / "loadgen"
_MILLISECONDS = "lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')"
_UUID7 = f"({_MILLISECONDS} || '7' || substr(md5(random()::text), 1, 19))::uuid::text"
# The tests' installation seals ten times a second; here the product's own pace.
_SETTINGS = {"MEMBER_SERVICE_SEAL__EVERY_S": str(SealSettings().every_s), "MEMBER_SERVICE_OUTBOX__POLL_S": str(OutboxSettings().poll_s)}
_SEAL = "decode(md5(random()::text) || md5(random()::text), 'hex')"


@dataclass
class Stage:
    """One installation with members; `server` is None where its database is the embedded file."""

    installation: Installation
    furnished: Furnished
    folder: Path
    server: PrivatePostgres | None
    process: Process

    def load(self, method: str, *, clients: int = 64, seconds: float = 5.0, **options: object) -> dict[str, Any]:
        """Returns what the load generator printed: operations, per_s, p50_ms, p99_ms, failures by their text."""
        words = {
            "target": f"localhost:{self.installation.port}",
            "authority": self.installation.kiosk / "ca.pem",
            "certificate": self.installation.kiosk / "device.pem",
            "private-key": self.installation.kiosk / "device.key",
            "visits": self.folder / "visits",
            "method": method,
            "clients": clients,
            "seconds": seconds,
            **{name.replace("_", "-"): value for name, value in options.items()},
        }
        command = [str(_LOADGEN), *(word for name, value in words.items() for word in (f"--{name}", str(value)))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    def pgbench(self, *, clients: int = 16, seconds: float = 5.0) -> float:
        """Returns the redemptions per second that pgbench books with the service's statement; each transaction must have booked one."""
        database = self.open()
        try:
            version = database.read(lambda tx: version_in_force(tx, tx.now)) or BUILT_IN_RULES
            before = database.read(_redemptions)
            script = spend_script(version).replace(":members", str(self.furnished.members))
            per_s = pgbench(self.url, self.folder / "script.sql", script, clients, seconds)
            booked = database.read(_redemptions) - before
        finally:
            database.close()
        if booked < 0.9 * per_s * seconds:
            raise RuntimeError(f"pgbench booked {booked} redemptions only")
        return per_s

    @property
    def url(self) -> str:
        """The address of the database as the service's role sees it."""
        return self.installation.settings["MEMBER_SERVICE_DATABASE"]

    @property
    def service_pid(self) -> int:
        """The process of the service."""
        assert self.process.process is not None
        return self.process.process.pid

    def open(self) -> Database:
        """Opens the stage's database beside the service."""
        return _opened(self.installation)


def spend_script(rules_version: str) -> str:
    """Returns pgbench's script of one redemption: the product's own statement, with a batch of one that the server itself makes up.

    Args:
        rules_version: In force; where it is another, the statement spends nothing.
    """
    values = {
        "request_ids": f"ARRAY[{_UUID7}]",
        "visit_ids": "ARRAY['vis_load_' || :n]",
        "device_ids": f"ARRAY['{DEVICE}']",
        "device_seqs": "ARRAY[1]",
        "store_ids": f"ARRAY['{STORE}']",
        "points": "ARRAY[1]",
        "reward_ids": "ARRAY[NULL]",
        "pieces": "ARRAY[1]",
        "pickup_codes": "ARRAY[NULL]",
        "body_macs": f"ARRAY[{_SEAL}]",
        "row_macs": f"ARRAY[{_SEAL}]",
        "entry_ids": f"ARRAY['ent_' || {_UUID7}]",
        "event_ids": f"ARRAY['evt_' || {_UUID7}]",
        "now": "statement_timestamp()",
        "day": "(statement_timestamp() AT TIME ZONE 'Asia/Shanghai')",
        "rules_version": f"'{rules_version}'",
        "card_limit": "2000",
        "pickup_until": "(statement_timestamp() + INTERVAL '14 days')",
    }
    # pgbench takes a colon before a letter for a variable of its own, inside of words too.
    text_of_it = statement(values)
    for word in (BUILT_IN_RULES, rules_version):
        text_of_it = text_of_it.replace(f"'{word}'", "'" + word.replace(":", "' || ':' || '") + "'")
    return f"\\set n random(1, :members)\n{text_of_it};\n"


def pgbench(url: str, file: Path, script: str, clients: int, seconds: float) -> float:
    """Runs pgbench with the settings of the service's own sessions."""
    file.write_text(script, encoding="utf-8")
    options = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    command = [
        str(programs() / "pgbench"),
        "-n",
        "-M",
        "prepared",
        "-c",
        str(clients),
        "-j",
        "1",
        "-T",
        str(round(seconds)),
        "-f",
        str(file),
        url,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PGOPTIONS": options})
    if done.returncode != 0 or " 0 (0.000%)" not in done.stdout.partition("failed transactions:")[2].splitlines()[0]:
        raise RuntimeError(done.stderr + done.stdout)
    return float(done.stdout.rpartition("tps = ")[2].split()[0])


def _redemptions(tx: Tx) -> int:
    return int(tx.connection.execute(text("SELECT count(*) FROM redemption")).scalar_one())


@contextmanager
def stage(*, on_server: bool, members: int = 2000) -> Iterator[Stage]:
    """Puts one up and takes it down again."""
    subprocess.run([ROOT / "tests" / "load" / "build"], check=True)
    with tempfile.TemporaryDirectory(prefix="member-load-") as name:
        folder = Path(name)
        server = PrivatePostgres(is_durable=True) if on_server else None
        installation = Installation(folder / "installation", _SETTINGS | (_settings(server) if on_server else {}))
        installation.folder.mkdir()
        try:
            installation.develop()
            # Its first start publishes the first rules, which makes every account due.
            process = installation.start()
            furnished = _furnished(installation, members)
            (folder / "visits").write_text("\n".join(furnished.visit_tokens), encoding="utf-8")
            yield Stage(installation, furnished, folder, server, process)
            # Nobody needs what is left to seal.
            process.stop(signal.SIGKILL)
        finally:
            installation.stop()
            if server is not None:
                server.close()


def _settings(server: PrivatePostgres | None) -> dict[str, str]:
    assert server is not None
    name = server.create()
    return {"MEMBER_SERVICE_DATABASE": server.url(name), "MEMBER_SERVICE_DATABASE_OWNER": server.url(name, OWNER)}


def _opened(installation: Installation) -> Database:
    if "MEMBER_SERVICE_DATABASE" in installation.settings:
        return PostgresDatabase(installation.settings["MEMBER_SERVICE_DATABASE"], SystemClock())
    data = installation.folder / "service"
    keys = KeyFolder.open(data / "keys", Profile.DEVELOPMENT)
    return SqliteDatabase(next(data.glob("*.db")), SystemClock(), database_key(keys))


def _furnished(installation: Installation, members: int) -> Furnished:
    database = _opened(installation)
    try:
        furnished = furnish(database, installation.folder / "service" / "keys", Profile.DEVELOPMENT, members)
    finally:
        database.close()
    if "MEMBER_SERVICE_DATABASE" in installation.settings:
        owner = PostgresDatabase(installation.settings["MEMBER_SERVICE_DATABASE_OWNER"], SystemClock())
        with owner.writer.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
        owner.close()
    return furnished
