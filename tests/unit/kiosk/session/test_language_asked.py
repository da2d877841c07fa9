"""What the centre says in words is asked for in the language of the session; a wish keeps that of its first attempt."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flows.campaigns.state import JoinCampaign
from kiosk.flows.points.state import LoadAccount, LoadEntries, LoadStatement
from kiosk.flows.rewards.effects import FetchReceipt, UndoRedemption
from kiosk.ports.values import Language
from kiosk.session.campaign_effects import CampaignParts
from kiosk.session.intents import Intents
from kiosk.session.performer import Outside, Performer
from tests.unit.kiosk.session.test_intents import Ids, NoAnswer, ask

QUESTIONS = [LoadAccount("visit"), LoadEntries("visit", "older"), LoadStatement("visit"), FetchReceipt("visit", "red_1")]
WISHES = [JoinCampaign("visit", "baking"), UndoRedemption("visit", "red_1")]


class Listening:
    """A centre that answers nothing, and notes the languages that it was asked in."""

    def __init__(self) -> None:
        self.heard: list[Language | None] = []

    def __getattr__(self, name: str) -> Any:
        def asked(*arguments: Any, **_named: Any) -> NoAnswer:
            self.heard.append(next((one for one in arguments if isinstance(one, Language)), None))
            return NoAnswer()

        return asked


async def heard_in_turn(effect: Any) -> list[Language | None]:
    """Returns in which languages the centre hears an effect from a session that switches through all of them."""
    centre: Any = Listening()
    performer = Performer(Outside(*(centre,) * 14, CampaignParts(centre, tuple, frozenset)), Intents(Ids()))
    for language in Language:
        await ask(performer, effect, language)
    return centre.heard


@pytest.mark.parametrize("effect", QUESTIONS, ids=lambda effect: type(effect).__name__)
async def test_a_question_is_asked_in_the_language_of_the_screen(effect: Any) -> None:
    assert await heard_in_turn(effect) == list(Language)


@pytest.mark.parametrize("effect", WISHES, ids=lambda effect: type(effect).__name__)
async def test_a_wish_without_an_answer_is_repeated_in_the_language_of_its_first_attempt(effect: Any) -> None:
    assert await heard_in_turn(effect) == [next(iter(Language))] * len(Language)
