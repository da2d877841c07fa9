"""Proves what stands on cards: each signed snapshot is verified and compared with the ledger of its moment. Changes nothing.

A snapshot says whole seconds, so it is right where it says what the account was at any moment of that second.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hardware.card.layout.faults import MalformedFile
from hardware.card.layout.files import Identity, Snapshot
from server_stub.domain.actors import Actor
from server_stub.domain.clock import business_day
from server_stub.domain.ledger.book import Book
from server_stub.domain.ledger.merging import merged_groups
from server_stub.domain.ledger.rebuilding import Contradiction
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.permissions import Operation, require
from server_stub.services.audit import Deed
from server_stub.services.cards.content import card_points, card_tier
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.account_facts import AccountFacts, facts_of_accounts
from server_stub.services.ledger.programme import Programme
from server_stub.services.ledger.rebuilding import books_within
from server_stub.services.ledger.rule_times import RuleTimes
from server_stub.storage.cards import CardRow, cards_after, cards_of_members
from server_stub.storage.database import Tx
from server_stub.storage.ledger import accounts_of_members, moved_since, sums_of_entries
from server_stub.storage.members import TierRow, numbers_of, tiers_of_members
from server_stub.storage.merges import merged_members

_BATCH = 200
_A_SECOND = timedelta(seconds=1)


class CardFlaw(StrEnum):
    """What does not agree."""

    IDENTITY = "IDENTITY"
    SIGNATURE = "SIGNATURE"
    SEQUENCE = "SEQUENCE"
    POINTS = "POINTS"
    TIER = "TIER"


@dataclass(frozen=True, slots=True)
class WrongCard:
    """A card that says what the ledger does not.

    Attributes:
        number_masked: Membership number of the card's member, masked.
        flaw: IDENTITY: that file is another card's or member's; SIGNATURE: the snapshot does not verify or is another card's;
            SEQUENCE: it is not the one that was written last; POINTS, TIER: the ledger says otherwise of its moment.
        said: What the snapshot says; None where it cannot be read.
        proved: What it must say, or, for POINTS of a member who was ever merged, say at most; None where the ledger contradicts itself.
    """

    card_id: str
    number_masked: str
    flaw: CardFlaw
    said: int | None = None
    proved: int | None = None


@dataclass(frozen=True, slots=True)
class ProvedCards:
    """How many cards were looked at and which of them are wrong."""

    cards: int
    wrong: tuple[WrongCard, ...]


@dataclass(frozen=True, slots=True)
class _Ledger:
    """What a batch of cards is compared with, by member.

    Attributes:
        together: Accounts that merges ever connected with the member's, its own included.
    """

    times: RuleTimes
    accounts: Mapping[str, AccountFacts]
    together: Mapping[str, tuple[str, ...]]
    tiers: Mapping[str, Sequence[TierRow]]


class CardProof:
    """The proof of the cards. Each batch is one consistent state."""

    def __init__(self, base: Foundation, programme: Programme, keys: Mapping[bytes, Ed25519PublicKey]) -> None:
        """Takes the public keys of every generation of signers, by key id."""
        self._database = base.database
        self._audit = base.audit
        self._programme = programme
        self._keys = keys

    def of_moved(self, actor: Actor, since: datetime) -> ProvedCards:
        """Returns what is wrong with the cards of members in whose accounts something was booked since a moment.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.RUN_JOBS)
        members = [member_id for _, member_id in self._database.read(lambda tx: moved_since(tx, since))]
        number, wrong = 0, list[WrongCard]()
        for first in range(0, len(members), _BATCH):
            cards, flaws = self._database.read(functools.partial(self._of_members, members[first : first + _BATCH]))
            number += len(cards)
            wrong.extend(flaws)
        return ProvedCards(number, tuple(wrong))

    def run(self, actor: Actor) -> ProvedCards:
        """Returns what is wrong with cards, spoiled and blocked ones included.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.RUN_JOBS)
        number, last, wrong = 0, "", list[WrongCard]()
        while (batch := self._database.read(functools.partial(self._batch, last)))[0]:
            cards, flaws = batch
            number, last = number + len(cards), cards[-1].card_id
            wrong.extend(flaws)
        return ProvedCards(number, tuple(wrong))

    def alarm(self, actor: Actor, proved: ProvedCards) -> None:
        """Writes an alert into the audit trail."""
        detail: dict[str, str | int | bool] = {"cards": proved.cards, "wrong": len(proved.wrong), "first": proved.wrong[0].card_id}
        self._database.write(lambda tx: self._audit.record(tx, Deed(actor, "alert.cards_unproven", detail=detail)))

    def _batch(self, after: str, tx: Tx) -> tuple[tuple[CardRow, ...], tuple[WrongCard, ...]]:
        return self._of_cards(tx, cards_after(tx, after, _BATCH))

    def _of_members(self, members: Sequence[str], tx: Tx) -> tuple[tuple[CardRow, ...], tuple[WrongCard, ...]]:
        return self._of_cards(tx, cards_of_members(tx, members))

    def _of_cards(self, tx: Tx, cards: tuple[CardRow, ...]) -> tuple[tuple[CardRow, ...], tuple[WrongCard, ...]]:
        members = sorted({card.member_id for card in cards})
        numbers, ledger = numbers_of(tx, members), self._ledger(tx, members)
        return cards, tuple(flaw for card in cards for flaw in self._flaws(tx, card, numbers[card.member_id], ledger))

    def _ledger(self, tx: Tx, members: Sequence[str]) -> _Ledger:
        own = accounts_of_members(tx, members)
        groups = merged_groups(merged_members(tx))
        joined = {member: sorted(group) for group in groups for member in group}
        others = accounts_of_members(tx, [one for member in members for one in joined.get(member, ())])
        return _Ledger(
            self._programme.times(tx),
            {facts.row.member_id: facts for facts in facts_of_accounts(tx, list(own.values()))},
            {member: tuple(others[one] for one in joined.get(member, ()) if one in others) for member in members},
            tiers_of_members(tx, members),
        )

    def _flaws(self, tx: Tx, card: CardRow, number: str, ledger: _Ledger) -> Iterator[WrongCard]:
        def wrong(flaw: CardFlaw, said: int | None = None, proved: int | None = None) -> WrongCard:
            return WrongCard(card.card_id, mask_membership_number(number), flaw, said, proved)

        if not self._is_identity_of(card, number):
            yield wrong(CardFlaw.IDENTITY)
        try:
            snapshot = Snapshot.verified(card.snapshot, self._keys)
        except MalformedFile:
            yield wrong(CardFlaw.SIGNATURE)
            return
        if snapshot.uid != card.uid:
            yield wrong(CardFlaw.SIGNATURE)
            return
        if snapshot.sequence != card.snapshot_sequence:
            yield wrong(CardFlaw.SEQUENCE, snapshot.sequence, card.snapshot_sequence)
        facts = ledger.accounts[card.member_id]
        if facts.was_merged:
            most = _most_together(tx, ledger.together[card.member_id], _moment(snapshot) + _A_SECOND)
            if snapshot.points > most:
                yield wrong(CardFlaw.POINTS, snapshot.points, most)
            return
        yield from (wrong(*flaw) for flaw in _differences(snapshot, facts, ledger))

    def _is_identity_of(self, card: CardRow, number: str) -> bool:
        try:
            identity = Identity.verified(card.identity, self._keys)
        except MalformedFile:
            return False
        return (identity.uid, identity.card_token, identity.membership_number) == (card.uid, card.card_token, number)


def _differences(snapshot: Snapshot, facts: AccountFacts, ledger: _Ledger) -> Iterator[tuple[CardFlaw, int, int | None]]:
    """Yields in what a snapshot differs from the account at every moment of its second."""
    begins = _moment(snapshot)
    try:
        books = list(books_within(ledger.times, facts, begins, begins + _A_SECOND))
    except Contradiction:
        yield CardFlaw.POINTS, snapshot.points, None
        return
    points = [card_points(_spendable_with_card(book)) for book in books]
    if snapshot.points not in points:
        yield CardFlaw.POINTS, snapshot.points, points[-1]
    recorded = [row.tier for row in ledger.tiers.get(facts.row.member_id, ()) if row.assigned_at < begins + _A_SECOND]
    tiers = [card_tier(book.tier(business_day(begins)) or (recorded[-1] if recorded else "")) for book in books]
    if snapshot.tier not in tiers:
        yield CardFlaw.TIER, snapshot.tier, tiers[-1]


def _spendable_with_card(book: Book) -> int:
    """Returns what can be spent once the card is active; what awaits the card is counted (``Accounts.summary``)."""
    awaiting = sum(lot.free for lot in book.lots.values() if lot.available_on is None)
    return book.totals(business_day(book.settled_at)).available + awaiting


def _most_together(tx: Tx, account_ids: Sequence[str], before: datetime) -> int:
    """Returns what accounts had at most, all of them together; what one owed takes nothing from another that was not its own yet."""
    return sum(max(0, points) for points in sums_of_entries(tx, account_ids, before).values())


def _moment(snapshot: Snapshot) -> datetime:
    return datetime.fromtimestamp(snapshot.as_of_s, UTC)
