"""Every state has a screen and a preview; nothing personal outlives a wipe; touches of the frame belong to the session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from kiosk.flows.benefits.flow import BENEFITS
from kiosk.flows.campaigns.flow import CAMPAIGNS
from kiosk.flows.children.flow import CHILDREN
from kiosk.flows.coupons.flow import COUPONS
from kiosk.flows.feedback.flow import FEEDBACK
from kiosk.flows.home.flow import HOME
from kiosk.flows.home.state import Attract, Menu
from kiosk.flows.issue_card.flow import ISSUE_CARD
from kiosk.flows.lost.flow import LOST
from kiosk.flows.lost.state import ProvingHolder
from kiosk.flows.member.flow import MEMBER
from kiosk.flows.phone_proof.flow import PHONE_PROOF
from kiosk.flows.phone_proof.state import AskingMobile, PhoneLeft, PhoneProved
from kiosk.flows.points.flow import POINTS
from kiosk.flows.register.flow import REGISTER
from kiosk.flows.register.state import ProvingGuardian, ProvingPhone
from kiosk.flows.rewards.flow import REWARDS
from kiosk.flows.rewards.state import ProvingSpender
from kiosk.flows.scan.flow import SCAN
from kiosk.flows.sign_in.flow import SIGN_IN
from kiosk.flows.sign_in.state import SigningInByPhone
from kiosk.flows.status.flow import STATUS
from kiosk.flows.status.state import ProvingApplicant
from kiosk.ports.display import ConfirmEnd, NeedMoreTime, TakeCard, View
from kiosk.ports.values import CodePurpose, Draft, Language
from kiosk.session.events import (
    EndChosen,
    EndConfirmed,
    LanguageChosen,
    LargeTypeToggled,
    StaffCalled,
    StayChosen,
    Touched,
)
from screens.previews import CHROME, previews
from screens.routes import ROUTES
from tests.screens.screen_views import Stand, views

FLOWS = (
    HOME,
    REGISTER,
    ISSUE_CARD,
    SCAN,
    SIGN_IN,
    STATUS,
    MEMBER,
    POINTS,
    FEEDBACK,
    COUPONS,
    BENEFITS,
    PHONE_PROOF,
    REWARDS,
    LOST,
    CAMPAIGNS,
    CHILDREN,
)
WRAPPING = {ProvingPhone, SigningInByPhone, ProvingApplicant, ProvingSpender, ProvingHolder, ProvingGuardian}
PASSED_OVER = {PhoneProved, PhoneLeft}
"""States of the inner journey that the outer one never shows: it goes on in the same step."""

CANARIES = (
    "欧阳",
    "小满",
    "13800138000",
    "138****8000",
    "138 0013",
    "603918",
    "文一",
    "002X",
    "ouyang",
    "9012",
    "1988",
    "A0123",
    "0123 4567",
    "12,480",
    "1,280.50",
    "五点以后",
    "1234 5678",
    "123 456",
    "多开两台",
    "mfzwizltoq3tenrv",
    "R7K",
    "7KQ",
)


def shown_states() -> set[type]:
    return {state for flow in FLOWS for state in flow.states} - WRAPPING - PASSED_OVER


def test_every_state_has_a_screen() -> None:
    assert shown_states() == set(ROUTES)


@pytest.mark.parametrize("language", list(Language))
def test_every_state_has_a_preview(language: Language) -> None:
    assert (shown_states() | WRAPPING) == set(previews(language))


def test_a_state_that_wraps_another_shows_the_inner_one(stand: Stand) -> None:
    page = stand.router.page_of(AskingMobile(CodePurpose.JOIN))
    for wrapped in (
        ProvingPhone(Draft(), AskingMobile(CodePurpose.JOIN)),
        SigningInByPhone(AskingMobile(CodePurpose.SIGN_IN)),
        ProvingApplicant("", AskingMobile(CodePurpose.STATUS)),
    ):
        assert stand.router.page_of(wrapped) is page


def test_screens_are_built_once(stand: Stand) -> None:
    assert list(stand.router.warm()) == list(dict.fromkeys(ROUTES.values()))
    before = {id(stand.router.page_of(view.state)) for view in views().values()}
    for view in views().values():
        stand.router.show(view)
    assert {id(stand.router.page_of(view.state)) for view in views().values()} == before


@cache
def _kept_by(kind: type) -> tuple[str, ...]:
    """Names of the properties of a class of widgets that can hold a text."""
    kinds = {"StringProperty", "ListProperty", "ObjectProperty"}
    return tuple({name for base in kind.__mro__ for name, value in vars(base).items() if type(value).__name__ in kinds})


def strings(widget: Any) -> Iterator[str]:
    """Every text property of every widget of a tree, seen or not."""
    for part in widget.walk(restrict=True):
        for name in _kept_by(type(part)):
            yield from _pieces(getattr(part, name))


def _pieces(value: Any) -> Iterator[str]:
    """Yields a text, and those of a list: not the list's own words, for the address of an object in it may hold what is looked for."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _pieces(part)


def remains(stand: Stand) -> set[str]:
    texts = "\n".join(text for page in [stand.router, *stand.pages] for text in strings(page))
    return {canary for canary in CANARIES if canary in texts}


@pytest.mark.timeout(240)
def test_the_canaries_are_seen_before_a_wipe(stand: Stand) -> None:
    found = set()
    for view in views().values():
        stand.show(view)
        found |= remains(stand)
    assert found >= {"欧阳", "138 0013", "603918", "002X", "ouyang", "9012", "12,480", "1,280.50"}


@pytest.mark.timeout(240)
def test_a_wipe_leaves_no_personal_value_on_any_screen(stand: Stand) -> None:
    for view in views().values():
        stand.show(view)
        stand.router.wipe()
        stand.driver.frames(2)
        assert remains(stand) == set(), type(view.state).__name__


@pytest.mark.parametrize(
    "label",
    [
        "member",
        "points",
        "entries",
        "statement",
        "purchases",
        "purchase",
        "form-email",
        "review",
        "code-typing",
        "mobile-limit",
        "in-review",
        "issued",
        "feedback",
        "feedback-text",
        "feedback-sent",
        "case-replied",
    ],
)
def test_personal_values_are_blank_under_a_dialog_and_back_after_it(stand: Stand, label: str) -> None:
    view = views()[label]
    stand.show(view)
    seen = remains(stand)
    stand.show(replace(view, overlay=NeedMoreTime(20)))
    assert seen
    assert remains(stand) == set()
    stand.show(view)
    assert remains(stand) == seen


def test_every_touch_tells_the_session_that_somebody_is_there(stand: Stand) -> None:
    stand.preview("menu")
    stand.sent.clear()
    stand.driver.touch(5, 5)
    assert stand.sent == [Touched()]


@pytest.mark.parametrize(("test_id", "event"), [("bar-large", LargeTypeToggled()), ("bar-staff", StaffCalled()), ("bar-end", EndChosen())])
def test_the_bar_speaks_to_the_session(stand: Stand, test_id: str, event: object) -> None:
    stand.preview("menu")
    assert stand.tap(test_id) == [event]


@pytest.mark.parametrize("language", list(Language))
def test_a_language_is_chosen_from_the_bar(stand: Stand, language: Language) -> None:
    stand.preview("menu")
    assert stand.tap("bar-language") == []
    assert stand.tap(f"language.{language}") == [LanguageChosen(language)]
    assert not stand.driver.is_seen("language.close")


def test_the_choice_of_languages_closes_without_a_change(stand: Stand) -> None:
    stand.preview("menu")
    stand.tap("bar-language")
    assert stand.tap("language.close") == []
    assert not stand.driver.is_seen("language.close")


@pytest.mark.parametrize(
    ("overlay", "test_id", "event"),
    [
        (NeedMoreTime(20), "time.stay", StayChosen()),
        (NeedMoreTime(20), "time.end", EndConfirmed()),
        (ConfirmEnd(), "end.stay", StayChosen()),
        (ConfirmEnd(), "end.confirm", EndConfirmed()),
    ],
)
def test_dialogs_answer_the_session(stand: Stand, overlay: Any, test_id: str, event: object) -> None:
    stand.show(View(Menu(), CHROME, overlay))
    assert stand.tap(test_id) == [event]


def test_nothing_below_a_dialog_can_be_touched_but_the_bar_can(stand: Stand) -> None:
    stand.show(View(Menu(), CHROME, TakeCard()))
    for test_id in ("menu.join", "menu.status"):
        assert stand.tap(test_id) == []
    assert stand.tap("bar-staff") == [StaffCalled()]


def test_the_ring_of_the_dialog_runs_down_and_begins_anew(stand: Stand) -> None:
    stand.show(View(Menu(), CHROME, NeedMoreTime(20)))
    dialog = next(part for part in stand.router.walk(restrict=True) if type(part).__name__ == "MoreTimeDialog")
    stand.driver.wait(3.2, 0.1)
    assert dialog.left == 17
    stand.show(View(Menu(), CHROME))
    stand.show(View(Menu(), CHROME, NeedMoreTime(40)))
    assert dialog.left == 40


def test_large_type_is_switched_by_the_view(stand: Stand) -> None:
    stand.preview("menu")
    normal = stand.driver.find("menu.join").height
    stand.preview("menu", is_large=True)
    assert stand.driver.find("menu.join").height > normal


def test_a_development_installation_says_so_on_every_screen(stand: Stand) -> None:
    device = replace(CHROME.device, development_notice="DEVELOPMENT")
    stand.show(View(Attract(), replace(CHROME, device=device)))
    assert [text for text in strings(stand.router) if text == "DEVELOPMENT"]


@pytest.mark.timeout(240)
def test_a_page_that_is_left_forgets_its_personal_values_before_any_wipe(stand: Stand) -> None:
    for label, view in views().items():
        stand.show(view)
        stand.preview("menu")
        assert remains(stand) == set(), label
