"""What stands on the slip of something that was done, above the proof. Knows no PDF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kiosk.paper.blocks import Block, Gap, Pair, Paragraph, Rule
from kiosk.paper.faces import Weight
from kiosk.paper.member import member_line
from kiosk.paper.slip import DeedSlip, Words
from proto.member.receipts import ReceiptInvalid, unverified_body
from proto.member.v1.receipt_pb2 import (
    RECEIPT_KIND_CONSENT_WITHDRAWN,
    RECEIPT_KIND_FOUND,
    RECEIPT_KIND_LOST,
    RECEIPT_KIND_UNDONE,
    ReceiptBody,
)

_NOTE: Final = 26
# What is told in a headline and a line, by kind.
_TOLD: Final = {RECEIPT_KIND_LOST: "lost", RECEIPT_KIND_FOUND: "found", RECEIPT_KIND_CONSENT_WITHDRAWN: "withdrawn"}


def deed_blocks(slip: DeedSlip, body: ReceiptBody, words: Words) -> Iterator[Block]:
    """Yield the parts that tell what was done; all of it is in the signed body."""
    if body.kind in _TOLD:
        yield from _told(_TOLD[body.kind], body, words)
    elif body.kind == RECEIPT_KIND_UNDONE:
        yield from _undone(body, words)
    else:
        yield from _campaign(slip, body, words)
    yield Rule()
    yield Paragraph(words("paper.redemption.resume"), _NOTE)
    yield Rule()
    yield from member_line(slip.name_masked, words)
    yield Pair(
        words("paper.child.caption" if body.kind == RECEIPT_KIND_CONSENT_WITHDRAWN else "paper.membership.caption"),
        body.membership_number_masked,
    )


def _campaign(slip: DeedSlip, body: ReceiptBody, words: Words) -> Iterator[Block]:
    yield Paragraph(words("paper.campaign.title"), 42, Weight.BOLD)
    yield Gap(12)
    yield Paragraph(body.taken_part.title, 34, Weight.BOLD)
    yield Rule()
    if slip.gave:
        yield Pair(words("paper.campaign.gave"), slip.gave, 30, Weight.BOLD)
    else:
        yield Paragraph(words("paper.campaign.show"), 28, Weight.BOLD)


def _told(which: str, body: ReceiptBody, words: Words) -> Iterator[Block]:
    yield Paragraph(words(f"paper.{which}.title"), 42, Weight.BOLD)
    yield Gap(12)
    yield Paragraph(words(f"paper.{which}.body"), 30, Weight.BOLD)
    if body.kind != RECEIPT_KIND_CONSENT_WITHDRAWN:
        yield Rule()
        yield Pair(words("paper.undone.available"), words("paper.points", points=f"{body.points:,}"))


def _undone(body: ReceiptBody, words: Words) -> Iterator[Block]:
    undone = body.bought
    yield Paragraph(words("paper.undone.title"), 42, Weight.BOLD)
    yield Gap(12)
    yield Pair(undone.reward_name or words("points.origin.other"), words("rewards.pieces", count=undone.qty), 30, Weight.BOLD)
    yield Rule()
    yield Pair(words("paper.undone.points"), words("paper.points", points=f"{undone.points_spent:,}"), 30, Weight.BOLD)
    yield Pair(words("paper.undone.available"), words("paper.points", points=f"{body.points:,}"))
    yield Paragraph(words("paper.undone.code"), _NOTE)


def gift_of(code: str) -> tuple[int, int]:
    """Return points, and the value in fen of the coupon, that a receipt says were given; 0 for what was not, and for no receipt."""
    try:
        part = unverified_body(code).taken_part
    except ReceiptInvalid:
        return 0, 0
    return part.points, part.coupon_fen
