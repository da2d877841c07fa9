"""Attribution of entries to cohorts: spending order, returns, debts, loans, merges; and the report over all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.entry_kinds import EntryKind as Kind
from server_stub.domain.liability.allocation import deferred_micro, whole_fen
from server_stub.domain.liability.cohorts import Cohort, CohortFacts, Origin
from server_stub.domain.liability.lots import LedgerContradiction
from server_stub.domain.liability.months import Month
from server_stub.domain.liability.replay import AccountsJoined, AccountsParted, Event, PointsFact, Replay, Tally
from server_stub.domain.liability.report import Doubts, LiabilityReport, Opening, Sums, build_report
from server_stub.domain.liability.rules import LiabilityRules, load_liability_rules
from tests.unit.server_stub.domain.test_liability_figures import rule_file

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
END = date(2026, 11, 30)
RULES = load_liability_rules()
NOTHING_CLOSED = Opening()


def sale(points: int, day: date, source: str, *, gone_on: date | None = None, account: str = "a") -> PointsFact:
    return PointsFact(account, Kind.ACCRUAL, points, day, source, gone_on, points * 100)


def entry(kind: Kind, points: int, source: str = "", *, account: str = "a", day: date = END) -> PointsFact:
    return PointsFact(account, kind, points, day, source)


def replayed(*events: Event, as_of: date = END, rules: LiabilityRules = RULES) -> Tally:
    replay = Replay(rules, as_of)
    replay.add(events)
    return replay.tally


def sold(tally: Tally, month: Month) -> CohortFacts:
    return tally.cohorts[Cohort(month, Origin.SALE)]


OLD, NEW = sale(100, date(2026, 10, 5), "s1"), sale(100, date(2026, 11, 5), "s2")


def test_what_ends_first_is_spent_first_whenever_it_was_earned() -> None:
    soon = sale(100, date(2026, 11, 5), "s2", gone_on=date(2027, 1, 1))
    tally = replayed(OLD, soon, entry(Kind.REDEMPTION, -130, "r"))
    assert (sold(tally, NOVEMBER).redeemed, sold(tally, OCTOBER).redeemed) == (100, 30)
    tally = replayed(OLD, NEW, entry(Kind.REDEMPTION, -130, "r"))
    assert (sold(tally, OCTOBER).redeemed, sold(tally, NOVEMBER).redeemed) == (100, 30)
    assert tally.is_proven


def test_gifts_defer_nothing_and_are_a_cohort_of_their_own() -> None:
    tally = replayed(PointsFact("a", Kind.ACCRUAL, 200, date(2026, 10, 1), "welcome"), OLD, entry(Kind.ADJUSTMENT, 7, "case"))
    gifts = tally.cohorts[Cohort(OCTOBER, Origin.GIFT)], tally.cohorts[Cohort(NOVEMBER, Origin.GIFT)]
    assert [(facts.earned, facts.allocated_micro) for facts in gifts] == [(200, 0), (7, 0)]
    assert sold(tally, OCTOBER).allocated_micro == deferred_micro(10_000, 100, RULES.price_on(OLD.day))


def test_a_return_takes_its_own_points_at_the_original_allocation_also_after_the_price_changed() -> None:
    tree = rule_file()
    tree["price"].append({"from": date(2026, 11, 1), "fen_per_point": "9", "untaxed_share": "1"})
    tally = replayed(OLD, NEW, entry(Kind.ACCRUAL_REVERSAL, -40, "s1"), rules=LiabilityRules(tree))
    october = sold(tally, OCTOBER)
    assert (october.returned, sold(tally, NOVEMBER).returned) == (40, 0)
    assert october.returned_micro == round(Fraction(october.allocated_micro * 40, 100))
    assert whole_fen(october.allocated_micro) == 94


def test_a_return_of_points_that_were_spent_moves_the_spending_to_other_lots() -> None:
    tally = replayed(OLD, NEW, entry(Kind.REDEMPTION, -100, "r"), entry(Kind.ACCRUAL_REVERSAL, -100, "s1"))
    october, november = sold(tally, OCTOBER), sold(tally, NOVEMBER)
    assert (october.returned, october.redeemed, october.outstanding) == (100, 0, 0)
    assert (november.redeemed, november.outstanding, tally.owed) == (100, 0, 0)
    assert october.returned_micro == october.allocated_micro


def test_what_no_lot_can_pay_is_owed_and_paid_by_the_next_points() -> None:
    spent_and_returned = (OLD, entry(Kind.REDEMPTION, -100, "r"), entry(Kind.ACCRUAL_REVERSAL, -100, "s1"))
    tally = replayed(*spent_and_returned)
    assert (tally.owed, tally.outstanding, tally.entries) == (100, 0, -100)
    assert tally.is_proven
    tally = replayed(*spent_and_returned, sale(130, END, "s3"))
    assert (tally.owed, sold(tally, NOVEMBER).redeemed, tally.outstanding) == (0, 100, 30)
    tally = replayed(*spent_and_returned, entry(Kind.REDEMPTION_REVERSAL, 100, "r"))
    assert (tally.owed, tally.outstanding, sold(tally, OCTOBER).redeemed) == (0, 0, 0)


def test_what_is_given_back_goes_to_the_lots_that_paid_last_first() -> None:
    tally = replayed(OLD, NEW, entry(Kind.REDEMPTION, -130, "r"), entry(Kind.REDEMPTION_REVERSAL, 50, "r"))
    assert (sold(tally, OCTOBER).redeemed, sold(tally, NOVEMBER).redeemed) == (80, 0)


def test_expiry_counts_from_its_day_on_whether_or_not_an_entry_says_so() -> None:
    ending = sale(100, date(2026, 10, 5), "s1", gone_on=END)
    the_day_before = replayed(ending, as_of=END - timedelta(days=1))
    assert (the_day_before.outstanding, the_day_before.overdue) == (100, 0)
    unsaid, said = replayed(ending), replayed(ending, entry(Kind.EXPIRY, -100))
    assert (unsaid.outstanding, unsaid.overdue, sold(unsaid, OCTOBER).expired) == (0, 100, 100)
    assert (said.outstanding, said.overdue, sold(said, OCTOBER).expired) == (0, 0, 100)
    assert unsaid.is_proven
    assert said.is_proven


def lot(points: int, day: date, name: str) -> PointsFact:
    return replace(sale(points, day, name), lot_id=name)


def took(kind: Kind, source: str, *lots: tuple[str, int]) -> PointsFact:
    return replace(entry(kind, -sum(points for _, points in lots), source), lots=lots)


OLD_LOT, NEW_LOT = lot(100, OLD.day, "s1"), lot(100, NEW.day, "s2")


def test_the_lots_that_the_ledger_names_are_taken_whatever_the_order_of_spending() -> None:
    tally = replayed(OLD_LOT, NEW_LOT, took(Kind.REDEMPTION, "r", ("s2", 70), ("s1", 5)), took(Kind.EXPIRY, "x", ("s2", 30)))
    october, november = sold(tally, OCTOBER), sold(tally, NOVEMBER)
    assert (october.redeemed, october.expired, november.redeemed, november.expired) == (5, 0, 70, 30)


def test_what_ended_ended_in_its_lot_although_a_return_had_moved_the_spending_there() -> None:
    """The ledger met the return from the other lot, so what ended later was the first one's."""
    back = (took(Kind.REDEMPTION, "r", ("s2", 100)), entry(Kind.ACCRUAL_REVERSAL, -100, "s2"), entry(Kind.REDEMPTION_REVERSAL, 40, "r"))
    tally = replayed(OLD_LOT, NEW_LOT, *back, took(Kind.EXPIRY, "x", ("s2", 40)))
    october, november = sold(tally, OCTOBER), sold(tally, NOVEMBER)
    assert (november.returned, november.expired, october.redeemed, october.expired) == (100, 0, 60, 40)
    tally = replayed(OLD_LOT, NEW_LOT, entry(Kind.REDEMPTION, -60, "unsettled"), took(Kind.EXPIRY, "x", ("s1", 100)))
    assert (sold(tally, OCTOBER).expired, sold(tally, NOVEMBER).redeemed) == (100, 60)


def test_held_points_are_spent_after_their_sale_came_back_and_no_more_than_that() -> None:
    returned = (OLD, entry(Kind.ACCRUAL_REVERSAL, -100, "s1"))
    tally = replayed(*returned, entry(Kind.REDEMPTION, -100, "held"))
    assert (tally.owed, tally.outstanding, tally.is_proven) == (100, 0, True)
    with pytest.raises(LedgerContradiction):
        replayed(*returned, entry(Kind.REDEMPTION, -101, "held"))


def test_a_return_of_what_was_partly_spent_and_partly_ended_leaves_what_ended() -> None:
    tally = replayed(OLD, NEW, entry(Kind.REDEMPTION, -50, "r"), entry(Kind.EXPIRY, -50, "x"), entry(Kind.ACCRUAL_REVERSAL, -50, "s1"))
    october, november = sold(tally, OCTOBER), sold(tally, NOVEMBER)
    assert (october.returned, october.expired, november.redeemed, november.expired) == (50, 50, 50, 0)


def test_a_correction_by_hand_is_no_redemption() -> None:
    tally = replayed(OLD, entry(Kind.ADJUSTMENT, -30, "case"))
    assert (sold(tally, OCTOBER).withdrawn, sold(tally, OCTOBER).redeemed, tally.outstanding) == (30, 0, 70)


def test_points_lent_to_a_kiosk_stay_outstanding() -> None:
    tally = replayed(OLD, entry(Kind.ALLOWANCE_OUT, -60, "w"))
    assert (tally.outstanding, tally.is_proven) == (100, True)
    tally = replayed(OLD, entry(Kind.ALLOWANCE_OUT, -60, "w"), entry(Kind.ALLOWANCE_IN, 60, "w"), entry(Kind.REDEMPTION, -20, "r"))
    assert (tally.outstanding, tally.is_proven) == (80, True)


MERGED = (
    OLD,
    sale(50, date(2026, 11, 3), "s9", account="b"),
    AccountsJoined("m", "a", "b"),
    entry(Kind.MERGE, -100, "m"),
    entry(Kind.MERGE, 100, "m", account="b"),
)


def test_a_merge_moves_lots_with_their_months_and_unmerging_moves_them_back() -> None:
    tally = replayed(*MERGED, entry(Kind.REDEMPTION, -120, "r", account="b"))
    assert (sold(tally, OCTOBER).redeemed, sold(tally, NOVEMBER).redeemed) == (100, 20)
    parted = (entry(Kind.MERGE, -80, "m", account="b"), entry(Kind.MERGE, 80, "m"), AccountsParted("m"))
    tally = replayed(*MERGED, entry(Kind.REDEMPTION, -20, "r", account="b"), *parted, entry(Kind.REDEMPTION, -50, "r2", account="b"))
    assert (sold(tally, OCTOBER).redeemed, sold(tally, NOVEMBER).redeemed) == (20, 50)
    assert tally.is_proven
    with pytest.raises(LedgerContradiction):
        replayed(*MERGED, *parted, entry(Kind.REDEMPTION, -51, "r2", account="b"))


def test_a_merge_of_which_one_half_is_missing_is_seen() -> None:
    assert not replayed(*MERGED[:-1]).is_proven


@pytest.mark.parametrize(
    "events",
    [
        (OLD, entry(Kind.REDEMPTION, -101)),
        (OLD, entry(Kind.EXPIRY, -101)),
        (OLD, entry(Kind.ACCRUAL_REVERSAL, -101, "s1")),
        (OLD, entry(Kind.ACCRUAL_REVERSAL, -1, "s7")),
        (OLD, entry(Kind.REDEMPTION_REVERSAL, 1)),
        (OLD, entry(Kind.REDEMPTION, -10, "r"), entry(Kind.REDEMPTION_REVERSAL, 1, "other")),
        (OLD, AccountsParted("m")),
    ],
)
def test_entries_that_cannot_be(events: tuple[Event, ...]) -> None:
    with pytest.raises(LedgerContradiction):
        replayed(*events)


STEPS = st.lists(
    st.tuples(st.sampled_from(["earn", "give", "spend", "back", "return", "expire", "correct"]), st.integers(1, 400), st.integers(0, 9))
)


def _history(steps: list[tuple[str, int, int]]) -> list[PointsFact]:
    """Entries that a sound ledger could hold; balance and what may be returned are kept by counting alone."""
    events: list[PointsFact] = []
    balance, earned, spent = 0, {}, {}
    for place, (step, points, pick) in enumerate(steps):
        day = date(2026, 1, 1) + timedelta(days=place * 7)
        gone_on = None if pick % 2 else day + timedelta(days=60 + pick)
        name = f"e{place}"
        if step == "earn":
            events.append(sale(points, day, name, gone_on=gone_on))
            earned[name] = points
        elif step == "give":
            events.append(PointsFact("a", Kind.ACCRUAL, points, day, name, gone_on))
        elif step == "return" and any(earned.values()):
            source = [one for one, left in earned.items() if left][pick % sum(left > 0 for left in earned.values())]
            events.append(PointsFact("a", Kind.ACCRUAL_REVERSAL, -min(points, earned[source]), day, source))
            earned[source] += events[-1].points
        elif step == "back" and any(spent.values()):
            source = next(one for one, left in spent.items() if left)
            events.append(PointsFact("a", Kind.REDEMPTION_REVERSAL, min(points, spent[source]), day, source))
            spent[source] -= events[-1].points
        elif step in {"spend", "expire", "correct"} and balance > 0:
            kind = {"spend": Kind.REDEMPTION, "expire": Kind.EXPIRY, "correct": Kind.ADJUSTMENT}[step]
            events.append(PointsFact("a", kind, -min(points, balance), day, name))
            if step == "spend":
                spent[name] = min(points, balance)
        else:
            continue
        balance += events[-1].points
    return events


def _report(events: list[PointsFact], as_of: date, opening: Opening = NOTHING_CLOSED) -> LiabilityReport:
    return build_report(replayed(*events, as_of=as_of), RULES, as_of, opening, Doubts())


@given(STEPS, st.integers(0, 60))
def test_any_history_is_explained_to_the_point_and_the_fen(steps: list[tuple[str, int, int]], weeks: int) -> None:
    as_of = date(2026, 1, 1) + timedelta(weeks=weeks)
    events = [event for event in _history(steps) if event.day <= as_of]
    report = _report(events, as_of)
    assert report.is_proven
    for sums in (report.total, *(line.sums for line in report.lines)):
        assert min(getattr(sums, name) for name in Sums.__dataclass_fields__) >= 0
        assert sums.earned == sums.returned + sums.redeemed + sums.expired + sums.withdrawn + sums.outstanding
        assert sums.earned - sums.returned == sums.expected + sums.breakage
        assert sums.allocated_fen == sums.returned_fen + sums.used_fen + sums.breakage_fen + sums.ended_fen + sums.deferred_fen
    assert report.total.deferred_fen == sum(line.sums.deferred_fen for line in report.lines)
    assert all(line.sums.allocated_fen == 0 for line in report.lines if line.origin is Origin.GIFT)


@given(STEPS)
def test_after_everything_was_spent_or_ended_nothing_is_deferred(steps: list[tuple[str, int, int]]) -> None:
    events = _history(steps)
    balance = sum(event.points for event in events)
    if balance > 0:
        events.append(entry(Kind.REDEMPTION, -balance, "all", day=date(2030, 1, 1)))
    last = max((event.day for event in events), default=END)
    report = _report([*events], last)
    assert report.total.deferred_fen == 0
    assert report.total.outstanding == 0


@given(STEPS, st.integers(0, 40), st.integers(0, 40))
def test_the_movement_leads_from_one_report_to_the_next(steps: list[tuple[str, int, int]], weeks: int, more: int) -> None:
    first, second = (date(2026, 1, 1) + timedelta(weeks=w) for w in (weeks, weeks + more))
    events = _history(steps)
    before = _report([event for event in events if event.day <= first], first)
    after = _report([event for event in events if event.day <= second], second, Opening("2026-01", before.total))
    change = after.movement.change
    released = change.returned_fen + change.used_fen + change.breakage_fen + change.ended_fen
    assert after.movement.opening_fen + change.allocated_fen - released == after.movement.closing_fen == after.total.deferred_fen


def test_lines_are_by_month_with_sales_before_gifts() -> None:
    gift = PointsFact("a", Kind.ACCRUAL, 5, OLD.day, "w")
    report = _report([gift, OLD, NEW], END)
    assert [(line.month, line.origin.value) for line in report.lines] == [("2026-10", "SALE"), ("2026-10", "GIFT"), ("2026-11", "SALE")]
    assert [line.age_months for line in report.lines] == [1, 1, 0]


def test_accounts_that_do_not_agree_leave_the_report_unproven() -> None:
    assert not build_report(replayed(OLD), RULES, END, Opening(), Doubts(differing=1)).is_proven
