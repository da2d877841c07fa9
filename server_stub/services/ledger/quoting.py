"""Decides whether points may be spent on something, what it costs, and takes the points and the piece. Knows no hold and no entry.

Validation and taking are one function on the same state, so that nothing is checked on one set and taken from another.
Source: till-script.md section 3.6, refusals in their order.
"""

from __future__ import annotations

from dataclasses import dataclass

from server_stub.domain.ledger.lots import Share, take
from server_stub.domain.ledger.redeeming import Buyer, check_terms, frees_on, is_well_formed
from server_stub.domain.ledger_commands import Redeem
from server_stub.domain.program.parameters import RewardTerms
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, Refused, refuse
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.books import Books
from server_stub.services.ledger.open_account import OpenAccount
from server_stub.services.ledger.persons import birthday_of, is_known_as_minor
from server_stub.storage.redemptions import (
    RewardRow,
    accounts_with_lapsed_holds,
    find_redemption,
    find_reward,
    find_stock,
    pieces_of_member,
    take_stock,
)
from server_stub.storage.sales import find_sale, has_returns


@dataclass(frozen=True, slots=True)
class Quote:
    """What a redemption costs.

    Attributes:
        stock_store_id: Store of the stock that a piece was taken of, empty for the chain's; None: of none.
        reward: None where points are spent on no reward.
    """

    account: OpenAccount
    points: int
    stock_store_id: str | None
    reward: RewardRow | None


class Quoting:
    """Judges redemptions."""

    def __init__(self, base: Foundation) -> None:
        self._base = base

    def take(self, books: Books, command: Redeem) -> tuple[Quote, tuple[Share, ...]]:
        """Takes piece and points and returns what was taken.

        Raises:
            Refusal: REQUEST_MALFORMED, and those of ``desks.RedemptionDesk.redeem``.
        """
        if not is_well_formed(command):
            raise refuse(Reason.REQUEST_MALFORMED)
        account = books.of_member(command.member_id)
        if find_redemption(books.tx, command.redemption_id) is not None:
            raise refuse(Reason.DUPLICATE_ID)
        if command.sale_id is not None:
            _check_sale(books, account, command.sale_id)
        reward = find_reward(books.tx, command.reward_id) if command.reward_id is not None else None
        terms = None if reward is None else terms_of(reward)
        wrong = check_terms(command, terms, self._buyer(books, account, terms), books.rules.parameters)
        if wrong is not None:
            raise refuse(wrong)
        stock_store_id = None if reward is None else _take_piece(books, account, command, reward)
        points = command.points if command.points is not None else command.qty * (reward.points if reward else 0)
        return Quote(account, points, stock_store_id, reward), _take_points(books, account, points)

    def _buyer(self, books: Books, account: OpenAccount, terms: RewardTerms | None) -> Buyer:
        birthday, is_minor = None, False
        if terms is not None and terms.adult_only:
            birthday = birthday_of(self._base, books.tx, account.row.person_id)
            is_minor = is_known_as_minor(self._base, books.tx, account.row.person_id)
        return Buyer(books.today, account.book.tier(books.today), birthday, is_minor)


def terms_of(reward: RewardRow) -> RewardTerms:
    """Returns the terms of a reward as the rules see them."""
    return RewardTerms(
        points=reward.points,
        min_tier=reward.min_tier,
        per_member=reward.per_member,
        stores=None if reward.stores is None else tuple(reward.stores),
        from_day=reward.from_day,
        until_day=reward.until_day,
        adult_only=reward.adult_only,
    )


def _check_sale(books: Books, account: OpenAccount, sale_id: str) -> None:
    sale = find_sale(books.tx, sale_id)
    if sale is None:
        raise refuse(Reason.SALE_UNKNOWN)
    if sale.account_id is None or books.of_account(sale.account_id) is not account:
        raise refuse(Reason.NOT_YOUR_SALE)
    if has_returns(books.tx, sale_id):
        raise refuse(Reason.SALE_HAS_RETURNS)


def _take_piece(books: Books, account: OpenAccount, command: Redeem, reward: RewardRow) -> str | None:
    """Takes pieces of the stock and returns whose it is; None where there is no limit."""
    # A hold that is over counts no more, though nobody has written that down yet.
    books.end_holds(account)
    if reward.per_member is not None:
        had = pieces_of_member(books.tx, account.row.account_id, reward.reward_id)
        if had + command.qty > reward.per_member:
            raise refuse(Reason.LIMIT_REACHED)
    stock = find_stock(books.tx, reward.reward_id, command.store_id)
    if stock is None:
        return None
    if not take_stock(books.tx, reward.reward_id, stock.store_id, command.qty):
        for account_id in accounts_with_lapsed_holds(books.tx, reward.reward_id):
            books.end_holds(books.of_account(account_id))
        if not take_stock(books.tx, reward.reward_id, stock.store_id, command.qty):
            raise refuse(Reason.OUT_OF_STOCK)
    return stock.store_id


def _take_points(books: Books, account: OpenAccount, points: int) -> tuple[Share, ...]:
    # Lots are counted, not the number that the account keeps beside them: what somebody wrote there is never spent.
    spendable = account.book.spendable(books.today)
    if sum(lot.free for lot in spendable) < points:
        raise Refusal(Refused(Reason.INSUFFICIENT_AVAILABLE, frees_on=frees_on(account.book, points)))
    return take(spendable, points)
