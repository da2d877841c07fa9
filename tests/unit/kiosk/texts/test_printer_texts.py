"""Every condition and every error of the printer has its text in the three languages."""

from __future__ import annotations

import pytest

from hardware.codes.api import PictureUnreadable
from hardware.printer import errors
from hardware.printer.api import PrinterCondition
from hardware.printer.errors import PrintFailed
from kiosk.texts import LANGUAGES, load_catalogue

KINDS = [PictureUnreadable, *(kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, PrintFailed))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trouble_has_words(language: str) -> None:
    texts = load_catalogue().in_language(language)
    words = [texts(kind.text_key) for kind in KINDS] + [texts(condition.text_key) for condition in PrinterCondition]
    assert len(set(words)) == len(words)
    assert len(KINDS) == 12
