"""What the member's home points at: only a gift that can be had, and nothing at all where the centre cannot say."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flows.member.flow import MEMBER
from kiosk.flows.member.state import LoadNews, MemberHome, NewsLoaded
from kiosk.ports.errors import DeskError, Refused, Unreachable
from kiosk.ports.perks import AnnouncedChange, BirthdayGift, GiftState, OwnNews
from kiosk.ports.values import Language, Reason
from kiosk.session.perks_effects import perks_performs
from tests.support.flow_samples import MEMBERSHIP, VISITOR
from tests.support.journey import Journey

OPEN = BirthdayGift(GiftState.OPEN, None, "benefit.birthday", 5_000, "2026-12-31")
CHANGE = AnnouncedChange("c1", "title", "text", "2027-01-01")


class Benefits:
    """A desk of benefits that says what the test wants."""

    def __init__(self, gift: BirthdayGift, error: DeskError | None = None) -> None:
        self.gift, self.error = gift, error

    async def birthday_gift(self, _token: str) -> BirthdayGift:
        return self.gift

    async def changes(self, _language: Language) -> tuple[AnnouncedChange, ...]:
        if self.error is not None:
            raise self.error
        return (CHANGE, CHANGE)


async def news(gift: BirthdayGift, error: DeskError | None = None) -> OwnNews:
    nothing: Any = None
    desk: Any = Benefits(gift, error)
    loaded = await perks_performs(nothing, desk, nothing)[LoadNews](LoadNews("visit"), Language.EN, nothing)
    assert isinstance(loaded, NewsLoaded)
    return loaded.news


@pytest.mark.parametrize("error", [Unreachable(), Refused(Reason("VISIT_OVER"))])
async def test_a_home_that_could_not_ask_is_a_home_without_news(error: DeskError) -> None:
    assert await news(OPEN, error) == OwnNews()


@pytest.mark.parametrize("state", [GiftState.GIVEN, GiftState.CLOSED])
async def test_a_gift_that_cannot_be_had_is_no_news(state: GiftState) -> None:
    assert await news(BirthdayGift(state, Reason("BIRTHDAY_NOT_NOW"))) == OwnNews(None, 2)


async def test_a_gift_that_can_be_had_and_the_changes_are_told() -> None:
    told = await news(OPEN)
    assert told == OwnNews(OPEN, 2)
    home = MemberHome(VISITOR, MEMBERSHIP, "HM1:1")
    Journey(MEMBER, home).on(NewsLoaded(told)).expect(MemberHome, code="HM1:1", news=told).asks()
