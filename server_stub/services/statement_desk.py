"""Statements of points that the desk makes for a member: the right role, a reason of a closed list, each one recorded, masked."""

from __future__ import annotations

from datetime import date, timedelta

from server_stub.domain.actors import Actor
from server_stub.domain.desk_reasons import StatementMadeFor
from server_stub.domain.language import Language
from server_stub.domain.ledger.calendar import start_of
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.permissions import Operation, require
from server_stub.domain.points_origin import campaign_of, number_of, origin_of, store_of
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.domain.statement import Statement, StatementLine
from server_stub.services.audit import Deed
from server_stub.services.campaigns.titles import titles_of
from server_stub.services.foundation import Foundation
from server_stub.storage.database import Tx
from server_stub.storage.members import member_by_number
from server_stub.storage.statements import StatementRow, balance_before, statement_between

LONGEST_DAYS = 366
MOST_LINES = 5_000
_OF_THE_PAPER = (Language.ZH_HANS, Language.EN)
"""The desk's paper says everything in both."""


class StatementDesk:
    """The use case."""

    def __init__(self, base: Foundation) -> None:
        self._base = base

    def make(self, actor: Actor, number: str, days: tuple[date, date], reason: StatementMadeFor) -> Statement:
        """Returns what moved on a member's account from the first day to the last; that it was made, and why, is recorded.

        Args:
            actor: A manager.
            number: Membership number.
            days: First and last, inclusive; at most ``LONGEST_DAYS``.
            reason: Why.

        Raises:
            Refusal: NOT_PERMITTED; REQUEST_MALFORMED with the field: the last day is before the first, or too many days or lines;
                MEMBER_UNKNOWN.
        """
        require(actor, Operation.MAKE_STATEMENT)
        first_day, last_day = days
        if not timedelta(0) <= last_day - first_day < timedelta(days=LONGEST_DAYS):
            raise refuse(Reason.REQUEST_MALFORMED, Finding("to", Reason.REQUEST_MALFORMED))

        def transaction(tx: Tx) -> Statement:
            member = member_by_number(tx, number)
            if member is None:
                raise refuse(Reason.MEMBER_UNKNOWN)
            begin, end = start_of(first_day), start_of(last_day + timedelta(days=1))
            rows = statement_between(tx, member.member_id, (begin, end), MOST_LINES + 1)
            if len(rows) > MOST_LINES:
                raise refuse(Reason.REQUEST_MALFORMED, Finding("to", Reason.REQUEST_MALFORMED))
            opening = balance_before(tx, member.member_id, begin)
            detail = {"from": first_day.isoformat(), "to": last_day.isoformat(), "reason": reason.value, "lines": len(rows)}
            self._base.audit.record(tx, Deed(actor, "statement.made", "", member.member_id, detail=detail))
            return Statement(
                number_masked=mask_membership_number(member.number),
                first_day=first_day,
                last_day=last_day,
                opening=opening,
                closing=opening + sum(row.points for row in rows),
                lines=_lines(tx, rows),
            )

        return self._base.database.write(transaction)


def _lines(tx: Tx, rows: tuple[StatementRow, ...]) -> tuple[StatementLine, ...]:
    campaigns = {_campaign(row) for row in rows} - {""}
    titles = [titles_of(tx, campaigns, language) for language in _OF_THE_PAPER]
    return tuple(_line(row, tuple(said[_campaign(row)] for said in titles if _campaign(row) in said)) for row in rows)


def _line(row: StatementRow, campaign_titles: tuple[str, ...]) -> StatementLine:
    origin = origin_of(row.kind, row.cause)
    where = (number_of(origin, row.cause), store_of(row.counter))
    return StatementLine(row.at, origin, *where, row.points, row.balance, campaign_titles)


def _campaign(row: StatementRow) -> str:
    return campaign_of(origin_of(row.kind, row.cause), row.cause)
