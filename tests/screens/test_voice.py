"""What is heard of what is shown: a card left behind in any case, the rest while the voice is on; nothing after the visit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest

from kiosk.flows.home.state import Attract, Menu
from kiosk.flows.phone_proof.state import AskingCode, VerifyingCode
from kiosk.flows.register.state import FillingForm
from kiosk.flows.sign_in.state import WaitingForCard
from kiosk.ports.display import Chrome, ConfirmEnd, NeedMoreTime, Overlay, TakeCard, View
from kiosk.ports.values import Language, StaffCall
from kiosk.session.events import StaffCalled, VoiceToggled
from kiosk.texts.voice import load_spoken
from screens.previews import CHROME
from screens.routes import ROUTES
from screens.sound import announcer
from screens.sound.prompts import AGAIN, DIALOGS, PROMPTS
from tests.screens.screen_views import Stand, standing, told, views

SPEAKING = replace(CHROME, is_voice_on=True)


class Ear:
    """Hears in the place of the player: clicks, earcons, and what is said until it is hushed."""

    is_able = True

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.says: tuple[str, str] | None = None

    def click(self) -> None:
        self.heard.append("click")

    def ring(self, earcon: str) -> None:
        self.heard.append(earcon)

    def say(self, prompt: str, language: str, after_s: float, *, is_repeated: bool = False) -> None:
        self.says = (prompt, language)
        self.heard.append((prompt, language, after_s, is_repeated))

    def hush(self) -> None:
        self.says = None

    def spoken(self) -> list[str]:
        """Return the prompts that were said since the last look, and forget what was heard."""
        said = [one[0] for one in self.heard if isinstance(one, tuple)]
        self.heard.clear()
        return said


@pytest.fixture(scope="module")
def one_ear() -> Ear:
    return Ear()


@pytest.fixture(scope="module")
def one_speaking_stand(one_ear: Ear) -> Iterator[Stand]:
    with standing(one_ear) as made:
        yield made


@pytest.fixture
def spoken_to(one_speaking_stand: Stand, one_ear: Ear) -> Iterator[tuple[Stand, Ear]]:
    one_speaking_stand.settle()
    one_ear.heard.clear()
    yield one_speaking_stand, one_ear
    one_speaking_stand.settle()


def show(stand: Stand, state: Any, chrome: Chrome = CHROME, overlay: Overlay | None = None) -> None:
    stand.router.show(View(state, chrome, overlay))


def test_every_page_and_every_dialog_has_a_prompt() -> None:
    assert set(PROMPTS) == set(ROUTES)
    assert set(DIALOGS) == set(Overlay.__args__)


def test_every_prompt_is_said_somewhere_and_has_words() -> None:
    assert {*PROMPTS.values(), *DIALOGS.values(), *announcer.CALLS.values(), AGAIN} == set(load_spoken())


def test_nothing_of_a_state_is_heard_but_which_page_it_is(spoken_to: tuple[Stand, Ear]) -> None:
    """Every preview, full of names and numbers, leads to nothing but keys of fixed texts."""
    stand, ear = spoken_to
    known = set(load_spoken())
    for view in views().values():
        show(stand, view.state, replace(view.chrome, is_voice_on=True), view.overlay)
    assert known >= set(ear.spoken())
    assert all(field.name in {"page", "trouble", "dialog", "call", "language", "is_voice_on"} for field in fields(announcer._Shown))


@pytest.mark.parametrize("language", list(Language))
def test_a_card_that_is_left_is_spoken_of_though_the_voice_is_off(spoken_to: tuple[Stand, Ear], language: Language) -> None:
    stand, ear = spoken_to
    chrome = replace(CHROME, language=language)
    show(stand, Menu(), chrome)
    assert ear.spoken() == []
    stand.router.wipe()
    show(stand, Attract(), chrome, TakeCard())
    assert ear.heard == ["attention", ("take_card", language.value, announcer.SOON_S, True)]
    show(stand, Attract(), CHROME)
    assert ear.says is None


def test_it_is_not_begun_anew_by_whatever_else_changes(spoken_to: tuple[Stand, Ear]) -> None:
    stand, ear = spoken_to
    show(stand, Attract(), CHROME, TakeCard())
    ear.heard.clear()
    show(stand, Attract(), replace(CHROME, is_large=True, is_linked=False), TakeCard())
    assert ear.heard == []
    assert ear.says == ("take_card", "zh-Hans")


def test_the_answer_of_the_staff_is_heard_once_with_and_without_the_voice(spoken_to: tuple[Stand, Ear]) -> None:
    stand, ear = spoken_to
    for call in (StaffCall.NONE, StaffCall.WAITING, StaffCall.ANSWERED, StaffCall.ANSWERED):
        show(stand, Menu(), replace(CHROME, staff_call=call))
    assert ear.heard == ["answered"]
    ear.heard.clear()
    # Another page after a wipe is no other answer.
    stand.router.wipe()
    show(stand, Menu(), replace(CHROME, staff_call=StaffCall.ANSWERED))
    assert ear.heard == []
    show(stand, Menu(), SPEAKING)
    ear.heard.clear()
    show(stand, Menu(), replace(SPEAKING, staff_call=StaffCall.UNREACHABLE))
    assert (ear.heard[0], ear.says) == ("error", ("staff_unreachable", "zh-Hans"))


def test_with_the_voice_each_page_says_what_it_is_when_it_appears(spoken_to: tuple[Stand, Ear]) -> None:
    stand, ear = spoken_to
    show(stand, Menu())
    show(stand, Menu(), SPEAKING)
    assert ear.spoken() == ["menu"]
    show(stand, WaitingForCard(), SPEAKING)
    show(stand, WaitingForCard(), SPEAKING)
    assert ear.spoken() == ["sign_in"]
    show(stand, WaitingForCard(), replace(SPEAKING, language=Language.EN))
    assert ear.says == ("sign_in", "en")
    show(stand, WaitingForCard(), replace(CHROME, language=Language.EN))
    assert ear.says is None


def test_without_the_voice_no_page_speaks(spoken_to: tuple[Stand, Ear]) -> None:
    stand, ear = spoken_to
    for view in views().values():
        if not isinstance(view.overlay, TakeCard):
            show(stand, view.state, view.chrome, view.overlay)
    assert ear.spoken() == []


def test_when_the_visit_ends_nothing_is_said_any_more(spoken_to: tuple[Stand, Ear]) -> None:
    stand, ear = spoken_to
    show(stand, Menu(), SPEAKING)
    assert ear.says is not None
    stand.router.wipe()
    assert ear.says is None
    show(stand, Attract())
    assert ear.says is None


def test_the_warning_before_the_end_is_said_and_stops_when_somebody_is_there(spoken_to: tuple[Stand, Ear]) -> None:
    stand, ear = spoken_to
    show(stand, Menu(), SPEAKING)
    show(stand, Menu(), SPEAKING, NeedMoreTime(20))
    assert (ear.heard[-2], ear.says) == ("attention", ("more_time", "zh-Hans"))
    show(stand, Menu(), SPEAKING)
    assert ear.says is None
    show(stand, Menu(), SPEAKING, ConfirmEnd())
    assert ear.says == ("confirm_end", "zh-Hans")


def test_a_wrong_code_is_told_each_time_and_a_page_that_waits_within_itself_is_not_said_twice(spoken_to: tuple[Stand, Ear]) -> None:
    stand, ear = spoken_to
    asking = views()["code-typing"].state
    assert isinstance(asking, AskingCode)
    verifying = next(view.state for view in views().values() if isinstance(view.state, VerifyingCode))
    wrong = next(view.state for view in views().values() if isinstance(view.state, AskingCode) and view.state.reason is not None)
    for state in (asking, verifying, wrong, replace(wrong, reason=None), verifying, wrong):
        show(stand, state, SPEAKING)
    assert ear.spoken() == ["code", "again", "again"]


def test_what_is_wrong_in_the_form_is_told_and_each_that_is_mended_is_not(spoken_to: tuple[Stand, Ear]) -> None:
    stand, ear = spoken_to
    wrong = views()["form-findings"].state
    assert isinstance(wrong, FillingForm)
    assert len(wrong.findings) > 1
    mended = replace(wrong, findings=wrong.findings[:1])
    for state in (replace(wrong, findings=()), wrong, mended, wrong):
        show(stand, state, SPEAKING)
    assert ear.heard.count("error") == 2
    assert ear.spoken() == ["form", AGAIN, AGAIN]


@pytest.mark.parametrize("call", [StaffCall.ANSWERED, StaffCall.UNREACHABLE])
def test_an_answer_of_the_staff_does_not_end_the_call_for_the_card(spoken_to: tuple[Stand, Ear], call: StaffCall) -> None:
    stand, ear = spoken_to
    show(stand, Attract(), CHROME, TakeCard())
    ear.heard.clear()
    show(stand, Attract(), replace(CHROME, staff_call=call), TakeCard())
    assert len(ear.heard) == 1
    assert ear.says == ("take_card", "zh-Hans")


def test_what_is_done_in_a_moment_is_not_spoken_of(spoken_to: tuple[Stand, Ear]) -> None:
    stand, ear = spoken_to
    show(stand, next(view.state for label, view in views().items() if label.startswith("looking-up")), SPEAKING)
    assert ear.heard == [("wait", "zh-Hans", announcer.WAIT_AFTER_S, False)]


def test_good_and_bad_ends_are_heard_without_the_voice(spoken_to: tuple[Stand, Ear]) -> None:
    stand, ear = spoken_to
    show(stand, views()["issued"].state)
    show(stand, views()["status-unavailable"].state)
    assert ear.heard == ["success", "error"]


def test_a_touch_of_a_target_clicks_and_one_beside_it_does_not(spoken_to: tuple[Stand, Ear]) -> None:
    stand, ear = spoken_to
    stand.preview("menu")
    ear.heard.clear()
    stand.driver.touch(5, 5)
    assert ear.heard == []
    stand.tap("menu.join")
    assert ear.heard == ["click"]


def test_the_bar_switches_the_voice_and_says_what_its_button_does(spoken_to: tuple[Stand, Ear]) -> None:
    stand, _ear = spoken_to
    stand.preview("menu")
    assert stand.tap("bar-voice") == [VoiceToggled()]
    assert "语音" in told(stand)
    stand.show(View(Menu(), SPEAKING))
    assert "关语音" in told(stand)


def test_a_kiosk_without_a_sound_device_offers_no_voice_and_goes_on() -> None:
    with standing(announcer.Silence()) as stand:
        stand.preview("menu")
        assert not stand.driver.is_seen("bar-voice")
        stand.show(View(Attract(), SPEAKING, TakeCard()))
        stand.preview("menu")
        assert stand.tap("bar-staff") == [StaffCalled()]
