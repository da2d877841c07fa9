"""Makes an applicant a member: number, tier, points and coupons in the caller's transaction. Knows no check that led to it."""

from __future__ import annotations

from server_stub.domain.actors import Actor
from server_stub.domain.awaits import Awaits
from server_stub.domain.clock import business_day
from server_stub.domain.coupons import Terms
from server_stub.domain.numbering import new_membership_number
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.domain.welcome import Welcome, WelcomeRules
from server_stub.services.audit import Deed
from server_stub.services.coupons import Gift, give
from server_stub.services.foundation import Foundation
from server_stub.services.points import PointsAccounts
from server_stub.storage.applications import ApplicationRow
from server_stub.storage.database import Tx
from server_stub.storage.members import (
    MemberRow,
    MemberState,
    TierRow,
    add_member,
    add_tier,
    member_by_mobile,
    member_number_taken,
)


class Admission:
    """Admits applicants; benefits await the card (decisions.md, Approval)."""

    def __init__(self, base: Foundation, points: PointsAccounts, rules: WelcomeRules) -> None:
        self._base = base
        self._points = points
        self._rules = rules

    def admit(self, tx: Tx, actor: Actor, application: ApplicationRow, request_id: str | None) -> MemberRow:
        """Returns the new member.

        Raises:
            Refusal: MEMBER_EXISTS: somebody with this phone became a member in the meantime.
        """
        person = self._base.people.find(tx, application.person_id)
        if person is None or person.mobile_token is None or member_by_mobile(tx, person.mobile_token):
            raise refuse(Reason.MEMBER_EXISTS)
        today = business_day(tx.now)
        member = MemberRow(
            member_id=self._base.ids.new("mem"),
            person_id=application.person_id,
            application_id=application.application_id,
            number=self._free_number(tx),
            state=MemberState.ACTIVE,
            mobile_token=person.mobile_token,
            store_id=application.store_id,
            joined_on=today,
            joined_at=tx.now,
            activated_at=None,
            version=1,
        )
        add_member(tx, member)
        self._give_welcome(tx, member, self._rules.for_store(application.store_id, today), actor)
        self._base.audit.record(tx, Deed(actor, "member.admitted", "member", member.member_id, request_id))
        return member

    def _give_welcome(self, tx: Tx, member: MemberRow, welcome: Welcome, actor: Actor) -> None:
        add_tier(tx, TierRow(member.member_id, 1, welcome.tier, member.joined_on, welcome.rules_version, tx.now))
        self._points.open(tx, member.member_id, welcome.points, welcome.points_expire_on, welcome.rules_version)
        for coupon in welcome.coupons:
            gift = Gift(
                coupon_id=self._base.ids.new("cpn"),
                member_id=member.member_id,
                terms=Terms(coupon.value_fen, coupon.minimum_spend_fen, coupon.valid_from, coupon.valid_until),
                cause=f"welcome:{coupon.definition}",
                definition=coupon.definition,
                text_key=coupon.text_key,
                rules_version=welcome.rules_version,
                awaits=Awaits.CARD_ACTIVATION,
            )
            give(tx, gift)
        if welcome.set_is_missing:
            detail = {"store": member.store_id, "rules": welcome.rules_version}
            self._base.audit.record(tx, Deed(actor, "alert.welcome_set_missing", detail=detail))

    def _free_number(self, tx: Tx) -> str:
        while True:
            number = new_membership_number(self._base.random_below)
            if not member_number_taken(tx, number):
                return number
