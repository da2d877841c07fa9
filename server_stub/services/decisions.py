"""Why: each yes and no for the member before the device in three lines, and in full for the desk. Reads what was decided.

A member asks about own sales and redemptions only; another's is refused as one that is not there, so that nothing is learnt of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from server_stub.domain.actors import Actor
from server_stub.domain.clock import business_day
from server_stub.domain.explaining.arithmetic import arithmetic
from server_stub.domain.explaining.lines import TIMES, Line, by_rules
from server_stub.domain.explaining.redemptions import DecidedRedemption, explain_redemption, explain_wanted
from server_stub.domain.explaining.sales import DecidedSale, explain_sale
from server_stub.domain.explaining.tiers import TierProgress, explain_tier, progress_of
from server_stub.domain.language import Language
from server_stub.domain.ledger.prepared import Considered
from server_stub.domain.permissions import Operation, require, require_device
from server_stub.domain.program.catalogue import shipped_base
from server_stub.domain.program.parameters import TierLevel
from server_stub.domain.program.rule_file import RuleNames, from_json
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.booking import Booking
from server_stub.services.ledger.programme import InForce
from server_stub.services.ledger.tiers import Tiers
from server_stub.services.rewards.shelf import Shelf
from server_stub.services.visits import Visits
from server_stub.storage.database import Tx
from server_stub.storage.ledger import account_ids_held_by, account_of_member
from server_stub.storage.redemptions import find_redemption, shares_of
from server_stub.storage.rule_drafts import approved_draft
from server_stub.storage.sales import SaleRow, find_sale, lines_of, returns_of, taken_back_of

_NAMED = ("tier", "multiplier")
_MULTIPLIER_RULES = "multiplier_rules"


@dataclass(frozen=True, slots=True)
class TierView:
    """A tier of the rules in force, its name in the language that was asked for."""

    tier: str
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class ProgressView:
    """Where a member stands; names in the language that was asked for."""

    progress: TierProgress
    tier_name: str
    next_name: str
    lines: tuple[Line, ...]


class Decisions:
    """Explains."""

    def __init__(self, booking: Booking, visits: Visits, tiers: Tiers, shelf: Shelf) -> None:
        self._shelf = shelf
        self._booking = booking
        self._base: Foundation = booking.base
        self._visits = visits
        self._tiers = tiers

    def tiers(self, actor: Actor, language: Language) -> tuple[TierView, ...]:
        """Returns the tiers of the rules in force, the lowest first.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require_device(actor, Operation.READ_OWN_MEMBERSHIP)

        def reading(tx: Tx) -> tuple[TierView, ...]:
            rules = self._booking.programme.at(tx, tx.now)
            names = _names(tx, rules)
            return tuple(_tier_view(level, names, language) for level in rules.parameters.tiers)

        return self._base.database.read(reading)

    def tier_names(self) -> Mapping[str, Mapping[str, str]]:
        """Returns by tier of the rules in force what it is called in each language; nothing of one that nobody gave a name."""

        def reading(tx: Tx) -> Mapping[str, Mapping[str, str]]:
            rules = self._booking.programme.at(tx, tx.now)
            names = _names(tx, rules).tiers
            return {level.name: names[level.name] for level in rules.parameters.tiers if level.name in names}

        return self._base.database.read(reading)

    def progress(self, actor: Actor, visit_token: str, language: Language) -> ProgressView:
        """Returns how far the member is from the next tier, and how long this one lasts.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)

        def reading(tx: Tx) -> ProgressView:
            return self.progress_of(tx, self._visits.require(tx, visit_token, device).member_id, language)

        return self._base.database.read(reading)

    def progress_of(self, tx: Tx, member_id: str, language: Language) -> ProgressView:
        """Does as ``progress`` does for a member whom the caller has seen to."""
        rules = self._booking.programme.at(tx, tx.now)
        found = progress_of(self._tiers.on(tx, member_id, business_day(tx.now)), rules.parameters)
        names = _names(tx, rules)
        higher = found.next.tier if found.next else ""
        lines = _worded(by_rules(explain_tier(found), rules.version), names, language)
        return ProgressView(found, _named(names.tiers, found.tier or "", language), _named(names.tiers, higher, language), lines)

    def worded(self, tx: Tx, lines: tuple[Line, ...], language: Language) -> tuple[Line, ...]:
        """Returns lines whose tiers are called as the rules in force call them."""
        return _worded(lines, _names(tx, self._booking.programme.at(tx, tx.now)), language)

    def explain_sale(self, actor: Actor, visit_token: str, sale_id: str, language: Language) -> tuple[Line, ...]:
        """Explains a sale of the member before the device.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE; SALE_UNKNOWN, also where it is another's.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)

        def reading(tx: Tx) -> tuple[Line, ...]:
            member = self._visits.require(tx, visit_token, device)
            row = find_sale(tx, sale_id)
            if row is None or row.account_id not in _accounts_of(tx, member.member_id):
                raise refuse(Reason.SALE_UNKNOWN)
            sale, rules = self._decided(tx, row)
            return _worded(by_rules(explain_sale(sale), row.rules_version), _names(tx, rules), language)

        return self._base.database.read(reading)

    def explain_redemption(self, actor: Actor, visit_token: str, redemption_id: str) -> tuple[Line, ...]:
        """Explains a redemption of the member before the device.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE; REDEMPTION_UNKNOWN, also where it is another's.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)

        def reading(tx: Tx) -> tuple[Line, ...]:
            member = self._visits.require(tx, visit_token, device)
            row = find_redemption(tx, redemption_id)
            if row is None or row.account_id not in _accounts_of(tx, member.member_id):
                raise refuse(Reason.REDEMPTION_UNKNOWN)
            books = self._booking.books(tx)
            # Opening divides what a batch booked without a look at any lot, so that it is explained as if the use case had booked it.
            books.of_account(row.account_id)
            shares = books.unwritten_shares().get(redemption_id) or shares_of(tx, [redemption_id])[redemption_id]
            first_end = None
            if shares:
                account = books.with_lots([shares[0].lot_id])[shares[0].lot_id]
                first_end = account.book.end_of(account.book.lots[shares[0].lot_id])
            decided = DecidedRedemption(row.state, row.points, row.given_back, len(shares), first_end)
            return by_rules(explain_redemption(decided), row.rules_version)

        return self._base.database.read(reading)

    def explain_reward(self, actor: Actor, visit_token: str, reward_id: str, language: Language) -> tuple[Line, ...]:
        """Says whether the member before the device could have a piece of a reward here and now, and if not what would change that.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)
        # The catalogue judges, so that what it shows and what is said of it are one answer.
        judged = self._shelf.judged(device, visit_token, reward_id)
        lines = by_rules(explain_wanted(judged.wanted, judged.reason, judged.rules.parameters), judged.rules.version)
        return self._base.database.read(lambda tx: _worded(lines, _names(tx, judged.rules), language))

    def trace(self, actor: Actor, sale_id: str) -> Mapping[str, Any]:
        """Returns everything that a sale was judged by, for the desk; that somebody looked is not a change and leaves no trace.

        Raises:
            Refusal: NOT_PERMITTED, SALE_UNKNOWN.
        """
        require(actor, Operation.READ_DECISIONS)

        def reading(tx: Tx) -> Mapping[str, Any]:
            row = find_sale(tx, sale_id)
            if row is None:
                raise refuse(Reason.SALE_UNKNOWN)
            sale, _ = self._decided(tx, row)
            return _trace(tx, row, sale, self._booking.programme.at(tx, row.at))

        return self._base.database.read(reading)

    def _decided(self, tx: Tx, row: SaleRow) -> tuple[DecidedSale, InForce]:
        """Returns a sale as it was judged, and the rules of its multipliers."""
        programme = self._booking.programme
        # Late sales were once judged by two versions, and those that are stored say which gave the multipliers.
        of_its_time = programme.version(tx, row.decision.get(_MULTIPLIER_RULES, row.rules_version))
        considered = tuple(Considered(*one) for one in row.decision["multipliers"])
        sale = DecidedSale(
            total_fen=row.total_fen,
            eligible_fen=row.eligible_fen,
            earned=row.earned,
            multipliers=considered,
            taken_back=taken_back_of(tx, row.sale_id),
            rules=programme.version(tx, row.rules_version).parameters,
            conditions=of_its_time.parameters.multipliers,
        )
        return sale, of_its_time


def _accounts_of(tx: Tx, member_id: str) -> tuple[str, ...]:
    """Returns the accounts whose sales and redemptions are a member's now, those of merged ones included."""
    account = account_of_member(tx, member_id)
    return () if account is None else account_ids_held_by(tx, account.account_id)


def _names(tx: Tx, rules: InForce) -> RuleNames:
    """Returns the names that a version gives; one that was published without a file gives none."""
    draft = approved_draft(tx, rules.version)
    if draft is not None:
        return from_json(draft.document).names
    # What came with the service, as the house's own programme does, was never anybody's draft.
    shipped = shipped_base(rules.version)
    return RuleNames() if shipped is None else shipped.names


def _named(names: Mapping[str, Mapping[str, str]], key: str, language: Language) -> str:
    """Returns the name of a key, or of several that are multiplied."""
    return TIMES.join(names.get(one, {}).get(language.value, one) for one in key.split(TIMES))


def _tier_view(level: TierLevel, names: RuleNames, language: Language) -> TierView:
    return TierView(level.name, _named(names.tiers, level.name, language), level.min)


def _worded(lines: tuple[Line, ...], names: RuleNames, language: Language) -> tuple[Line, ...]:
    """Returns lines whose tiers and multipliers are called by their names."""
    by = {"tier": names.tiers, "multiplier": names.multipliers}
    return tuple(replace(x, variables={n: _named(by[n], v, language) if n in by else v for n, v in x.variables.items()}) for x in lines)


def _trace(tx: Tx, row: SaleRow, sale: DecidedSale, of_its_booking: InForce) -> Mapping[str, Any]:
    conditions = {one.code: one for one in sale.conditions}
    return {
        "sale_id": row.sale_id,
        "store_id": row.store_id,
        "occurred_at": row.occurred_at,
        "booked_at": row.at,
        "rules": row.rules_version,
        "booked_by": of_its_booking.version,
        **{name: row.decision[name] for name in (_MULTIPLIER_RULES,) if name in row.decision},
        "tier": row.decision.get("tier") or "",
        "tags": row.tags,
        "tenders": row.tenders or [],
        "total_fen": row.total_fen,
        "eligible_fen": row.eligible_fen,
        "earned": row.earned,
        "arithmetic": arithmetic(sale),
        "lines": [
            {
                "line": x.line,
                "sku": x.sku,
                "category": x.category,
                "net_fen": x.qty * x.unit_price_fen - x.discount_fen,
                "counts": x.is_eligible,
            }
            for x in lines_of(tx, row.sale_id)
        ],
        "multipliers": [
            {"code": m.code, "pct": m.pct, "condition": _condition(conditions.get(m.code)), "holds": m.holds, "used": m.used}
            for m in sale.multipliers
        ],
        "returns": [
            {"return_id": x.return_id, "at": x.at, "refund_fen": x.refund_fen, "taken_back": x.taken_back}
            for x in returns_of(tx, row.sale_id)
        ],
        "lines_for_the_member": [{"key": line.key, **line.variables} for line in explain_sale(sale)],
    }


def _condition(multiplier: Any) -> str:
    if multiplier is None:
        return ""
    if multiplier.dates is not None:
        return "dates " + ", ".join(f"{first}..{last}" for first, last in multiplier.dates)
    if multiplier.birthday:
        return "birthday"
    return next(f"{name} {value}" for name in ("tag", "tier", "tender_only") if (value := getattr(multiplier, name)) is not None)


def last_day(end: date | None) -> str:
    """Returns a day as YYYY-MM-DD, or empty."""
    return end.isoformat() if end else ""
