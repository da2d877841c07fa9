"""The library's own life: started again in the same process, on a cache that is already filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.pinyin.rime import RimeLibrary

if TYPE_CHECKING:
    from pathlib import Path


def compiled(cache: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in cache.glob("*.bin")}


def test_a_second_start_compiles_nothing_again(tmp_path: Path) -> None:
    first = RimeLibrary.start(tmp_path / "cache")
    assert int(first.version.split(".")[1]) >= 8
    first.close()
    before = compiled(tmp_path / "cache")
    assert before
    second = RimeLibrary.start(tmp_path / "cache")
    engine = second.engine()
    for letter in "xihu":
        engine.type(letter)
    assert engine.candidates(0).items[0] == "西湖"
    engine.close()
    second.close()
    assert compiled(tmp_path / "cache") == before
