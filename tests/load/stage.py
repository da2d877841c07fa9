"""The service as a process of its own under load, beside its database: what benchmarks of the hot path and tests of its end stand on.

Knows the load generator (tests/load/build makes it) and pgbench; knows no figure.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from proto.member.v1 import device_pb2
from proto.member.v1.device_pb2_grpc import DeviceServiceStub
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
from server_stub.storage.viewing.statement import statement as own_view
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
_GROWN_AT_ONCE = 5000
_CALL_S = 20.0
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

    def pgbench_reading(self, *, clients: int = 16, seconds: float = 5.0, protocol: str = "prepared") -> float:
        """Returns how often per second pgbench selects what the member's own view is made of, with the service's statement.

        Args:
            clients: At once.
            seconds: How long.
            protocol: pgbench's own word: "simple", its default, has the server plan each select, "prepared" as good as none.
        """
        values = {"visit_ids": "ARRAY['vis_load_' || :n]", "device_ids": f"ARRAY['{DEVICE}']", "now": "statement_timestamp()"}
        script = f"\\set n random(1, {self.furnished.members})\n{own_view(values)};\n"
        return pgbench(self.url, self.folder / "reading.sql", script, clients, seconds, protocol)

    def grow(self, entries: int) -> None:
        """Books redemptions on the server, by the service's statement, until the ledger has so many entries."""
        database = self.open()
        try:
            version = database.read(lambda tx: version_in_force(tx, tx.now)) or BUILT_IN_RULES
            # Counting ten million rows takes as long as booking thousands: it is done once a round, not once a batch.
            while (missing := entries - database.read(_entries)) > 0:
                for done in range(0, missing, _GROWN_AT_ONCE):
                    member = f"(1 + floor(random() * {self.furnished.members})::int)"
                    column = f"ARRAY(SELECT {{}} FROM generate_series(1, {min(missing - done, _GROWN_AT_ONCE)}))"
                    text_of_it = statement(_made_up(version, member, column))
                    database.write(lambda tx, words=text_of_it: tx.connection.exec_driver_sql(words).all())
        finally:
            database.close()
        _analyze(self.installation)

    @property
    def url(self) -> str:
        """The address of the database as the service's role sees it."""
        return self.installation.settings["MEMBER_SERVICE_DATABASE"]

    @property
    def service_pid(self) -> int:
        """The process of the service."""
        assert self.process.process is not None
        return self.process.process.pid

    @property
    def database_pid(self) -> int:
        """The first process of the database server."""
        assert self.server is not None
        return self.server.pid

    def open(self) -> Database:
        """Opens the stage's database beside the service."""
        return _opened(self.installation)


@contextmanager
def connected(made: Stage, kiosks: int) -> Iterator[None]:
    """Keeps so many connections of their own open, each of which has called once."""
    channels = [made.installation.channel() for _ in range(kiosks)]
    try:
        for channel in channels:
            DeviceServiceStub(channel).Heartbeat(device_pb2.HeartbeatRequest(card_reader_ok=True), timeout=_CALL_S)
        yield
    finally:
        for channel in channels:
            channel.close()


def spend_script(rules_version: str) -> str:
    """Returns pgbench's script of one redemption: the product's own statement, with a batch of one that the server itself makes up.

    Args:
        rules_version: In force; where it is another, the statement spends nothing.
    """
    # pgbench takes a colon before a letter for a variable of its own, inside of words too.
    text_of_it = statement(_made_up(rules_version, ":n", "ARRAY[{}]"))
    for word in (BUILT_IN_RULES, rules_version):
        text_of_it = text_of_it.replace(f"'{word}'", "'" + word.replace(":", "' || ':' || '") + "'")
    return f"\\set n random(1, :members)\n{text_of_it};\n"


def _made_up(rules_version: str, member: str, column: str) -> dict[str, str]:
    """Returns SQL for each parameter of the product's statement: redemptions of one point that the server makes up.

    Args:
        rules_version: In force.
        member: Expression of the number of the member that spends.
        column: Makes an array of an expression that stands at its braces.
    """
    columns = {
        "request_ids": _UUID7,
        "visit_ids": f"'vis_load_' || {member}",
        "device_ids": f"'{DEVICE}'",
        "device_seqs": "1",
        "store_ids": f"'{STORE}'",
        "points": "1",
        "reward_ids": "NULL",
        "pieces": "1",
        "agreed_points": "0",
        "pickup_codes": "NULL",
        "body_macs": _SEAL,
        "row_macs": _SEAL,
        "entry_ids": f"'ent_' || {_UUID7}",
        "event_ids": f"'evt_' || {_UUID7}",
        "event_macs": _SEAL,
        # Each stands for itself: nothing waits behind another.
        "queues": _UUID7,
    }
    return {name: column.format(value) for name, value in columns.items()} | {
        "now": "statement_timestamp()",
        "day": "(statement_timestamp() AT TIME ZONE 'Asia/Shanghai')",
        "rules_version": f"'{rules_version}'",
        "card_limit": "2000",
        "pickup_until": "(statement_timestamp() + INTERVAL '14 days')",
    }


def pgbench(url: str, file: Path, script: str, clients: int, seconds: float, protocol: str = "prepared") -> float:
    """Runs pgbench with the settings of the service's own sessions."""
    file.write_text(script, encoding="utf-8")
    options = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    command = [
        str(programs() / "pgbench"),
        "-n",
        "-M",
        protocol,
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


def _entries(tx: Tx) -> int:
    return int(tx.connection.execute(text("SELECT count(*) FROM points_entry")).scalar_one())


def _redemptions(tx: Tx) -> int:
    return int(tx.connection.execute(text("SELECT count(*) FROM redemption")).scalar_one())


@contextmanager
def stage(*, on_server: bool, members: int = 2000, settings: Mapping[str, str] | None = None) -> Iterator[Stage]:
    """Puts one up and takes it down again.

    Args:
        on_server: On a PostgreSQL of its own, else on the embedded file.
        members: With points and a running visit each.
        settings: Of the service, beside or instead of ours.
    """
    subprocess.run([ROOT / "tests" / "load" / "build"], check=True)
    with tempfile.TemporaryDirectory(prefix="member-load-") as name:
        folder = Path(name)
        server = PrivatePostgres(is_durable=True) if on_server else None
        installation = Installation(folder / "installation", _SETTINGS | (_settings(server) if on_server else {}) | dict(settings or {}))
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
        _analyze(installation)
    return furnished


def _analyze(installation: Installation) -> None:
    owner = PostgresDatabase(installation.settings["MEMBER_SERVICE_DATABASE_OWNER"], SystemClock())
    with owner.writer.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        # The product's sessions give a statement seconds; over ten million rows this one takes longer.
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("ANALYZE"))
    owner.close()
