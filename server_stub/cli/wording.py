"""What reasons mean to staff, in the three languages, from a data file. Knows no command."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server_stub.domain.clock import CHINA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from server_stub.domain.refusals import Refused, Used

_FILE = Path(__file__).with_name("reasons.toml")
# In the order of the file.
_LANGUAGES = ("zh-Hans", "zh-Hant", "en")


class Wording:
    """The texts, read once."""

    def __init__(self) -> None:
        tree = tomllib.loads(_FILE.read_text(encoding="utf-8"))
        self._texts = {name: dict(zip(_LANGUAGES, texts, strict=True)) for table in tree.values() for name, texts in table.items()}

    @property
    def names(self) -> frozenset[str]:
        """Returns the names that have a text."""
        return frozenset(self._texts)

    def texts(self, name: str) -> Mapping[str, str]:
        """Returns the texts of a reason by language tag; none where it has none."""
        return self._texts.get(name, {})

    def of(self, name: str) -> str:
        """Returns the texts of a reason in one line, or its name where it has none."""
        return " / ".join(dict.fromkeys(self.texts(name).values())) or name

    def refusal(self, refused: Refused) -> str:
        """Returns a refusal in one line: reason, fields, waiting time, each with its code."""
        parts = [f"{refused.reason.value}: {self.of(refused.reason.value)}"]
        parts += [f"{finding.field}: {finding.reason.value} {self.of(finding.reason.value)}" for finding in refused.findings]
        if refused.used is not None:
            parts.append(_used(refused.used))
        if refused.retry_after_s:
            parts.append(f"{refused.retry_after_s} 秒后再试 / {refused.retry_after_s} 秒後再試 / try again in {refused.retry_after_s} s")
        return "; ".join(parts)

    def reason_for_programs(self, name: str) -> Mapping[str, Any]:
        """Returns a reason as plain values: ``reason``, and ``texts`` by language tag."""
        return {"reason": name, "texts": self.texts(name)}

    def refusal_for_programs(self, refused: Refused) -> Mapping[str, Any]:
        """Returns a refusal as plain values: that of ``reason_for_programs``, the same for each of ``findings``, ``retry_after_s``."""
        return {
            **self.reason_for_programs(refused.reason.value),
            "findings": [{"field": finding.field, **self.reason_for_programs(finding.reason.value)} for finding in refused.findings],
            "retry_after_s": refused.retry_after_s,
        }


def _used(used: Used) -> str:
    """When in Shanghai, and where; where nothing was used yet, only where it waits."""
    if used.at is None:
        return f"门店 / 門市 / store {used.place}"
    return f"首次使用 / first used {used.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S} {used.place}"
