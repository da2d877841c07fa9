"""A child under 14 end to end by touches: joined by its guardian, let in by two people, its card fetched, its consent taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server_stub.domain.actors import Role, StaffActor
from server_stub.domain.decision_reasons import DecisionReason, Verdict
from server_stub.services.review.decisions import DecisionOrder
from tests.journey.guardian import FetchChildsCardJourney, JoinChildJourney, MyChildrenJourney
from tests.journey.script import Person
from tests.support.printed_receipts import kind_on
from tests.support.town import Town

pytestmark = [pytest.mark.long, pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(400)]
CHILD = (("ouyang", "欧阳"), ("xiaoyu", "小雨"))
PEOPLE = tuple(StaffActor(name, frozenset({Role.REVIEWER})) for name in ("li", "wang"))


def approve(town: Town, number: str) -> None:
    """Two people see the household register."""
    reviews = town.parts.core.reviews
    for person in PEOPLE:
        task = reviews.claim(person, number)
        order = DecisionOrder(number, Verdict.APPROVE, DecisionReason.HOUSEHOLD_REGISTER_SEEN, task.version)
        reviews.decide(person, town.parts.new_envelope(), order)


def test_a_child_joins_has_a_card_and_leaves_by_its_guardian(town: Town, tmp_path: Path) -> None:
    guardian = town.neighbours[0]
    more = {"out": tmp_path / "pictures", "patience_s": 40.0, "pass_time": town.wait, "lay": town.lay, "take": town.take_off}
    hands: dict[str, Any] = {"world": town, "person": Person(CHILD, guardian.mobile), **more}
    assert JoinChildJourney(**hands).play()[-1].state == "Attract"
    (application,) = town.owner.rows("SELECT number, application_id FROM application WHERE state = 'IN_REVIEW'")
    approve(town, application.number)
    assert FetchChildsCardJourney(**hands).play()[-1].state == "Attract"
    query = "SELECT m.member_id, m.state, m.mobile_token FROM member m JOIN guardian_link g ON g.child_member_id = m.member_id"
    (child,) = town.owner.rows(query)
    assert (child.state, child.mobile_token) == ("ACTIVE", None)
    assert town.owner.check_card("child") == "ACTIVE"
    assert MyChildrenJourney(**hands).play()[-1].state == "Attract"
    (child,) = town.owner.rows(query)
    assert child.state == "CLOSED"
    assert [row.state for row in town.owner.rows("SELECT state FROM guardian_link")] == ["WITHDRAWN"]
    assert [row.state for row in town.owner.rows("SELECT state FROM card WHERE member_id = ?", child.member_id)] == ["BLOCKED"]
    person = "SELECT p.name, p.mobile FROM person p JOIN member m ON m.person_id = p.person_id WHERE m.member_id = ?"
    (left,) = town.owner.rows(person, child.member_id)
    assert (left.name, left.mobile) == (None, None)
    assert kind_on(town, town.slips()[-1]) == "consent_withdrawn"
    town.run_service_command("ledger", "prove")
