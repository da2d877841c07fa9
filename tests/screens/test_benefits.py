"""Every benefit and every coupon can be reached with its condition and its last day, in each size of type and each language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from kivy.metrics import Metrics

from kiosk.ports.values import ApplicationState, Language
from kiosk.texts import Texts, load_catalogue
from kiosk.texts.money import Yuan
from kiosk.texts.names import say_benefit
from screens.frame.benefit_rows import say_until
from screens.frame.info_row import InfoRow
from screens.widgets.text import Text
from tests.screens.lint import faults_of
from tests.screens.screen_views import Stand
from tests.support.screen_driver import is_visible

SIZES = pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", Language)


def told(stand: Stand) -> list[str]:
    """Everything that each visible row of benefits says, drawn letters only."""
    rows = [part for part in stand.router.walk(restrict=True) if isinstance(part, InfoRow) and is_visible(part)]
    return [" ".join(text.text for text in row.walk(restrict=True) if isinstance(text, Text) and is_visible(text)) for row in rows]


def told_on_all_leaves(stand: Stand, page: Any, next_leaf: str) -> list[str]:
    said = told(stand)
    for _ in range(int(page.leaves) - 1):
        stand.tap(next_leaf)
        stand.driver.wait(0.4)
        assert not [str(fault) for fault in faults_of(stand.router)]
        said += told(stand)
    return said


def condition_of(tr: Texts, fen: int) -> str:
    return tr("benefit.condition", amount=Yuan(fen)) if fen else ""


@SIZES
@IN_EACH_LANGUAGE
@pytest.mark.parametrize("label", ["issued", "issued-many"])
def test_every_welcome_benefit_can_be_reached_with_condition_and_last_day(
    stand: Stand, label: str, language: Language, is_large: bool
) -> None:
    view = stand.preview(label, language, is_large=is_large)
    tr = load_catalogue().in_language(language)
    said = told_on_all_leaves(stand, stand.router.page_of(view.state), "issued.benefits.next")
    benefits = view.state.issued.benefits
    assert len(said) == len(benefits)
    for words, benefit in zip(said, benefits, strict=True):
        assert say_benefit(tr, benefit.text_key, benefit.amount)[0] in words
        assert say_until(tr, benefit.valid_until) in words
        assert condition_of(tr, benefit.minimum_spend_fen) in words


@SIZES
@IN_EACH_LANGUAGE
@pytest.mark.parametrize("state", [ApplicationState.CARD_PENDING, ApplicationState.ACTIVE])
def test_the_own_page_says_how_it_stands_with_the_card(stand: Stand, state: ApplicationState, language: Language, is_large: bool) -> None:
    view = stand.preview("member", language, is_large=is_large)
    changed = replace(view.state, membership=replace(view.state.membership, application_state=state))
    stand.show(replace(view, state=changed))
    said = [part.text for part in stand.router.walk(restrict=True) if isinstance(part, Text) and is_visible(part)]
    assert [words for words in said if load_catalogue().in_language(language)(f"application.{state}") in words]
    assert not [str(fault) for fault in faults_of(stand.router)]


@SIZES
def test_the_receipts_code_is_large_enough_for_a_telephone_and_the_benefits_come_back(stand: Stand, is_large: bool) -> None:
    view = stand.preview("issued-many", is_large=is_large)
    page = stand.router.page_of(view.state)
    before = told(stand)
    stand.tap("issued.qr")
    stand.driver.wait(0.4)
    assert page.ids.qr.side / Metrics.dp >= 5 * page.ids.qr.texture.width
    assert not [str(fault) for fault in faults_of(stand.router)]
    stand.tap("issued.qr")
    stand.driver.wait(0.4)
    assert told(stand) == before
