"""What reasons mean to staff, in Chinese and English, from a data file. Knows no command."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from server_stub.domain.clock import CHINA

if TYPE_CHECKING:
    from server_stub.domain.refusals import Refused, Used

_FILE = Path(__file__).with_name("reasons.toml")


class Wording:
    """The texts, read once."""

    def __init__(self) -> None:
        tree = tomllib.loads(_FILE.read_text(encoding="utf-8"))
        self._texts = {name: f"{zh} {en}" for table in tree.values() for name, (zh, en) in table.items()}

    @property
    def names(self) -> frozenset[str]:
        """Returns the names that have a text."""
        return frozenset(self._texts)

    def of(self, name: str) -> str:
        """Returns the text of a reason, or its name where it has none."""
        return self._texts.get(name, name)

    def refusal(self, refused: Refused) -> str:
        """Returns a refusal in one line: reason, fields, waiting time."""
        parts = [f"{refused.reason.value}: {self.of(refused.reason.value)}"]
        parts += [f"{finding.field}: {self.of(finding.reason.value)}" for finding in refused.findings]
        if refused.used is not None:
            parts.append(_used(refused.used))
        if refused.retry_after_s:
            parts.append(f"{refused.retry_after_s} 秒后再试 try again in {refused.retry_after_s} s")
        return "; ".join(parts)


def _used(used: Used) -> str:
    """When in Shanghai, and where; where nothing was used yet, only where it waits."""
    if used.at is None:
        return f"门店 store {used.place}"
    return f"首次使用 first used {used.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S} {used.place}"
