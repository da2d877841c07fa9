"""What must not stand in a file of the project: places of one machine, hosts of package registries, keys, whole personal numbers."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.tree import text, tracked

BINARY = {".binpb", ".png", ".jpg", ".ttf", ".otf", ".woff2", ".ogg", ".wav", ".bin", ".pdf", ".gz", ".zst", ".xz", ".npz", ".ico", ".onnx"}
# The lock names the public registry by its nature; this file holds the patterns.
EXEMPT = {Path("uv.lock"), Path("tests/architecture/test_tracked_files.py")}

FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.~-])/(?:work|root|home/[a-z])/"),
    "a host of a package registry": re.compile(
        r"(?i)\b(pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org|proxy\.golang\.org)\b"
    ),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*\n[A-Za-z0-9+/]{20}"),
    "a kill by name": re.compile(r"\b(?:pkill|killall)\b"),
    "an unresolved conflict": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}


def _texts() -> list[Path]:
    return [path for path in tracked() if path.suffix not in BINARY and path not in EXEMPT]


def test_no_file_names_what_must_not_be_named() -> None:
    found = [
        f"{path}: {what}: {match.group(0)!r}" for path in _texts() for what, seen in FORBIDDEN.items() if (match := seen.search(text(path)))
    ]
    assert not found


def test_the_patterns_find_what_they_are_for() -> None:
    planted = "see /work" + "/main, ask pypi" + ".org, pk" + "ill x\n<<<<<<" + "< HEAD\n"
    assert [what for what, seen in FORBIDDEN.items() if seen.search(planted)] == [
        "a path of one machine",
        "a host of a package registry",
        "a kill by name",
        "an unresolved conflict",
    ]


def test_the_top_level_is_what_the_architecture_says() -> None:
    allowed = {
        *("kiosk", "hardware", "screens", "proto", "server_stub", "tests", "docs", "deploy", "typings"),
        *("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "NOTICE", "Makefile"),
        *("pyproject.toml", "uv.lock", "buf.yaml"),
    }
    assert not {path.parts[0] for path in tracked() if path.parts[0][0] != "."} - allowed


def test_nothing_large_is_tracked() -> None:
    """Fonts are the largest things that belong here (10 MB); anything above is an accident."""
    assert not [str(path) for path in tracked() if path.stat().st_size > 12 * 1024 * 1024]
