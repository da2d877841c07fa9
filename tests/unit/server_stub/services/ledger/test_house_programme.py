"""The chain's own programme: what a new installation begins with, and the tier that its members see."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from server_stub.domain.actors import StaffActor, SystemActor
from server_stub.domain.ledger_commands import SaleLine
from server_stub.domain.program.catalogue import HOUSE, load_rule_set
from server_stub.domain.reasons import Reason
from server_stub.services.cards.content import OTHER_TIER, TIER_NUMBERS
from server_stub.storage.codes import CodePurpose
from tests.support.central_service import DEVICE
from tests.support.ledger_desk import JOB, Counter
from tests.unit.server_stub.services.test_members import refusal_of

if TYPE_CHECKING:
    from tests.support.central_service import Central

BEGINNER = SystemActor("beginner")


@pytest.fixture
def at_home(counter: Counter) -> Counter:
    """A counter of a service that has begun to serve."""
    assert counter.ledger.programme.begin(BEGINNER)
    return counter


def shown_tier(central: Central) -> str:
    """What the member sees at the kiosk."""
    visit = central.core.members.identify(DEVICE, central.proof(purpose=CodePurpose.SIGN_IN))
    return central.core.members.get_member(DEVICE, visit.visit_token).tier


def test_nobody_of_the_staff_begins_a_programme(central: Central) -> None:
    assert refusal_of(lambda: central.core.ledger.programme.begin(StaffActor("li", frozenset()))) is Reason.NOT_PERMITTED
    assert central.count("rule_set_version") == 0


def test_a_service_begins_with_the_house_rules_once_and_never_over_others(central: Central) -> None:
    programme = central.core.ledger.programme
    assert [programme.begin(BEGINNER) for _ in range(2)] == [True, False]
    assert programme.in_force(central.clock.now() - timedelta(days=365)) == load_rule_set(HOUSE)
    (row,) = central.rows("rule_set_version")
    assert (row["version"], row["published_by"]) == (HOUSE, BEGINNER.label)
    assert [event["subject_key"] for event in central.rows("audit_event") if event["action"] == "rules.published"] == [HOUSE]


def test_rules_that_were_published_before_stay(counter: Counter) -> None:
    counter.rules("hexing-mall")
    assert not counter.ledger.programme.begin(BEGINNER)
    assert counter.ledger.programme.in_force(counter.central.clock.now()) == load_rule_set("hexing-mall")


def test_a_member_who_joined_at_a_kiosk_earns_at_a_till_and_rises(at_home: Counter) -> None:
    """By hand: 2 499.00 yuan are 2 499 points, which reach silver (2 000); tobacco for 100.00 yuan earns nothing."""
    central = at_home.central
    member_id = central.member_id(central.join().membership_number)
    central.activate(member_id)
    assert shown_tier(central) == "basic"
    lines = (SaleLine("wine", "food", 1, 249_900), SaleLine("cigarettes", "tobacco", 1, 10_000))
    sold = at_home.sell(0, member_id, lines=lines)
    assert (sold.eligible_fen, sold.booked.points) == (249_900, 2_499)
    assert shown_tier(central) == "silver"
    facts = central.database.read(lambda tx: central.core.activation.facts(tx, member_id))
    assert (facts.tier, facts.points, TIER_NUMBERS[facts.tier]) == ("silver", 2_699, 2)


def test_points_end_twelve_months_after_they_were_earned(at_home: Counter) -> None:
    at_home.join().sell(10_000)
    at_home.central.clock.advance(days=364)
    assert at_home.free() == (100, 0, 0, 0)
    at_home.central.clock.advance(days=1)
    assert at_home.free() == (0, 0, 0, 0)
    at_home.ledger.accounts.settle_due(JOB)


def test_where_the_rules_have_no_tiers_the_one_of_joining_is_shown(counter: Counter) -> None:
    counter.central.join()
    assert shown_tier(counter.central) == "basic"


def test_a_tier_that_cards_have_no_number_for_stops_no_card(counter: Counter) -> None:
    counter.rules("hexing-mall").central.join()
    assert shown_tier(counter.central) == "points_card"
    assert TIER_NUMBERS.get("points_card", OTHER_TIER) == OTHER_TIER
