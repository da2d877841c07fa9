"""The rule engine's goal: baskets of twenty lines a second on one core, against a function written by hand for one rule set.

Knows the rule set yonghui-card by heart, as whoever would write it into code; knows nothing of how the engine prepares one.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.bench.measurement import Measurement, bench

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server_stub.domain.ledger_commands import RecordSale

BASKETS, LINES, ROUNDS = 2_000, 20, 7
SPRING = ((date(2026, 2, 15), date(2026, 2, 23)), (date(2027, 2, 5), date(2027, 2, 11)))
HOLIDAYS = tuple((date(year, month, 1), date(year, month, last)) for year in (2026, 2027) for month, last in ((1, 3), (5, 5), (10, 7)))


def by_hand(sale: RecordSale, day: date, birthday: date) -> tuple[int, int, str]:
    """Returns total and points in fen and points, and the multiplier: what somebody would write who has one programme for ever."""
    total = 0
    for line in sale.lines:
        total += line.qty * line.unit_price_fen - line.discount_fen
    if "remote_order" in sale.tags:
        return total, 0, ""
    pct, code = 100, ""
    if any(first <= day <= last for first, last in SPRING):
        pct, code = 200, "SPRING_FESTIVAL"
    elif (day.month, day.day) == (birthday.month, birthday.day):
        pct, code = 200, "BIRTHDAY"
    elif any(first <= day <= last for first, last in HOLIDAYS):
        pct, code = 150, "HOLIDAY"
    elif "store_opening" in sale.tags:
        pct, code = 150, "STORE_OPENING"
    elif sale.tenders and {tender.type for tender in sale.tenders if tender.fen > 0} == {"member_card"}:
        pct, code = 120, "MEMBER_CARD"
    return total, total * pct // 10_000, code


def _baskets() -> list[tuple[RecordSale, date, date]]:
    from server_stub.domain.ledger_commands import RecordSale, SaleLine, Tender

    draw = random.Random(20261125)
    found = []
    for number in range(BASKETS):
        lines = tuple(
            SaleLine(f"sku{draw.randrange(900)}", draw.choice(("food", "drink", "home")), draw.randint(1, 4), draw.randint(100, 9_900))
            for _ in range(LINES)
        )
        fen = sum(line.qty * line.unit_price_fen for line in lines)
        tags = draw.choice(((), (), (), ("store_opening",), ("remote_order",)))
        sale = RecordSale(f"s{number}", "S01", lines, "m", (Tender(draw.choice(("cash", "member_card")), fen),), tags)
        found.append((sale, date(2026, draw.randint(1, 12), draw.randint(1, 28)), date(1990, draw.randint(1, 12), draw.randint(1, 28))))
    return found


def _per_second(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    started = time.process_time()
    for item in items:
        work(item)
    return len(items) / (time.process_time() - started)


@bench(seconds=5)
def bench_rules() -> Iterable[Measurement]:
    """Takes both in turn by processor time, the best of several rounds each, after seeing that they answer the same."""
    from server_stub.domain.ledger.earning import earn_prepared
    from server_stub.domain.ledger.prepared import EarningFacts, prepare
    from server_stub.domain.program.catalogue import load_rule_set

    rules, baskets = prepare(load_rule_set("yonghui-card")), _baskets()
    judged = [(sale, EarningFacts(day, birthday)) for sale, day, birthday in baskets]

    def engine(item: tuple[RecordSale, EarningFacts]) -> object:
        return earn_prepared(item[0], item[1], rules)

    for basket, (sale, facts) in zip(baskets, judged, strict=True):
        total, points, code = by_hand(*basket)
        earning = earn_prepared(sale, facts, rules)
        answer = (earning.total_fen, earning.points, "".join(earning.applied) if points else "")
        assert answer == (total, points, code), sale.sale_id
    rounds = [(_per_second(engine, judged), _per_second(lambda item: by_hand(*item), baskets)) for _ in range(ROUNDS)]
    ours, theirs = (max(figures) for figures in zip(*rounds, strict=True))
    note = f"one core, {LINES} lines a basket, decision trace included; baseline: the one rule set written by hand"
    yield Measurement("rules.baskets", ours, "baskets/s", baseline=theirs, better="higher", note=note)
    yield Measurement("rules.against_by_hand", ours / theirs, "ratio", goal=0.33, better="higher", note="must 0.2")
