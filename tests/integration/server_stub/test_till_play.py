"""`till play` as a process: what it prints, where, and with which exit code; that nothing of it stays behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.model.comparison import agrees
from tests.support.private_postgres import OWNER, SERVICE, PrivatePostgres
from tests.support.till_scripts import EXAMPLES, expected

COMMENT = '{"op":"comment","text":"x"}'
PROGRAM = '{"op":"program","at":"2026-06-01T10:00:00+08:00","rule_set":"plain"}'


def play(*words: str, data: bytes = b"", folder: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **({"TMPDIR": str(folder)} if folder else {})}
    command = [sys.executable, "-m", "server_stub", "till", "play", *words]
    return subprocess.run(command, input=data, capture_output=True, timeout=50, check=False, env=environment)


@pytest.mark.parametrize("name", ["missing.jsonl", ".", "latin.jsonl"])
def test_a_script_that_cannot_be_read_gives_2_and_says_so_on_the_error_stream_only(name: str, tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes(f"{COMMENT}\n".encode() + b'{"op":"comment","text":"\xe9"}\n')
    done = play(str(tmp_path / name))
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"cannot be read" in done.stderr


def test_a_full_disk_under_the_output_is_one_line() -> None:
    command = [sys.executable, "-m", "server_stub", "till", "play", "-"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, input=COMMENT.encode(), stdout=full, stderr=subprocess.PIPE, timeout=50, check=False)
    assert (done.returncode, done.stderr) == (4, b"the output cannot be written: No space left on device\n")


def test_without_a_script_it_gives_2() -> None:
    assert play().returncode == 2


@pytest.mark.parametrize("url", ["", "mysql://x", "x"])
def test_a_database_that_is_none_gives_2(url: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(COMMENT)
    assert play(str(tmp_path / "a.jsonl"), "--database", url).returncode == 2


def test_a_script_is_played_whatever_was_refused(tmp_path: Path) -> None:
    script = tmp_path / "a.jsonl"
    script.write_text(f"\n{COMMENT}\nnonsense\n\n{PROGRAM}\n{PROGRAM}\n")
    done = play(str(script), folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["n"], line["op"], line.get("reason")) for line in lines] == [
        (2, "comment", None),
        (3, None, "BAD_JSON"),
        (5, "program", None),
        (6, "program", "PROGRAM_TWICE"),
    ]
    assert list(tmp_path.iterdir()) == [script]


def test_an_empty_script_gives_no_line() -> None:
    done = play("-")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_script_of_the_specification_on_standard_input() -> None:
    script = EXAMPLES[-1]
    done = play("-", data=script.read_bytes())
    got = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [(one, other) for one, other in zip(expected(script), got, strict=True) if not agrees(one, other)] == []


def test_each_result_comes_before_the_next_line_is_sent_and_sigterm_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "server_stub", "till", "play", "-"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": {**os.environ, "TMPDIR": str(tmp_path)}}
    with subprocess.Popen(command, **pipes) as process:  # type: ignore[call-overload]
        for line in (COMMENT, PROGRAM):
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["ok"] is True
        assert list(tmp_path.iterdir())
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 128 + signal.SIGTERM
    assert not list(tmp_path.iterdir())


def test_a_reader_who_goes_away_is_no_fault(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "server_stub", "till", "play", "-"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": {**os.environ, "TMPDIR": str(tmp_path)}}
    with subprocess.Popen(command, **pipes) as process:  # type: ignore[call-overload]
        process.stdin.write(f"{PROGRAM}\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        time.sleep(0.1)
        process.stdin.write(f"{COMMENT}\n".encode() * 3)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 0
    assert not list(tmp_path.iterdir())


def test_on_a_server_it_has_a_schema_of_its_own_that_goes_away(postgres: PrivatePostgres, tmp_path: Path) -> None:
    name = postgres.create()
    script = EXAMPLES[0]
    bad = tmp_path / "bad.jsonl"
    # The first line asks nothing of a database, and is not played either.
    bad.write_text(f"{COMMENT}\n{PROGRAM}\n")
    try:
        done = play(str(script), "--database", postgres.url(name, OWNER))
        with psycopg.connect(postgres.url(name, OWNER)) as connection:
            schemas = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'till%'").fetchall()
        forbidden = play(str(bad), "--database", postgres.url(name, SERVICE))
    finally:
        postgres.drop(name)
    got = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr, schemas) == (0, b"", [])
    assert [(one, other) for one, other in zip(expected(script), got, strict=True) if not agrees(one, other)] == []
    assert (forbidden.returncode, forbidden.stdout) == (4, b"")
    assert b"permission denied" in forbidden.stderr
