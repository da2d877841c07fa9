"""The texts of a widget before it is given any."""

from __future__ import annotations

from kiosk.texts import LANGUAGES, Phrase


def unspoken(_key: str, /, **_values: object) -> Phrase:
    """Say nothing; the default of every `tr` property, so that kv rules can be applied before texts arrive."""
    return Phrase("", LANGUAGES[0])
