"""Which campaigns the kiosks of a store are sent, in which order, and when they are more than kiosks can be sent. Knows no table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from server_stub.domain.campaigns.campaign import Campaign

# With the longest texts in three languages they take a fifth of a message, and a list of three a page has twenty of them.
MOST_SHOWN = 60
EVERYWHERE = "*"

T = TypeVar("T")
_RUNS, _ANNOUNCED, _LATER = range(3)


@dataclass(frozen=True, slots=True)
class Crowd:
    """More campaigns at once than the kiosks of a store are sent: the last in order stand on no kiosk meanwhile.

    Attributes:
        store_id: The store; ``*``: every one.
        since: First moment at which they are too many.
        count: The most at once from then on.
    """

    store_id: str
    since: datetime
    count: int


def for_kiosks(campaigns: Iterable[tuple[Campaign, T]], store_id: str, now: datetime) -> list[tuple[Campaign, T]]:
    """Returns what is sent to a store, each with what came with it: what runs, what is announced, what will be shown soonest."""
    shown = [pair for pair in campaigns if pair[0].is_in(store_id) and pair[0].shown_until > now]
    return sorted(shown, key=lambda pair: _place(pair[0], now))[:MOST_SHOWN]


def crowds(campaigns: Sequence[Campaign], now: datetime) -> tuple[Crowd, ...]:
    """Returns where and when there will be too many; of every store in one, where those of all stores are too many by themselves.

    Args:
        campaigns: All that are not stopped.
        now: From when on it matters.
    """
    everywhere = _crowd(EVERYWHERE, [one for one in campaigns if one.stores is None], now)
    if everywhere is not None:
        return (everywhere,)
    stores = sorted({store for one in campaigns for store in one.stores or ()})
    found = (_crowd(store, [one for one in campaigns if one.is_in(store)], now) for store in stores)
    return tuple(crowd for crowd in found if crowd is not None)


def _place(campaign: Campaign, now: datetime) -> tuple[int, datetime, str]:
    """Within what runs, what ends first stands first: there is least time for it."""
    if campaign.shown_from > now:
        return _LATER, campaign.shown_from, campaign.campaign_id
    if campaign.starts > now:
        return _ANNOUNCED, campaign.starts, campaign.campaign_id
    return _RUNS, campaign.shown_until, campaign.campaign_id


def _crowd(store_id: str, campaigns: Iterable[Campaign], now: datetime) -> Crowd | None:
    coming = [one for one in campaigns if one.shown_until > now]
    # At one moment those that go make room for those that come.
    steps = sorted([(max(one.shown_from, now), 1) for one in coming] + [(one.shown_until, -1) for one in coming])
    count, most, since = 0, 0, None
    for moment, step in steps:
        count += step
        most = max(most, count)
        if since is None and count > MOST_SHOWN:
            since = moment
    return None if since is None else Crowd(store_id, since, most)
