"""Everything that a member has, in one list with last days: tier, points, coupons, birthday gift. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from server_stub.domain.actors import Actor
from server_stub.domain.clock import business_day
from server_stub.domain.coupons import USABLE_STATES
from server_stub.domain.explaining.birthdays import explain_birthday
from server_stub.domain.explaining.lines import Line, by_rules
from server_stub.domain.language import Language
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.services.birthdays import Birthdays
from server_stub.services.decisions import Decisions, last_day
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.accounts import Accounts
from server_stub.services.visits import Visits
from server_stub.storage.coupons import coupons_of
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberRow


class BenefitKind(StrEnum):
    """Kind of a benefit."""

    TIER = "TIER"
    POINTS = "POINTS"
    COUPON = "COUPON"
    BIRTHDAY = "BIRTHDAY"


@dataclass(frozen=True, slots=True)
class Benefit:
    """A benefit.

    Attributes:
        text_key: Key of its text, or of the tier.
        amount: Points, or the value in fen.
        last_day: YYYY-MM-DD; empty where there is none.
    """

    kind: BenefitKind
    text_key: str
    amount: int
    last_day: str
    usable: bool
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class BenefitDesks:
    """The parts of the service that know a kind of benefit each."""

    visits: Visits
    accounts: Accounts
    decisions: Decisions
    birthdays: Birthdays


class Benefits:
    """Lists benefits."""

    def __init__(self, base: Foundation, desks: BenefitDesks) -> None:
        self._base = base
        self._desks = desks

    def list(self, actor: Actor, visit_token: str, language: Language) -> tuple[Benefit, ...]:
        """Returns what the member before the device has.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)

        def reading(tx: Tx) -> tuple[Benefit, ...]:
            member = self._desks.visits.require(tx, visit_token, device)
            return (*self._tier(tx, member, language), *self._points(tx, member), *_coupons(tx, member), self._birthday(tx, member))

        return self._base.database.read(reading)

    def _tier(self, tx: Tx, member: MemberRow, language: Language) -> Iterator[Benefit]:
        found = self._desks.decisions.progress_of(tx, member.member_id, language)
        if found.progress.tier is not None:
            until = last_day(found.progress.kept_until)
            yield Benefit(BenefitKind.TIER, found.progress.tier, found.progress.this_year, until, usable=True, lines=found.lines)

    def _points(self, tx: Tx, member: MemberRow) -> Iterator[Benefit]:
        points = self._desks.accounts.summary(tx, member.member_id)
        lines = []
        if points.last_day is not None:
            ends = {"points": str(points.expiring), "day": points.last_day.isoformat()}
            lines.append(Line("explain.points.ends", ends))
        if points.pending:
            lines.append(Line("explain.points.pending", {"points": str(points.pending)}))
        yield Benefit(BenefitKind.POINTS, "", points.available, last_day(points.last_day), usable=points.available > 0, lines=tuple(lines))

    def _birthday(self, tx: Tx, member: MemberRow) -> Benefit:
        judged = self._desks.birthdays.judged(tx, member)
        lines = by_rules(explain_birthday(judged), self._desks.birthdays.rules_version)
        if isinstance(judged, Reason):
            return Benefit(BenefitKind.BIRTHDAY, "", 0, "", usable=False, lines=lines)
        return Benefit(
            BenefitKind.BIRTHDAY, judged.text_key, judged.terms.value_fen, judged.terms.valid_until.isoformat(), usable=True, lines=lines
        )


def _coupons(tx: Tx, member: MemberRow) -> Iterator[Benefit]:
    today = business_day(tx.now)
    found = [one for one in coupons_of(tx, member.member_id) if one.state in USABLE_STATES and one.valid_until >= today]
    for one in sorted(found, key=lambda row: (row.valid_until, row.coupon_id)):
        usable = member.activated_at is not None and one.valid_from <= today
        minimum = {"amount": f"{one.minimum_spend_fen // 100}.{one.minimum_spend_fen % 100:02d}"}
        lines = (Line("explain.coupon.minimum", minimum),) if one.minimum_spend_fen else ()
        yield Benefit(BenefitKind.COUPON, one.text_key, one.value_fen, one.valid_until.isoformat(), usable=usable, lines=lines)
