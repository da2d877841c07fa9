"""A PostgreSQL of the test's own: one server in a temporary folder, a socket instead of a port, and a new database for each test.

Started as the user postgres where the tests run as root, because initdb refuses root. Ends with the process that started it, even
when that one is killed. Knows no table and no test.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

OWNER = "member_owner"
SERVICE = "member_service"
_READY_S = 30.0
_STOP_S = 20.0

# Nothing of a test's database has to outlive a power cut; what it costs to be safe against one is left out.
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")
_ALWAYS = ("listen_addresses=", "shared_buffers=64MB", "max_connections=200", "logging_collector=off", "timezone=Asia/Shanghai")


class PrivatePostgres:
    """One server. Blocking; close it."""

    def __init__(self, *, is_durable: bool = False) -> None:
        """Starts it.

        Args:
            is_durable: With fsync, for tests of what a crash leaves and for measurements.
        """
        self._folder = Path(tempfile.mkdtemp(prefix="member-postgres-"))
        self._made = 0
        self._templates: set[str] = set()
        if os.geteuid() == 0:
            postgres = pwd.getpwnam("postgres")
            os.chown(self._folder, postgres.pw_uid, postgres.pw_gid)
        try:
            self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "-D", self._data)
            options = [word for setting in (*_ALWAYS, *(() if is_durable else _QUICK)) for word in ("-c", setting)]
            command = [*_as_postgres(), str(programs() / "postgres"), "-D", self._data, "-k", str(self._folder), *options]
            with (self._folder / "log").open("wb") as log:
                self._server = subprocess.Popen(command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            self._await_ready()
            for role in (OWNER, SERVICE):
                self._administer("CREATE ROLE {} LOGIN", role)
        except BaseException:
            self.close()
            raise

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    @property
    def pid(self) -> int:
        """The server's first process."""
        return self._server.pid

    def url(self, database: str, role: str = SERVICE) -> str:
        """Returns the address of a database as a role sees it."""
        return f"postgresql://{role}@/{database}?host={self._folder}"

    def create(self, template: str = "") -> str:
        """Returns the name of a new database, empty or a copy of another one that nobody is connected to."""
        self._made += 1
        name = f"test_{self._made}"
        if template:
            self._administer("CREATE DATABASE {} OWNER {} TEMPLATE {}", name, OWNER, template)
        else:
            self._administer("CREATE DATABASE {} OWNER {}", name, OWNER)
        return name

    def drop(self, name: str) -> None:
        """Removes a database with all who are connected to it."""
        self._administer("DROP DATABASE {} WITH (FORCE)", name)

    def stop(self) -> None:
        """Stops the server as a power cut would, for tests of what its clients do then."""
        subprocess.run([*_as_postgres(), str(programs() / "pg_ctl"), "stop", "-D", self._data, "-m", "immediate"], cwd="/", check=True)

    def close(self) -> None:
        """Ends the server and removes its folder."""
        server = getattr(self, "_server", None)
        if server is not None and server.poll() is None:
            # An immediate shutdown: nothing is kept, so there is nothing to tidy up.
            server.send_signal(3)
            server.wait(_STOP_S)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _administer(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run([*_as_postgres(), str(programs() / program), *words], cwd="/", capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def _await_ready(self) -> None:
        end = time.monotonic() + _READY_S
        while True:
            assert self._server.poll() is None, (self._folder / "log").read_text()
            try:
                psycopg.connect(self.url("postgres", "postgres")).close()
            except psycopg.OperationalError:
                assert time.monotonic() < end, (self._folder / "log").read_text()
                time.sleep(0.02)
            else:
                return


def programs() -> Path:
    """Returns the folder of the newest PostgreSQL of the machine; Debian keeps them out of the search path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    assert found, "Debian's package postgresql is needed; .ci/setup test installs it"
    return found[-1]


def _as_postgres() -> list[str]:
    """Returns the words in front of a program: the user, and the signal that ends it when its starter dies."""
    user = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *user, "--pdeathsig=QUIT"]
