"""What a benefit can wait for before it may be used. Knows no benefit."""

from __future__ import annotations

from enum import StrEnum


class Awaits(StrEnum):
    """What makes a benefit usable."""

    NOTHING = ""
    CARD_ACTIVATION = "CARD_ACTIVATION"
