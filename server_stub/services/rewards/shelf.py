"""What the member before a kiosk can have of the catalogue of its store, why not, and what comes nearest. Books nothing.

Judges by the same terms as redeeming does (domain/ledger/redeeming.py) and on one state; whether a piece is still there when the member
confirms is decided then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.explaining.redemptions import Wanted
from server_stub.domain.language import Language
from server_stub.domain.ledger.lots import take
from server_stub.domain.ledger.redeeming import Buyer, check_terms, frees_on, is_well_formed
from server_stub.domain.ledger_commands import LotView, Redeem
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.ledger.booking import Booking
from server_stub.services.ledger.books import Books
from server_stub.services.ledger.open_account import OpenAccount
from server_stub.services.ledger.persons import birthday_of, is_known_as_minor
from server_stub.services.ledger.pickups import Pickups
from server_stub.services.ledger.programme import InForce
from server_stub.services.rewards.catalogue import terms_of
from server_stub.services.rewards.handing_over import HandingOver
from server_stub.services.rewards.step_up import StepUp
from server_stub.services.visits import Running, Visits
from server_stub.storage.database import Tx
from server_stub.storage.redemptions import RewardRow, find_reward
from server_stub.storage.reward_listings import ListingRow, find_listing, free_at, listed_rewards, pieces_by_reward
from server_stub.storage.spending.api import MOST_PIECES

LARGEST_PAGE = 60
USUAL_PAGE = 6
NOT_COUNTED = -1
# Not shown at all: they would only be a list of what there is not.
_HIDDEN = frozenset({Reason.REWARD_NOT_OPEN, Reason.WRONG_STORE})


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: points, or a reward in pieces; 0 and empty where it is not said."""

    points: int = 0
    reward_id: str = ""
    qty: int = 0

    def command(self, redemption_id: str, member_id: str, device: DeviceActor) -> Redeem:
        """Returns the ledger's command.

        Raises:
            Refusal: REQUEST_MALFORMED: neither or both, less than nothing, or more pieces than anybody carries.
        """
        if self.qty > MOST_PIECES:
            raise refuse(Reason.REQUEST_MALFORMED, Finding("order.qty", Reason.REQUEST_MALFORMED))
        made = Redeem(
            redemption_id,
            member_id,
            points=self.points or None,
            reward_id=self.reward_id or None,
            qty=self.qty or 1,
            store_id=device.store_id,
            device_id=device.device_id,
        )
        if not is_well_formed(made):
            raise refuse(Reason.REQUEST_MALFORMED)
        return made


@dataclass(frozen=True, slots=True)
class RewardCard:
    """A reward as the member sees it.

    Attributes:
        left: Pieces that the store can give; -1: not counted.
        left_for_member: Pieces that this member may still have; -1: no limit.
        until_day: Last day on which it can be had; None: no end is known.
        refusal: Why the member cannot have one piece now; None where it can be had.
        frees_on: Where points are short: first day on which pending ones will do; None where no day is known.
        alternative: Where it cannot be had: id of what comes nearest to it in price and can be had; empty where nothing does.
    """

    reward_id: str
    name: str
    description: str
    picture: str
    points: int
    left: int
    min_tier: str
    adult_only: bool
    left_for_member: int
    until_day: date | None
    refusal: Reason | None
    frees_on: date | None = None
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class RewardPage:
    """Rewards; the token of the next page is empty at the end.

    Attributes:
        total: Rewards on all pages.
    """

    rewards: tuple[RewardCard, ...]
    next_page_token: str
    total: int


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page; size 1 to 60, 0: 6."""

    token: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a redemption would cost; nothing is booked.

    Attributes:
        available_after: Points that would be left; what there is now where it cannot be had.
        lots: That would pay, in order; empty where it cannot be had.
        needs_code: A one-time code comes first.
        refusal: Why it cannot be had now; None where it can.
        pickup_until: First moment at which it could be picked up no more, were it bought now; None where nothing is picked up.
    """

    points: int
    available_after: int
    lots: tuple[LotView, ...]
    needs_code: bool
    refusal: Reason | None
    frees_on: date | None
    alternative: RewardCard | None
    pickup_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A reward that a member asks about, why it cannot be had (None: it can), and by which rules."""

    wanted: Wanted
    reason: Reason | None
    rules: InForce


@dataclass(frozen=True, slots=True)
class _Customer:
    """The member before the shelf, with what the store and the member have."""

    books: Books
    account: OpenAccount
    device: DeviceActor
    buyer: Buyer
    available: int
    free: Mapping[str, int]
    had: Mapping[str, int]


class Shelf:
    """The catalogue of a store for one member."""

    def __init__(self, booking: Booking, visits: Visits, step_up: StepUp, handing_over: HandingOver, pickups: Pickups) -> None:
        self._booking = booking
        self._visits = visits
        self._step_up = step_up
        self._handing_over = handing_over
        self._pickups = pickups

    def list(self, actor: Actor, visit_token: str, language: Language | None, paging: Paging, *, only_available: bool) -> RewardPage:
        """Returns a page of what the store has for the member, in the order of the catalogue.

        Args:
            actor: A kiosk.
            visit_token: Of the member's visit.
            language: Of names and descriptions.
            paging: Which page.
            only_available: Leave out what the member cannot have now.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE, REQUEST_MALFORMED with the field.
        """
        device = require_device(actor, Operation.LOOK_AT_REWARDS)
        start = first_of(paging)
        if language is None:
            raise refuse(Reason.REQUEST_MALFORMED, Finding("language", Reason.REQUEST_MALFORMED))
        self._lapse_first(device, visit_token)

        def reading(tx: Tx) -> tuple[RewardCard, ...]:
            return self._cards(self._customer(tx, self._visits.running(tx, visit_token, device), device), language)

        cards = self._booking.base.database.read(reading)
        shown = tuple(card for card in cards if not only_available or card.refusal is None)
        size = paging.size or USUAL_PAGE
        end = start + size
        return RewardPage(shown[start:end], str(end) if end < len(shown) else "", len(shown))

    def quote(self, actor: Actor, visit_token: str, order: Order, language: Language | None = None) -> Quoted:
        """Returns what an order would cost and whether it can be had.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE, REQUEST_MALFORMED, REWARD_UNKNOWN.
        """
        device = require_device(actor, Operation.LOOK_AT_REWARDS)
        order.command("", "", device)
        self._lapse_first(device, visit_token)

        def reading(tx: Tx) -> Quoted:
            running = self._visits.running(tx, visit_token, device)
            return self._quote(self._customer(tx, running, device), running, order, language or Language.ZH_HANS)

        return self._booking.base.database.read(reading)

    def judged(self, device: DeviceActor, visit_token: str, reward_id: str) -> Judged:
        """Returns whether the member before a device could have a piece here and now, as the catalogue shows it; for explaining.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE.
        """
        self._lapse_first(device, visit_token)

        def reading(tx: Tx) -> Judged:
            customer = self._customer(tx, self._visits.running(tx, visit_token, device), device)
            reward = find_reward(tx, reward_id)
            points = 0 if reward is None else reward.points
            command = Redeem("", customer.account.row.member_id, reward_id=reward_id, store_id=device.store_id)
            terms, today = None if reward is None else terms_of(reward), customer.books.today
            frees = frees_on(customer.account.book, points) if customer.available < points else None
            wanted = Wanted(reward_id, terms, customer.available, today, frees)
            return Judged(wanted, _refusal(customer, command, reward, points), customer.books.rules)

        return self._booking.base.database.read(reading)

    def _lapse_first(self, device: DeviceActor, visit_token: str) -> None:
        """Gives back what the member did not pick up in time, so that these points can be spent here and now; shows the rules of now."""
        self._booking.programme.keep_up()

        def reading(tx: Tx) -> str:
            member = self._visits.require(tx, visit_token, device)
            return self._booking.books(tx).of_member(member.member_id).row.account_id

        self._handing_over.lapse_of(self._booking.base.database.read(reading))

    def _customer(self, tx: Tx, running: Running, device: DeviceActor) -> _Customer:
        books = self._booking.books(tx)
        account = books.of_member(running.member.member_id)
        person_id, base = running.member.person_id, self._booking.base
        buyer = Buyer(books.today, account.book.tier(books.today), birthday_of(base, tx, person_id), is_known_as_minor(base, tx, person_id))
        available = account.book.totals(books.today).available
        return _Customer(
            books, account, device, buyer, available, free_at(tx, device.store_id), pieces_by_reward(tx, account.row.account_id)
        )

    def _cards(self, customer: _Customer, language: Language) -> tuple[RewardCard, ...]:
        cards = [_card(customer, row, listing, language) for row, listing in listed_rewards(customer.books.tx)]
        seen = [card for card in cards if card.refusal not in _HIDDEN]
        return tuple(replace(card, alternative=_nearest(card, seen)) for card in seen)

    def _quote(self, customer: _Customer, running: Running, order: Order, language: Language) -> Quoted:
        tx, account, today = customer.books.tx, customer.account, customer.books.today
        reward = find_reward(tx, order.reward_id) if order.reward_id else None
        if order.reward_id and reward is None:
            raise refuse(Reason.REWARD_UNKNOWN)
        command = order.command("", running.member.member_id, customer.device)
        points = command.points if reward is None else command.qty * reward.points
        wrong = _refusal(customer, command, reward, points or 0)
        if wrong is None:
            shares = take(account.book.spendable(today), points or 0)
            lots = tuple(
                LotView(lot.source, share.points, lot.available_on, account.book.end_of(lot), lot.lot_id, lot.points)
                for share in shares
                for lot in (account.book.lots[share.lot_id],)
            )
            needs_code = self._step_up.needs_code(tx, running, points or 0)
            until = self._pickups.end_of(tx, reward, customer.device.store_id)
            return Quoted(points or 0, customer.available - (points or 0), lots, needs_code, None, None, None, until)
        later = frees_on(account.book, points or 0) if wrong is Reason.INSUFFICIENT_AVAILABLE else None
        alternative = self._alternative(customer, reward, language)
        return Quoted(points or 0, customer.available, (), needs_code=False, refusal=wrong, frees_on=later, alternative=alternative)

    def _alternative(self, customer: _Customer, reward: RewardRow | None, language: Language) -> RewardCard | None:
        listing = find_listing(customer.books.tx, reward.reward_id) if reward else None
        if reward is None or listing is None:
            return None
        cards = self._cards(customer, language)
        wanted = _nearest(replace(_card(customer, reward, listing, language), refusal=Reason.OUT_OF_STOCK), cards)
        return next((card for card in cards if card.reward_id == wanted), None)


def _card(customer: _Customer, row: RewardRow, listing: ListingRow, language: Language) -> RewardCard:
    command = Redeem("", customer.account.row.member_id, reward_id=row.reward_id, store_id=customer.device.store_id)
    wrong = _refusal(customer, command, row, row.points)
    limit = NOT_COUNTED if row.per_member is None else max(0, row.per_member - customer.had.get(row.reward_id, 0))
    return RewardCard(
        reward_id=row.reward_id,
        name=listing.names[language.value],
        description=listing.descriptions.get(language.value, ""),
        picture=listing.picture,
        points=row.points,
        left=customer.free.get(row.reward_id, NOT_COUNTED),
        min_tier=row.min_tier or "",
        adult_only=row.adult_only,
        left_for_member=limit,
        until_day=row.until_day,
        refusal=wrong,
        frees_on=frees_on(customer.account.book, row.points) if wrong is Reason.INSUFFICIENT_AVAILABLE else None,
    )


def _refusal(customer: _Customer, command: Redeem, reward: RewardRow | None, points: int) -> Reason | None:
    """Returns the first reason against it in the order of the contract (till-script.md 3.6), or None."""
    terms = None if reward is None else terms_of(reward)
    wrong = check_terms(command, terms, customer.buyer, customer.books.rules.parameters)
    if wrong is not None:
        return wrong
    if reward is not None:
        if reward.per_member is not None and customer.had.get(reward.reward_id, 0) + command.qty > reward.per_member:
            return Reason.LIMIT_REACHED
        if command.qty > customer.free.get(reward.reward_id, command.qty):
            return Reason.OUT_OF_STOCK
    return Reason.INSUFFICIENT_AVAILABLE if points > customer.available else None


def _nearest(card: RewardCard, cards: Sequence[RewardCard]) -> str:
    """Returns the id of what can be had and costs most nearly the same; what costs less is preferred; empty where nothing can be had."""
    if card.refusal is None:
        return ""
    can_be_had = [other for other in cards if other.refusal is None and other.reward_id != card.reward_id]
    best = min(can_be_had, key=lambda other: (abs(other.points - card.points), other.points), default=None)
    return best.reward_id if best else ""


def first_of(paging: Paging) -> int:
    """Returns the place of the first row of a page, from 0.

    Raises:
        Refusal: REQUEST_MALFORMED with the field.
    """
    if not 0 <= paging.size <= LARGEST_PAGE:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("page_size", Reason.REQUEST_MALFORMED))
    if not paging.token:
        return 0
    if not (paging.token.isascii() and paging.token.isdigit() and len(paging.token) <= 6):
        raise refuse(Reason.REQUEST_MALFORMED, Finding("page_token", Reason.REQUEST_MALFORMED))
    return int(paging.token)
