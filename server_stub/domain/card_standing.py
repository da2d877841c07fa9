"""Whether a member has a valid card. Knows no storage."""

from __future__ import annotations

from enum import StrEnum


class CardStanding(StrEnum):
    """What a member holds."""

    NONE = "NONE"
    ACTIVE = "ACTIVE"
    LOST = "LOST"
