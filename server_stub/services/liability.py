"""Points liability: the report as of a day, and closing a month for ever. Knows no paper and no command."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

from server_stub.domain.actors import Actor, SystemActor
from server_stub.domain.clock import business_day
from server_stub.domain.envelope import Envelope
from server_stub.domain.liability.lots import LedgerContradiction
from server_stub.domain.liability.months import Month, month_from
from server_stub.domain.liability.replay import Replay
from server_stub.domain.liability.report import Doubts, LiabilityReport, Opening, Sums, build_report
from server_stub.domain.liability.rules import LiabilityRules
from server_stub.domain.permissions import Operation
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal, refuse
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.requests import Answer, Call
from server_stub.services.review.queue import require_staff
from server_stub.storage.database import Tx
from server_stub.storage.liability import PeriodRow, accounts_that_differ, add_period, closed_periods, last_period
from server_stub.storage.liability_facts import accounts_until

_LIABILITY = SystemActor("liability")


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A month that finance closed."""

    period: str
    as_of: date
    rules_version: str
    deferred_fen: int
    total: Sums
    closed_by: str


class LiabilityDesk:
    """Makes reports and closes months."""

    def __init__(self, base: Foundation, rules: LiabilityRules, settle_due: Callable[[Actor], int]) -> None:
        """Reads and closes.

        Args:
            base: Of every service.
            rules: Prices and estimates.
            settle_due: Posts what time has done to every account, each at its own moment; see ``desks.AccountDesk``.
        """
        self._base = base
        self._rules = rules
        self._settle_due = settle_due

    def report(self, actor: Actor, as_of: date) -> LiabilityReport:
        """Returns the liability at the end of a day, as the entries and the estimates of that day say.

        Raises:
            Refusal: NOT_PERMITTED; REQUEST_MALFORMED with a finding for a day that has not come. A report with ``is_proven`` False
                can be read but not closed.
        """
        require_staff(actor, Operation.READ_REPORTS)
        # Idleness and year reviews end lots by an entry, dated at the end: it counts whether or not the hourly job came by. Where an
        # account cannot be settled the report is still read, and says itself whether it is proven.
        with contextlib.suppress(Refusal):
            self._settle_due(_LIABILITY)

        def read(tx: Tx) -> LiabilityReport:
            if as_of > business_day(tx.now):
                raise refuse(Reason.REQUEST_MALFORMED, Finding("as_of", Reason.FUTURE_DATE))
            return self._replayed(tx, as_of)

        return self._base.database.read(read)

    def closed(self, actor: Actor) -> tuple[ClosedPeriod, ...]:
        """Returns the months that are closed, oldest first.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require_staff(actor, Operation.READ_REPORTS)
        return tuple(_closed(row) for row in self._base.database.read(closed_periods))

    def close(self, actor: Actor, envelope: Envelope, month: Month) -> ClosedPeriod:
        """Closes a month for ever; entries that come to light later belong to the next one.

        Raises:
            Refusal: NOT_PERMITTED; PERIOD_OPEN where the month is not over or the one before it is not closed; PERIOD_CLOSED;
                LEDGER_UNPROVEN; those of RequestLog.once.
        """
        staff = require_staff(actor, Operation.CLOSE_PERIOD)
        self._settle_due(_LIABILITY)
        # Replaying the ledger takes seconds; no entry can still come into a month that is over, so no writer has to wait for it.
        found = self._base.database.read(lambda tx: self._replayed(tx, month.last_day))

        def work(tx: Tx) -> Answer:
            _require_next(month, last_period(tx), business_day(tx.now))
            if not found.is_proven:
                raise refuse(Reason.LEDGER_UNPROVEN)
            row = _row(month, found, staff.label, tx)
            add_period(tx, row)
            detail: dict[str, str | int | bool] = {"deferred_fen": row.deferred_fen, "rules_version": row.rules_version}
            self._base.audit.record(tx, Deed(staff, "period.closed", "liability_period", row.period, envelope.request_id, detail))
            return {"period": row.period}

        call = Call(staff, envelope, Operation.CLOSE_PERIOD, {"period": str(month)})
        period = self._base.requests.once(call, work)["period"]
        return next(_closed(row) for row in self._base.database.read(closed_periods) if row.period == period)

    def _replayed(self, tx: Tx, as_of: date) -> LiabilityReport:
        replay = Replay(self._rules, as_of)
        contradicting = list[str]()
        for accounts in accounts_until(tx, as_of):
            try:
                replay.add(accounts.events)
            except LedgerContradiction:
                # One account must not hide the figures of all others, for its entries can never be changed.
                contradicting += accounts.account_ids
        before = last_period(tx, before=as_of)
        opening = Opening(before.period, Sums(**before.total)) if before else Opening()
        doubts = Doubts(accounts_that_differ(tx), tuple(contradicting))
        return build_report(replay.tally, self._rules, as_of, opening, doubts)


def _require_next(month: Month, last: PeriodRow | None, today: date) -> None:
    if last is not None and month <= month_from(last.period):
        raise refuse(Reason.PERIOD_CLOSED)
    is_next = last is None or month == month_from(last.period).next()
    if not is_next or today <= month.last_day:
        raise refuse(Reason.PERIOD_OPEN)


def _row(month: Month, report: LiabilityReport, closed_by: str, tx: Tx) -> PeriodRow:
    return PeriodRow(
        period=str(month),
        as_of=report.as_of,
        rules_version=report.rules_version,
        deferred_fen=report.total.deferred_fen,
        owed=report.owed,
        total=asdict(report.total),
        lines=[asdict(line) for line in report.lines],
        closed_by=closed_by,
        closed_at=tx.now,
    )


def _closed(row: PeriodRow) -> ClosedPeriod:
    return ClosedPeriod(row.period, row.as_of, row.rules_version, row.deferred_fen, Sums(**row.total), row.closed_by)
