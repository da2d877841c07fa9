"""Reads files that commands are given. Knows no form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 1_048_576


def read_small(path: Path) -> bytes:
    """Returns the bytes of a file of up to 1 MiB.

    Raises:
        ValueError: it cannot be read, or is larger.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"{path}: larger than 1 MiB")
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error
