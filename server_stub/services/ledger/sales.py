"""Books sales and what they earn. Source: till-script.md sections 2 (op sale), 3.1 and 3.2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from server_stub.domain.actors import Actor
from server_stub.domain.clock import business_day
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger.basket import MOST_POINTS, check_sale, line_findings
from server_stub.domain.ledger.earning import Earning, earn_prepared
from server_stub.domain.ledger.lots import Lot, ending_by_policy
from server_stub.domain.ledger.prepared import EarningFacts
from server_stub.domain.ledger_commands import LineDoubt, RecordSale, SaleBooked
from server_stub.domain.permissions import Operation, require
from server_stub.domain.price_list import doubts_of
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.ledger.booking import Answered, Booking, Written, posted
from server_stub.services.ledger.books import Books
from server_stub.services.ledger.open_account import OpenAccount
from server_stub.services.ledger.persons import birthday_of
from server_stub.services.ledger.posting import Posting
from server_stub.services.ledger.programme import InForce
from server_stub.services.requests import Call
from server_stub.services.visits import require_active
from server_stub.storage.database import Tx
from server_stub.storage.prices import has_prices, prices_of
from server_stub.storage.sales import SaleLineRow, SaleRow, add_sale, sale_exists


@dataclass(frozen=True, slots=True)
class _Judged:
    """A sale that was found good.

    Attributes:
        rules: Version in force when it occurred; by it alone it was judged.
    """

    account: OpenAccount | None
    rules: InForce
    earning: Earning
    facts: dict[str, Any]
    doubts: tuple[LineDoubt, ...]


class Sales:
    """The desk of sales."""

    def __init__(self, booking: Booking) -> None:
        self._booking = booking

    def record(self, actor: Actor, envelope: Envelope, command: RecordSale) -> SaleBooked:
        """Books a sale; see ``desks.SaleDesk``."""
        call = Call(actor, envelope, Operation.RECORD_SALE, command)
        return _sale_booked(self._booking.once(call, lambda books: self._record(books, call, command)))

    def preview(self, actor: Actor, command: RecordSale) -> SaleBooked:
        """Returns what ``record`` would book now; see ``desks.SaleDesk``."""
        require(actor, Operation.RECORD_SALE)

        def reading(tx: Tx) -> SaleBooked:
            books = self._booking.books(tx)
            judged = self._judge(books, command)
            self._post(books, command, judged, None)
            books.foresee()
            return _sale_booked(Answered(self._booking.shown(_written(judged)), _extras(judged)))

        return self._booking.base.database.read(reading)

    def _record(self, books: Books, call: Call, command: RecordSale) -> Written:
        judged = self._judge(books, command)
        lot = self._post(books, command, judged, call.envelope.request_id)
        step = judged.account.next_step() if judged.account else 0
        books.save()
        self._store(books, call, judged, (lot, step))
        self._booking.record(books, call, "sale.recorded", ("sale", command.sale_id))
        return _written(judged)

    def _judge(self, books: Books, command: RecordSale) -> _Judged:
        """Finds out whether the sale is good and what it earns, in the contract's order of reasons."""
        now, rules = books.tx.now, books.rules.parameters
        if sale_exists(books.tx, command.sale_id):
            raise refuse(Reason.DUPLICATE_ID, Finding("sale_id", Reason.DUPLICATE_ID))
        wrong = check_sale(command, now, rules)
        if wrong is not None:
            raise refuse(wrong, *line_findings(command))
        occurred_at = command.occurred_at or now
        day, of_its_time = business_day(occurred_at), books.times.at(occurred_at)
        doubts = _doubts(books.tx, command, day)
        if command.member_id is None:
            barred = {doubt.line for doubt in doubts}
            earning = earn_prepared(command, EarningFacts(day), of_its_time.prepared, barred)
            return _Judged(None, of_its_time, earning._replace(points=0, multipliers=()), {}, doubts)
        account = books.of_member(command.member_id)
        require_active(account.row)
        if day < account.row.joined_on:
            raise refuse(Reason.BEFORE_JOINING)
        facts = self._facts(books, account, day, of_its_time.parameters)
        earning = earn_prepared(command, facts, of_its_time.prepared, {doubt.line for doubt in doubts})
        # That it was a birthday says the multiplier; the birthday itself is kept nowhere but with the person.
        judged = _Judged(account, of_its_time, earning, {"tier": facts.tier}, doubts)
        if judged.earning.points > MOST_POINTS:
            raise refuse(Reason.AMOUNT_TOO_LARGE)
        return judged

    def _facts(self, books: Books, account: OpenAccount, day: date, rules: Parameters) -> EarningFacts:
        """Returns what is known of the member now, in the words of the rules: their tiers may be other ones than today's."""
        birthday = None
        if any(multiplier.birthday for multiplier in rules.multipliers):
            birthday = birthday_of(self._booking.base, books.tx, account.row.person_id)
        return EarningFacts(day, birthday, account.book.tier(books.today, rules))

    def _post(self, books: Books, command: RecordSale, judged: _Judged, request_id: str | None) -> Lot | None:
        account = judged.account
        if account is None:
            return None
        rules = books.rules.parameters
        posting = Posting(
            kind=EntryKind.ACCRUAL,
            points=judged.earning.points,
            cause=f"sale:{command.sale_id}",
            counter=f"issued:{command.store_id}",
            request_id=request_id,
            available_on=books.today + timedelta(days=rules.pending_days),
            ending=ending_by_policy(rules, books.today, account.row.joined_on),
        )
        lot = account.post_lot(posting, command.sale_id, books.tx.now)
        account.book.count_year(account.row.account_id, books.today.year, judged.earning.points)
        account.book.note_activity(books.today)
        return lot

    def _store(self, books: Books, call: Call, judged: _Judged, place: tuple[Lot | None, int]) -> None:
        command: RecordSale = call.body
        lot, step = place
        earning = judged.earning
        row = SaleRow(
            sale_id=command.sale_id,
            account_id=judged.account.row.account_id if judged.account else None,
            step=step,
            store_id=command.store_id,
            total_fen=earning.total_fen,
            eligible_fen=earning.eligible_fen,
            earned=earning.points,
            lot_id=lot.lot_id if lot else None,
            decision=_decision(judged),
            tenders=None if command.tenders is None else [[tender.type, tender.fen] for tender in command.tenders],
            tags=list(command.tags),
            rules_version=judged.rules.version,
            request_id=call.envelope.request_id,
            occurred_at=command.occurred_at or books.tx.now,
            business_day=books.today,
            at=books.tx.now,
        )
        excluded = set(earning.excluded_lines)
        lines = [
            SaleLineRow(row.sale_id, n, x.sku, x.category, x.qty, x.unit_price_fen, x.discount_fen, n not in excluded)
            for n, x in enumerate(command.lines, 1)
        ]
        add_sale(books.tx, row, lines)


def _written(judged: _Judged) -> Written:
    account = judged.account
    if account is None:
        return Written(None, (), None, _extras(judged))
    return Written(account.row.member_id, posted([account]), account.standing(), _extras(judged))


def _doubts(tx: Tx, command: RecordSale, day: date) -> tuple[LineDoubt, ...]:
    """Returns the lines that the price list does not bear; a till sells on, and where there is no list every price is right."""
    prices = prices_of(tx, {line.sku for line in command.lines}, command.store_id)
    # No price of any of them may be a basket of unknown goods, or no list at all.
    return doubts_of(command.lines, prices, day, command.store_id) if prices or has_prices(tx) else ()


def _extras(judged: _Judged) -> dict[str, Any]:
    earning = judged.earning
    found: dict[str, Any] = {"eligible_fen": earning.eligible_fen, "applied": list(earning.applied)}
    doubts = [[doubt.line, doubt.reason.value, doubt.price_fen] for doubt in judged.doubts]
    return found | ({"doubts": doubts} if doubts else {})


def _decision(judged: _Judged) -> dict[str, Any]:
    """The trace: what was excluded, each multiplier and what became of it, the percents that were used, for returns, and the facts."""
    earning = judged.earning
    return {
        **judged.facts,
        "excluded_lines": list(earning.excluded_lines),
        **({"doubts": [[doubt.line, doubt.reason.value] for doubt in judged.doubts]} if judged.doubts else {}),
        "multipliers": [[m.code, m.pct, m.holds, m.used] for m in earning.multipliers],
        "pcts": list(earning.used_pcts),
    }


def _sale_booked(answered: Answered) -> SaleBooked:
    extras = answered.extras
    doubts = tuple(LineDoubt(line, Reason(reason), price) for line, reason, price in extras.get("doubts", ()))
    return SaleBooked(answered.booked, extras["eligible_fen"], tuple(extras["applied"]), doubts)
