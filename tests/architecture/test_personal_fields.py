"""Every field of the contract is either marked as personal or named here as not personal: a new field has to be thought about.

The mark is "personal" at the end of the field's comment; "secret" marks what only the two ends of one call may see.
"""

from __future__ import annotations

import re

from tests.support.contract import Stated, fields
from tests.support.personal_data_page import MARK

# Names that say what a person is called, where they live, how they are reached: marked wherever they appear.
TELLING = re.compile(
    r"(^|_)(name|surname|mobile|phone|email|birthday|birth_date|id_number|address|detail|postcode|province_code|city_code|district_code"
    r"|membership_number|identity|snapshot|sex|gender|portrait|guardian)$"
)
# Names that look telling and are not.
NOT_OF_A_PERSON = {
    "Bought.reward_name",
    "HelloResponse.device_name",
    "HelloResponse.store_name",
    "OwnRedemption.store_name",
    "PointsEntryView.store_name",
    "PointsLotView.store_name",
    "PointsPayer.store_name",
    "PurchaseView.store_name",
    "TierLevelView.name",
    "TierGap.name",
    "GetTierProgressResponse.tier_name",
}

# What may be shown on a screen that others see: shortened so that it does not identify, and its comment says so.
MASKED = {
    "ContactRecord.email_masked",
    "ContactRecord.mobile_masked",
    "CompleteVisitResponse.name_masked",
    "ConfirmIssueResponse.membership_number_masked",
    "ConfirmIssueResponse.name_masked",
    "GetApplicationStatusResponse.name_masked",
    "GetMemberResponse.membership_number_masked",
    "BeginChildVisitResponse.name_masked",
    "IdentifyGuardianResponse.mobile_masked",
    "IdentifyGuardianResponse.name_masked",
    "LinkedChild.name_masked",
    "GetMemberResponse.name_masked",
    "IdentifyByCodeResponse.name_masked",
    "IdentifyResponse.name_masked",
    "ReceiptBody.membership_number_masked",
    "ResumeVisitResponse.name_masked",
    "SendOwnershipCodeResponse.mobile_masked",
}

# By message: fields that say nothing about a person, or only by way of a handle that means something at the centre alone.
NOT_PERSONAL = {
    "ContactRecord": "version",
    "GetContactRequest": "visit_token",
    "IdentifyGuardianRequest": "phone_proof",
    "LinkedChild": "link_id state application_state application_number",
    "ListChildrenRequest": "visit_token",
    "ListChildrenResponse": "children may_act",
    "BeginChildVisitRequest": "visit_token link_id",
    "BeginChildVisitResponse": "visit_token",
    "WithdrawGuardianConsentRequest": "envelope visit_token link_id",
    "WithdrawGuardianConsentResponse": "receipt",
    "GetContactResponse": "contact",
    "SubmitChangeRequestRequest": "envelope visit_token expected_version phone_proof",
    "SubmitChangeRequestResponse": "version",
    "LineDoubt": "line reason list_price_fen",
    "AbortIssueRequest": "envelope issue_id cause",
    "AbortIssueResponse": "spoiled issue_grant",
    "AnnouncedChange": "change_id title text effective_on",
    "Application": "schema_version channel phone_proof age_band birthday_proof language notice_version notice_sha256 consents",
    "AskBirthdayGiftRequest": "envelope visit_token",
    "AskBirthdayGiftResponse": "gift",
    "BenefitView": "kind text_key amount last_day usable lines",
    "CampaignCondition": "what",
    "CampaignCoupon": "value_fen minimum_spend_fen valid_days",
    "CampaignPoints": "points valid_days",
    "CampaignWords": "language title line body conditions",
    "ExplainDecisionRequest": "visit_token language sale_id redemption_id reward_id",
    "ExplainDecisionResponse": "lines",
    "ExplanationLine": "key variables rules",
    "ExplanationLine.VariablesEntry": "key value",
    "GetCampaignRequest": "visit_token campaign_id language",
    "GetCampaignResponse": "campaign conditions left",
    "GetTierProgressRequest": "visit_token language",
    "GetTierProgressResponse": "tier tier_name points_this_year points_last_year kept_until next to_keep lines",
    "JoinRequest": "envelope visit_token campaign_id language",
    "JoinResponse": "coupon_id points receipt",
    "ListBenefitsRequest": "visit_token language",
    "ListBenefitsResponse": "benefits",
    "ListForKioskRequest": "known_version",
    "ListForKioskResponse": "version unchanged campaigns",
    "ListTiersRequest": "language",
    "ListTiersResponse": "tiers",
    "PublicCampaign": "campaign_id version words picture starts ends shown_from shown_until everywhere coupon points",
    "TierName": "tier zh_hans zh_hant en",
    "TierGap": "tier name points amount_fen by",
    "TierLevelView": "tier name points",
    "BeginCardUpdateRequest": "visit_token uid atr",
    "BeginCardUpdateResponse": "dialog_id commands",
    "BeginIssueRequest": "envelope issue_grant uid atr",
    "BeginIssueResponse": "issue_id dialog_id commands stage resumed",
    "BeginVisitRequest": "uid atr",
    "BeginVisitResponse": "dialog_id commands unfinished_issue_id",
    "Bought": "reward_id reward_name qty points_spent pickup_code pickup_until",
    "BirthdayGift": "text_key value_fen valid_until",
    "CallStaffRequest": "envelope screen language",
    "CallStaffResponse": "call_id state",
    "CancelRequest": "envelope visit_token redemption_id language",
    "CancelRequestRequest": "request_id",
    "CancelRequestResponse": "was_applied",
    "CancelResponse": "redemption receipt",
    "CardCommand": "apdu go_on",
    "CaseProof": "visit_token phone_proof",
    "CaseReply": "at",
    "ClaimCouponRequest": "envelope visit_token coupon_id",
    "ClaimCouponResponse": "state",
    "CommitRequest": "envelope visit_token redemption_id points",
    "CommitResponse": "redemption",
    "CompleteVisitRequest": "dialog_id",
    "CompleteVisitResponse": "visit_token card_behind",
    "ConfirmIssueRequest": "envelope issue_id",
    "ConfirmIssueResponse": "tier points benefits receipt welcome_channel visit_token replacement",
    "ConsentChoice": "purpose given",
    "CouponUse": "code sale_id basket_fen",
    "CouponView": "text_key value_fen valid_until usable minimum_spend_fen claimable",
    "CodeKey": "key_id public_key",
    "EndVisitRequest": "visit_token left_at_page",
    "KeepVisitRequest": "visit_token",
    "IdentifyByCodeResponse": "visit_token",
    "ListCodeKeysRequest": "known_version",
    "ListCodeKeysResponse": "version keys",
    "ReportRefusedCodeRequest": "reason",
    "ReportRefusedCodeResponse": "locked_for_s",
    "ResumeVisitResponse": "visit_token page",
    "ShowCodeRequest": "visit_token",
    "ShowCodeResponse": "expires_at refresh_after_s",
    "Envelope": "request_id device_seq occurred_at",
    "FieldFinding": "field reason",
    "GetAccountRequest": "visit_token language",
    "GetAccountResponse": "standing expired year_points lots expiring expiring_last_day pending_until",
    "GetApplicationStatusRequest": "application_number phone_proof",
    "GetApplicationStatusResponse": "application_number state findings issue_grant",
    "GetCaseRequest": "case_number proof",
    "GetCaseResponse": "case_number state face category received_at reply_by replies verdict may_judge",
    "GetBirthdayGiftRequest": "visit_token",
    "GetBirthdayGiftResponse": "state reason gift",
    "GetHotlistRequest": "known_version",
    "GetHotlistResponse": "version changes more",
    "GetMemberRequest": "visit_token",
    "GetMemberResponse": "tier points_available points_pending points_expiring points_expire_on coupons application_state issue_grant "
    "climb",
    "GetNoticeRequest": "language age_band",
    "GetNoticeResponse": "version text_sha256 summary full_text purposes",
    "GetPurchaseRequest": "visit_token sale_id",
    "GetPurchaseResponse": "purchase lines tenders returns applied rules_version",
    "GetReferralCodeRequest": "visit_token",
    "GetReferralCodeResponse": "code referrer_points referee_points minimum_spend_fen return_days",
    "GetRedemptionReceiptRequest": "visit_token redemption_id language",
    "GetRedemptionReceiptResponse": "receipt",
    "GetStaffCallRequest": "call_id",
    "GetStaffCallResponse": "state",
    "GiveVerdictRequest": "envelope case_number proof verdict",
    "GiveVerdictResponse": "case",
    "HeartbeatRequest": "card_reader_ok printer_ok",
    "HeartbeatResponse": "server_time tiers",
    "GetOwnCardRequest": "visit_token",
    "GetOwnCardResponse": "standing lost_on holder_proved may_withdraw replacement_fee_fen",
    "ReplaceCardRequest": "envelope visit_token",
    "ReplaceCardResponse": "issue_grant",
    "ReportLostRequest": "envelope visit_token",
    "ResumeVisitRequest": "envelope",
    "ReportLostResponse": "lost_on receipt",
    "TurnInCardRequest": "envelope uid",
    "WishReminderRequest": "envelope visit_token campaign_id agrees",
    "WithdrawLossRequest": "envelope visit_token",
    "WithdrawLossResponse": "receipt",
    "HotlistChange": "uid listed lost_on",
    "HelloRequest": "software_version last_device_seq",
    "HelloResponse": "device_id device_name store_name store_region_code server_time last_device_seq development_notice tiers",
    "HoldRequest": "envelope visit_token order phone_proof",
    "HoldResponse": "redemption",
    "IdentifyRequest": "phone_proof",
    "IdentifyResponse": "visit_token",
    "ListChangesRequest": "language",
    "ListChangesResponse": "changes",
    "ListCouponsRequest": "visit_token",
    "ListCouponsResponse": "coupons",
    "ListEntriesRequest": "visit_token page_token page_size language",
    "ListEntriesResponse": "entries next_page_token",
    "ListPurchasesRequest": "visit_token page_token page_size",
    "ListPurchasesResponse": "purchases next_page_token total",
    "ListRedemptionsRequest": "visit_token language page_token page_size",
    "ListRedemptionsResponse": "redemptions next_page_token",
    "ListRewardsRequest": "visit_token language only_available page_token page_size",
    "ListRewardsResponse": "rewards next_page_token total",
    "NextCommandsRequest": "dialog_id batch responses",
    "NextCommandsResponse": "commands stage session done total",
    "NoticeLine": "heading text",
    "NoticePurpose": "purpose title note mandatory allowed",
    "Operation": "redeem sale sale_return",
    "OperationResult": "device_seq redeem sale sale_return refusal",
    "PointsEntryView": "kind points source at balance origin store_name payers campaign_title",
    "PointsLotView": "source points available_on expires_on origin store_name earned_on original campaign_title",
    "PointsPayer": "origin store_name earned_on points campaign_title",
    "OwnCoupon": "coupon_id text_key value_fen minimum_spend_fen valid_from valid_until state awaits_card stores in_this_store weekdays"
    " redeemed_on lines",
    "OwnRedemption": "redemption reward_id title picture qty store_name at_this_device can_be_undone",
    "PointsStanding": "available pending held debt tier",
    "PreviewSaleRequest": "sale",
    "PreviewSaleResponse": "points eligible_fen applied doubts",
    "PurchaseLine": "sku category qty unit_price_fen discount_fen returned earns",
    "PurchaseReturn": "at refund_fen taken_back forgiven given_back",
    "PurchaseTender": "type fen",
    "PurchaseView": "sale_id store_name sold_at total_fen eligible_fen points taken_back refund_fen",
    "QuoteRequest": "visit_token order language",
    "QuoteResponse": "points lots needs_code alternative pickup_until",
    "Receipt": "number code",
    "ReceiptBody": "kind device_id sequence previous issued_at application_number notice_version consents points bought taken_part",
    "SpendPointsRequest": "envelope sale_id points",
    "SpendPointsResponse": "redemption_id points standing",
    "RecordReturnRequest": "envelope return_id sale_id lines",
    "RecordReturnResponse": "refund_fen taken_back forgiven given_back standing",
    "RecordSaleRequest": "envelope sale",
    "RecordSaleResponse": "points eligible_fen applied standing doubts",
    "RedeemCouponRequest": "envelope use",
    "RedeemCouponResponse": "off_fen",
    "RedeemRequest": "envelope visit_token order phone_proof agreed_points",
    "RedeemResponse": "redemption",
    "Redemption": "redemption_id state points available until",
    "RedemptionOrder": "points reward_id qty",
    "Refusal": "reason findings retry_after_s tries_left on_day current_contact points",
    "ReturnLine": "line qty",
    "RollBackCouponRequest": "envelope code",
    "RollBackCouponResponse": "state",
    "RewardView": "reward_id title description picture points left min_tier adult_only until_day",
    "Sale": "sale_id lines tenders tags currency occurred_at",
    "SaleLine": "sku category qty unit_price_fen discount_fen",
    "SendOwnershipCodeRequest": "envelope purpose language visit_token",
    "SendOwnershipCodeResponse": "challenge_id expires_in_s resend_after_s",
    "ShowCouponRequest": "visit_token coupon_id",
    "ShowCouponResponse": "code coupon",
    "SubmitApplicationRequest": "envelope application replaces_application",
    "SubmitApplicationResponse": "application_number state findings issue_grant receipt",
    "SubmitFeedbackRequest": "envelope visit_token face category department phrases anonymous campaign_id language",
    "SubmitFeedbackResponse": "case_number reply_by trimmed masked told",
    "TakenPart": "campaign_id title points coupon_fen",
    "Tender": "type fen",
    "TierClimb": "tier points goal",
    "UploadRequest": "operations",
    "UploadResponse": "results",
    "ValidateCouponRequest": "use",
    "ValidateCouponResponse": "off_fen valid_until",
    "VerifyOwnershipCodeRequest": "challenge_id",
    "VerifyOwnershipCodeResponse": "phone_proof",
    "VisitSession": "ti command_counter",
    "WelcomeBenefit": "text_key amount valid_until minimum_spend_fen",
    "WithdrawApplicationRequest": "envelope application_number phone_proof",
    "WithdrawApplicationResponse": "state",
}


def _not_personal() -> set[str]:
    return {f"{message}.{field}" for message, names in NOT_PERSONAL.items() for field in names.split()}


def unmarked(stated: list[Stated]) -> list[str]:
    """Returns the fields that nobody has thought about, or whose name tells more than their comment admits."""
    exempt = _not_personal() | MASKED
    return [
        field.name
        for field in stated
        if not MARK.search(field.comment)
        and (field.name not in exempt or (TELLING.search(field.name.split(".")[-1]) and field.name not in NOT_OF_A_PERSON))
    ]


def test_every_field_is_marked_or_named_as_not_personal() -> None:
    assert not unmarked(fields())


def test_a_new_field_is_seen() -> None:
    assert unmarked([Stated("Application.shoe_size", 20, "Size of the shoe.")]) == ["Application.shoe_size"]


def test_a_telling_name_cannot_be_exempted() -> None:
    assert unmarked([Stated("Application.surname", 20, "Surname.")]) == ["Application.surname"]
    assert unmarked([Stated("Application.name", 3, "Full name.")]) == ["Application.name"]
    assert not unmarked([Stated("Application.name", 3, "Full name; personal.")])


def test_masked_fields_say_so() -> None:
    comments = {field.name: field.comment for field in fields()}
    silent = [name for name in MASKED if "shown" not in comments[name].lower() and "masked" not in comments[name].lower()]
    assert not silent


def test_the_lists_hold_nothing_that_is_gone_or_marked() -> None:
    marked = {field.name for field in fields() if MARK.search(field.comment)}
    known = {field.name for field in fields()}
    listed = _not_personal() | MASKED
    assert not listed - known
    assert not listed & marked
