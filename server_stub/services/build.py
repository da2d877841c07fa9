"""Puts the core services together from a foundation; the composition root calls it once. Knows no configuration file."""

from __future__ import annotations

from dataclasses import dataclass, field

from server_stub.config import CardSettings, RewardSettings
from server_stub.domain.benefit_change import load_notice_rules
from server_stub.domain.birthday_gift import load_birthday_rules
from server_stub.domain.feedback.rules import load_feedback_rules
from server_stub.domain.guardianship import load_guardian_rules
from server_stub.domain.liability.rules import load_liability_rules
from server_stub.domain.member_code import MemberCodeForm
from server_stub.domain.mobile import DEFAULT_REGIONS
from server_stub.domain.notices import load_notices
from server_stub.domain.preliminary import load_preliminary_rules
from server_stub.domain.referral import load_referral_rules
from server_stub.domain.regions.table import Regions, load_regions
from server_stub.domain.welcome import load_welcome_rules
from server_stub.services.activation import Activation
from server_stub.services.admission import Admission
from server_stub.services.benefit_changes import BenefitChanges
from server_stub.services.benefits import BenefitDesks, Benefits
from server_stub.services.birthdays import Birthdays
from server_stub.services.campaigns.build import CampaignParts, CampaignServices, build_campaigns
from server_stub.services.contacts import Contacts
from server_stub.services.coupon_desk import CouponDesk
from server_stub.services.coupons import Coupons
from server_stub.services.decisions import Decisions
from server_stub.services.enrollment.codes import CodePolicy, OwnershipCodes
from server_stub.services.enrollment.service import EnrollmentService
from server_stub.services.enrollment.status import StatusDesk
from server_stub.services.enrollment.submission import Desks, Rulebook, Submission
from server_stub.services.feedback.desk import FeedbackDesk
from server_stub.services.feedback.handling import CaseDesk
from server_stub.services.foundation import Foundation
from server_stub.services.grants import IssueGrants
from server_stub.services.guardians.desk import GuardianDesk, GuardianDesks
from server_stub.services.guardians.standing import Guardianship
from server_stub.services.ledger.build import LedgerServices, build_ledger
from server_stub.services.liability import LiabilityDesk
from server_stub.services.member_codes import MemberCodes
from server_stub.services.members import MemberDesks, MemberService
from server_stub.services.merge_desk import MergeDesk
from server_stub.services.notices import ConsentNotices
from server_stub.services.notifications import DeliveryQueue, Notifications
from server_stub.services.own_coupons import OwnCoupons
from server_stub.services.own_points import OwnPoints
from server_stub.services.own_purchases import OwnPurchases
from server_stub.services.prices import Prices
from server_stub.services.receipts import Receipts, ReceiptSigner
from server_stub.services.referrals import Referrals
from server_stub.services.resuming import Resuming
from server_stub.services.review.blocklist import Blocklist
from server_stub.services.review.decisions import ReviewDecisions
from server_stub.services.review.detail import ReviewDesk
from server_stub.services.review.queue import ReviewQueue
from server_stub.services.review.second_look import SecondLook
from server_stub.services.review.service import ReviewService
from server_stub.services.rewards.build import RewardParts, RewardServices, build_rewards
from server_stub.services.rule_desk import RuleDesk
from server_stub.services.statement_desk import StatementDesk
from server_stub.services.telling import Telling
from server_stub.services.till_spending import TillSpending
from server_stub.services.tills import Tills
from server_stub.services.visits import Visits
from server_stub.storage.outbox import Outbox


@dataclass(frozen=True, slots=True)
class DeskServices:
    """What staff do for a member at the head office, beside merges and corrections."""

    coupons: CouponDesk
    statements: StatementDesk


@dataclass(frozen=True, slots=True)
class CoreServices:
    """The services of the membership and the parts that the card service shares."""

    enrollment: EnrollmentService
    notices: ConsentNotices
    members: MemberService
    guardians: GuardianDesk
    contacts: Contacts
    reviews: ReviewService
    blocklist: Blocklist
    delivery_queue: DeliveryQueue
    notifications: Notifications
    grants: IssueGrants
    visits: Visits
    receipts: Receipts
    ledger: LedgerServices
    activation: Activation
    coupons: Coupons
    desks: DeskServices
    birthdays: Birthdays
    referrals: Referrals
    liability: LiabilityDesk
    benefit_changes: BenefitChanges
    own_points: OwnPoints
    own_purchases: OwnPurchases
    own_coupons: OwnCoupons
    tills: Tills
    till_spending: TillSpending
    merge_desk: MergeDesk
    prices: Prices
    rewards: RewardServices
    rules: RuleDesk
    feedback: FeedbackDesk
    cases: CaseDesk
    decisions: Decisions
    benefits: Benefits
    codes: MemberCodes
    resuming: Resuming
    card_settings: CardSettings
    campaigns: CampaignServices


@dataclass(frozen=True, slots=True)
class Signers:
    """What the centre signs for members: receipts, and the codes that they show."""

    receipts: ReceiptSigner
    codes: MemberCodeForm


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an installation sets for the services."""

    rewards: RewardSettings = field(default_factory=RewardSettings)
    cards: CardSettings = field(default_factory=CardSettings)


def build_core(
    base: Foundation, signers: Signers, phone_regions: frozenset[str] = DEFAULT_REGIONS, chosen: Chosen | None = None
) -> CoreServices:
    """Returns the services, judged by the rule files that ship with the program."""
    chosen = chosen or Chosen()
    outbox = Outbox(base.sealer)
    notifications = Notifications(outbox, base.ids)
    grants, visits, telling = IssueGrants(base.ids, base.handles), Visits(base.ids, base.handles), Telling(base, notifications)
    coupons = Coupons(base, visits)
    ledger = build_ledger(base, coupons, chosen.rewards)
    receipts, codes = Receipts(signers.receipts), OwnershipCodes(base, notifications, visits, CodePolicy(regions=phone_regions))
    welcome, regions, notice_rules = load_welcome_rules(), load_regions(), load_notice_rules()
    guardianship = Guardianship(base, codes, load_guardian_rules())
    admission = Admission(base, ledger.accounts, welcome, guardianship)
    rules = Rulebook(load_notices(), load_preliminary_rules(), regions, phone_regions)
    referrals = Referrals(base, visits, ledger.gifts, load_referral_rules())
    submission = Submission(base, rules, Desks(codes, admission, grants, receipts, notifications, referrals, guardianship))
    rewards = build_rewards(RewardParts(ledger, visits, codes, receipts, telling), chosen.rewards)
    birthdays, changes = Birthdays(base, visits, notifications, load_birthday_rules()), BenefitChanges(base, notifications, notice_rules)
    members = MemberService(base, MemberDesks(codes, visits, grants, ledger.accounts))
    decisions = Decisions(ledger.booking, visits, ledger.tiers, rewards.shelf)
    return CoreServices(
        enrollment=EnrollmentService(codes, submission, StatusDesk(base, codes, grants), base.requests),
        notices=ConsentNotices(rules.notices),
        members=members,
        guardians=GuardianDesk(base, GuardianDesks(visits, guardianship, telling, receipts)),
        contacts=Contacts(base, visits, codes, notifications),
        reviews=_reviews(base, regions, admission, notifications, guardianship),
        blocklist=Blocklist(base),
        delivery_queue=DeliveryQueue(base.database, outbox),
        notifications=notifications,
        grants=grants,
        visits=visits,
        receipts=receipts,
        ledger=ledger,
        activation=Activation(base, ledger.accounts, notifications, welcome, changes),
        coupons=coupons,
        desks=DeskServices(CouponDesk(base, telling), StatementDesk(base)),
        birthdays=birthdays,
        referrals=referrals,
        liability=LiabilityDesk(base, load_liability_rules(), ledger.accounts.settle_due),
        benefit_changes=changes,
        own_points=OwnPoints(base, visits, ledger.accounts),
        own_purchases=OwnPurchases(base, visits),
        rewards=rewards,
        rules=RuleDesk(base, ledger.programme, notice_rules),
        feedback=FeedbackDesk(base, visits, codes, load_feedback_rules()),
        cases=CaseDesk(base, notifications, load_feedback_rules()),
        own_coupons=OwnCoupons(base, visits, coupons),
        tills=Tills(base, ledger.sales, ledger.returns, coupons),
        merge_desk=MergeDesk(base, ledger.merging),
        till_spending=TillSpending(ledger.booking, ledger.redemptions, chosen.rewards.code_above_points),
        prices=Prices(base),
        decisions=decisions,
        benefits=Benefits(base, BenefitDesks(visits, ledger.accounts, decisions, birthdays)),
        codes=MemberCodes(base, visits, members, signers.codes),
        resuming=Resuming(base, visits, members),
        card_settings=chosen.cards,
        campaigns=build_campaigns(CampaignParts(ledger, visits, decisions, notifications, receipts)),
    )


def _reviews(
    base: Foundation, regions: Regions, admission: Admission, notifications: Notifications, guardianship: Guardianship
) -> ReviewService:
    queue, second_look = ReviewQueue(base), SecondLook(base, load_preliminary_rules())
    desk = ReviewDesk(base, queue, second_look, regions, guardianship)
    return ReviewService(queue, desk, ReviewDecisions(base, queue, second_look, admission, notifications))
