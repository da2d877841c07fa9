"""What tills book for whoever's number was shown, and what members then see of it."""

from __future__ import annotations

import pytest

from server_stub.domain.actors import DeviceActor, DeviceKind
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.ledger_commands import RecordReturn, RecordSale, SaleLine
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.tills import TillSale
from server_stub.storage.codes import CodePurpose
from tests.support.central_service import DEVICE, MOBILE, OTHER_DEVICE, Central

TILL = DeviceActor("T01", "lakeside", DeviceKind.TILL)
WELCOME = 200


def sold(sale_id: str, number: str, fen: int = 12_850) -> TillSale:
    return TillSale(RecordSale(sale_id, "elsewhere", (SaleLine("rice", "food", 1, fen),)), number)


def record(central: Central, told: TillSale, request_id: str = "", actor: DeviceActor = TILL) -> object:
    return central.core.tills.record_sale(actor, central.envelope(request_id), told)


def refusal_of(call: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value


@pytest.fixture
def number(central: Central) -> str:
    """The number of an active member, with the welcome points."""
    found = central.join().membership_number
    central.activate(central.member_id(found))
    return found


@pytest.fixture
def visit(central: Central, number: str) -> str:
    return central.core.members.identify(DEVICE, central.proof(MOBILE, CodePurpose.SIGN_IN)).visit_token


def test_a_kiosk_books_no_sale_and_a_till_sees_no_account(central: Central, number: str, visit: str) -> None:
    assert refusal_of(lambda: record(central, sold("S1", number), actor=DEVICE)).reason is Reason.NOT_PERMITTED
    assert refusal_of(lambda: central.core.own_points.account(TILL, visit)).reason is Reason.NOT_PERMITTED
    assert central.count("sale") == 0


def test_a_mistyped_number_is_nobodys(central: Central, number: str) -> None:
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    for typed in (wrong, "1", "x" * 200):
        assert refusal_of(lambda typed=typed: record(central, sold("S1", typed))).reason is Reason.MEMBER_UNKNOWN
    assert central.count("sale") == 0


def test_a_sale_is_booked_once_in_the_tills_store_and_a_return_takes_its_points_back(central: Central, number: str) -> None:
    request_id = central.request_id()
    first = record(central, sold("S1", number), request_id)
    assert (first.booked.points, first.booked.after.available, first.eligible_fen) == (128, WELCOME + 128, 12_850)
    again = record(central, sold("S1", number), request_id)
    assert (again.booked.points, again.booked.is_replay) == (128, True)
    assert refusal_of(lambda: record(central, sold("S1", number, 1), request_id)).reason is Reason.REQUEST_ID_REUSED
    assert refusal_of(lambda: record(central, sold("S1", number))).reason is Reason.DUPLICATE_ID
    assert [row["store_id"] for row in central.rows("sale")] == ["lakeside"]
    back = central.core.tills.record_return(TILL, central.envelope(), RecordReturn("R1", "S1"))
    assert (back.refund_fen, back.taken_back, back.booked.after.available) == (12_850, 128, WELCOME)


def test_a_preview_books_nothing(central: Central, number: str) -> None:
    assert central.core.tills.preview(TILL, sold("S1", number)).booked.points == 128
    assert central.core.tills.preview(TILL, sold("S1", "")).booked.points == 0
    assert (central.count("sale"), central.count("points_entry")) == (0, 1)


def test_members_see_every_lot_and_each_movement_with_the_balance_after_it(central: Central, number: str, visit: str) -> None:
    for place in range(1, 6):
        record(central, sold(f"S{place}", number, place * 100))
    view = central.core.own_points.account(DEVICE, visit)
    assert (view.standing.available, view.standing.pending) == (WELCOME + 15, 0)
    assert {own.provenance.number: own.lot.points for own in view.lots} == {"": WELCOME, **{f"S{n}": n for n in range(1, 6)}}
    page = central.core.own_points.movements(DEVICE, visit, "", 4)
    assert [(m.kind, m.number, m.points, m.balance) for m in page.movements] == [
        (EntryKind.ACCRUAL, "S5", 5, 215),
        (EntryKind.ACCRUAL, "S4", 4, 210),
        (EntryKind.ACCRUAL, "S3", 3, 206),
        (EntryKind.ACCRUAL, "S2", 2, 203),
    ]
    rest = central.core.own_points.movements(DEVICE, visit, page.next_page_token, 4)
    assert ([m.balance for m in rest.movements], rest.next_page_token) == ([201, 200], "")


def test_a_strange_page_and_a_strange_visit_are_refused(central: Central, visit: str) -> None:
    for token, size in (("-1", 5), ("x", 5), ("9" * 40, 5), ("", -1), ("", 101)):
        refused = refusal_of(lambda token=token, size=size: central.core.own_points.movements(DEVICE, visit, token, size))
        assert refused.reason is Reason.REQUEST_MALFORMED
    assert refusal_of(lambda: central.core.own_points.movements(OTHER_DEVICE, visit, "", 5)).reason is Reason.VISIT_OVER
