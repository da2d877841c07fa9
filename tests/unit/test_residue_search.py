"""The search of the residue test: it sees a value in another process in every encoding, wherever it lies, and says where."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.residue import CHUNK, ENCODINGS, Canary, Search, descendants

HOLDER = """
import ctypes, mmap, sys
held = mmap.mmap(-1, {size})
held[{at}:{at} + {length}] = bytes.fromhex(sys.argv[1])
address = ctypes.addressof(ctypes.c_char.from_buffer(held)) + {at}
sys.argv[1] = ""
print(address, flush=True)
sys.stdin.read()
"""
NAME = "上官琪玥"


@pytest.fixture
def hold() -> Iterator[object]:
    processes: list[subprocess.Popen[str]] = []

    def start(value: bytes, at: int, size: int = 4 * CHUNK) -> tuple[int, int]:
        command = [sys.executable, "-c", HOLDER.format(size=size, at=at, length=len(value)), value.hex()]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        processes.append(process)
        assert process.stdout is not None
        return process.pid, int(process.stdout.readline())

    yield start
    for process in processes:
        process.communicate(timeout=10)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", [NAME, "19104736281"])
def test_every_encoding_is_seen_at_its_address(hold: object, encoding: str, text: str) -> None:
    value = text.encode(encoding)
    process, address = hold(value, 1234)  # type: ignore[operator]
    found = Search([Canary("value", (text,))]).in_memory(process)
    # Zeros beside a value make it the same value in the other order of bytes, a few bytes away; a line feed in it cuts its beginning.
    assert any(abs(hit.address - address) <= 4 for hit in found)


@pytest.mark.parametrize("at", [CHUNK - 3, CHUNK - 1, CHUNK, 2 * CHUNK - 8])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-32-le", "utf-32-be"])
def test_a_value_across_pieces_is_seen(hold: object, at: int, encoding: str) -> None:
    value = "19104736281".encode(encoding)
    process, address = hold(value, at)  # type: ignore[operator]
    assert any(abs(hit.address - address) <= 4 for hit in Search([Canary("value", ("19104736281",))]).in_memory(process))


def test_bytes_with_a_line_feed_are_seen_by_their_longest_part(hold: object) -> None:
    value = b"\x11\x22\x0a\x33\x44\x55\x66\x77\x88"
    process, address = hold(value, 100)  # type: ignore[operator]
    assert address + 3 in {hit.address for hit in Search([Canary("token", (), (value,))]).in_memory(process)}


def test_what_is_nowhere_is_not_seen(hold: object) -> None:
    process, _address = hold(b"something else", 0)  # type: ignore[operator]
    assert Search([Canary("value", (NAME, "19104736281"))]).in_memory(process) == []


def test_a_process_that_ended_holds_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(10)
    assert Search([Canary("value", (NAME,))]).in_memory(process.pid) == []


def test_contents_and_names_of_files_are_seen(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"a line\n" + NAME.encode("gbk"))
    (tmp_path / f"{NAME}.txt").write_text("nothing")
    found = Search([Canary("value", (NAME,))]).in_files(tmp_path)
    assert {(hit.how, hit.place, hit.address) for hit in found if "name of" not in hit.place} == {
        ("value as gbk", str(tmp_path / "log"), 7)
    }
    assert [hit.place for hit in found if "name of" in hit.place] == [f"name of {tmp_path / f'{NAME}.txt'}"]


def test_a_message_does_not_repeat_the_value() -> None:
    (hit,) = Search([Canary("mobile number", ("19104736281",))]).in_text("call 19104736281", "a text")
    assert str(hit) == "mobile number as utf-8 at 0x5 in a text"


def test_children_belong_to_a_process() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    assert {os.getpid(), process.pid} <= set(descendants(os.getpid()))
    process.communicate(timeout=10)
