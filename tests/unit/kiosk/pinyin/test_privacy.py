"""What is typed stays in the engine: no file changes, nothing is logged or printed, a wipe leaves no trace in the engine."""

from __future__ import annotations

import gc
import logging
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.pinyin.engines import Engines, open_engines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.pinyin.api import CandidateEngine

CANARIES = {"nvliuyezhen": "女柳叶珍", "shangguanwanqing": "上官婉晴", "zhangyongqiang": "张永强"}
"""Letters and texts that no file of the machine holds by chance."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything an engine could write to: home, the temporary directory, the working directory, the cache."""
    for name in ("home", "tmp", "work", "cache"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


@pytest.fixture
def engines(place: Path) -> Iterator[Engines]:
    engines = open_engines(place / "cache")
    assert engines.missing is None
    yield engines
    engines.close()


def state(place: Path) -> dict[str, tuple[int, bytes]]:
    return {str(path): told(path) for path in place.rglob("*") if path.is_file()}


def told(path: Path) -> tuple[int, bytes]:
    """A file's time and content; librime 1.13 notes in user.yaml when the scheme was last chosen, so times are left out there."""
    if path.name == "user.yaml":
        return 0, re.sub(rb"\d{10}", b"", path.read_bytes())
    return path.stat().st_mtime_ns, path.read_bytes()


def enter(engine: CandidateEngine, letters: str) -> None:
    """Type, look at pages, change one's mind, pick in parts, type again and wipe."""
    for letter in letters:
        engine.type(letter)
        assert engine.candidates(0).items
    engine.candidates(1)
    engine.backspace()
    engine.type(letters[-1])
    while engine.pick(0) is None:
        pass
    engine.preceding("张")
    for letter in letters:
        engine.type(letter)
    engine.clear()


@pytest.mark.parametrize("which", ["names", "general"])
def test_no_file_is_written_while_typing(engines: Engines, place: Path, which: str) -> None:
    before = state(place)
    for letters in CANARIES:
        enter(getattr(engines, which), letters)
    assert state(place) == before
    for path, (_, content) in before.items():
        for letters, text in CANARIES.items():
            assert letters.encode() not in content, path
            assert text.encode() not in content, path


def test_the_temporary_directory_is_empty_again_after_closing(place: Path) -> None:
    engines = open_engines(place / "cache")
    enter(engines.general, "zhangyongqiang")
    engines.close()
    assert list((place / "tmp").iterdir()) == []
    assert list((place / "home").iterdir()) == []
    assert list((place / "work").iterdir()) == []


def test_the_user_directory_is_closed_to_others(engines: Engines, place: Path) -> None:
    (directory,) = (place / "tmp").iterdir()
    assert directory.stat().st_mode & 0o077 == 0


def test_nothing_is_logged_or_printed(engines: Engines, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    for letters in CANARIES:
        enter(engines.names, letters)
        enter(engines.general, letters)
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_a_wipe_leaves_no_typed_text_in_the_name_engine(engines: Engines) -> None:
    letters = "".join(["shang", "guan", "wan", "qing"])
    enter(engines.names, letters)
    gc.collect()
    assert engines.names.composition == ""
    assert engines.names.candidates(0).items == ()
    own = [value for name in ("_before", "_letters", "_picked", "_reading") for value in [getattr(engines.names, name)]]
    assert letters not in repr(own)
    assert "上官" not in repr(own)
