"""Points that end soon: members are told in time, once for each day, of what is then really left, and nobody else is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server_stub.config import PointsSettings
from server_stub.domain.language import Language
from server_stub.domain.reasons import Reason
from server_stub.jobs.ending_points import PointsEnding
from server_stub.messages.message import Way
from server_stub.messages.wording import Wording
from server_stub.services.ledger.ending_points import EndingPoints
from server_stub.services.ledger.gifts import PointsGift
from tests.support.central_service import ADMIN, DEVICE, LI, Central
from tests.support.ledger_desk import JOB, Counter
from tests.unit.server_stub.services.test_members import refusal_of


@pytest.fixture
def counter(central: Central) -> Counter:
    """One whose members' phones are known: they came with an application and have their card."""
    counter = Counter(central).rules(expiry="rolling", expiry_months=2)
    central.activate(central.member_id(central.join().membership_number))
    return counter


def ending(central: Central, days: int = 30) -> EndingPoints:
    return EndingPoints(central.core.ledger.booking, central.core.notifications, PointsSettings(warning_days=days))


def member(central: Central) -> str:
    return str(central.rows("member")[0]["member_id"])


def told(central: Central) -> list[tuple[str, str]]:
    found = [payload.variables for template, payload in central.messages() if template == "points_ending"]
    return [(variables["points"], variables["last_day"]) for variables in found]


@pytest.mark.parametrize("actor", [DEVICE, LI, ADMIN])
def test_only_the_service_itself_tells(central: Central, actor: object) -> None:
    assert refusal_of(lambda: ending(central).tell_all(actor)) is Reason.NOT_PERMITTED


def test_nobody_is_told_too_early_or_of_nothing(counter: Counter) -> None:
    central = counter.central
    counter.sell(1_000, member(central))
    central.clock.advance(days=30)
    assert ending(central).tell_all(JOB) == 0
    central.clock.advance(days=1)
    counter.redeem(10, member(central))
    assert ending(central).tell_all(JOB) == 0
    counter.sell(1_000, member(central))
    assert ending(central, days=0).tell_all(JOB) == 0
    assert told(central) == []


def test_a_member_is_told_once_for_each_day(counter: Counter) -> None:
    central = counter.central
    counter.sell(1_000, member(central))
    counter.sell(500, member(central))
    central.clock.advance(days=1)
    counter.sell(700, member(central))
    central.clock.advance(days=31)
    assert PointsEnding(ending(central)).run() == "2 members told of points that end"
    assert told(central) == [("15", "2027-01-22"), ("7", "2027-01-23")]
    central.clock.advance(days=1)
    assert ending(central).tell_all(JOB) == 0
    assert len(told(central)) == 2


def test_what_was_spent_meanwhile_is_not_told_of(counter: Counter) -> None:
    central = counter.central
    counter.sell(1_000, member(central))
    central.clock.advance(days=40)
    counter.redeem(4, member(central))
    assert ending(central).tell_all(JOB) == 1
    assert told(central) == [("6", "2027-01-22")]


def test_a_year_review_that_would_take_everything_is_told_of(central: Central) -> None:
    counter = Counter(central).rules(expiry="year_review", void_below=40)
    central.activate(central.member_id(central.join().membership_number))
    counter.sell(1_000, member(central))
    central.clock.advance(days=20)
    assert ending(central).tell_all(JOB) == 1
    assert [day for _, day in told(central)] == ["2026-12-31"]


def test_who_has_no_card_yet_and_who_was_erased_is_not_told(central: Central) -> None:
    Counter(central).rules()
    central.join()
    central.clock.advance(days=350)
    assert ending(central, days=400).tell_all(JOB) == 0


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("way", list(Way))
def test_the_words_say_points_and_last_day(language: Language, way: Way) -> None:
    text = Wording().render("points_ending", way, language.value, {"points": "4321", "last_day": "2027-01-22"})[1]
    assert "4321" in text
    assert "2027-01-22" in text


def test_points_that_would_be_gone_at_once_are_refused_and_leave_nothing(counter: Counter) -> None:
    central = counter.central
    entries = central.count("points_entry")
    yesterday = (central.clock.now() - timedelta(days=1)).date()
    gift = PointsGift(member(central), 5, "referral:x", "referral", yesterday, "r1")
    give = central.core.ledger.gifts.give
    assert refusal_of(lambda: central.database.write(lambda tx: give(tx, gift))) is Reason.EXPIRY_IN_PAST
    assert central.count("points_entry") == entries
