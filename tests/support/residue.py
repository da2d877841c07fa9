"""Looks for planted values in the memory of processes and in files, in every encoding in which a program may hold them.

Knows Linux's /proc and GNU grep; knows nothing of the kiosk. A canary is a value that occurs nowhere unless somebody put it there.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gbk")
CHUNK = 64 << 10
EDGE = bytes(4)
"""What stays of an empty piece on either side: a character of UTF-32 may reach into it."""
CONTEXT = 96
LEAST = 5
"""Shorter patterns stand somewhere in some hundred megabytes by chance."""
_LINE = re.compile(rb"^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ (\d+) *(.*)$")


@dataclass(frozen=True, slots=True)
class Canary:
    """A planted value.

    Attributes:
        name: What it is, for the report.
        texts: The forms in which it is held: as typed, in groups, in parts that are values of their own.
        raw: Bytes that are searched as they are, such as a piece of a picture.
    """

    name: str
    texts: tuple[str, ...] = ()
    raw: tuple[bytes, ...] = ()

    def needles(self) -> dict[bytes, str]:
        """Return what to search for, with the encoding in words."""
        found: dict[bytes, str] = {}
        for text in self.texts:
            for encoding in ENCODINGS:
                try:
                    found.setdefault(text.encode(encoding), f"{self.name} as {encoding}")
                except UnicodeEncodeError:
                    continue
        return found | dict.fromkeys(self.raw, f"{self.name} as bytes")


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a value was found.

    Attributes:
        canary: Name of the canary.
        how: Canary and encoding.
        place: Process and region, or file.
        address: Address, or offset in the file.
        around: The bytes about it, for whoever looks for the holder.
    """

    canary: str
    how: str
    place: str
    address: int
    around: bytes = field(default=b"", compare=False)

    def __str__(self) -> str:
        """Say where, without the value."""
        return f"{self.how} at {self.address:#x} in {self.place}"


@dataclass(frozen=True, slots=True)
class _Region:
    start: int
    end: int
    name: str


_EMPTY = bytes(CHUNK)
_Source = tuple[str, int, Iterator[bytes]]
"""Place, address of the first byte, contents."""


class Search:
    """Searches for canaries. One pass of grep finds all of them in all encodings."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        """Prepare the patterns."""
        self._who: dict[bytes, tuple[str, str]] = {}
        for canary in canaries:
            for needle, how in canary.needles().items():
                # A line feed divides grep's patterns: the longest part without one stands for all.
                part = max(needle.split(b"\n"), key=len)
                if len(part) >= LEAST:
                    self._who.setdefault(part, (canary.name, how))

    def in_memory(self, process: int) -> list[Hit]:
        """Return where the memory of a process that this user may trace holds a canary; an ended process holds nothing."""
        try:
            memory = os.open(f"/proc/{process}/mem", os.O_RDONLY)
        except (FileNotFoundError, ProcessLookupError):
            return []
        try:
            found = self._grep((f"process {process} {region.name}", region.start, _pieces(memory, region)) for region in _regions(process))
            return [replace(hit, around=_around(memory, hit.address)) for hit in found]
        finally:
            os.close(memory)

    def in_files(self, *folders: Path) -> list[Hit]:
        """Return which files below the folders hold a canary, in their contents or their names."""
        paths = [path for folder in folders for path in sorted(folder.rglob("*"))]
        named: list[_Source] = [(f"name of {path}", 0, iter([bytes(path)])) for path in paths]
        filled: list[_Source] = [(str(path), 0, _contents(path)) for path in paths if path.is_file() and not path.is_symlink()]
        return self._grep(iter(named + filled))

    def in_text(self, text: str, place: str) -> list[Hit]:
        """Return the canaries that a text holds."""
        return self._grep(iter([(place, 0, iter([text.encode()]))]))

    def _grep(self, sources: Iterator[_Source]) -> list[Hit]:
        """Run one grep over all sources and find out where each match lies."""
        with tempfile.NamedTemporaryFile(prefix="needles-") as needles, tempfile.TemporaryFile() as found:
            needles.write(b"\n".join(self._who))
            needles.flush()
            command = ["grep", "-aobF", "-f", needles.name]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=found, env={"LC_ALL": "C", "PATH": os.defpath}) as grep:
                assert grep.stdin is not None
                stream = _Stream(grep.stdin)
                for source in sources:
                    stream.pour(source)
                grep.stdin.close()
            found.seek(0)
            return [self._hit(line, stream) for line in found.read().split(b"\n") if line]

    def _hit(self, line: bytes, stream: _Stream) -> Hit:
        offset, _, needle = line.partition(b":")
        place, address = stream.origin(int(offset))
        canary, how = self._who[needle]
        return Hit(canary, how, place, address)


class _Stream:
    """Sources one after the other, divided by line feeds and without their empty pieces; remembers what came from where."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._at = 0
        self._starts: list[int] = []
        self._origins: list[tuple[str, int]] = []

    def pour(self, source: _Source) -> None:
        """Write a source."""
        place, address, pieces = source
        self._note(place, address)
        for piece in pieces:
            address += len(piece)
            if piece == _EMPTY:
                self._write(EDGE + b"\n")
                self._note(place, address - len(EDGE))
                self._write(EDGE)
            else:
                self._write(piece)
        self._write(b"\n")

    def origin(self, offset: int) -> tuple[str, int]:
        """Return the place and the address of what stands at an offset."""
        nearest = bisect_right(self._starts, offset) - 1
        place, address = self._origins[nearest]
        return place, address + offset - self._starts[nearest]

    def _note(self, place: str, address: int) -> None:
        self._starts.append(self._at)
        self._origins.append((place, address))

    def _write(self, piece: bytes) -> None:
        self._target.write(piece)
        self._at += len(piece)


def descendants(process: int) -> list[int]:
    """Return a process and all that it started and that still run."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    family, rest = [], [process]
    while rest:
        one = rest.pop()
        family.append(one)
        rest += parents.get(one, [])
    return family


def _regions(process: int) -> Iterator[_Region]:
    """Yield the readable regions that can hold a value: all but the unwritable pieces of files."""
    for line in Path(f"/proc/{process}/maps").read_bytes().splitlines():
        matched = _LINE.match(line)
        if matched is None:
            continue
        rights, inode, name = matched[3].decode(), int(matched[4]), matched[5].decode(errors="replace")
        if rights[0] == "r" and (rights[1] == "w" or inode == 0) and name not in ("[vvar]", "[vsyscall]", "[vdso]"):
            yield _Region(int(matched[1], 16), int(matched[2], 16), name or "anonymous")


def _pieces(memory: int, region: _Region) -> Iterator[bytes]:
    at = region.start
    while at < region.end:
        try:
            piece = os.pread(memory, min(CHUNK, region.end - at), at)
        except OSError:
            return
        if not piece:
            return
        yield piece
        at += len(piece)


def _contents(path: Path) -> Iterator[bytes]:
    try:
        yield path.read_bytes()
    except FileNotFoundError:
        return


def _around(memory: int, address: int) -> bytes:
    try:
        return os.pread(memory, 2 * CONTEXT, address - CONTEXT)
    except OSError:
        return b""
