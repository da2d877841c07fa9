"""Characters that steer a device and that nobody sees: no field of a form holds one."""

from __future__ import annotations

import unicodedata


def holds_control_character(text: str) -> bool:
    """Returns whether a text holds a character of category Cc, tabs and line ends among them (Unicode 16, 4.5)."""
    return any(unicodedata.category(character) == "Cc" for character in text)
