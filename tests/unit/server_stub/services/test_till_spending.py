"""Points beside money at a till: whose number may spend how much on which sale, once, and what a return divides back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server_stub.domain.ledger_commands import RecordReturn, RecordSale, ReturnLine, SaleLine, Tender
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.till_spending import TillPoints, TillSpent
from server_stub.services.tills import TillSale
from tests.support.central_service import ADMIN, DEVICE, LI, Central
from tests.support.ledger_desk import Counter
from tests.unit.server_stub.services.test_tills import TILL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server_stub.domain.actors import Actor

LIMIT = 2000


@pytest.fixture
def number(central: Central) -> Iterator[str]:
    """A member with 5000 points and the sale S1 of 100 yuan, which earned 100 of them."""
    found = central.join().membership_number
    member_id = central.member_id(found)
    central.activate(member_id)
    counter = Counter(central)
    buy(central, found)
    counter.adjust(5000 - counter.free(member_id)[0], member_id)
    yield found
    counter.prove()


def buy(central: Central, number: str, sale_id: str = "S1", paid: tuple[Tender, ...] = ()) -> None:
    tenders = paid or (Tender("wechat_pay", 8_000), Tender("cash", 2_000))
    sale = RecordSale(sale_id, "", (SaleLine("rice", "food", 4, 2_500),), tenders=tenders)
    central.core.tills.record_sale(TILL, central.envelope(), TillSale(sale, number))


def spend(central: Central, number: str, points: int = 200, sale_id: str = "S1", request_id: str = "", actor: Actor = TILL) -> TillSpent:
    return central.core.till_spending.spend(actor, central.envelope(request_id), TillPoints(sale_id, number, points))


def refused(central: Central, reason: Reason, *arguments: object, **more: object) -> None:
    before = central.count("redemption"), central.count("points_entry"), central.count("request_log")
    with pytest.raises(Refusal) as caught:
        spend(central, *arguments, **more)  # type: ignore[arg-type]
    assert caught.value.reason is reason
    assert (central.count("redemption"), central.count("points_entry"), central.count("request_log")) == before


@pytest.mark.parametrize("actor", [DEVICE, LI, ADMIN])
def test_only_a_till_spends_on_sales(central: Central, number: str, actor: Actor) -> None:
    refused(central, Reason.NOT_PERMITTED, number, actor=actor)


def test_what_is_refused_stores_nothing(central: Central, number: str) -> None:
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    refused(central, Reason.MEMBER_UNKNOWN, wrong)
    refused(central, Reason.REQUEST_MALFORMED, number, 0)
    refused(central, Reason.REQUEST_MALFORMED, number, -5)
    refused(central, Reason.SALE_UNKNOWN, number, 5, "none")
    buy(central, "", "S2")
    refused(central, Reason.NOT_YOUR_SALE, number, 5, "S2")
    central.core.tills.record_return(TILL, central.envelope(), RecordReturn("R1", "S1", (ReturnLine(1, 1),)))
    refused(central, Reason.SALE_HAS_RETURNS, number)


def test_tenders_that_do_not_add_up_book_nothing(central: Central, number: str) -> None:
    before = central.count("sale"), central.count("points_entry")
    for paid in ((Tender("wechat_pay", 8_000), Tender("cash", 1_999)), (Tender("wechat_pay", 10_001),)):
        with pytest.raises(Refusal) as caught:
            buy(central, number, "S2", paid)
        assert caught.value.reason is Reason.TENDER_MISMATCH
    assert (central.count("sale"), central.count("points_entry")) == before


def test_a_number_alone_spends_no_more_than_a_card_alone(central: Central, number: str) -> None:
    refused(central, Reason.STEP_UP_NEEDED, number, LIMIT + 1)
    spend(central, number, LIMIT - 1)
    refused(central, Reason.STEP_UP_NEEDED, number, 2)
    spend(central, number, 1)
    central.clock.advance(days=1, seconds=1)
    assert spend(central, number, LIMIT).booked.after.available == 5000 - 2 * LIMIT  # type: ignore[union-attr]


def test_it_is_spent_once_and_a_return_divides_it_back_whatever_the_split(central: Central, number: str) -> None:
    request_id = central.request_id()
    first = spend(central, number, 201, request_id=request_id)
    again = spend(central, number, 201, request_id=request_id)
    assert (first.booked.points, again.redemption_id, again.booked.is_replay) == (-201, first.redemption_id, True)
    refused(central, Reason.REQUEST_ID_REUSED, number, 202, request_id=request_id)
    back = [
        central.core.tills.record_return(TILL, central.envelope(), RecordReturn(f"R{n}", "S1", (ReturnLine(1, pieces),)))
        for n, pieces in enumerate((1, 2, 1), 1)
    ]
    assert [(one.refund_fen, one.given_back, one.taken_back) for one in back] == [(2_500, 50, 25), (5_000, 100, 50), (2_500, 51, 25)]
    assert back[-1].booked.after.available == 5000 - 100  # type: ignore[union-attr]
