"""What the pages of an application say of its slip: what has become of it, by its state, in every language and size of type."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.flows.register.state import PrintChosen
from kiosk.ports.values import Language
from kiosk.texts import load_catalogue
from screens.widgets.text import Text
from tests.screens.lint import faults_of
from tests.screens.screen_views import Stand, views
from tests.support.screen_driver import is_visible

PAGES = {"in-review": "in_review", "returned": "returned"}
SAID = {
    "": ("slip.printing", "issued.print.busy", False),
    "-printer-gone": ("slip.failed", "issued.print.failed", False),
    "-printed": ("slip.printed", "issued.print.copy", True),
    "-failed": ("slip.failed", "issued.print.failed", True),
    "-unknown": ("slip.unknown", "issued.print.copy", True),
    "-copied": ("slip.printed", "issued.print.copied", False),
}


def shown(stand: Stand) -> Iterator[str]:
    return (part.text for part in stand.router.walk(restrict=True) if isinstance(part, Text) and is_visible(part))


@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("label", PAGES)
def test_the_page_says_what_has_become_of_the_slip(stand: Stand, label: str, language: Language, is_large: bool) -> None:
    tr = load_catalogue().in_language(language)
    words = {tr(f"slip.{slip}") for slip in ("printing", "printed", "failed", "unknown")}
    for of, (said, button, may_print) in SAID.items():
        stand.preview(label + of, language, is_large=is_large)
        now = set(shown(stand))
        assert now & words == {tr(said)}
        assert tr(button) in now
        stand.driver.wait(0.4)
        assert stand.tap(f"{PAGES[label]}.print") == ([PrintChosen()] if may_print else [])


@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("language", Language)
def test_a_returned_application_shows_its_receipt_as_a_code_and_then_what_to_mend_again(
    stand: Stand, language: Language, is_large: bool
) -> None:
    view = stand.preview("returned-failed", language, is_large=is_large)
    page = stand.router.page_of(view.state)
    before = set(shown(stand))
    stand.tap("returned.qr")
    assert page.ids.qr.text == view.state.receipt.code
    assert page.ids.qr.side > 0
    assert any(view.state.receipt.number in words for words in shown(stand))
    assert faults_of(stand.router) == []
    stand.driver.wait(0.4)
    stand.tap("returned.qr")
    assert set(shown(stand)) == before


def test_the_next_returned_application_begins_with_what_to_mend(stand: Stand) -> None:
    page = stand.router.page_of(stand.preview("returned").state)
    stand.tap("returned.qr")
    stand.preview("menu")
    assert (page.code, page.receipt, page.ids.qr.text) == ("", "", "")
    stand.show(views()["returned"])
    assert not page.shows_code
    assert any("证件号" in words for words in shown(stand))
