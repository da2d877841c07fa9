"""Turns the pages of a PDF into pictures, by poppler's pdftoppm. The only module that calls it; knows no code and no slip.

A document comes from anybody, and a PDF can ask for a lot: the file's size, the pages, their pixels, memory and time are limited,
and what reads it is a process of its own that can be killed.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Final

import numpy as np

from hardware.codes.api import Picture, PictureUnreadable

MAX_BYTES: Final = 20_000_000
"""A slip has 60 kB, a scanned page of A4 a few megabytes."""
LIMIT_S: Final = 20.0
_PAGES: Final = 4
_LONG_SIDE: Final = 4000
"""Pixels of a page's longer side: 16 for a module of a slip's code, 10 of it on a scanned A4. Independent of the page's own size."""
_MEMORY_BYTES: Final = 1 << 30
_MAGIC: Final = b"%PDF-"
_MAGIC_WITHIN: Final = 1024
"""Readers accept a head of other bytes up to here (PDF 1.7, Adobe's implementation note 13)."""
_ENCRYPTED: Final = b"Incorrect password"
_HEAD: Final = re.compile(rb"P5\s(\d+)\s(\d+)\s255\s")


def is_document(path: Path) -> bool:
    """Return whether a file says of itself that it is a PDF.

    Raises:
        OSError: Missing, no file, or not readable.
    """
    with path.open("rb") as file:
        return _MAGIC in file.read(_MAGIC_WITHIN)


def pages(path: Path) -> Iterator[Picture]:
    """Yield the first pages of the PDF at `path` as grey pictures. Blocks up to LIMIT_S.

    Raises:
        PictureUnreadable: Encrypted, broken, larger than MAX_BYTES, slower than LIMIT_S, or poppler is not installed.
    """
    if path.stat().st_size > MAX_BYTES:
        raise PictureUnreadable(f"the document is larger than {MAX_BYTES // 1_000_000} MB")
    program = which("pdftoppm")
    if program is None:
        raise PictureUnreadable("a PDF needs pdftoppm of Debian's poppler-utils, which is not installed")
    command = ["prlimit", f"--as={_MEMORY_BYTES}", program, "-gray", "-l", str(_PAGES), "-scale-to", str(_LONG_SIDE), "-"]
    try:
        # The file goes in as standard input: no name can be read as an option.
        with path.open("rb") as file:
            done = subprocess.run(command, stdin=file, capture_output=True, timeout=LIMIT_S, check=False)  # noqa: S603, our own words
    except subprocess.TimeoutExpired as error:
        raise PictureUnreadable(f"the document takes longer than {LIMIT_S:g} s") from error
    if _ENCRYPTED in done.stderr:
        raise PictureUnreadable("the document is encrypted and opens with its password only")
    if done.returncode or not done.stdout:
        raise PictureUnreadable("no PDF that can be read")
    yield from _pictures(done.stdout)


def _pictures(output: bytes) -> Iterator[Picture]:
    """Yield the portable grey maps that follow each other in `output`."""
    start = 0
    while head := _HEAD.match(output, start):
        width, height = int(head[1]), int(head[2])
        yield np.frombuffer(output, dtype=np.uint8, count=width * height, offset=head.end()).reshape(height, width)
        start = head.end() + width * height
