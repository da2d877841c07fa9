"""A returned application end to end by touches: a reviewer says what to mend, the applicant mends it at the kiosk and takes the card."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server_stub.domain.actors import Role, StaffActor
from server_stub.domain.decision_reasons import DecisionReason, Verdict
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding
from server_stub.services.review.blocklist import BlockOrder
from server_stub.services.review.decisions import DecisionOrder
from server_stub.storage.reviews import BlockKind
from tests.journey.returned import AskingJourney, CorrectingJourney
from tests.journey.script import Person
from tests.support.town import Town

pytestmark = [pytest.mark.long, pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(400)]
MOBILE = "13900139000"
ADMIN = StaffActor("root", frozenset({Role.ADMINISTRATOR}))
REVIEWER = StaffActor("li", frozenset({Role.REVIEWER}))


def send_back(town: Town, number: str) -> None:
    """A reviewer finds that the name is not that of a person."""
    reviews = town.parts.core.reviews
    task = reviews.claim(REVIEWER, number)
    found = (Finding("name", Reason.FIELD_CHARACTERS),)
    order = DecisionOrder(number, Verdict.RETURN, DecisionReason.DETAILS_WRONG, task.version, found)
    reviews.decide(REVIEWER, town.parts.new_envelope(), order)


def test_what_was_sent_back_is_mended_and_leads_to_one_card(town: Town, tmp_path: Path) -> None:
    blocklist = town.parts.core.blocklist
    until = town.parts.foundation.clock.now() + timedelta(days=30)
    entry = blocklist.add(ADMIN, BlockOrder(BlockKind.MOBILE, MOBILE, "resold points", until))
    more = {"out": tmp_path / "pictures", "patience_s": 40.0, "pass_time": town.wait, "lay": town.lay, "take": town.take_off}
    asking: dict[str, Any] = {"world": town, "person": Person(mobile=MOBILE), **more}
    assert AskingJourney(**asking).play()[-1].state == "Attract"
    (first,) = town.owner.rows("SELECT number, application_id FROM application WHERE state = 'IN_REVIEW'")
    send_back(town, first.number)
    blocklist.lift(ADMIN, entry, "the member contested it with success")
    mending: dict[str, Any] = {"world": town, "person": Person((("ouyang", "欧阳"), ("xiaoyu", "小雨")), MOBILE), **more}
    played = CorrectingJourney(**mending).play()
    assert played[-1].state == "Attract"
    # One took the other's place: one member, one card, and nothing of the first is still open.
    states = {row.application_id: row.state for row in town.owner.rows("SELECT application_id, state FROM application")}
    assert states[first.application_id] == "WITHDRAWN"
    (mended,) = town.owner.rows("SELECT application_id, state FROM application WHERE replaces_application_id = ?", first.application_id)
    assert mended.state == "ACTIVE"
    (member,) = town.owner.rows("SELECT member_id, state FROM member WHERE application_id = ?", mended.application_id)
    assert member.state == "ACTIVE"
    assert town.owner.check_card("new") == "ACTIVE"
    town.run_service_command("audit", "verify")
