"""Makes an applicant a member: number, tier, points and coupons in the caller's transaction. Knows no check that led to it."""

from __future__ import annotations

from server_stub.domain.actors import Actor
from server_stub.domain.awaits import Awaits
from server_stub.domain.clock import business_day
from server_stub.domain.coupons import Terms
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.domain.welcome import Welcome, WelcomeRules
from server_stub.services.audit import Deed
from server_stub.services.coupons import Gift, give
from server_stub.services.foundation import Foundation
from server_stub.services.guardians.standing import Guardianship
from server_stub.services.ledger.accounts import Accounts
from server_stub.services.membership import Entrant, Memberships
from server_stub.storage.applications import ApplicationRow
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberRow, TierRow, add_tier, member_by_mobile


class Admission:
    """Admits applicants; benefits await the card (decisions.md, Approval)."""

    def __init__(self, base: Foundation, accounts: Accounts, rules: WelcomeRules, guardianship: Guardianship) -> None:
        self._base = base
        self._accounts = accounts
        self._memberships = Memberships(base)
        self._rules = rules
        self._guardianship = guardianship

    def admit(self, tx: Tx, actor: Actor, application: ApplicationRow, request_id: str | None) -> MemberRow:
        """Returns the new member.

        Raises:
            Refusal: MEMBER_EXISTS: somebody with this phone became a member in the meantime; of a child, GUARDIAN_MINOR or
                GUARDIAN_BLOCKED: the guardian may not be one any more.
        """
        person = self._base.people.find(tx, application.person_id)
        link = self._guardianship.require_still_fit(tx, application.application_id)
        is_own_phone_free = person is not None and person.mobile_token is not None and member_by_mobile(tx, person.mobile_token) is None
        if person is None or not (link or is_own_phone_free):
            raise refuse(Reason.MEMBER_EXISTS)
        today = business_day(tx.now)
        member = self._memberships.enter(tx, Entrant(self._base.ids.new("mem"), application, person.mobile_token, today))
        if link:
            self._guardianship.activate(tx, actor, link, member, request_id)
        self._give_welcome(tx, member, self._rules.for_store(application.store_id, today), actor)
        self._base.audit.record(tx, Deed(actor, "member.admitted", "member", member.member_id, request_id))
        return member

    def _give_welcome(self, tx: Tx, member: MemberRow, welcome: Welcome, actor: Actor) -> None:
        add_tier(tx, TierRow(member.member_id, 1, welcome.tier, member.joined_on, welcome.rules_version, tx.now))
        self._accounts.give_welcome(tx, member.member_id, welcome)
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
