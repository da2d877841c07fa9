"""Members as they see themselves: identification by phone, own view, end of the visit. Knows no card."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.application_states import ApplicationState
from server_stub.domain.awaits import Awaits
from server_stub.domain.clock import business_day
from server_stub.domain.coupons import USABLE_STATES, CouponState
from server_stub.domain.ledger.tiers import Climb
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.person_name import mask_name
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.enrollment.codes import OwnershipCodes
from server_stub.services.foundation import Foundation
from server_stub.services.grants import IssueGrants
from server_stub.services.ledger.accounts import Accounts, PointsSummary
from server_stub.services.visits import Visits
from server_stub.storage.applications import application_by_id
from server_stub.storage.codes import CodePurpose
from server_stub.storage.coupons import CouponRow, coupons_of
from server_stub.storage.database import Tx
from server_stub.storage.members import IdentifiedBy, MemberRow, current_tier, member_by_mobile, move_end
from server_stub.storage.viewing.api import ViewRows, VisitAt

_SIGN_IN = frozenset({CodePurpose.SIGN_IN})


@dataclass(frozen=True, slots=True)
class Identified:
    """A member who is known at this device for 15 minutes, and longer while the visit is kept."""

    visit_token: str
    name_masked: str


@dataclass(frozen=True, slots=True)
class CouponView:
    """A coupon that can still be used, now or once the card is active; last day as YYYY-MM-DD.

    Attributes:
        minimum_spend_fen: Purchase from which it can be used, 0 where any will do.
        usable: A till takes it today.
        claimable: The member can claim it; no till takes it before.
    """

    text_key: str
    value_fen: int
    minimum_spend_fen: int
    valid_until: str
    usable: bool
    claimable: bool = False


@dataclass(frozen=True, slots=True)
class MemberView:
    """My membership. Points only, never a money value; points_expire_on as YYYY-MM-DD or empty; no climb: no tier above."""

    name_masked: str
    membership_number_masked: str
    tier: str
    points_available: int
    points_pending: int
    points_expiring: int
    points_expire_on: str
    coupons: tuple[CouponView, ...]
    application_state: ApplicationState
    issue_grant: str
    climb: Climb | None


@dataclass(frozen=True, slots=True)
class MemberDesks:
    """The parts of the service that members' calls need."""

    codes: OwnershipCodes
    visits: Visits
    grants: IssueGrants
    accounts: Accounts


class MemberService:
    """The members' own calls."""

    def __init__(self, base: Foundation, desks: MemberDesks) -> None:
        self._base = base
        self._desks = desks

    def identify(self, actor: Actor, phone_proof: str) -> Identified:
        """Begins a visit with a proved phone number.

        Raises:
            Refusal: PHONE_PROOF, MEMBER_UNKNOWN, MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.IDENTIFY_MEMBER)

        def transaction(tx: Tx) -> Identified:
            token = self._desks.codes.require_proof(tx, phone_proof, device, _SIGN_IN)
            member = member_by_mobile(tx, token)
            if member is None:
                raise refuse(Reason.MEMBER_UNKNOWN)
            return self.begin_visit(tx, member, device, IdentifiedBy.PHONE)

        return self._base.database.write(transaction)

    def begin_visit(self, tx: Tx, member: MemberRow, device: DeviceActor, by: IdentifiedBy) -> Identified:
        """Begins a visit in the caller's transaction; the card service calls it once a card has proved itself.

        Raises:
            Refusal: MEMBER_INACTIVE.
        """
        token = self._desks.visits.begin(tx, member, device, by)
        self._base.audit.record(tx, Deed(device, "member.identified", "member", member.member_id, detail={"by": by}))
        return Identified(token, mask_name(self._base.people.open(tx, member.person_id).name))

    def get_member(self, actor: Actor, visit_token: str) -> MemberView:
        """Returns the member's own view; whoever proved the phone may also have the first card written.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)

        def reading(tx: Tx) -> tuple[MemberView, str, bool]:
            running = self._desks.visits.running(tx, visit_token, device)
            return *self._view(tx, running.member), running.is_holder_proved

        view, application_id, is_holder_proved = self._base.database.read(reading)
        # A code that was photographed and a slip that was found begin visits too, and a card spends.
        if view.application_state is not ApplicationState.CARD_PENDING or not is_holder_proved:
            return view
        grant_id = self._base.database.write(lambda tx: self._desks.grants.give(tx, application_id, device))
        return replace(view, issue_grant=self._desks.grants.text(grant_id))

    def keep_visit(self, actor: Actor, visit_token: str) -> None:
        """Lets a visit go on while its member is there; see ``Visits.kept_until``. Most calls look at one row and write nothing.

        Raises:
            Refusal: VISIT_OVER.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)
        visit, until = self._base.database.read(lambda tx: self._desks.visits.kept_until(tx, visit_token, device))
        if until is not None:
            self._base.database.write(lambda tx: move_end(tx, visit, until))

    def end_visit(self, actor: Actor, visit_token: str, left_at_page: str = "") -> None:
        """Ends a visit; ending it twice, or one that never was, changes nothing. See ``Visits.end``."""
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)
        self._base.database.write(lambda tx: self._desks.visits.end(tx, visit_token, device, left_at_page))

    def asked(self, actor: Actor, visit_token: str) -> VisitAt:
        """Returns a request for the own view for a batch; looks at no row and does not block.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)
        visit_id = self._desks.visits.visit_id(visit_token)
        if visit_id is None:
            raise refuse(Reason.VISIT_OVER)
        return VisitAt(visit_id, device.device_id)

    def view_of(self, rows: ViewRows, now: datetime) -> MemberView | None:
        """Returns the view that rows of a batch make; None where their rules were not read yet. Does not block."""
        points = self._desks.accounts.summary_of_rows(rows, now)
        if points is None:
            return None
        seen = _Seen(rows.number, rows.tier, rows.application_state, rows.coupons)
        name = self._base.people.open_name(rows.account.person_id, rows.wrapped_key, rows.name)
        return _view(seen, name, points, business_day(now))

    def _view(self, tx: Tx, member: MemberRow) -> tuple[MemberView, str]:
        application = application_by_id(tx, member.application_id)
        tier = current_tier(tx, member.member_id)
        if application is None or tier is None:
            raise refuse(Reason.SERVICE_FAULT)
        points = self._desks.accounts.summary(tx, member.member_id)
        seen = _Seen(member.number, tier.tier, application.state, coupons_of(tx, member.member_id))
        name = self._base.people.open(tx, member.person_id).name
        return _view(seen, name, points, business_day(tx.now)), application.application_id


@dataclass(frozen=True, slots=True)
class _Seen:
    """What rows say of a member besides name and points."""

    number: str
    tier: str
    application_state: ApplicationState
    coupons: tuple[CouponRow, ...]


def _view(seen: _Seen, name: str, points: PointsSummary, today: date) -> MemberView:
    return MemberView(
        name_masked=mask_name(name),
        membership_number_masked=mask_membership_number(seen.number),
        tier=points.tier or seen.tier,
        points_available=points.available,
        points_pending=points.pending,
        points_expiring=points.expiring,
        points_expire_on=points.last_day.isoformat() if points.last_day else "",
        coupons=_coupons(seen.coupons, today),
        application_state=seen.application_state,
        issue_grant="",
        climb=points.climb,
    )


def _coupons(rows: tuple[CouponRow, ...], today: date) -> tuple[CouponView, ...]:
    return tuple(_coupon(row, today) for row in rows if row.coupon.state_on(today) in USABLE_STATES)


def _coupon(row: CouponRow, today: date) -> CouponView:
    is_free, is_claimed = row.awaits is Awaits.NOTHING, row.state is not CouponState.ISSUED
    return CouponView(
        row.text_key,
        row.value_fen,
        row.minimum_spend_fen,
        row.valid_until.isoformat(),
        usable=is_free and is_claimed and row.valid_from <= today,
        claimable=is_free and not is_claimed,
    )
