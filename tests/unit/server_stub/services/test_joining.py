"""A clean adult joins: what exists after the answer, and after the card."""

from __future__ import annotations

import pytest

from server_stub.domain.application_states import ApplicationState
from server_stub.domain.numbering import is_application_number, is_membership_number
from server_stub.storage.codes import CodePurpose
from server_stub.storage.members import IdentifiedBy, member_by_id
from tests.support.central_service import DEVICE, Central


def test_a_clean_adult_is_a_member_who_waits_for_the_card(central: Central) -> None:
    answer = central.join()
    assert answer.state is ApplicationState.CARD_PENDING
    assert answer.findings == ()
    assert is_membership_number(answer.membership_number)
    assert is_application_number(answer.application_number)
    assert answer.receipt.code.startswith("HR1:")
    application = central.database.read(lambda tx: central.core.grants.require(tx, answer.issue_grant, DEVICE))
    assert application.number == answer.application_number


def test_benefits_wait_for_the_card_and_are_usable_after_it(central: Central) -> None:
    answer = central.join()
    visit = central.core.members.identify(DEVICE, central.proof(purpose=CodePurpose.SIGN_IN))
    before = central.core.members.get_member(DEVICE, visit.visit_token)
    assert visit.name_masked == "欧阳**"
    assert (before.points_available, before.points_pending) == (0, 200)
    assert [coupon.usable for coupon in before.coupons] == [False, False]
    assert before.application_state is ApplicationState.CARD_PENDING
    assert before.issue_grant
    activated = central.activate(central.member_id(answer.membership_number))
    after = central.core.members.get_member(DEVICE, visit.visit_token)
    assert (after.points_available, after.points_pending) == (200, 0)
    assert [coupon.usable for coupon in after.coupons] == [True, True]
    assert after.application_state is ApplicationState.ACTIVE
    assert after.issue_grant == ""
    assert [benefit.amount for benefit in activated.benefits] == [200, 500, 1000]


@pytest.mark.parametrize("by", [IdentifiedBy.CODE, IdentifiedBy.RECEIPT])
def test_paper_and_a_code_that_was_photographed_have_no_card_written(central: Central, by: IdentifiedBy) -> None:
    """A card spends, and whoever holds a slip or a picture need not be its member (F15)."""
    member_id = central.member_id(central.join().membership_number)
    member = central.database.read(lambda tx: member_by_id(tx, member_id))
    before = central.count("issue_grant")
    visit = central.database.write(lambda tx: central.core.members.begin_visit(tx, member, DEVICE, by)).visit_token
    view = central.core.members.get_member(DEVICE, visit)
    assert (view.application_state, view.issue_grant) == (ApplicationState.CARD_PENDING, "")
    assert central.count("issue_grant") == before


def test_the_welcome_message_goes_out_once(central: Central) -> None:
    member_id = central.member_id(central.join(email="o@example.com").membership_number)
    central.activate(member_id)
    central.activate(member_id)
    welcomes = [payload for template, payload in central.messages() if template == "welcome"]
    assert [(p.recipient, p.fallback_mobile) for p in welcomes] == [("o@example.com", "+8613800138000")]
    assert "200" in welcomes[0].variables["benefits"]
    # The condition of each coupon: whoever reads of a gift reads what it takes.
    assert all(condition in welcomes[0].variables["benefits"] for condition in ("50", "30"))
