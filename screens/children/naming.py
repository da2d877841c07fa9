"""How a child is called: masked names of siblings are the same, so the end of the application's number stands beside them. Pure."""

from __future__ import annotations

from kiosk.ports.children import LinkedChild
from kiosk.texts import Texts

DIGITS = 4


def say_child(tr: Texts, child: LinkedChild, key: str = "child.named") -> str:
    """Return the masked name with the last digits of the application's number; `key` is the text that holds both."""
    if not child.application_number:
        return child.name_masked
    return tr(key, name=child.name_masked, digits=child.application_number[-DIGITS:])
