"""The price list of the chain: a CSV file of what goods cost from day to day, and what it says of the lines of a sale. Knows no table.

A till sells at its own prices; the list only says for which lines points are given. Where there is no list, every price is right.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from server_stub.domain.ledger_commands import LineDoubt, SaleLine
from server_stub.domain.program.values import BadField, between, day, text
from server_stub.domain.reasons import Reason

COLUMNS = ("sku", "price_fen", "from", "until", "store")
_REQUIRED = COLUMNS[:2]
MOST_LINES = 200_000
_PRICE = between(0)


class PriceFlaw(StrEnum):
    """What can be wrong with a line of a price list."""

    UNREADABLE = "UNREADABLE"
    COLUMNS = "COLUMNS"
    MISSING_FIELD = "MISSING_FIELD"
    BAD_FIELD = "BAD_FIELD"
    ENDS_EARLY = "ENDS_EARLY"
    OVERLAP = "OVERLAP"
    TOO_MANY = "TOO_MANY"
    STORE_UNKNOWN = "STORE_UNKNOWN"


@dataclass(frozen=True, slots=True)
class PriceFinding:
    """One thing that is wrong; lines count from 1, the heading included; field empty where it is the whole line."""

    line: int
    field: str
    flaw: PriceFlaw


class BadPriceList(Exception):
    """A file is no price list.

    Attributes:
        findings: Everything that is wrong, by line.
    """

    def __init__(self, findings: Sequence[PriceFinding]) -> None:
        super().__init__("; ".join(f"line {one.line} {one.field} {one.flaw.value}" for one in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Price:
    """What a piece costs, in fen; days inclusive, None: without beginning or end; store empty: everywhere it has no price of its own."""

    sku: str
    store_id: str
    from_day: date | None
    until_day: date | None
    price_fen: int

    def holds_on(self, when: date) -> bool:
        """Returns whether it is a price of that day."""
        return (self.from_day or when) <= when <= (self.until_day or when)


def read_price_list(data: bytes) -> tuple[Price, ...]:
    """Returns the prices of a CSV file in UTF-8 with a heading of ``COLUMNS``, the last three of which may be left out.

    Raises:
        BadPriceList: With every line that is wrong.
    """
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadPriceList([PriceFinding(1, "", PriceFlaw.UNREADABLE)]) from error
    heading = rows[0] if rows else []
    if not set(_REQUIRED) <= set(heading) <= set(COLUMNS) or len(set(heading)) < len(heading):
        raise BadPriceList([PriceFinding(1, "", PriceFlaw.COLUMNS)])
    if len(rows) - 1 > MOST_LINES:
        raise BadPriceList([PriceFinding(MOST_LINES + 2, "", PriceFlaw.TOO_MANY)])
    findings: list[PriceFinding] = []
    prices = [(number, price) for number, row in enumerate(rows[1:], 2) if row for price in _read_row(number, heading, row, findings)]
    findings += _overlaps(prices)
    if findings:
        raise BadPriceList(sorted(findings, key=lambda one: one.line))
    return tuple(price for _, price in prices)


def doubts_of(lines: Sequence[SaleLine], prices: Iterable[Price], when: date, store_id: str) -> tuple[LineDoubt, ...]:
    """Returns the lines that the list does not bear; prices are those of their goods, of the store and of the chain."""
    known = {price.sku: price.price_fen for price in sorted(prices, key=_own_store_last) if _is_for(price, when, store_id)}
    return tuple(_doubts(lines, known))


def _doubts(lines: Sequence[SaleLine], known: Mapping[str, int]) -> Iterator[LineDoubt]:
    for number, line in enumerate(lines, 1):
        price = known.get(line.sku)
        if price is None:
            yield LineDoubt(number, Reason.SKU_UNKNOWN, None)
        elif price != line.unit_price_fen:
            yield LineDoubt(number, Reason.PRICE_MISMATCH, price)


def _is_for(price: Price, when: date, store_id: str) -> bool:
    return price.store_id in ("", store_id) and price.holds_on(when)


def _own_store_last(price: Price) -> bool:
    return bool(price.store_id)


def _read_row(number: int, heading: Sequence[str], row: Sequence[str], findings: list[PriceFinding]) -> Iterator[Price]:
    if len(row) != len(heading):
        findings.append(PriceFinding(number, "", PriceFlaw.COLUMNS))
        return
    cells = {name: cell.strip() for name, cell in zip(heading, row, strict=True)}
    wrong = [PriceFinding(number, name, PriceFlaw.MISSING_FIELD) for name in _REQUIRED if not cells[name]]
    read = {name: value for name, cell in cells.items() if cell for value in _cell(number, name, cell, wrong)}
    first, last = read.get("from"), read.get("until")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        wrong.append(PriceFinding(number, "until", PriceFlaw.ENDS_EARLY))
    findings += wrong
    if not wrong:
        yield Price(cells["sku"], cells.get("store", ""), _day(first), _day(last), int(cells["price_fen"]))


def _cell(number: int, name: str, cell: str, wrong: list[PriceFinding]) -> Iterator[date | int | str]:
    try:
        if name == "price_fen":
            # Python reads more than digits as a number: signs, underscores, other scripts.
            yield _PRICE(int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 17 else None)
        else:
            yield day(cell) if name in ("from", "until") else text(cell)
    except BadField:
        wrong.append(PriceFinding(number, name, PriceFlaw.BAD_FIELD))


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _overlaps(prices: Sequence[tuple[int, Price]]) -> Iterator[PriceFinding]:
    """Yields lines that give goods a second price for a day that has one."""
    ordered = sorted(prices, key=lambda one: (one[1].sku, one[1].store_id, one[1].from_day or date.min))
    for (_, before), (number, after) in pairwise(ordered):
        is_same = (before.sku, before.store_id) == (after.sku, after.store_id)
        if is_same and (after.from_day or date.min) <= (before.until_day or date.max):
            yield PriceFinding(number, "from", PriceFlaw.OVERLAP)
