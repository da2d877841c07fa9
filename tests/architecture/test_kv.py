"""kv files draw and pass touches on: a handler is one call on the screen's root, and nothing reaches for the running app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import text, tracked

HANDLER = re.compile(r"^\s*(on_[a-z_]+)\s*:\s*(.*)$")
ONE_CALL = re.compile(r"^root\.[a-z_]+\((?:[^()]|\([^()]*\))*\)$")
REACHES_OUT = re.compile(r"\bapp\.|get_running_app|^#:\s*import\b(?!.*\bscreens\.)", re.MULTILINE)


def _kv_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".kv"]


def handlers(source: str) -> Iterator[tuple[int, str]]:
    """Yields line number and code of every handler; a handler on lines of its own counts as its first line."""
    lines = source.splitlines()
    for index, line in enumerate(lines):
        if match := HANDLER.match(line):
            code = match.group(2).strip()
            yield index + 1, code or " ; ".join(_block(lines, index))


def _block(lines: list[str], start: int) -> Iterator[str]:
    indent = len(lines[start]) - len(lines[start].lstrip())
    for line in lines[start + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return
        if line.strip():
            yield line.strip()


def test_handlers_are_one_call_on_the_root() -> None:
    wrong = [f"{path}:{line} {code}" for path in _kv_files() for line, code in handlers(text(path)) if not ONE_CALL.match(code)]
    assert not wrong


def test_kv_reaches_for_nothing_outside_its_screen() -> None:
    wrong = [f"{path}: {match.group(0)}" for path in _kv_files() if (match := REACHES_OUT.search(text(path)))]
    assert not wrong


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("root.chosen(self.index)", True),
        ("root.back()", True),
        ("root.a(); root.b()", False),
        ("app.stop()", False),
        ("root.points = 3", False),
        ("root.a() if self.x else root.b()", False),
    ],
)
def test_the_rule_tells_calls_from_decisions(code: str, *, allowed: bool) -> None:
    found = [seen for _, seen in handlers(f"<Screen>:\n    on_release: {code}\n")]
    assert found == [code]
    assert bool(ONE_CALL.match(code)) is allowed
