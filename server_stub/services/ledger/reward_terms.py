"""Brings the rewards that rules name into the catalogue, when the rules take effect and not before. Knows no redemption.

Whoever books or shows rewards brings them first, so that no job can be late. That they were brought says the catalogue itself: every
reward that the rules name bears their version, and of what earlier rules brought the rest has ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from server_stub.domain.program.parameters import RewardTerms
from server_stub.storage.database import Tx
from server_stub.storage.redemptions import WHOLE_CHAIN, RewardRow, rewards, set_reward, set_stock


def are_brought(tx: Tx, version: str, terms: Mapping[str, RewardTerms], first_day: date) -> bool:
    """Returns whether the catalogue has the rewards of rules that are in force."""
    rows = {row.reward_id: row for row in rewards(tx)}
    return all(one in rows and rows[one].rules_version == version for one in terms) and not _left_over(rows, terms, first_day)


def bring(tx: Tx, version: str, terms: Mapping[str, RewardTerms], first_day: date) -> None:
    """Gives the catalogue the rewards of rules that took effect; what earlier rules brought and these do not name ended the day before.

    A reward of a loaded catalogue that rules name keeps how it is shown and that it is picked up; its terms are the rules' from then on.
    """
    last_day = first_day - timedelta(days=1)
    for row in _left_over({row.reward_id: row for row in rewards(tx)}, terms, first_day):
        set_reward(tx, replace(row, until_day=last_day))
    for reward_id, reward in terms.items():
        stores = None if reward.stores is None else list(reward.stores)
        limits = (reward.min_tier, reward.per_member, stores, reward.from_day, reward.until_day)
        set_reward(tx, RewardRow(reward_id, reward.points, *limits, reward.adult_only, version))
        if reward.stock is not None:
            set_stock(tx, reward_id, WHOLE_CHAIN, reward.stock)


def _left_over(rows: Mapping[str, RewardRow], terms: Mapping[str, RewardTerms], first_day: date) -> list[RewardRow]:
    """Returns what earlier rules brought, these do not name, and has no end before them."""
    of_rules = [row for row in rows.values() if row.rules_version and row.reward_id not in terms]
    return [row for row in of_rules if row.until_day is None or row.until_day >= first_day]
