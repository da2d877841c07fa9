"""A visit that was left by accident goes on at another kiosk by its receipt, once, within a quarter of an hour."""

from __future__ import annotations

import pytest

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.members import Identified
from server_stub.services.receipts import Receipt, ReceiptFacts
from server_stub.services.resuming import Resumed
from server_stub.storage.codes import CodePurpose
from tests.support.central_service import DEVICE, MOBILE, OTHER_DEVICE, Central


@pytest.fixture
def visit(central: Central) -> Identified:
    """A visit of an active member at the first kiosk."""
    central.activate(central.member_id(central.join().membership_number))
    return central.core.members.identify(DEVICE, central.proof(MOBILE, CodePurpose.SIGN_IN))


def receipt(central: Central, kind: str = "REDEMPTION") -> Receipt:
    application = central.rows("application")[0]
    facts = ReceiptFacts(kind, DEVICE.device_id, application["number"])
    return central.database.write(lambda tx: central.core.receipts.issue(tx, facts, application["application_id"]))


def resume(central: Central, paper: Receipt, device: object = OTHER_DEVICE, code: str = "", request_id: str = "") -> Resumed:
    return central.core.resuming.resume(device, central.envelope(request_id), paper.number, code or paper.code)


def refused(central: Central, paper: Receipt, **values: object) -> Reason:
    with pytest.raises(Refusal) as seen:
        resume(central, paper, **values)
    return seen.value.reason


def leave(central: Central, visit: Identified, page: str = "coupons") -> None:
    central.core.members.end_visit(DEVICE, visit.visit_token, page)


def test_a_number_without_its_text_is_no_receipt(central: Central, visit: Identified) -> None:
    paper = receipt(central)
    leave(central, visit)
    assert refused(central, paper, code="HR1:0") is Reason.RECEIPT_UNKNOWN
    assert refused(central, Receipt("", "")) is Reason.RECEIPT_UNKNOWN
    assert refused(central, Receipt("K03-9999", paper.code)) is Reason.RECEIPT_UNKNOWN


def test_after_a_quarter_of_an_hour_it_is_paper(central: Central, visit: Identified) -> None:
    paper = receipt(central)
    leave(central, visit)
    central.clock.advance(minutes=15)
    assert refused(central, paper) is Reason.RECEIPT_TOO_OLD


def test_whoever_ended_their_visit_wants_nobody_to_go_on(central: Central, visit: Identified) -> None:
    paper = receipt(central)
    leave(central, visit, "")
    assert refused(central, paper) is Reason.VISIT_ENDED


def test_paper_of_a_visit_that_was_ended_does_not_take_over_the_next_one(central: Central, visit: Identified) -> None:
    paper = receipt(central)
    leave(central, visit, "")
    central.clock.advance(minutes=3)
    running = central.core.members.identify(DEVICE, central.proof(MOBILE, CodePurpose.SIGN_IN))
    assert refused(central, paper) is Reason.VISIT_ENDED
    assert central.core.members.get_member(DEVICE, running.visit_token).tier == "basic"


@pytest.mark.parametrize("page", ["COUPONS", "欧阳", "a" * 25, "coupons 1", "../x"])
def test_a_page_that_is_no_name_of_a_page_is_not_kept(central: Central, visit: Identified, page: str) -> None:
    leave(central, visit, page)
    assert central.rows("visit")[0]["left_at_page"] is None


def test_it_goes_on_where_it_was_left_once(central: Central, visit: Identified) -> None:
    paper = receipt(central)
    leave(central, visit)
    central.clock.advance(minutes=14)
    resumed = resume(central, paper)
    assert (resumed.page, resumed.name_masked) == ("coupons", "欧阳**")
    assert central.core.members.get_member(OTHER_DEVICE, resumed.visit_token).tier == "basic"
    assert refused(central, paper) is Reason.RECEIPT_USED
    assert refused(central, paper, device=DEVICE) is Reason.RECEIPT_USED


def test_an_answer_that_was_lost_is_had_again_by_the_same_request_and_by_no_other(central: Central, visit: Identified) -> None:
    paper, request_id = receipt(central), central.request_id()
    leave(central, visit)
    first = resume(central, paper, request_id=request_id)
    central.clock.advance(seconds=5)
    assert resume(central, paper, request_id=request_id) == first
    assert central.core.members.get_member(OTHER_DEVICE, first.visit_token).tier == "basic"
    assert refused(central, paper) is Reason.RECEIPT_USED
    assert refused(central, paper, request_id=request_id, device=DEVICE) is Reason.REQUEST_ID_REUSED
    assert len([row for row in central.rows("visit") if row["identified_by"] == "RECEIPT"]) == 1


def test_a_kiosk_of_before_that_sends_no_envelope_takes_a_visit_up_as_well(central: Central, visit: Identified) -> None:
    paper = receipt(central)
    leave(central, visit)
    assert central.core.resuming.resume(OTHER_DEVICE, None, paper.number, paper.code).page == "coupons"


def test_paper_does_not_breed(central: Central, visit: Identified) -> None:
    """A campaign that is joined gives a receipt: else a visit could be taken up by one paper after the other."""
    paper = receipt(central)
    leave(central, visit)
    resumed = resume(central, paper, DEVICE)
    central.clock.advance(minutes=1)
    second = receipt(central)
    central.core.members.end_visit(DEVICE, resumed.visit_token, "coupons")
    assert refused(central, second) is Reason.VISIT_ENDED


def test_a_visit_whose_kiosk_lost_power_goes_on_and_is_over_there(central: Central, visit: Identified) -> None:
    resumed = resume(central, receipt(central))
    assert resumed.page == ""
    with pytest.raises(Refusal) as seen:
        central.core.members.get_member(DEVICE, visit.visit_token)
    assert seen.value.reason is Reason.VISIT_OVER


def test_an_earlier_receipt_does_not_take_up_a_visit_of_another_kiosk(central: Central, visit: Identified) -> None:
    paper = receipt(central)
    leave(central, visit)
    other = central.core.members.identify(OTHER_DEVICE, central.proof(MOBILE, CodePurpose.SIGN_IN, OTHER_DEVICE))
    central.core.members.end_visit(OTHER_DEVICE, other.visit_token, "points")
    assert refused(central, paper) is Reason.VISIT_ENDED


def test_a_receipt_does_not_end_the_visit_that_was_open_at_another_kiosk_before_it_was_written(central: Central, visit: Identified) -> None:
    other = central.core.members.identify(OTHER_DEVICE, central.proof(MOBILE, CodePurpose.SIGN_IN, OTHER_DEVICE))
    paper = receipt(central)
    leave(central, visit)
    assert refused(central, paper, device=DEVICE) is Reason.VISIT_ENDED
    assert central.core.members.get_member(OTHER_DEVICE, other.visit_token).tier == "basic"


def test_paper_alone_spends_nothing_without_a_code(central: Central, visit: Identified) -> None:
    paper = receipt(central)
    leave(central, visit)
    token = resume(central, paper).visit_token
    step_up = central.core.rewards.step_up

    def needs(tx: object) -> bool:
        return step_up.needs_code(tx, central.core.visits.running(tx, token, OTHER_DEVICE), 1)

    assert central.database.read(needs)
