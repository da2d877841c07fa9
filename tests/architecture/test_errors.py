"""The table of errors is complete: numbers are used once, every reason and every error has its texts, the page is up to date."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from hardware.errors import KioskError
from kiosk.texts import LANGUAGES, load_catalogue
from server_stub.domain.reasons import Reason
from tests.architecture.tree import parsed, product_python
from tests.support.errors_page import ERROR_MODULES, error_classes, reason_of, reasons
from tests.support.pages import PAGES, out_of_date

AREAS = {1: "device", 2: "central service", 3: "data", 4: "program"}


def test_codes_are_unique() -> None:
    assert not [code for code, times in Counter(error.code for error in error_classes()).items() if times > 1]


def test_codes_lie_in_their_area() -> None:
    assert {error.code // 1000 for error in error_classes()} <= set(AREAS)


def test_reason_numbers_are_unique() -> None:
    assert not [number for number, times in Counter(number for number, _, _ in reasons()).items() if times > 1]


def test_no_error_inherits_what_callers_catch_by_habit() -> None:
    """`except ValueError` or `except OSError` somewhere below must never swallow an error of the family."""
    assert not [error.__name__ for error in error_classes() if issubclass(error, ValueError | OSError | LookupError | RuntimeError)]


def test_classes_of_the_family_stand_in_their_modules() -> None:
    """Only then the table and the tests of this file see them all."""
    names = {error.__name__ for error in error_classes()}
    strays = [
        f"{path}:{node.lineno} {node.name}"
        for path in product_python()
        if str(path) not in ERROR_MODULES and not str(path).startswith("server_stub/")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and names & {ast.unparse(base).split(".")[-1] for base in node.bases}
    ]
    assert not strays


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for _, name, _ in reasons()])
def test_every_reason_has_its_texts(name: str, language: str) -> None:
    catalogue = load_catalogue()
    for key in (f"reason.{name}", f"reason.{name}.help"):
        assert catalogue.say(language, key, **dict.fromkeys(catalogue.variables(key), "7")).strip()


@pytest.mark.parametrize("error", error_classes(), ids=lambda error: error.__name__)
def test_every_error_has_its_texts(error: type[KioskError]) -> None:
    catalogue = load_catalogue()
    for language in LANGUAGES:
        for key in (f"reason.{reason_of(error)}", f"reason.{reason_of(error)}.help"):
            assert catalogue.say(language, key, **dict.fromkeys(catalogue.variables(key), "7")).strip()


def test_the_service_knows_exactly_the_reasons_of_the_contract() -> None:
    assert {reason.value for reason in Reason} == {name for _, name, _ in reasons()}


def test_generated_pages_are_up_to_date() -> None:
    assert PAGES
    assert not out_of_date(), "make docs"
