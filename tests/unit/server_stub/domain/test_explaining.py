"""Explanations: what each says, that three lines are enough, and that every key has its words in three languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.texts import LANGUAGES, load_catalogue
from server_stub.domain.birthday import ProofLevel
from server_stub.domain.birthday_gift import BirthdayFacts, load_birthday_rules
from server_stub.domain.coupons import Coupon, CouponState, Terms
from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.explaining.birthdays import explain_birthday
from server_stub.domain.explaining.coupons import GivenCoupon, explain_coupon
from server_stub.domain.explaining.lines import MOST_LINES, Line, by_rules, factor
from server_stub.domain.explaining.redemptions import DecidedRedemption, Wanted, explain_redemption, explain_wanted
from server_stub.domain.explaining.sales import DecidedSale, explain_sale, fen_to_next_point
from server_stub.domain.explaining.tiers import explain_tier, fen_for_points, progress_of
from server_stub.domain.ledger.earning import earn, points_of
from server_stub.domain.ledger.prepared import EarningFacts
from server_stub.domain.ledger.tier_history import TierFacts, YearMove, tier_on
from server_stub.domain.ledger_commands import RecordSale, SaleLine, Tender
from server_stub.domain.program.catalogue import load_rule_set, shipped_base
from server_stub.domain.program.choices import Stacking
from server_stub.domain.program.parameters import Parameters, RewardTerms
from server_stub.domain.program.parsing import parse
from server_stub.domain.reasons import Reason
from tests.architecture.tree import ROOT

YONGHUI, HEXING = load_rule_set("yonghui-card"), load_rule_set("hexing-mall")
RULES = st.builds(
    lambda fen, mode, at: parse({"fen_per_point": fen, "rounding_mode": mode, "round_at": at}),
    st.integers(1, 2_000),
    st.sampled_from(["down", "half_up", "up"]),
    st.sampled_from(["end", "base"]),
)


def spoken(lines: Sequence[Line]) -> None:
    """Every line can be said with the variables that it brings, in every language."""
    for line in lines:
        for language in LANGUAGES:
            assert load_catalogue().say(language, line.key, **line.variables)


def sold(fen: int, rules: Parameters, day: date = date(2026, 3, 3), *, tender: str = "cash", taken_back: int = 0) -> DecidedSale:
    sale = RecordSale("s", "S01", (SaleLine("x", "food", 1, fen),), tenders=(Tender(tender, fen),))
    earning = earn(sale, EarningFacts(day), rules)
    conditions = rules.multipliers
    return DecidedSale(earning.total_fen, earning.eligible_fen, earning.points, earning.multipliers, taken_back, rules, conditions)


def test_a_sale_says_what_it_earned_why_and_what_is_nearest() -> None:
    assert explain_sale(sold(12_870, YONGHUI)) == (
        Line("explain.sale.earned", {"points": "128", "amount": "128.70"}),
        Line("explain.sale.could_be", {"multiplier": "MEMBER_CARD", "factor": "1.2"}),
        Line("explain.sale.next_point", {"amount": "0.30"}),
    )
    assert explain_sale(sold(12_850, YONGHUI, date(2026, 2, 16), tender="member_card")) == (
        Line("explain.sale.earned", {"points": "257", "amount": "128.50"}),
        Line("explain.sale.multiplied", {"multiplier": "SPRING_FESTIVAL", "factor": "2"}),
        Line("explain.sale.next_point", {"amount": "0.50"}),
    )
    spoken([*explain_sale(sold(12_850, YONGHUI, date(2026, 2, 16))), *explain_sale(sold(50, YONGHUI))])
    assert explain_sale(sold(12_850, YONGHUI, taken_back=12))[1] == Line("explain.sale.returned", {"points": "12"})


def test_multipliers_that_are_multiplied_are_all_named_with_their_exact_factor() -> None:
    rules = replace(YONGHUI, stacking=Stacking.MULTIPLY)
    assert explain_sale(sold(12_850, rules, date(2026, 2, 16), tender="member_card"))[:2] == (
        Line("explain.sale.earned", {"points": "308", "amount": "128.50"}),
        Line("explain.sale.multiplied", {"multiplier": "SPRING_FESTIVAL × MEMBER_CARD", "factor": "2.4"}),
    )
    assert explain_sale(sold(12_850, rules, date(2026, 2, 16)))[1:] == (
        Line("explain.sale.multiplied", {"multiplier": "SPRING_FESTIVAL", "factor": "2"}),
        Line("explain.sale.could_be", {"multiplier": "MEMBER_CARD", "factor": "1.2"}),
    )
    assert [factor(101, 150), factor(200), factor(150), factor(1000)] == ["1.515", "2", "1.5", "10"]


def test_goods_that_do_not_count_are_named() -> None:
    wanjia = load_rule_set("wanjia-plaza")
    sale = RecordSale("s", "S01", (SaleLine("x", "food", 1, 1_500), SaleLine("y", "gold", 1, 9_000)))
    earning = earn(sale, EarningFacts(date(2026, 3, 3)), wanjia)
    found = explain_sale(DecidedSale(10_500, earning.eligible_fen, earning.points, (), 0, wanjia))
    assert found == (
        Line("explain.sale.earned", {"points": "1", "amount": "15.00"}),
        Line("explain.sale.excluded", {"amount": "90.00"}),
        Line("explain.sale.next_point", {"amount": "5.00"}),
    )


@given(RULES, st.integers(1, 100_000))
def test_the_amount_to_the_next_point_is_the_smallest_that_does(rules: Parameters, fen: int) -> None:
    more = fen_to_next_point(sold(fen, rules))
    assert more is not None
    earned = points_of(fen, (), rules)
    assert points_of(fen + more, (), rules) > earned >= points_of(fen + more - 1, (), rules)


@given(RULES, st.integers(1, 5_000))
def test_the_amount_for_points_is_the_smallest_that_earns_them(rules: Parameters, points: int) -> None:
    fen = fen_for_points(points, rules)
    assert points_of(fen, (), rules) >= points > points_of(fen - 1, (), rules)


def hexing(day: date, *moves: tuple[date, int, int], **brought: int) -> tuple[Line, ...]:
    facts = TierFacts({int(year[1:]): points for year, points in brought.items()}, [YearMove(*move) for move in moves])
    return explain_tier(progress_of(tier_on(facts, HEXING, day), HEXING))


def test_a_tier_says_what_is_missing_until_when_and_what_keeps_it() -> None:
    june = date(2026, 6, 30)
    assert hexing(june, y2026=1_988) == (
        Line("explain.tier.now", {"tier": "points_card"}),
        Line("explain.tier.next", {"amount": "12.00", "day": "2026-12-31", "tier": "silver"}),
    )
    assert hexing(june, y2025=2_500, y2026=100) == (
        Line("explain.tier.until", {"tier": "silver", "day": "2026-12-31"}),
        Line("explain.tier.next", {"amount": "5900.00", "day": "2026-12-31", "tier": "gold"}),
        Line("explain.tier.keep", {"amount": "1900.00", "day": "2026-12-31", "tier": "silver"}),
    )
    spoken([*hexing(june, y2026=1), *hexing(june, y2025=2_500), *hexing(june, y2026=6_000)])
    assert hexing(june, y2026=6_000) == (Line("explain.tier.until", {"tier": "gold", "day": "2027-12-31"}), Line("explain.tier.top"))
    assert explain_tier(progress_of(tier_on(TierFacts(), YONGHUI, june), YONGHUI)) == (Line("explain.tier.none"),)


@pytest.mark.parametrize("version", ["house", "hexing-mall"])
def test_a_tier_is_called_where_it_is_explained_as_it_is_at_home(version: str) -> None:
    base, catalogue = shipped_base(version), load_catalogue()
    assert base is not None
    keys = catalogue.keys()
    explained = [key for key in keys if key.startswith("explain.") and "tier" in catalogue.variables(key)]
    assert {"explain.tier.now", "explain.campaign.tier.is"} < set(explained)
    for names, language, key in product(base.names.tiers.values(), LANGUAGES, explained):
        said = catalogue.say(language, key, **{name: names[language] if name == "tier" else "1" for name in catalogue.variables(key)})
        # Of a tier and those above it, 会员 stands after all of them.
        told = names[language] if key == "explain.campaign.tier" else catalogue.say(language, "tier.named", name=names[language])
        assert told in said
        assert not re.search("会员会员|會員會員", said)


def test_the_tier_of_a_day_knows_nothing_of_later_days() -> None:
    facts = TierFacts(
        {2025: 500},
        [
            YearMove(date(2025, 6, 1), 2025, 1_500),
            YearMove(date(2026, 3, 1), 2026, 6_100),
            YearMove(date(2026, 5, 1), 2026, -200),
            YearMove(date(2027, 2, 1), 2026, -5_000),
        ],
    )
    expected = {
        date(2025, 5, 31): "points_card",
        date(2025, 6, 1): "silver",
        date(2026, 2, 28): "silver",
        date(2026, 3, 1): "gold",
        date(2026, 5, 1): "silver",
        date(2027, 1, 31): "silver",
        # A return lowers the tier at once, also that of the year before.
        date(2027, 2, 1): "points_card",
        date(2028, 1, 1): "points_card",
    }
    assert {day: tier_on(facts, HEXING, day).tier for day in expected} == expected


TOWEL = RewardTerms(points=100)
APRIL, MAY = date(2026, 4, 2), date(2026, 5, 2)


@pytest.mark.parametrize(
    ("wanted", "reason", "expected"),
    [
        (Wanted("towel", TOWEL, 130, APRIL), None, [Line("explain.reward.yes", {"points": "100", "left": "30"})]),
        (
            Wanted("towel", TOWEL, 30, APRIL, date(2026, 4, 9)),
            Reason.INSUFFICIENT_AVAILABLE,
            [
                Line("explain.no.INSUFFICIENT_AVAILABLE"),
                Line("explain.help.points", {"points": "70"}),
                Line("explain.help.frees_on", {"day": "2026-04-09"}),
            ],
        ),
        (
            Wanted("towel", TOWEL, 130, MAY),
            Reason.REDEMPTION_CLOSED,
            [Line("explain.no.REDEMPTION_CLOSED"), Line("explain.help.opens", {"day": "2026-10-01"})],
        ),
        (
            Wanted("towel", TOWEL, 130, date(2026, 11, 1)),
            Reason.REDEMPTION_CLOSED,
            [Line("explain.no.REDEMPTION_CLOSED"), Line("explain.help.opens", {"day": "2027-04-01"})],
        ),
        (
            Wanted("towel", RewardTerms(points=1, min_tier="silver"), 130, APRIL),
            Reason.TIER_TOO_LOW,
            [Line("explain.no.TIER_TOO_LOW"), Line("explain.help.tier", {"tier": "silver"})],
        ),
        (
            Wanted("towel", RewardTerms(points=1, per_member=2), 130, APRIL),
            Reason.LIMIT_REACHED,
            [Line("explain.no.LIMIT_REACHED"), Line("explain.help.limit", {"count": "2"})],
        ),
        (Wanted("towel", None, 130, APRIL), Reason.REWARD_UNKNOWN, [Line("explain.no.REWARD_UNKNOWN")]),
    ],
)
def test_a_reward_says_yes_or_no_and_what_would_change_it(wanted: Wanted, reason: Reason | None, expected: list[Line]) -> None:
    assert list(explain_wanted(wanted, reason, YONGHUI)) == expected
    spoken(expected)


def campaign_keys() -> set[str]:
    """The keys that the modules of campaigns put together from a prefix and a word, or one of two words."""
    keys = set()
    for name in ("domain/explaining/campaigns.py", "domain/campaigns/eligibility.py"):
        source = (ROOT / "server_stub" / name).read_text("utf-8")
        prefix = re.findall(r'_PREFIX = "(.+)"', source)[0]
        ends = re.findall(r'f"{_PREFIX}\.([a-z_.]*)(?:{([^}]*)})?"', source)
        for end, choice in ends:
            words = re.findall(r"'(is|not)'", choice) or ["", "_here"] * bool(choice) or [""]
            keys |= {f"{prefix}.{end}{word}" for word in words}
    return keys


def test_every_key_has_its_words_and_no_words_are_of_nothing() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "server_stub").glob("domain/explaining/*.py"))
    sources += (ROOT / "server_stub/services/benefits.py").read_text("utf-8")
    keys = set(re.findall(r'"(explain\.[a-z_.]+[a-z])"', sources)) - {"explain.campaign.how"}
    keys |= campaign_keys()
    keys |= {f"explain.redemption.{state.value.lower()}" for state in RedemptionState}
    keys |= {f"explain.no.{reason}" for reason in f"{OF_REWARDS} {OF_BIRTHDAYS}".split()}
    assert keys == {key for key in load_catalogue().keys() if key.startswith("explain.")}  # noqa: SIM118 - keys() is no dictionary's


OF_REWARDS = (
    "INSUFFICIENT_AVAILABLE REWARD_UNKNOWN REDEMPTION_CLOSED REWARD_NOT_OPEN WRONG_STORE TIER_TOO_LOW ADULT_ONLY LIMIT_REACHED OUT_OF_STOCK"
)
OF_BIRTHDAYS = "BIRTHDAY_MISSING BIRTHDAY_NOT_NOW BIRTHDAY_CHANGED_THIS_YEAR BIRTHDAY_TOO_NEW BIRTHDAY_GIFT_TAKEN"


def test_a_redemption_says_what_became_of_it_and_which_points_went_first() -> None:
    for state in RedemptionState:
        lines = explain_redemption(DecidedRedemption(state, 100, 20, 2, date(2026, 12, 1)))
        assert len(lines) == MOST_LINES
        spoken(lines)
        assert lines[0] == Line(f"explain.redemption.{state.value.lower()}", {"points": "100"})
        # The last day on which they could be spent, as every other page says it.
        assert lines[1] == Line("explain.redemption.oldest_first", {"day": "2026-11-30"})
    assert len(explain_redemption(DecidedRedemption(RedemptionState.COMMITTED, 100, 0, 1, None))) == 1


def test_a_birthday_says_why_there_is_no_gift() -> None:
    rules = load_birthday_rules()
    none = rules.judge(BirthdayFacts(None, ProofLevel.UNSPECIFIED, date(2026, 1, 1), None), date(2026, 6, 1))
    assert explain_birthday(none) == (Line("explain.no.BIRTHDAY_MISSING"),)
    due = rules.judge(BirthdayFacts(date(1990, 6, 1), ProofLevel.STATED, date(2026, 1, 1), None), date(2026, 6, 1))
    spoken(explain_birthday(due))
    assert explain_birthday(due)[0].key == "explain.birthday.due"


WELCOME = Coupon("m1", Terms(500, 2_000, date(2026, 11, 24), date(2026, 12, 22)), CouponState.ISSUED)
UNTIL = Line("explain.coupon.until", {"day": "2026-12-22"})


@pytest.mark.parametrize(
    ("cause", "changes", "given", "to_do"),
    [
        ("welcome:coupon-5", {"awaits_card": True}, "for_welcome", Line("explain.coupon.activate")),
        ("birthday:2026", {}, "for_birthday", Line("explain.coupon.claim", {"day": "2026-12-22"})),
        ("campaign:cmp_1:1", {"recorded": CouponState.CLAIMED}, "for_campaign", UNTIL),
        ("desk:GOODWILL:r1", {"recorded": CouponState.ROLLED_BACK}, "given", UNTIL),
    ],
)
def test_a_coupon_says_what_it_was_given_for_by_which_rules_and_what_is_still_to_be_done(
    cause: str, changes: dict[str, Any], given: str, to_do: Line
) -> None:
    lines = explain_coupon(GivenCoupon(replace(WELCOME, **changes), cause, date(2026, 11, 23), "welcome-2026-11"), date(2026, 11, 25))
    first = Line(f"explain.coupon.{given}", {"day": "2026-11-23"}, "welcome-2026-11")
    assert lines == (first, Line("explain.coupon.minimum", {"amount": "20.00"}), to_do)
    spoken(lines)


def test_a_coupon_whose_first_day_is_to_come_says_so_and_one_that_is_over_says_nothing_of_it() -> None:
    given = GivenCoupon(replace(WELCOME, recorded=CouponState.CLAIMED), "campaign:cmp_1:1", date(2026, 11, 23), "campaign:cmp_1:v3")
    early, late = explain_coupon(given, date(2026, 11, 23)), explain_coupon(given, date(2026, 12, 23))
    assert early[2] == Line("explain.coupon.from", {"day": "2026-11-24"})
    assert (early[0].rules, len(late)) == ("v3", 2)
    spoken(early)


def test_rules_are_named_with_the_first_line_only() -> None:
    assert by_rules((Line("a"), Line("b")), "v1") == (Line("a", rules="v1"), Line("b"))
    assert by_rules((), "v1") == ()
