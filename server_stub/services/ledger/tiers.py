"""Tiers: of any member on any day, and a record of each change that settling an account brings to light. Knows no words.

Source: till-script.md section 3.5. The tier of a day is worked out from the sales and returns by then and the rules of that day; the
record (tier_assignment) says when the centre first saw it and is what cards and screens show.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from server_stub.domain.actors import Actor
from server_stub.domain.clock import business_day
from server_stub.domain.ledger.calendar import start_of
from server_stub.domain.ledger.tier_history import TierFacts, TierOn, tier_on
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.ledger.booking import Booking
from server_stub.storage.database import Tx
from server_stub.storage.ledger import account_of_member, years_of
from server_stub.storage.members import TierRow, member_by_number, tiers_of
from server_stub.storage.merges import merges_into_on, was_merged_on
from server_stub.storage.sales import year_moves

_AN_INSTANT = timedelta(microseconds=1)


class Tiers:
    """Says what tier members have and had."""

    def __init__(self, booking: Booking) -> None:
        self._booking = booking

    def of_number(self, actor: Actor, membership_number: str, day: date) -> TierOn:
        """Returns the tier of a member at the end of a day; of today as of now.

        Raises:
            Refusal: NOT_PERMITTED, FUTURE_DATE, MEMBER_UNKNOWN (also before the member joined), MEMBER_MERGED.
        """
        require(actor, Operation.READ_DECISIONS)

        def reading(tx: Tx) -> TierOn:
            # What a day that is still to come brings depends on what is bought and returned until then.
            if day > business_day(tx.now):
                raise refuse(Reason.FUTURE_DATE, Finding("on", Reason.FUTURE_DATE))
            member = member_by_number(tx, membership_number)
            if member is None or day < member.joined_on:
                raise refuse(Reason.MEMBER_UNKNOWN)
            return self.on(tx, member.member_id, day)

        return self._booking.base.database.read(reading)

    def history(self, actor: Actor, membership_number: str) -> tuple[TierRow, ...]:
        """Returns the changes that were recorded, the first one first.

        Raises:
            Refusal: NOT_PERMITTED, MEMBER_UNKNOWN.
        """
        require(actor, Operation.READ_DECISIONS)

        def reading(tx: Tx) -> tuple[TierRow, ...]:
            member = member_by_number(tx, membership_number)
            if member is None:
                raise refuse(Reason.MEMBER_UNKNOWN)
            return tiers_of(tx, member.member_id)

        return self._booking.base.database.read(reading)

    def on(self, tx: Tx, member_id: str, day: date) -> TierOn:
        """Returns the tier at the end of a day.

        Raises:
            Refusal: MEMBER_UNKNOWN, MEMBER_MERGED.
        """
        moment = min(start_of(day + timedelta(days=1)) - _AN_INSTANT, tx.now)
        if was_merged_on(tx, member_id, moment):
            raise refuse(Reason.MEMBER_MERGED)
        accounts = _accounts_on(tx, member_id, moment)
        if not accounts:
            raise refuse(Reason.MEMBER_UNKNOWN)
        return tier_on(_facts(tx, accounts), self._booking.programme.at(tx, moment).parameters, day)


def _accounts_on(tx: Tx, member_id: str, moment: datetime) -> tuple[str, ...]:
    own = account_of_member(tx, member_id)
    if own is None:
        return ()
    merged = [account for giver in merges_into_on(tx, member_id, moment) for account in _accounts_on(tx, giver, moment)]
    return (own.account_id, *merged)


def _facts(tx: Tx, account_ids: tuple[str, ...]) -> TierFacts:
    """What came along is what the years hold and no sale tells of."""
    brought: Counter[int] = Counter()
    for row in years_of(tx, account_ids):
        brought[row.year] += row.points
    moves = year_moves(tx, account_ids)
    for move in moves:
        brought[move.year] -= move.points
    return TierFacts(dict(brought), moves)
