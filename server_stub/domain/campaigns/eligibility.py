"""What a campaign asks of a member and whether it is so, each condition for itself. Knows no words and no table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from server_stub.domain.campaigns.campaign import PurchaseTerms, Segment
from server_stub.domain.explaining.lines import Line, iso

_PREFIX = "explain.campaign"


@dataclass(frozen=True, slots=True)
class Participant:
    """What of a member a campaign may ask about.

    Attributes:
        tier: None where the programme has none.
        purchases: That count: of the days and the store that the campaign asks about, those that came back whole left out.
        agreed_to_offers: The newest choice about marketing was yes.
    """

    tier: str | None
    joined_on: date
    purchases: int
    is_minor: bool
    agreed_to_offers: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition.

    Attributes:
        what: What is asked.
        standing: How it stands with the member; None for nobody.
        is_met: None for nobody.
    """

    name: str
    what: Line
    standing: Line | None
    is_met: bool | None


def conditions_of(segment: Segment, who: Participant | None, tiers: Sequence[str]) -> tuple[Condition, ...]:
    """Returns every condition, those that are met first; for nobody none is met or unmet.

    Args:
        segment: Of the campaign.
        who: The member, or None.
        tiers: Of the programme, the lowest first.
    """
    found = (*_tier(segment, who, tiers), *_joined(segment, who), *_adult(segment, who), *_purchases(segment, who), *_consent(segment, who))
    return tuple(sorted(found, key=lambda condition: condition.is_met is False))


def _tier(segment: Segment, who: Participant | None, tiers: Sequence[str]) -> Iterator[Condition]:
    if segment.min_tier is None:
        return
    what = Line(f"{_PREFIX}.tier", {"tier": segment.min_tier})
    if who is None:
        yield Condition("tier", what, None, None)
        return
    # A tier that the programme does not have any more is out of everybody's reach.
    is_met = who.tier in tiers and segment.min_tier in tiers and tiers.index(who.tier) >= tiers.index(segment.min_tier)
    standing = Line(f"{_PREFIX}.tier.is", {"tier": who.tier}) if who.tier is not None else Line(f"{_PREFIX}.tier.none")
    yield Condition("tier", what, standing, is_met)


def _joined(segment: Segment, who: Participant | None) -> Iterator[Condition]:
    standing = Line(f"{_PREFIX}.joined.is", {"day": iso(who.joined_on)}) if who is not None else None
    if segment.joined_from is not None:
        is_met = None if who is None else who.joined_on >= segment.joined_from
        yield Condition("joined", Line(f"{_PREFIX}.joined_from", {"day": iso(segment.joined_from)}), standing, is_met)
    if segment.joined_until is not None:
        is_met = None if who is None else who.joined_on <= segment.joined_until
        yield Condition("joined", Line(f"{_PREFIX}.joined_until", {"day": iso(segment.joined_until)}), standing, is_met)


def _adult(segment: Segment, who: Participant | None) -> Iterator[Condition]:
    if segment.adult_only:
        standing = None if who is None else Line(f"{_PREFIX}.adult.{'not' if who.is_minor else 'is'}")
        yield Condition("adult", Line(f"{_PREFIX}.adult"), standing, None if who is None else not who.is_minor)


def _purchases(segment: Segment, who: Participant | None) -> Iterator[Condition]:
    terms = segment.purchases
    if terms is None:
        return
    what = Line(f"{_PREFIX}.purchases{_here(terms)}", {"count": str(terms.count), "days": str(terms.days)})
    if who is None:
        yield Condition("purchases", what, None, None)
        return
    missing = terms.count - who.purchases
    if missing <= 0:
        yield Condition("purchases", what, Line(f"{_PREFIX}.purchases.is", {"count": str(who.purchases)}), is_met=True)
    else:
        short = {"count": str(who.purchases), "missing": str(missing)}
        yield Condition("purchases", what, Line(f"{_PREFIX}.purchases.short", short), is_met=False)


def _consent(segment: Segment, who: Participant | None) -> Iterator[Condition]:
    if segment.marketing_consent:
        standing = None if who is None else Line(f"{_PREFIX}.consent.{'is' if who.agreed_to_offers else 'not'}")
        yield Condition("consent", Line(f"{_PREFIX}.consent"), standing, None if who is None else who.agreed_to_offers)


def _here(terms: PurchaseTerms) -> str:
    return "_here" if terms.here else ""
