"""Languages in which the chain speaks to people. Knows no text."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """A language of texts."""

    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    EN = "en"
