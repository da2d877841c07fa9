"""What happens while an application waits is known to whoever approves it: others join, and the list of earlier abuse grows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server_stub.domain.application_states import ApplicationState
from server_stub.domain.decision_reasons import DecisionReason, Verdict
from server_stub.domain.reasons import Reason
from server_stub.services.review.blocklist import BlockOrder
from server_stub.services.review.decisions import DecisionOrder
from server_stub.storage.reviews import BlockKind
from tests.support.central_service import ADMIN, LI, WANG, Central, consenting
from tests.unit.server_stub.services.test_review import UNKNOWN_REGION, decide, one_person_case, order, refusal_of


def approve(central: Central, staff: object, number: str, reason: DecisionReason) -> DecisionOrder:
    return DecisionOrder(number, Verdict.APPROVE, reason, central.core.reviews.claim(staff, number).version)


def test_one_id_number_that_waits_twice_is_not_approved_twice_by_one_person(central: Central) -> None:
    first, second = one_person_case(central), one_person_case(central, "13900139000")
    assert central.core.reviews.show(LI, second).similar == ()
    unaware = order(central, WANG, second)
    assert decide(central, LI, order(central, LI, first)).state is ApplicationState.CARD_PENDING
    assert refusal_of(central, WANG, unaware) is Reason.STALE_VERSION
    assert central.count("member") == 1
    shown = central.core.reviews.show(WANG, second)
    assert [(one.mobile_masked, one.score) for one in shown.similar] == [("138****8000", 100)]
    assert [finding.reason for finding in shown.findings] == [Reason.ID_REGION_UNKNOWN, Reason.SIMILAR_MEMBER]
    assert shown.summary.needed_approvals == 2
    aware = approve(central, WANG, second, DecisionReason.ANOTHER_PERSON)
    assert decide(central, WANG, aware).missing_approvals == 1
    assert decide(central, LI, approve(central, LI, second, DecisionReason.REGION_CONFIRMED)).state is ApplicationState.CARD_PENDING


def test_who_joined_at_once_is_known_to_who_approves_what_waited_before(central: Central) -> None:
    waiting = one_person_case(central)
    unaware = order(central, LI, waiting)
    birthday = {"birthday": "1985-03-07", "id_number": UNKNOWN_REGION, "consents": consenting("id_number")}
    central.join(mobile="13900139000", name="欧阳晓明", **birthday)
    other = next(one for one in central.core.reviews.list(LI) if one.application_number != waiting)
    assert decide(central, WANG, order(central, WANG, other.application_number)).state is ApplicationState.CARD_PENDING
    assert refusal_of(central, LI, unaware) is Reason.STALE_VERSION


@pytest.mark.tampers
@pytest.mark.parametrize(("kind", "value"), [(BlockKind.MOBILE, "13800138000"), (BlockKind.ID, UNKNOWN_REGION)])
def test_a_line_of_earlier_abuse_that_came_meanwhile_needs_two_people(central: Central, kind: BlockKind, value: str) -> None:
    number = one_person_case(central)
    unaware = order(central, LI, number)
    central.core.blocklist.add(ADMIN, BlockOrder(kind, value, "resold points", central.clock.now() + timedelta(days=9)))
    assert refusal_of(central, LI, unaware) is Reason.STALE_VERSION
    shown = central.core.reviews.show(LI, number)
    assert (shown.block_reasons, shown.summary.needed_approvals) == (("resold points",), 2)


@pytest.mark.tampers
def test_what_was_found_is_a_verdict_of_its_own_and_is_found_once(central: Central) -> None:
    first, second = one_person_case(central), one_person_case(central, "13900139000")
    decide(central, LI, order(central, LI, first))
    for _ in range(2):
        shown = central.core.reviews.show(WANG, second)
    assert [(one.verdict, one.author) for one in shown.decisions] == [("REVIEW", "system:preliminary")] * 2
    decided = decide(central, WANG, order(central, WANG, second))
    assert decided.missing_approvals == 1


def test_other_verdicts_wait_for_no_second_look(central: Central) -> None:
    first, second = one_person_case(central), one_person_case(central, "13900139000")
    unaware = order(central, WANG, second, Verdict.REJECT)
    decide(central, LI, order(central, LI, first))
    assert decide(central, WANG, unaware).state is ApplicationState.REJECTED
