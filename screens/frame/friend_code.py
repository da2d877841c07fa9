"""How a member's code for friends is drawn: in threes, as people read it out. Pure."""

from __future__ import annotations

GROUP = 3


def grouped_code(code: str) -> str:
    """Return the code in threes: R7K 2M4 QX9."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
