"""Every condition of the printer has its text in the three languages; those of its errors are checked with all others."""

from __future__ import annotations

import pytest

from hardware.printer.api import PrinterCondition
from kiosk.texts import LANGUAGES, load_catalogue


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_condition_has_words_of_its_own(language: str) -> None:
    texts = load_catalogue().in_language(language)
    assert len({texts(condition.text_key) for condition in PrinterCondition}) == len(PrinterCondition)
