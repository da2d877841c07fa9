"""Rules that are well formed and mean nothing: conditions that never or always hold, days that are over, numbers without effect.

Knows no file and no version in force. Source: rows 2 and 37 of the capabilities.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from server_stub.domain.program.choices import Expiry, Stacking
from server_stub.domain.program.flaws import RuleFinding, RuleFlaw
from server_stub.domain.program.parameters import Multiplier, Parameters, RewardTerms
from server_stub.domain.program.rule_file import RuleFile

_NO_MORE_PCT = 100
# A multiplier that holds on every day for so long is the base rate under another name.
_FOREVER = timedelta(days=3650)
_ONLY = 1


def findings_of_meaning(rules: RuleFile, own: Mapping[str, Any], today: date) -> Iterator[RuleFinding]:
    """Yields what is wrong; ``own`` are the parameters that the file itself names."""
    start = rules.effective_from or today
    yield from _multipliers(rules.parameters, start)
    yield from _tiers_and_expiry(rules.parameters, own)
    yield from _redeeming(rules.parameters)
    for reward, terms in rules.parameters.rewards.items():
        for name, flaw, about in _reward(terms, rules.parameters, start):
            yield RuleFinding(f"params.rewards.{reward}.{name}", flaw, about)


def _multipliers(rules: Parameters, start: date) -> Iterator[RuleFinding]:
    seen: list[Multiplier] = []
    for multiplier in rules.multipliers:
        where = f"params.multipliers.{multiplier.code}"
        if multiplier.code in {earlier.code for earlier in seen}:
            yield RuleFinding(where, RuleFlaw.TWICE, multiplier.code)
        if multiplier.pct == _NO_MORE_PCT:
            yield RuleFinding(f"{where}.pct", RuleFlaw.NO_EFFECT, str(multiplier.pct))
        for name, flaw, about in (*_condition(multiplier, rules), *_days(multiplier.dates, start)):
            yield RuleFinding(f"{where}.{name}", flaw, about)
        rivals = [other for other in rules.multipliers if other is not multiplier and _same_condition(other, multiplier)]
        if rules.stacking is Stacking.HIGHEST and any(_beats(other, multiplier, rules) for other in rivals):
            yield RuleFinding(where, RuleFlaw.NEVER_TRUE, multiplier.code)
        seen.append(multiplier)


def _condition(multiplier: Multiplier, rules: Parameters) -> Iterator[tuple[str, RuleFlaw, str]]:
    if multiplier.tag is not None and multiplier.tag in rules.excluded_sale_tags:
        yield "tag", RuleFlaw.NEVER_TRUE, multiplier.tag
    if multiplier.tier is not None:
        names = [level.name for level in rules.tiers]
        if multiplier.tier not in names:
            yield "tier", RuleFlaw.NEVER_TRUE, multiplier.tier
        elif len(names) == _ONLY:
            yield "tier", RuleFlaw.ALWAYS_TRUE, multiplier.tier


def _days(spans: Sequence[tuple[date, date]] | None, start: date) -> Iterator[tuple[str, RuleFlaw, str]]:
    if spans is None:
        return
    for first, last in spans:
        if first > last:
            yield "dates", RuleFlaw.ZERO_WINDOW, f"{first} > {last}"
    held = sorted((first, last) for first, last in spans if first <= last)
    if not spans:
        yield "dates", RuleFlaw.NEVER_TRUE, ""
    elif held and all(last < start for _, last in held):
        yield "dates", RuleFlaw.DATES_PAST, max(last for _, last in held).isoformat()
    elif _covered_until(held, start) >= start + _FOREVER:
        yield "dates", RuleFlaw.ALWAYS_TRUE, ""


def _covered_until(spans: Sequence[tuple[date, date]], start: date) -> date:
    """Returns the first day from the start on that no span covers."""
    day = start
    for first, last in spans:
        if first <= day <= last:
            day = last + timedelta(days=1)
    return day


def _same_condition(one: Multiplier, other: Multiplier) -> bool:
    return (one.dates, one.birthday, one.tag, one.tier, one.tender_only) == (
        other.dates,
        other.birthday,
        other.tag,
        other.tier,
        other.tender_only,
    )


def _beats(rival: Multiplier, multiplier: Multiplier, rules: Parameters) -> bool:
    order = rules.multipliers
    return rival.pct > multiplier.pct or (rival.pct == multiplier.pct and order.index(rival) < order.index(multiplier))


def _tiers_and_expiry(rules: Parameters, own: Mapping[str, Any]) -> Iterator[RuleFinding]:
    if rules.expiry is Expiry.YEAR_REVIEW and rules.void_below == 0:
        yield RuleFinding("params.void_below", RuleFlaw.NEVER_TRUE, "0")
    if rules.expiry is not Expiry.YEAR_REVIEW:
        for name in ("void_below", "void_spares_join_year"):
            if own.get(name):
                yield RuleFinding(f"params.{name}", RuleFlaw.NO_EFFECT, f"expiry = {rules.expiry.value}")
    if "expiry_months" in own and rules.expiry not in (Expiry.ROLLING, Expiry.INACTIVITY):
        yield RuleFinding("params.expiry_months", RuleFlaw.NO_EFFECT, f"expiry = {rules.expiry.value}")
    for name, values in (("excluded_categories", rules.excluded_categories), ("excluded_sale_tags", rules.excluded_sale_tags)):
        yield from _twice(f"params.{name}", values)


def _redeeming(rules: Parameters) -> Iterator[RuleFinding]:
    if not rules.redeem_months:
        yield RuleFinding("params.redeem_months", RuleFlaw.NEVER_TRUE)
    if rules.redeem_stores == ():
        yield RuleFinding("params.redeem_stores", RuleFlaw.NEVER_TRUE)
    if rules.redeem_rewards_only and not rules.rewards:
        yield RuleFinding("params.redeem_rewards_only", RuleFlaw.NEVER_TRUE, "rewards = {}")
    yield from _twice("params.redeem_months", rules.redeem_months)
    yield from _twice("params.redeem_stores", rules.redeem_stores or ())


def _reward(terms: RewardTerms, rules: Parameters, start: date) -> Iterator[tuple[str, RuleFlaw, str]]:
    names = [level.name for level in rules.tiers]
    if terms.min_tier is not None and terms.min_tier not in names:
        yield "min_tier", RuleFlaw.NEVER_TRUE, terms.min_tier
    elif terms.min_tier is not None and terms.min_tier == names[0]:
        yield "min_tier", RuleFlaw.ALWAYS_TRUE, terms.min_tier
    if terms.stores is not None and (not terms.stores or _are_apart(terms.stores, rules.redeem_stores)):
        yield "stores", RuleFlaw.NEVER_TRUE, ", ".join(terms.stores)
    for name, number in (("stock", terms.stock), ("per_member", terms.per_member)):
        if number == 0:
            yield name, RuleFlaw.NEVER_TRUE, "0"
    if terms.until_day is not None and terms.until_day < start:
        yield "until", RuleFlaw.DATES_PAST, terms.until_day.isoformat()


def _are_apart(stores: Sequence[str], all_stores: Sequence[str] | None) -> bool:
    return all_stores is not None and not set(stores) & set(all_stores)


def _twice(where: str, values: Sequence[object]) -> Iterator[RuleFinding]:
    for place, value in enumerate(values):
        if value in values[:place]:
            yield RuleFinding(where, RuleFlaw.TWICE, str(value))
