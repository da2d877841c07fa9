"""What readers of Hong Kong and Taiwan are told has one word for each thing, and theirs: screens, slips, messages, command line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.architecture.tree import ROOT

THEIRS = {
    "小票|發票|單據|回執": "收據",
    "保存": "儲存",
    "二維碼": "QR碼",
    "領取碼": "取貨碼",
    "提交": "送出",
    "手機號(?!碼)": "手機號碼",
    "年齡段": "年齡層",
    "圖像": "影像",
    "郵箱": "信箱",
}
"""Words that stood beside the one that is used: a pattern, and that one."""
AS_THE_NOTICE_SAYS = re.compile(r"paper\.purpose\.")
"""Purposes stand on the slip by the names under which the member agreed to them."""


def said() -> Iterator[tuple[str, str]]:
    """Yield every zh-Hant text with where it stands."""
    for folder in ("kiosk/texts/catalogue", "server_stub/messages/templates", "server_stub/cli"):
        for path in sorted((ROOT / folder).glob("*.toml")):
            yield from _of_table(path.name, tomllib.loads(path.read_text(encoding="utf-8")))


def _of_table(where: str, table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _of_table(f"{where} {key}", value)
        elif key == "zh-Hant":
            yield where, value
        elif where.startswith("reasons.toml") and isinstance(value, list):
            yield f"{where} {key}", value[1]


@pytest.mark.parametrize(("others", "theirs"), THEIRS.items())
def test_one_word_is_used_for_one_thing(others: str, theirs: str) -> None:
    texts = list(said())
    assert len(texts) > 1000
    assert [(where, text) for where, text in texts if re.search(others, text) and not AS_THE_NOTICE_SAYS.search(where)] == [], theirs
