"""Activates a membership once its first card is good: benefits become usable, the welcome message goes out. Knows no card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server_stub.domain.actors import Actor
from server_stub.domain.application_states import ApplicationState, require_transition
from server_stub.domain.clock import business_day
from server_stub.domain.coupons import USABLE_STATES
from server_stub.domain.language import Language
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.domain.welcome import WelcomeRules, WordedCoupon
from server_stub.services.audit import Deed
from server_stub.services.benefit_changes import BenefitChanges
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.accounts import Accounts
from server_stub.services.notifications import Notification, Notifications
from server_stub.storage.applications import ApplicationRow, application_by_id, change_application, consents_of
from server_stub.storage.coupons import CouponRow, coupons_of, free_coupons
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberRow, change_member, current_tier, member_by_id
from server_stub.storage.outbox import Channel
from server_stub.storage.people import PersonalData


@dataclass(frozen=True, slots=True)
class MembershipFacts:
    """What a card's snapshot and a receipt say of a membership.

    Attributes:
        tier: The programme's; where its rules have none, the one that came with the membership.
        points: What can be spent once the card is active.
        points_expire_on: YYYY-MM-DD or empty.
        consents: Purposes that were agreed to, in the order of the notice.
    """

    member: MemberRow
    application: ApplicationRow
    tier: str
    points: int
    points_expire_on: str
    coupons: tuple[CouponRow, ...]
    consents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Benefit:
    """A benefit as the welcome screen shows it; points, or fen for a coupon; last day as YYYY-MM-DD.

    Attributes:
        minimum_spend_fen: Purchase from which a coupon can be used, 0 where any will do.
    """

    text_key: str
    amount: int
    valid_until: str
    minimum_spend_fen: int = 0


@dataclass(frozen=True, slots=True)
class Activated:
    """What the member has from now on.

    Attributes:
        welcome_channel: How the message goes that tells it.
        is_replacement: The membership was active before: nothing is new but the card.
    """

    facts: MembershipFacts
    membership_number_masked: str
    benefits: tuple[Benefit, ...]
    welcome_channel: Channel
    is_replacement: bool


class Activation:
    """Activates memberships; the card service calls it in the transaction in which the card becomes active."""

    def __init__(
        self, base: Foundation, accounts: Accounts, notifications: Notifications, rules: WelcomeRules, changes: BenefitChanges
    ) -> None:
        self._base = base
        self._accounts = accounts
        self._notifications = notifications
        self._rules = rules
        self._changes = changes

    def facts(self, tx: Tx, member_id: str) -> MembershipFacts:
        """Returns what the card's snapshot is to contain; the benefits as they are after activation.

        Raises:
            Refusal: MEMBER_UNKNOWN.
        """
        member = member_by_id(tx, member_id)
        application = application_by_id(tx, member.application_id) if member else None
        tier = current_tier(tx, member_id)
        if member is None or application is None or tier is None:
            raise refuse(Reason.MEMBER_UNKNOWN)
        points = self._accounts.summary(tx, member_id, as_if_active=True)
        return MembershipFacts(
            member=member,
            application=application,
            tier=points.tier or tier.tier,
            points=points.available,
            points_expire_on=points.last_day.isoformat() if points.last_day else "",
            coupons=tuple(row for row in coupons_of(tx, member_id) if row.coupon.state_on(business_day(tx.now)) in USABLE_STATES),
            consents=tuple(c.purpose for c in consents_of(tx, application.application_id) if c.given),
        )

    def activate(self, tx: Tx, actor: Actor, member_id: str, request_id: str | None) -> Activated:
        """Returns what the member has; a membership that is active already only gets word of its new card.

        Raises:
            Refusal: MEMBER_UNKNOWN; APPLICATION_STATE.
        """
        before = self.facts(tx, member_id)
        is_replacement = before.member.activated_at is not None
        if not is_replacement:
            self._open_benefits(tx, actor, before, request_id)
        facts = self.facts(tx, member_id)
        return Activated(
            facts=facts,
            membership_number_masked=mask_membership_number(facts.member.number),
            benefits=benefits_of(facts),
            welcome_channel=self._tell_replaced(tx, facts, request_id) if is_replacement else self._welcome(tx, facts),
            is_replacement=is_replacement,
        )

    def _open_benefits(self, tx: Tx, actor: Actor, before: MembershipFacts, request_id: str | None) -> None:
        require_transition(before.application.state, ApplicationState.ACTIVE)
        values = {"state": ApplicationState.ACTIVE, "state_since": tx.now, "open_mobile_token": None}
        changed = change_application(tx, before.application, values) and change_member(tx, before.member, {"activated_at": tx.now})
        if not changed:
            raise refuse(Reason.STALE_VERSION)
        self._accounts.release(tx, before.member.member_id)
        for coupon_id in free_coupons(tx, before.member.member_id):
            self._base.audit.record(tx, Deed(actor, "coupon.freed", "coupon", coupon_id, request_id))
        self._base.audit.record(tx, Deed(actor, "application.activated", "application", before.application.application_id, request_id))
        self._base.audit.record(tx, Deed(actor, "member.activated", "member", before.member.member_id, request_id))

    def _welcome(self, tx: Tx, facts: MembershipFacts) -> Channel:
        def variables(data: PersonalData, language: Language) -> dict[str, str]:
            coupons = [WordedCoupon(c.value_fen, c.minimum_spend_fen, c.valid_until) for c in facts.coupons]
            return {"name": data.name, "benefits": self._rules.worded(language, facts.points, coupons)}

        channel = self._send(tx, facts, ("welcome", f"welcome:{facts.member.member_id}"), variables)
        self._changes.tell_newcomer(tx, facts.member)
        return channel

    def _tell_replaced(self, tx: Tx, facts: MembershipFacts, request_id: str | None) -> Channel:
        key = f"card_replaced:{facts.member.member_id}:{request_id}"
        return self._send(tx, facts, ("card_replaced", key), lambda _data, _language: {})

    def _send(
        self, tx: Tx, facts: MembershipFacts, what: tuple[str, str], variables: Callable[[PersonalData, Language], dict[str, str]]
    ) -> Channel:
        template, event_key = what
        person = self._base.people.find(tx, facts.member.person_id)
        if person is None:
            raise refuse(Reason.MEMBER_UNKNOWN)
        data = self._base.people.open_row(person)
        language = Language(person.language)
        message = Notification(
            event_key=event_key,
            template=template,
            language=language,
            mobile=data.mobile,
            email=data.email,
            person_id=person.person_id,
            variables={"membership_number": mask_membership_number(facts.member.number), **variables(data, language)},
        )
        return self._notifications.send(tx, message)


def benefits_of(facts: MembershipFacts) -> tuple[Benefit, ...]:
    """Returns what the welcome screen lists: the points, then each coupon."""
    points = Benefit("benefit.points", facts.points, facts.points_expire_on)
    return (points, *(Benefit(c.text_key, c.value_fen, c.valid_until.isoformat(), c.minimum_spend_fen) for c in facts.coupons))
