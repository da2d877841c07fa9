"""Request ids of intents: the same while nobody knows what became of them, a new one afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flows.phone_proof.state import CodeSent, SendCode
from kiosk.flows.register.state import SubmitApplication
from kiosk.flows.status.state import WithdrawApplication
from kiosk.flows.step import DeskRefused, DeskUnreachable
from kiosk.ports.errors import Refused, Unreachable
from kiosk.ports.values import Challenge, CodePurpose, Draft, Language, Reason, RequestId
from kiosk.session.campaign_effects import CampaignParts
from kiosk.session.intents import Intents
from kiosk.session.performer import Outside, Performer
from tests.support.flow_samples import FLOWS, SAMPLES, STATUS_ANSWER

CODE = SendCode("13800138000", CodePurpose.JOIN, 0)
SUBMISSION = SubmitApplication(Draft(mobile="13800138000"))


class Ids:
    def __init__(self) -> None:
        self.made = 0

    def new(self) -> RequestId:
        self.made += 1
        return RequestId(f"id-{self.made}")


class Desk:
    """A centre that notes what it was asked and answers as the test says."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Language]] = []
        self.error: Exception | None = None

    def _answer(self, request_id: RequestId, language: Language) -> None:
        self.asked.append((request_id, language))
        if self.error is not None:
            raise self.error

    async def send_code(
        self, request_id: RequestId, _mobile: str, _purpose: CodePurpose, language: Language, _visit_token: str = ""
    ) -> Challenge:
        self._answer(request_id, language)
        return Challenge("otp", "138****8000", 300, 60)

    async def submit(self, request_id: RequestId, _draft: Draft, language: Language) -> Any:
        self._answer(request_id, language)


def performing() -> tuple[Performer, Desk]:
    desk: Any = Desk()
    return Performer(Outside(*(desk,) * 14, CampaignParts(desk, tuple, frozenset)), Intents(Ids())), desk


async def ask(performer: Performer, effect: Any, language: Language = Language.ZH_HANS) -> Any:
    return await performer.perform(effect, language, lambda _event: None)


async def test_who_asks_for_another_code_gets_another_and_not_the_answer_of_the_first() -> None:
    performer, desk = performing()
    assert isinstance(await ask(performer, CODE), CodeSent)
    assert isinstance(await ask(performer, CODE), CodeSent)
    assert [asked for asked, _ in desk.asked] == ["id-1", "id-2"]


async def test_a_lost_answer_is_asked_for_with_the_same_id_and_in_the_same_language() -> None:
    performer, desk = performing()
    desk.error = Unreachable()
    assert isinstance(await ask(performer, SUBMISSION), DeskUnreachable)
    desk.error = None
    await ask(performer, SUBMISSION, Language.EN)
    assert desk.asked == [("id-1", Language.ZH_HANS)] * 2


async def test_a_refused_request_is_tried_again_as_the_same() -> None:
    performer, desk = performing()
    desk.error = Refused(Reason("CODE_TOO_SOON"))
    assert await ask(performer, CODE) == DeskRefused(Reason("CODE_TOO_SOON"))
    await ask(performer, CODE)
    assert [asked for asked, _ in desk.asked] == ["id-1", "id-1"]


async def test_a_cancelled_request_does_not_stand_in_the_way_for_ever() -> None:
    performer, desk = performing()
    desk.error = Refused(Reason("REQUEST_CANCELLED"))
    await ask(performer, CODE)
    desk.error = None
    assert isinstance(await ask(performer, CODE), CodeSent)
    assert [asked for asked, _ in desk.asked] == ["id-1", "id-2"]


# Every effect that may change something at the centre, by its name: without an answer, the same wish must go out under the same id.
WISHES = {
    "AbortIssue",
    "ActivateCard",
    "AskGift",
    "AskReplacement",
    "ClaimCoupon",
    "CloseRequest",
    "GiveVerdict",
    "JoinCampaign",
    "RedeemReward",
    "ReportLoss",
    "SendCode",
    "SubmitApplication",
    "SubmitFeedback",
    "TakeConsentBack",
    "TurnInCard",
    "UndoRedemption",
    "WishReminder",
    "WithdrawApplication",
    "WithdrawLoss",
    "WriteCard",
}
EFFECTS = {
    type(effect).__name__: effect
    for flow in FLOWS
    for state in flow.states
    for event in flow.events
    for effect in flow.step(SAMPLES[state], SAMPLES[event]).effects
} | {"WithdrawApplication": WithdrawApplication(STATUS_ANSWER, "proof")}


class NoAnswer:
    """What is waited for in vain."""

    def __await__(self) -> Any:
        raise Unreachable


class SilentCentre:
    """Answers nothing, and notes the ids that requests came with."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.came: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def ask(*arguments: Any, **_named: Any) -> NoAnswer:
            self.came += [value for value in arguments if value in self._ids.all]
            return NoAnswer()

        return ask


class KnownIds(Ids):
    """Knows which ids it made."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[RequestId] = []

    def new(self) -> RequestId:
        self.all.append(super().new())
        return self.all[-1]


async def wish_twice(effect: Any) -> list[str]:
    """Returns the ids under which a wish went out that nobody answered, twice."""
    ids = KnownIds()
    centre: Any = SilentCentre(ids)
    performer = Performer(Outside(*(centre,) * 14, CampaignParts(centre, tuple, frozenset)), Intents(ids))
    for language in (Language.ZH_HANS, Language.EN):
        await ask(performer, effect, language)
    return centre.came


@pytest.mark.parametrize("name", sorted(WISHES))
async def test_a_wish_that_nobody_answered_goes_out_again_under_its_id(name: str) -> None:
    assert await wish_twice(EFFECTS[name]) == ["id-1", "id-1"]


async def test_no_wish_is_missing_from_the_list() -> None:
    others = {name: effect for name, effect in EFFECTS.items() if name not in WISHES and type(effect) in performing()[0].effects}
    # The reader is asked, not the centre.
    del others["LookAtReader"]
    assert len(others) > 20
    assert {name for name, effect in others.items() if await wish_twice(effect)} == set()
