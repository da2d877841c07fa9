"""Loads the catalogue of rewards, as a whole or not at all, and lists it. Knows no file and no member."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from server_stub.domain.actors import Actor
from server_stub.domain.clock import business_day
from server_stub.domain.documents import Flawed
from server_stub.domain.permissions import Operation, require
from server_stub.domain.program.parameters import Parameters, RewardTerms
from server_stub.domain.rewards.catalogue_file import BadCatalogue, CatalogueFlaw, CatalogueReward
from server_stub.services.audit import Deed
from server_stub.services.ledger.booking import Booking
from server_stub.storage.database import Tx
from server_stub.storage.devices import store_by_id
from server_stub.storage.redemptions import WHOLE_CHAIN, RewardRow, find_reward, rewards, set_reward, set_stock
from server_stub.storage.reward_listings import (
    ListingRow,
    drop_listing,
    find_listing,
    free_at,
    listed_rewards,
    set_listing,
    stock_rows,
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a catalogue changed, or would change: ids."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    withdrawn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedReward:
    """A reward as staff see it; days inclusive.

    Attributes:
        stores: Empty: all.
        left: Pieces that the store can give; None where they are not counted, or no store was named.
    """

    reward_id: str
    name: str
    points: int
    min_tier: str
    per_member: int | None
    stores: tuple[str, ...]
    from_day: date | None
    until_day: date | None
    adult_only: bool
    picture: str
    left: int | None


class Catalogue:
    """The catalogue."""

    def __init__(self, booking: Booking) -> None:
        self._booking = booking
        self._base = booking.base

    def load(self, actor: Actor, wanted: Sequence[CatalogueReward], *, is_rehearsal: bool = False) -> Loaded:
        """Makes the given rewards the catalogue; those that are not named any more end, what was redeemed stays.

        A store that has a count keeps it: only `stock set` changes counts. Rewards that rules brought are left alone; of a listed one that
        the rules in force name, only how it is shown is taken from the file.

        Args:
            actor: A manager.
            wanted: The whole catalogue, in the order in which it is shown.
            is_rehearsal: Check and tell only; nothing is stored.

        Raises:
            Refusal: NOT_PERMITTED.
            BadCatalogue: An unknown store or tier, or an id that rules have used and the catalogue has not.
        """
        require(actor, Operation.LOAD_REWARDS)
        self._booking.programme.keep_up()
        if is_rehearsal:
            return self._base.database.read(lambda tx: self._plan(tx, wanted))
        return self._base.database.write(lambda tx: self._apply(tx, actor, wanted))

    def list(self, actor: Actor, store_id: str = "") -> tuple[ListedReward, ...]:
        """Returns the catalogue, of one store or all of it.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.LIST_STOCK)
        self._booking.programme.keep_up()
        return self._base.database.read(lambda tx: tuple(_listed(tx, store_id)))

    def _plan(self, tx: Tx, wanted: Sequence[CatalogueReward]) -> Loaded:
        rules = self._booking.programme.at(tx, tx.now).parameters
        flaws = [flaw for place, reward in enumerate(wanted, 1) for flaw in _flaws(tx, reward, f"reward[{place}]", rules)]
        if flaws:
            raise BadCatalogue(tuple(flaws))
        known = {row.reward_id for row, _ in listed_rewards(tx)}
        same = {reward.reward_id for place, reward in enumerate(wanted, 1) if _is_same(tx, reward, place, rules)}
        named = [reward.reward_id for reward in wanted]
        return Loaded(
            added=tuple(one for one in named if one not in known),
            changed=tuple(one for one in named if one in known and one not in same),
            unchanged=tuple(one for one in named if one in known and one in same),
            withdrawn=tuple(sorted(known - set(named))),
        )

    def _apply(self, tx: Tx, actor: Actor, wanted: Sequence[CatalogueReward]) -> Loaded:
        loaded, rules = self._plan(tx, wanted), self._booking.programme.at(tx, tx.now).parameters
        counted = {(row.reward_id, row.store_id) for row in stock_rows(tx)}
        for place, reward in enumerate(wanted, 1):
            if reward.reward_id not in rules.rewards:
                set_reward(tx, _row(reward))
            set_listing(tx, _listing(reward, place))
            for store_id, count in _first_counts(reward).items():
                if (reward.reward_id, store_id) not in counted:
                    set_stock(tx, reward.reward_id, store_id, count)
        _withdraw(tx, loaded.withdrawn, rules)
        for reward_id in (*loaded.added, *loaded.changed, *loaded.withdrawn):
            self._base.audit.record(tx, Deed(actor, "reward.set", "", reward_id))
        counts = {"added": len(loaded.added), "changed": len(loaded.changed), "withdrawn": len(loaded.withdrawn)}
        self._base.audit.record(tx, Deed(actor, "rewards.loaded", detail=counts))
        return loaded


def terms_of(row: RewardRow) -> RewardTerms:
    """Returns a stored reward's terms."""
    return RewardTerms(
        points=row.points,
        min_tier=row.min_tier,
        per_member=row.per_member,
        stores=None if row.stores is None else tuple(row.stores),
        from_day=row.from_day,
        until_day=row.until_day,
        adult_only=row.adult_only,
    )


def _withdraw(tx: Tx, reward_ids: Collection[str], rules: Parameters) -> None:
    """Shows rewards no more; they end too, unless the rules have given them terms."""
    yesterday = business_day(tx.now) - timedelta(days=1)
    for row in rewards(tx):
        if row.reward_id in reward_ids:
            drop_listing(tx, row.reward_id)
            if row.reward_id not in rules.rewards:
                set_reward(tx, replace(row, until_day=min(row.until_day or yesterday, yesterday)))


def _flaws(tx: Tx, reward: CatalogueReward, where: str, rules: Parameters) -> list[Flawed]:
    flaws = []
    known = find_reward(tx, reward.reward_id)
    if known is not None and known.rules_version and find_listing(tx, reward.reward_id) is None:
        flaws.append(Flawed(f"{where}.id", CatalogueFlaw.ID_OF_RULES))
    if reward.terms.min_tier is not None and reward.terms.min_tier not in {tier.name for tier in rules.tiers}:
        flaws.append(Flawed(f"{where}.min_tier", CatalogueFlaw.TIER_UNKNOWN))
    for field, stores in (("stores", reward.terms.stores or ()), ("stock", reward.stock or {})):
        flaws += [Flawed(f"{where}.{field}.{one}", CatalogueFlaw.STORE_UNKNOWN) for one in stores if store_by_id(tx, one) is None]
    return flaws


def _first_counts(reward: CatalogueReward) -> dict[str, int]:
    """Returns counts to begin with; where pieces are counted, a store that has none of its own has none."""
    return {} if reward.stock is None else {**reward.stock, WHOLE_CHAIN: 0}


def _is_same(tx: Tx, reward: CatalogueReward, place: int, rules: Parameters) -> bool:
    has_its_terms = reward.reward_id in rules.rewards or find_reward(tx, reward.reward_id) == _row(reward)
    return has_its_terms and find_listing(tx, reward.reward_id) == _listing(reward, place)


def _row(reward: CatalogueReward) -> RewardRow:
    terms = reward.terms
    stores = None if terms.stores is None else list(terms.stores)
    limits = (terms.min_tier, terms.per_member, stores, terms.from_day, terms.until_day)
    return RewardRow(reward.reward_id, terms.points, *limits, terms.adult_only, "")


def _listing(reward: CatalogueReward, place: int) -> ListingRow:
    names = {language.value: text for language, text in reward.names.items()}
    descriptions = {language.value: text for language, text in reward.descriptions.items()}
    return ListingRow(reward.reward_id, place, names, descriptions, reward.picture)


def _listed(tx: Tx, store_id: str) -> list[ListedReward]:
    free = free_at(tx, store_id) if store_id else {}
    return [
        ListedReward(
            reward_id=row.reward_id,
            name=listing.names["zh-Hans"],
            points=row.points,
            min_tier=row.min_tier or "",
            per_member=row.per_member,
            stores=tuple(row.stores or ()),
            from_day=row.from_day,
            until_day=row.until_day,
            adult_only=row.adult_only,
            picture=listing.picture,
            left=free.get(row.reward_id),
        )
        for row, listing in listed_rewards(tx)
        if not store_id or row.stores is None or store_id in row.stores
    ]
