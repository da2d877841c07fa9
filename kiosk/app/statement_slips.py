"""Says a member's statement in words, row by row, as the slip needs it. Knows no paper and no printer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from kiosk.paper.slip import Item, Line, Shop, StatementSlip, Words
from kiosk.ports.points import PointsEntry, PointsLot, PointsPayer, Statement
from kiosk.texts.days import say_day, say_moment
from kiosk.texts.names import say_origin
from kiosk.texts.numbers import say_signed


class Issue(NamedTuple):
    """Where a statement is made, and when: YYYY-MM-DD HH:MM in the zone of the store."""

    shop: Shop
    made_at: str


ROWS_OF_SLIP = 45
"""Lots and movements on one slip: what a printer takes whose longest slip is a metre."""


def statement_slips(statement: Statement, issue: Issue, words: Words) -> list[StatementSlip]:
    """Return the statement in the language of `words`, on as many slips as its rows need."""
    whole = _whole(statement, issue, words)
    lots = len(whole.lots)
    starts = range(0, max(1, lots + len(whole.movements)), ROWS_OF_SLIP)
    return [
        replace(
            whole,
            lots=whole.lots[start : start + ROWS_OF_SLIP],
            movements=whole.movements[max(0, start - lots) : max(0, start + ROWS_OF_SLIP - lots)],
            part=part,
            parts=len(starts),
        )
        for part, start in enumerate(starts, 1)
    ]


def _whole(statement: Statement, issue: Issue, words: Words) -> StatementSlip:
    account = statement.account
    sums = [Line(words("points.available"), _points(account.available, words))]
    if account.pending:
        sums.append(Line(words("points.pending"), _points(account.pending, words)))
    if account.held:
        sums.append(Line(words("points.held"), _points(account.held, words)))
    if account.debt:
        sums.append(Line(words("points.debt"), _points(account.debt, words)))
    if account.expiring:
        ends = words("paper.statement.expiring", date=say_day(words, account.expiring_last_day))
        sums.append(Line(ends, _points(account.expiring, words)))
    return StatementSlip(
        shop=issue.shop,
        made_at=issue.made_at,
        number_masked=statement.number_masked,
        sums=tuple(sums),
        lots=tuple(_lot(lot, words, issue.made_at[:10]) for lot in account.lots),
        movements=tuple(_movement(entry, words) for entry in statement.entries),
        is_whole=statement.is_whole,
    )


def _points(count: int, words: Words) -> str:
    return words("paper.points", points=f"{count:,}")


def _lot(lot: PointsLot, words: Words, today: str) -> Item:
    origin = say_origin(words, lot.origin)
    parts = [_place(lot.store_name or (origin if lot.campaign else ""), say_moment(words, lot.earned_on))]
    if not lot.available_on:
        parts.append(words("points.lot.awaits_card"))
    elif date.fromisoformat(lot.available_on) > date.fromisoformat(today):
        parts.append(words("points.lot.from", date=say_day(words, lot.available_on)))
    parts.append(words("points.lot.until", date=say_day(words, lot.last_day)) if lot.last_day else words("points.lot.endless"))
    return Item(lot.campaign or origin, _points(lot.points, words), "　".join(parts))


def _movement(entry: PointsEntry, words: Words) -> Item:
    balance = words("points.entry.balance", count=f"{entry.balance:,}")
    origin = say_origin(words, entry.origin)
    where = _place(entry.store_name or (origin if entry.campaign else ""), say_moment(words, entry.at))
    place = "　".join(part for part in (where, balance) if part)
    paid = "　".join(_paid(payer, words) for payer in entry.payers)
    return Item(entry.campaign or origin, say_signed(entry.points), "　".join(part for part in (place, paid) if part))


def _paid(payer: PointsPayer, words: Words) -> str:
    origin = payer.campaign or say_origin(words, payer.origin)
    return words("points.entry.paid_by", origin=origin, date=say_day(words, payer.earned_on), count=f"{payer.points:,}")


def _place(name: str, when: str) -> str:
    return f"{name}　{when}" if name else when
