"""How a child is called: masked names of siblings are the same, so the end of the application's number stands beside them. Pure."""

from __future__ import annotations

from dataclasses import replace

from kiosk.ports.children import LinkedChild
from kiosk.texts import Texts

DIGITS = 4
LONGEST = 8
"""Letters of a name in a headline that breaks into lines: with more, the widest would not go on one line of large type."""


def say_child(tr: Texts, child: LinkedChild, key: str = "child.named") -> str:
    """Return the masked name with the last digits of the application's number; `key` is the text that holds both."""
    if not child.application_number:
        return child.name_masked
    return tr(key, name=child.name_masked, digits=child.application_number[-DIGITS:])


def say_child_shortly(tr: Texts, child: LinkedChild) -> str:
    """Return the same for a headline that breaks into lines: of a long name the beginning."""
    shown = child.name_masked.rstrip("*· ")
    if len(shown) <= LONGEST:
        return say_child(tr, child)
    return say_child(tr, replace(child, name_masked=f"{shown[:LONGEST]}…"))
