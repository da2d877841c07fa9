"""Performs effects: asks the centre, moves cards and paper, and says what happened as events. Thread: loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from kiosk.flows.feedback.state import CaseLoaded, FeedbackReceived, GiveVerdict, LoadCase, PrintFeedbackSlip, SubmitFeedback
from kiosk.flows.issue_card.state import (
    AbortIssue,
    ActivateCard,
    CardActivated,
    IssueAborted,
    LookAtReader,
    PrintMembershipSlip,
    WriteCard,
)
from kiosk.flows.member.state import LoadMember, MemberLoaded
from kiosk.flows.phone_proof.state import CodeSent, CodeVerified, SendCode, VerifyCode
from kiosk.flows.register.state import (
    ApplicationAnswered,
    CloseRequest,
    LoadNotice,
    NoticeLoaded,
    PrintReceipt,
    RequestClosed,
    SubmitApplication,
)
from kiosk.flows.sign_in.state import IdentifyByPhone, MemberIdentified, ReadCard
from kiosk.flows.slips import PrintDeed
from kiosk.flows.status.state import LoadStatus, StatusLoaded, WithdrawApplication
from kiosk.flows.step import CardInserted, CardRemoved, CardTrouble, DeskRefused, DeskUnreachable
from kiosk.ports.children import GuardianDesk
from kiosk.ports.desks import BenefitDesk, CardDesk, CouponDesk, CredentialDesk, EnrollmentDesk, LossDesk, MemberDesk, PointsDesk
from kiosk.ports.devices import CardReader, ReaderState, SlipPrinter
from kiosk.ports.errors import DeskError, Refused
from kiosk.ports.feedback import FeedbackDesk
from kiosk.ports.own_card import Hotlist
from kiosk.ports.rewards import RewardDesk
from kiosk.ports.values import Language, Reason, Visitor
from kiosk.session.campaign_effects import CampaignParts, campaign_performs
from kiosk.session.card_dialog import CardDialog
from kiosk.session.children_effects import children_performs
from kiosk.session.intents import Intents
from kiosk.session.lost_effects import lost_performs
from kiosk.session.perks_effects import perks_performs
from kiosk.session.points_effects import points_performs
from kiosk.session.printing import printed
from kiosk.session.rewards_effects import RewardsOutside, rewards_performs
from kiosk.session.scan_effects import scan_performs

# An intent with this answer never was and never will be carried out; the next attempt is a new one.
REQUEST_CANCELLED = Reason("REQUEST_CANCELLED")

Report = Callable[[Any], None]
Perform = Callable[[Any, Language, Report], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything that effects reach."""

    enrollment: EnrollmentDesk
    cards: CardDesk
    members: MemberDesk
    reader: CardReader
    printer: SlipPrinter
    feedback: FeedbackDesk
    coupons: CouponDesk
    benefits: BenefitDesk
    points: PointsDesk
    rewards: RewardDesk
    credentials: CredentialDesk
    losses: LossDesk
    hotlist: Hotlist
    guardians: GuardianDesk
    campaigns: CampaignParts


def reader_event(state: ReaderState) -> CardInserted | CardRemoved | CardTrouble:
    """Return what journeys hear of the reader's state."""
    if state.trouble is not None:
        return CardTrouble(state.trouble)
    return CardInserted(state.card) if state.card is not None else CardRemoved()


class Performer:
    """One method for each effect; the answer is one event, progress is reported before it."""

    def __init__(self, outside: Outside, intents: Intents) -> None:
        self._outside = outside
        self._intents = intents
        self._dialog = CardDialog(outside.cards, outside.reader, outside.hotlist)
        self._performs: dict[type, Perform] = {
            LoadNotice: self._load_notice,
            SendCode: self._send_code,
            VerifyCode: self._verify_code,
            SubmitApplication: self._submit,
            CloseRequest: self._close_request,
            PrintReceipt: self._print_receipt,
            WriteCard: self._write_card,
            ActivateCard: self._activate,
            AbortIssue: self._abort,
            PrintMembershipSlip: self._print_membership,
            LookAtReader: self._look,
            ReadCard: self._read_card,
            IdentifyByPhone: self._identify,
            LoadStatus: self._load_status,
            WithdrawApplication: self._withdraw,
            LoadMember: self._load_member,
            SubmitFeedback: self._submit_feedback,
            PrintFeedbackSlip: self._print_feedback,
            PrintDeed: self._print_deed,
            LoadCase: self._load_case,
            GiveVerdict: self._give_verdict,
            **perks_performs(outside.coupons, outside.benefits, intents),
            **campaign_performs(outside.campaigns, outside.coupons, intents),
            **points_performs(outside.points, outside.benefits, outside.printer),
            **rewards_performs(RewardsOutside(outside.rewards, outside.members, outside.benefits, outside.printer, self._dialog), intents),
            **lost_performs(outside.losses, intents),
            **children_performs(outside.guardians, intents),
            **scan_performs(outside.credentials, intents),
        }

    @property
    def effects(self) -> frozenset[type]:
        """Effect types that can be performed; a test proves that flows ask for no other."""
        return frozenset(self._performs)

    async def perform(self, effect: Any, language: Language, report: Report) -> Any:
        """Perform one effect; returns the event that answers it."""
        try:
            answer = await self._performs[type(effect)](effect, language, report)
        except Refused as refused:
            if refused.reason == REQUEST_CANCELLED:
                self._intents.settled(effect)
            said = (refused.findings, refused.retry_after_s, refused.tries_left, refused.on_day, refused.points)
            return DeskRefused(refused.reason, *said)
        except DeskError:
            return DeskUnreachable()
        self._intents.settled(effect)
        return answer

    async def _load_notice(self, effect: LoadNotice, language: Language, _report: Report) -> Any:
        return NoticeLoaded(await self._outside.enrollment.notice(language, effect.age_band))

    async def _send_code(self, effect: SendCode, language: Language, _report: Report) -> Any:
        request_id, language = self._intents.id_of(effect), self._intents.language_of(effect, language)
        desk = self._outside.enrollment
        return CodeSent(await desk.send_code(request_id, effect.mobile, effect.purpose, language, effect.visit_token))

    async def _verify_code(self, effect: VerifyCode, _language: Language, _report: Report) -> Any:
        return CodeVerified(await self._outside.enrollment.verify_code(effect.challenge_id, effect.digits))

    async def _submit(self, effect: SubmitApplication, language: Language, _report: Report) -> Any:
        request_id, language = self._intents.id_of(effect), self._intents.language_of(effect, language)
        return ApplicationAnswered(await self._outside.enrollment.submit(request_id, effect.draft, language))

    async def _close_request(self, effect: CloseRequest, _language: Language, _report: Report) -> Any:
        request_id = self._intents.id_of(effect.intent)
        return RequestClosed(await self._outside.enrollment.cancel_request(request_id))

    async def _print_receipt(self, effect: PrintReceipt, language: Language, _report: Report) -> Any:
        printer = self._outside.printer
        return await printed(printer.print_application(effect.kind, effect.receipt, effect.findings, language, is_copy=effect.is_copy))

    async def _print_membership(self, effect: PrintMembershipSlip, language: Language, _report: Report) -> Any:
        return await printed(self._outside.printer.print_membership(effect.issued, language, is_copy=effect.is_copy))

    async def _write_card(self, effect: WriteCard, _language: Language, report: Report) -> Any:
        return await self._dialog.write(effect, self._intents.id_of(effect), report)

    async def _activate(self, effect: ActivateCard, _language: Language, _report: Report) -> Any:
        return CardActivated(await self._outside.cards.confirm_issue(self._intents.id_of(effect), effect.issue_id))

    async def _abort(self, effect: AbortIssue, _language: Language, _report: Report) -> Any:
        is_spoiled, grant = await self._outside.cards.abort_issue(self._intents.id_of(effect), effect.issue_id, effect.cause)
        return IssueAborted(is_spoiled, grant)

    async def _look(self, _effect: LookAtReader, _language: Language, _report: Report) -> Any:
        return reader_event(self._outside.reader.look())

    async def _read_card(self, effect: ReadCard, _language: Language, _report: Report) -> Any:
        return await self._dialog.read(effect)

    async def _identify(self, effect: IdentifyByPhone, _language: Language, _report: Report) -> Any:
        visitor: Visitor = await self._outside.members.identify(effect.phone_proof)
        return MemberIdentified(visitor)

    async def _load_status(self, effect: LoadStatus, _language: Language, _report: Report) -> Any:
        return StatusLoaded(await self._outside.enrollment.status(effect.number, effect.phone_proof))

    async def _withdraw(self, effect: WithdrawApplication, _language: Language, _report: Report) -> Any:
        number = effect.status.application_number
        await self._outside.enrollment.withdraw(self._intents.id_of(effect), number, effect.phone_proof)
        return StatusLoaded(await self._outside.enrollment.status(number, effect.phone_proof))

    async def _load_member(self, effect: LoadMember, _language: Language, _report: Report) -> Any:
        membership = await self._outside.members.membership(effect.visit_token)
        return MemberLoaded(replace(membership, card=await self._outside.losses.own_card(effect.visit_token)))

    async def _submit_feedback(self, effect: SubmitFeedback, language: Language, _report: Report) -> Any:
        request_id, language = self._intents.id_of(effect), self._intents.language_of(effect, language)
        return FeedbackReceived(await self._outside.feedback.submit_feedback(request_id, effect.visit_token, effect.said, language))

    async def _print_feedback(self, effect: PrintFeedbackSlip, language: Language, _report: Report) -> Any:
        return await printed(self._outside.printer.print_feedback(effect.ticket, language))

    async def _print_deed(self, effect: PrintDeed, language: Language, _report: Report) -> Any:
        slip = self._outside.printer.print_deed(effect.receipt, effect.name_masked, language, is_copy=effect.is_copy)
        return await printed(slip, effect.receipt.number)

    async def _load_case(self, effect: LoadCase, _language: Language, _report: Report) -> Any:
        return CaseLoaded(await self._outside.feedback.case(effect.key))

    async def _give_verdict(self, effect: GiveVerdict, _language: Language, _report: Report) -> Any:
        return CaseLoaded(await self._outside.feedback.judge(self._intents.id_of(effect), effect.key, effect.verdict))
