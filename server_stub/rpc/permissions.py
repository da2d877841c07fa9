"""Which operation each RPC is: one total table, default deny. Knows no servicer and no rule; the rules are the domain's."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from server_stub.domain.permissions import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

_PACKAGE = "/member.v1."
HEALTH_CHECK = "/grpc.health.v1.Health/Check"

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        _PACKAGE + name: operation
        for name, operation in {
            "DeviceService/Hello": Operation.REPORT_DEVICE,
            "DeviceService/Heartbeat": Operation.REPORT_DEVICE,
            "DeviceService/CallStaff": Operation.CALL_STAFF,
            "DeviceService/GetStaffCall": Operation.CALL_STAFF,
            "ConsentService/GetNotice": Operation.READ_NOTICE,
            "EnrollmentService/SendOwnershipCode": Operation.SEND_CODE,
            "EnrollmentService/VerifyOwnershipCode": Operation.VERIFY_CODE,
            "EnrollmentService/SubmitApplication": Operation.SUBMIT_APPLICATION,
            "EnrollmentService/GetApplicationStatus": Operation.READ_APPLICATION_STATUS,
            "EnrollmentService/WithdrawApplication": Operation.WITHDRAW_APPLICATION,
            "EnrollmentService/CancelRequest": Operation.CANCEL_REQUEST,
            "CardService/BeginIssue": Operation.ISSUE_CARD,
            "CardService/NextCommands": Operation.VISIT_WITH_CARD,
            "CardService/ConfirmIssue": Operation.ISSUE_CARD,
            "CardService/AbortIssue": Operation.ISSUE_CARD,
            "CardService/BeginVisit": Operation.VISIT_WITH_CARD,
            "CardService/CompleteVisit": Operation.VISIT_WITH_CARD,
            "CardService/BeginCardUpdate": Operation.VISIT_WITH_CARD,
            "CardService/GetOwnCard": Operation.READ_OWN_MEMBERSHIP,
            "CardService/ReportLost": Operation.REPORT_CARD_LOST,
            "CardService/WithdrawLoss": Operation.REPORT_CARD_LOST,
            "CardService/ReplaceCard": Operation.REPLACE_CARD,
            "CardService/TurnInCard": Operation.TURN_IN_CARD,
            "CardService/GetHotlist": Operation.READ_HOTLIST,
            "RewardService/ListRewards": Operation.LOOK_AT_REWARDS,
            "RewardService/Quote": Operation.LOOK_AT_REWARDS,
            "RewardService/Hold": Operation.HOLD_OWN_POINTS,
            "RewardService/Commit": Operation.COMMIT_OWN_HOLD,
            "RewardService/Cancel": Operation.CANCEL_OWN_REDEMPTION,
            "RewardService/ListRedemptions": Operation.READ_OWN_MEMBERSHIP,
            "RewardService/GetRedemptionReceipt": Operation.READ_REDEMPTION_RECEIPT,
            "GuardianService/IdentifyGuardian": Operation.IDENTIFY_GUARDIAN,
            "GuardianService/ListChildren": Operation.READ_OWN_MEMBERSHIP,
            "GuardianService/BeginChildVisit": Operation.ACT_FOR_CHILD,
            "GuardianService/WithdrawGuardianConsent": Operation.WITHDRAW_GUARDIAN_CONSENT,
            "MemberService/Identify": Operation.IDENTIFY_MEMBER,
            "MemberService/GetMember": Operation.READ_OWN_MEMBERSHIP,
            "MemberService/GetContact": Operation.READ_OWN_MEMBERSHIP,
            "MemberService/SubmitChangeRequest": Operation.CHANGE_OWN_CONTACT,
            "MemberService/KeepVisit": Operation.READ_OWN_MEMBERSHIP,
            "MemberService/EndVisit": Operation.READ_OWN_MEMBERSHIP,
            "BenefitService/ListTiers": Operation.READ_OWN_MEMBERSHIP,
            "BenefitService/GetTierProgress": Operation.READ_OWN_MEMBERSHIP,
            "BenefitService/ExplainDecision": Operation.READ_OWN_MEMBERSHIP,
            "BenefitService/ListBenefits": Operation.READ_OWN_MEMBERSHIP,
            "PointsService/GetAccount": Operation.READ_OWN_MEMBERSHIP,
            "PointsService/ListEntries": Operation.READ_OWN_MEMBERSHIP,
            "FeedbackService/SubmitFeedback": Operation.SUBMIT_FEEDBACK,
            "FeedbackService/GetCase": Operation.FOLLOW_CASE,
            "FeedbackService/GiveVerdict": Operation.FOLLOW_CASE,
            "PointsService/ListPurchases": Operation.READ_OWN_MEMBERSHIP,
            "PointsService/GetPurchase": Operation.READ_OWN_MEMBERSHIP,
            "CouponService/ListCoupons": Operation.READ_OWN_MEMBERSHIP,
            "CouponService/ClaimCoupon": Operation.CLAIM_OWN_COUPON,
            "CouponService/ShowCoupon": Operation.READ_OWN_MEMBERSHIP,
            "CouponService/ValidateCoupon": Operation.REDEEM_COUPON,
            "CouponService/RedeemCoupon": Operation.REDEEM_COUPON,
            "CouponService/RollBackCoupon": Operation.ROLL_BACK_COUPON,
            "BenefitService/GetBirthdayGift": Operation.ASK_BIRTHDAY_GIFT,
            "BenefitService/AskBirthdayGift": Operation.ASK_BIRTHDAY_GIFT,
            "BenefitService/GetReferralCode": Operation.READ_OWN_MEMBERSHIP,
            "BenefitService/ListChanges": Operation.READ_ANNOUNCED_CHANGES,
            "CampaignService/ListForKiosk": Operation.LOOK_AT_CAMPAIGNS,
            "CampaignService/GetCampaign": Operation.LOOK_AT_CAMPAIGNS,
            "CampaignService/Join": Operation.JOIN_CAMPAIGN,
            "CampaignService/WishReminder": Operation.WISH_REMINDER,
            "SaleService/PreviewSale": Operation.RECORD_SALE,
            "SaleService/RecordSale": Operation.RECORD_SALE,
            "SaleService/RecordReturn": Operation.RECORD_RETURN,
            "SaleService/SpendPoints": Operation.SPEND_AT_TILL,
            "RewardService/Redeem": Operation.SPEND_OWN_POINTS,
            "CredentialService/IdentifyByCode": Operation.IDENTIFY_MEMBER,
            "CredentialService/ShowCode": Operation.SHOW_OWN_CODE,
            "CredentialService/ListCodeKeys": Operation.IDENTIFY_MEMBER,
            "CredentialService/ReportRefusedCode": Operation.IDENTIFY_MEMBER,
            "CredentialService/ResumeVisit": Operation.IDENTIFY_MEMBER,
            "SyncService/Upload": Operation.UPLOAD_OPERATIONS,
        }.items()
    }
)


def operation_of(method: str) -> Operation | None:
    """Returns the operation of a method's full name (`/member.v1.DeviceService/Hello`), or None where nobody may call it."""
    return OPERATIONS.get(method)
