"""Whether this machine's PC/SC service loads the virtual reader (vsmartcard-vpcd).

It listens on all addresses of the machine, so whoever reaches its port lays a card on the reader. Source: reader.conf(5).
"""

from __future__ import annotations

from pathlib import Path

READER_SETTINGS = Path("/etc/reader.conf.d")
"""pcscd's settings of readers that do not come by USB."""

_DRIVER = "libifdvpcd"
_KEY = "LIBPATH"


def entries_of_virtual_reader(folder: Path = READER_SETTINGS) -> tuple[Path, ...]:
    """Return the files that make pcscd load the virtual reader's driver; none where the folder is missing or cannot be read."""
    try:
        return tuple(path for path in sorted(folder.iterdir()) if path.is_file() and _names_driver(path))
    except OSError:
        return ()


def _names_driver(path: Path) -> bool:
    words = (line.split(maxsplit=1) for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    return any(word[0] == _KEY and _DRIVER in word[-1] for word in words if word)
