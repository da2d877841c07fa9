"""What an account cannot hold is refused by its reason, and not by a number that does not fit into a column."""

from __future__ import annotations

import pytest

from server_stub.domain.ledger_commands import RecordSale, SaleLine
from server_stub.domain.reasons import Reason
from server_stub.services.ledger import books
from tests.support.ledger_desk import JOB, Counter
from tests.unit.server_stub.services.test_members import refusal_of


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts that hold 100 points; the real bound takes a thousand of the largest sales."""
    assert books.MOST_OF_AN_ACCOUNT == 2**63 - 1
    monkeypatch.setattr(books, "MOST_OF_AN_ACCOUNT", 100)


def test_what_passes_an_account_is_refused_and_stores_nothing(counter: Counter) -> None:
    counter.join("m1", "m2").sell(6_000)
    counter.sell(6_000, "m2")
    before = counter.view(), counter.view("m2"), counter.central.count("points_entry")
    for call in (lambda: counter.sell(4_100), lambda: counter.adjust(41), lambda: counter.merge("m2", "m1")):
        assert refusal_of(call) is Reason.AMOUNT_TOO_LARGE
    assert (counter.view(), counter.view("m2"), counter.central.count("points_entry")) == before
    counter.sell(4_000)
    assert counter.free() == (100, 0, 0, 0)


def test_a_preview_says_what_the_sale_would_get(counter: Counter) -> None:
    counter.join().sell(6_000)
    preview = counter.ledger.sales.preview
    assert refusal_of(lambda: preview(JOB, RecordSale("s", "S01", (SaleLine("sku", "food", 1, 4_100),), "m1"))) is Reason.AMOUNT_TOO_LARGE
    assert preview(JOB, RecordSale("s", "S01", (SaleLine("sku", "food", 1, 4_000),), "m1")).booked.points == 40


def test_the_points_of_a_year_pass_no_column_though_they_were_spent(counter: Counter) -> None:
    counter.join().sell(6_000)
    counter.redeem(60)
    assert refusal_of(lambda: counter.sell(4_100)) is Reason.AMOUNT_TOO_LARGE


def test_expiring_is_never_refused_because_expired_points_have_counted_before(counter: Counter) -> None:
    counter.rules(expiry="rolling", expiry_months=1).join().sell(6_000)
    counter.central.clock.advance(days=40)
    assert counter.ledger.accounts.settle_due(JOB) == 1
    assert refusal_of(lambda: counter.adjust(41)) is Reason.AMOUNT_TOO_LARGE
    counter.adjust(40)
    counter.central.clock.advance(days=40)
    assert counter.ledger.accounts.settle_due(JOB) == 1
    assert counter.view().expired == 100
