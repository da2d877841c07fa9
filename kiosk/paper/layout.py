"""What stands on each kind of slip, from top to bottom. Knows no measures beyond sizes of type, and no PDF."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, assert_never

from kiosk.paper.blocks import PAPER_DOTS, PRINTABLE_DOTS, Block, Gap, Logo, Pair, Paragraph, Plate, Qr, Rule, Stamp
from kiosk.paper.deed import deed_blocks
from kiosk.paper.faces import Weight
from kiosk.paper.member import member_line
from kiosk.paper.qr import draw_qr
from kiosk.paper.redemption import redemption_blocks
from kiosk.paper.slip import ApplicationSlip, DeedSlip, FeedbackSlip, MembershipSlip, ReceiptSlip, RedemptionSlip, ReturnedSlip, Shop, Words
from proto.member.v1.receipt_pb2 import ReceiptBody

CHINA_TIME: Final = timezone(timedelta(hours=8), "CST")
"""The whole country keeps one time, without summer time."""

_HEADING: Final = 30
_NOTE: Final = 26


def blocks(slip: ReceiptSlip, body: ReceiptBody, words: Words, *, is_copy: bool) -> Iterator[Block]:
    """Yield the parts of `slip`; `body` is what its `code` signs."""
    yield from head(slip.shop, words)
    if is_copy:
        yield Stamp(words("paper.copy"))
    match slip:
        case ApplicationSlip():
            yield from _application(body, words)
        case MembershipSlip():
            yield from _membership(slip, body, words)
        case ReturnedSlip():
            yield from _returned(slip, body, words)
        case RedemptionSlip():
            yield from redemption_blocks(slip, body, words)
        case DeedSlip():
            yield from deed_blocks(slip, body, words)
        case _:
            assert_never(slip)
    yield from _proof(slip.code, body, words)
    yield from foot(slip.shop, words)


def feedback_blocks(slip: FeedbackSlip, words: Words) -> Iterator[Block]:
    """Yield the parts of a slip that leads back to a case."""
    yield from head(slip.shop, words)
    yield Paragraph(words("paper.feedback.title"), 42, Weight.BOLD)
    yield Gap(12)
    yield Plate(words("paper.feedback.caption"), _in_groups(slip.case_number))
    yield Gap(12)
    yield Paragraph(words("paper.feedback.state"), 28, Weight.BOLD)
    yield Pair(words("paper.feedback.reply_by"), slip.reply_by)
    yield Rule()
    yield Paragraph(words("paper.feedback.how"), _NOTE)
    yield Gap(8)
    yield Paragraph(_in_fours(slip.case_number + slip.secret), 44, Weight.BOLD)
    yield Qr(draw_qr(slip.code, PRINTABLE_DOTS, PAPER_DOTS))
    yield Paragraph(words("paper.feedback.qr"), _NOTE)
    yield from foot(slip.shop, words)


def _in_groups(number: str) -> str:
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def _in_fours(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def head(shop: Shop, words: Words) -> Iterator[Block]:
    """Yield what begins every slip."""
    yield Gap(40)
    yield Logo()
    yield Gap(8)
    yield Paragraph(words("chain.name"), 44, Weight.BOLD)
    yield Paragraph(f"{words('paper.chain_other')}　{shop.store_name}", _NOTE)
    yield Rule()


def _application(body: ReceiptBody, words: Words) -> Iterator[Block]:
    yield Paragraph(words("paper.application.title"), 42, Weight.BOLD)
    yield Gap(12)
    yield Plate(words("paper.application.caption"), body.application_number)
    yield Gap(12)
    yield Paragraph(words("paper.application.state"), 28, Weight.BOLD)
    yield Paragraph(words("paper.application.how"), _NOTE)
    yield Rule()


def _returned(slip: ReturnedSlip, body: ReceiptBody, words: Words) -> Iterator[Block]:
    yield Paragraph(words("paper.returned.title"), 42, Weight.BOLD)
    yield Gap(12)
    yield Plate(words("paper.application.caption"), body.application_number)
    yield Rule()
    yield Paragraph(words("paper.returned.findings"), _HEADING, Weight.BOLD, is_centred=False)
    for finding in slip.findings:
        yield Gap(8)
        yield Paragraph(finding.label, 28, Weight.BOLD, is_centred=False)
        yield Paragraph(finding.value, 28, is_centred=False)
    yield Gap(12)
    yield Paragraph(words("paper.returned.how"), _NOTE)
    yield Rule()


def _membership(slip: MembershipSlip, body: ReceiptBody, words: Words) -> Iterator[Block]:
    kind = "replacement" if slip.is_replacement else "membership"
    yield Paragraph(words(f"paper.{kind}.title"), 42, Weight.BOLD)
    yield Gap(12)
    yield Plate(words("paper.membership.caption"), body.membership_number_masked)
    yield Gap(12)
    yield Paragraph(words("paper.membership.state"), 28, Weight.BOLD)
    match slip.welcome_channel:
        case "mail" | "sms":
            yield Paragraph(words(f"paper.membership.welcome_{slip.welcome_channel}"), _NOTE)
    yield Rule()
    if slip.benefits:
        yield Paragraph(words(f"paper.{kind}.benefits"), _HEADING, Weight.BOLD, is_centred=False)
        for benefit in slip.benefits:
            yield Pair(benefit.label, benefit.value)
    yield Pair(words("paper.membership.points"), words("paper.points", points=f"{body.points:,}"), 30, Weight.BOLD)
    yield Pair(words("paper.membership.tier"), slip.tier)
    yield Rule()
    yield from _consents(body, words)
    yield from member_line(slip.name_masked, words)


def _consents(body: ReceiptBody, words: Words) -> Iterator[Block]:
    if not body.notice_version:
        return
    yield Paragraph(words("paper.membership.consents"), _HEADING, Weight.BOLD, is_centred=False)
    for purpose in body.consents:
        yield Pair(_purpose(purpose, words), words("paper.consent.given"), _NOTE)
    yield Pair(words("paper.membership.notice"), body.notice_version, _NOTE)
    yield Rule()


def _purpose(purpose: str, words: Words) -> str:
    """Return the words of a purpose; a notice may be newer than this kiosk and have one that it does not know."""
    try:
        return words(f"paper.purpose.{purpose}")
    except LookupError:
        return purpose


def _proof(code: str, body: ReceiptBody, words: Words) -> Iterator[Block]:
    issued_at = datetime.fromtimestamp(body.issued_at.seconds, UTC).astimezone(CHINA_TIME)
    before = words("paper.first") if body.sequence == 1 else f"{body.device_id} / {body.sequence - 1:04d}"
    yield Pair(words("paper.time"), issued_at.strftime("%Y-%m-%d %H:%M:%S"))
    yield Pair(words("paper.number"), f"{body.device_id} / {body.sequence:04d}")
    yield Pair(words("paper.previous"), before)
    yield Qr(draw_qr(code, PRINTABLE_DOTS, PAPER_DOTS))
    yield Paragraph(words("paper.qr"), _NOTE)


def foot(shop: Shop, words: Words) -> Iterator[Block]:
    """Yield what ends every slip."""
    yield Rule()
    yield Paragraph(words("paper.service", phone=shop.service_phone, hours=shop.service_hours), _NOTE)
    yield Paragraph(words("paper.thanks"), _NOTE)
    yield Gap(48)
