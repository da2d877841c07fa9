"""Referrals: a member's code, given with an application, and the reward of both once the new one has bought.

Nothing here is in the way of a till: the job looks at what was bought and what came back, hourly. A code that brings no reward is kept
with its reason, so that abuse can be seen; only a code that nobody has is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.clock import business_day
from server_stub.domain.envelope import Envelope
from server_stub.domain.permissions import Operation, require, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.referral import Kinship, ReferralRules, ReferralState, Standing, new_code, read_code
from server_stub.domain.refusals import Finding, refuse
from server_stub.domain.similarity import folded
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.gifts import PointsGift, PointsGifts
from server_stub.services.requests import Answer, Call
from server_stub.services.visits import Visits
from server_stub.storage.applications import ApplicationRow, application_by_id
from server_stub.storage.database import Tx
from server_stub.storage.ledger import account_of_member
from server_stub.storage.members import MemberRow, MemberState, member_by_application, member_by_id
from server_stub.storage.referrals import (
    CodeRow,
    KeptSale,
    ReferralRow,
    add_code,
    add_referral,
    brought_at,
    change_referral,
    code_of,
    find_code,
    find_referral,
    has_referral,
    kept_sales,
    referrals_in,
    share_match_key,
)

_COUNTER = "referral"
_REWARDABLE = frozenset({MemberState.ACTIVE, MemberState.SUSPENDED, MemberState.MERGED})


@dataclass(frozen=True, slots=True)
class ReferralView:
    """What became of a code; reason is empty unless VOID."""

    referral_id: str
    state: ReferralState
    reason: str


@dataclass(frozen=True, slots=True)
class ReferralOffer:
    """A member's code and what it brings both; points, fen and days."""

    code: str
    referrer_points: int
    referee_points: int
    minimum_spend_fen: int
    return_days: int


class Referrals:
    """The use cases. Every method with an actor raises ``Refusal`` with NOT_PERMITTED, and its own."""

    def __init__(self, base: Foundation, visits: Visits, gifts: PointsGifts, rules: ReferralRules) -> None:
        self._base = base
        self._visits = visits
        self._gifts = gifts
        self._rules = rules

    def own_code(self, actor: Actor, visit_token: str) -> str:
        """Returns the code of the member before the kiosk, made when it is first asked for; always the same one.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)

        def transaction(tx: Tx) -> str:
            member = self._visits.require(tx, visit_token, device)
            return (code_of(tx, member.member_id) or self._make_code(tx, member)).code

        return self._base.database.write(transaction)

    def own_offer(self, actor: Actor, visit_token: str) -> ReferralOffer:
        """Returns the code of the member before the kiosk and what it brings; raises as ``own_code``."""
        code, rules = self.own_code(actor, visit_token), self._rules
        return ReferralOffer(code, rules.referrer_points, rules.referee_points, rules.minimum_fen, rules.return_days)

    def require_known(self, tx: Tx, typed: str) -> MemberRow:
        """Returns the member whose code it is.

        Raises:
            Refusal: REFERRAL_CODE_UNKNOWN, with a finding for the field ``referral_code``.
        """
        row = find_code(tx, read_code(typed))
        member = member_by_id(tx, row.member_id) if row else None
        if member is None or member.state is not MemberState.ACTIVE:
            raise refuse(Reason.REFERRAL_CODE_UNKNOWN, Finding("referral_code", Reason.REFERRAL_CODE_UNKNOWN))
        return member

    def attach(self, tx: Tx, device: DeviceActor, application: ApplicationRow, typed: str, request_id: str | None) -> ReferralView:
        """Notes in the application's transaction who brought the applicant; see ``require_known``."""
        referrer = self.require_known(tx, typed)
        flaw = self._rules.flaw(self._kinship(tx, device, application, referrer))
        return self._note(tx, device, (application, referrer), flaw, request_id)

    def attach_own(self, actor: Actor, envelope: Envelope, visit_token: str, typed: str) -> ReferralView:
        """Notes whose code the member before the kiosk gave after joining; it brings nothing, and the reason is kept.

        Raises:
            Refusal: VISIT_OVER, REFERRAL_CODE_UNKNOWN, and those of ``RequestLog.once``.
        """
        device = require_device(actor, Operation.ATTACH_REFERRAL)
        call = Call(device, envelope, Operation.ATTACH_REFERRAL, [visit_token, typed])

        def work(tx: Tx) -> Answer:
            member = self._visits.require(tx, visit_token, device)
            application = application_by_id(tx, member.application_id)
            if application is None:
                raise refuse(Reason.SERVICE_FAULT)
            referrer = self.require_known(tx, typed)
            flaw = self._rules.flaw(self._kinship(tx, device, application, referrer)) or Reason.REFERRAL_TOO_LATE
            return {"referral_id": self._note(tx, device, (application, referrer), flaw, envelope.request_id).referral_id}

        answer = self._base.requests.once(call, work)
        return self._base.database.read(lambda tx: _shown(find_referral(tx, answer["referral_id"])))

    def settle_next(self, actor: Actor, after: str, limit: int) -> tuple[int, str]:
        """Looks at referrals after an id by what was bought since; returns how many changed, and the last id or empty."""
        require(actor, Operation.RUN_JOBS)

        def transaction(tx: Tx) -> tuple[int, str]:
            since = business_day(tx.now) - timedelta(days=self._rules.reversal_days)
            rows = referrals_in(tx, since, after, limit)
            return sum(self._settle(tx, actor, row) for row in rows), rows[-1].referral_id if rows else ""

        return self._base.database.write(transaction)

    def _make_code(self, tx: Tx, member: MemberRow) -> CodeRow:
        while find_code(tx, code := new_code(self._base.random_below)) is not None:
            pass
        row = CodeRow(code, member.member_id, tx.now)
        add_code(tx, row)
        return row

    def _kinship(self, tx: Tx, device: DeviceActor, application: ApplicationRow, referrer: MemberRow) -> Kinship:
        since = tx.now - timedelta(days=self._rules.device_days)
        same, alike = self._compared(tx, application.person_id, referrer.person_id)
        return Kinship(
            same_person=same,
            alike=alike,
            at_device=brought_at(tx, referrer.member_id, device.device_id, since),
            was_referred=has_referral(tx, application.application_id),
        )

    def _compared(self, tx: Tx, one_id: str, other_id: str) -> tuple[bool, bool]:
        """Returns whether two people are the same one, and whether they are alike."""
        one, other = (self._base.people.find(tx, person_id) for person_id in (one_id, other_id))
        if one is None or other is None:
            return False, False
        mine, theirs = self._base.people.open_row(one), self._base.people.open_row(other)
        same = one_id == other_id or any(
            a is not None and a == b
            for a, b in (
                (one.id_token, other.id_token),
                (one.mobile_token, other.mobile_token),
                (mine.email.casefold() or None, theirs.email.casefold()),
            )
        )
        same_address = bool(mine.address) and folded(mine.address) == folded(theirs.address)
        return same, same_address or share_match_key(tx, one_id, other_id)

    def _note(
        self, tx: Tx, device: DeviceActor, who: tuple[ApplicationRow, MemberRow], flaw: Reason | None, request_id: str | None
    ) -> ReferralView:
        application, referrer = who
        row = ReferralRow(
            referral_id=self._base.ids.new("ref"),
            referrer_id=referrer.member_id,
            application_id=application.application_id,
            device_id=device.device_id,
            state=ReferralState.PENDING if flaw is None else ReferralState.VOID,
            reason=flaw or "",
            attached_at=tx.now,
            attached_on=business_day(tx.now),
            sale_id=None,
            qualified_on=None,
            rules_version=self._rules.version,
            version=1,
        )
        add_referral(tx, row)
        self._record(tx, device, row, request_id)
        return _shown(row)

    def _settle(self, tx: Tx, actor: Actor, row: ReferralRow) -> bool:
        """Takes every step that is due and returns whether there was one."""
        member = member_by_application(tx, row.application_id)
        sales = kept_sales(tx, member.member_id, self._rules.minimum_fen) if member else ()
        before, today = row, business_day(tx.now)
        # A referral goes back to PENDING where its sale came back, and on with another one: at most through all states once.
        for _ in ReferralState:
            state, reason = self._rules.next_state(_standing(row, sales), today)
            if state is row.state:
                break
            row = self._step(tx, actor, row, (state, reason), sales)
        return row is not before

    def _step(
        self, tx: Tx, actor: Actor, row: ReferralRow, to: tuple[ReferralState, Reason | None], sales: tuple[KeptSale, ...]
    ) -> ReferralRow:
        state, reason = to
        if state is ReferralState.REWARDED and self._are_one(tx, row):
            state, reason = ReferralState.VOID, Reason.REFERRAL_SELF
        values: dict[str, object] = {"state": state, "reason": reason or ""}
        if state is ReferralState.QUALIFIED:
            values |= {"sale_id": sales[0].sale_id, "qualified_on": sales[0].business_day}
        if state is ReferralState.PENDING:
            values |= {"sale_id": None, "qualified_on": None}
        if not change_referral(tx, row, values):
            raise refuse(Reason.STALE_VERSION)
        if state is ReferralState.REWARDED:
            self._reward(tx, row)
        elif row.state is ReferralState.REWARDED:
            self._take_back(tx, row)
        after = find_referral(tx, row.referral_id) or row
        self._record(tx, actor, after, None)
        return after

    def _reward(self, tx: Tx, row: ReferralRow) -> None:
        for gift, member in self._gifts_of(tx, row):
            if member.state in _REWARDABLE:
                self._gifts.give(tx, gift)

    def _take_back(self, tx: Tx, row: ReferralRow) -> None:
        for gift, _ in self._gifts_of(tx, row):
            self._gifts.take_back(tx, gift)

    def _gifts_of(self, tx: Tx, row: ReferralRow) -> tuple[tuple[PointsGift, MemberRow], ...]:
        referee = member_by_application(tx, row.application_id)
        last_day = business_day(tx.now) + timedelta(days=self._rules.points_valid_days - 1)
        sides = (
            ("referrer", member_by_id(tx, row.referrer_id), self._rules.referrer_points),
            ("referee", referee, self._rules.referee_points),
        )
        # Both may end in one account: each has a cause of its own.
        return tuple(
            (PointsGift(member.member_id, points, f"referral:{row.referral_id}:{side}", _COUNTER, last_day, row.rules_version), member)
            for side, member, points in sides
            if member is not None
        )

    def _are_one(self, tx: Tx, row: ReferralRow) -> bool:
        """Returns whether both memberships were merged meanwhile: then one would be rewarded for itself."""
        referee = member_by_application(tx, row.application_id)
        accounts = [account_of_member(tx, member_id) for member_id in (row.referrer_id, referee.member_id if referee else "")]
        holders = {account.holder_id for account in accounts if account is not None}
        return len(holders) == 1 and all(accounts)

    def _record(self, tx: Tx, actor: Actor, row: ReferralRow, request_id: str | None) -> None:
        detail: Mapping[str, str] = {"reason": row.reason} if row.reason else {}
        self._base.audit.record(tx, Deed(actor, f"referral.{row.state.lower()}", "referral", row.referral_id, request_id, detail))


def _standing(row: ReferralRow, sales: tuple[KeptSale, ...]) -> Standing:
    kept = next((one.kept_fen for one in sales if one.sale_id == row.sale_id), 0)
    first_on: date | None = sales[0].business_day if sales and row.sale_id is None else None
    return Standing(row.state, row.attached_on, row.qualified_on, kept, first_on)


def _shown(row: ReferralRow | None) -> ReferralView:
    if row is None:
        raise refuse(Reason.SERVICE_FAULT)
    return ReferralView(row.referral_id, row.state, row.reason)
