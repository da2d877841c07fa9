"""What stands on the slip of a reward, above the proof: the code large enough to be read out, what it is, points. Knows no PDF."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from kiosk.paper.blocks import Block, Gap, Pair, Paragraph, Plate, Rule
from kiosk.paper.faces import Weight
from kiosk.paper.member import member_line
from kiosk.paper.slip import RedemptionSlip, Words
from proto.member.receipts import ReceiptInvalid, unverified_body
from proto.member.v1.receipt_pb2 import ReceiptBody

_NOTE: Final = 26
_CHINA_TIME: Final = timezone(timedelta(hours=8))


def redemption_blocks(slip: RedemptionSlip, body: ReceiptBody, words: Words) -> Iterator[Block]:
    """Yield the parts that tell what was bought; all of it is in the signed body."""
    bought = body.bought
    yield Paragraph(words("paper.redemption.title"), 42, Weight.BOLD)
    yield Gap(12)
    if bought.pickup_code:
        yield Plate(words("paper.redemption.caption"), bought.pickup_code)
        yield Gap(12)
        yield Paragraph(words("paper.redemption.where", store=slip.shop.store_name), 28, Weight.BOLD)
        yield Paragraph(words("paper.redemption.until", date=slip.last_day), 28)
    yield Rule()
    yield Pair(bought.reward_name or words("points.origin.other"), words("rewards.pieces", count=bought.qty), 30, Weight.BOLD)
    yield Pair(words("redemption.spent"), words("paper.points", points=f"{bought.points_spent:,}"))
    yield Pair(words("redemption.left"), words("paper.points", points=f"{body.points:,}"), 30, Weight.BOLD)
    yield Rule()
    if bought.pickup_code:
        yield Paragraph(words("paper.redemption.undo"), _NOTE)
        yield Paragraph(words("paper.redemption.back"), _NOTE)
    yield Paragraph(words("paper.redemption.resume"), _NOTE)
    yield Rule()
    yield from member_line(slip.name_masked, words)
    yield Pair(words("paper.membership.caption"), body.membership_number_masked)


def last_day_of(code: str) -> date | None:
    """Return the last day on which what a receipt is for can be picked up; None where nothing is, and for a text that is no receipt."""
    try:
        bought = unverified_body(code).bought
    except ReceiptInvalid:
        return None
    if not bought.HasField("pickup_until"):
        return None
    # The receipt names the first moment at which it is too late, midnight in the stores' zone.
    last_moment = datetime.fromtimestamp(bought.pickup_until.seconds, UTC) - timedelta(seconds=1)
    return last_moment.astimezone(_CHINA_TIME).date()
