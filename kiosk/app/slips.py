"""Fits paper and printer together to what journeys know as the slip printer. Thread: loop; slips are laid out in the worker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from hardware.printer.api import Printed, SlipJob
from hardware.printer.errors import PrintFailed, PrintOutcome
from hardware.printer.station import PrinterStation
from kiosk.app.statement_slips import Issue, statement_slips
from kiosk.flows.register.mending import field_name
from kiosk.paper.deed import gift_of
from kiosk.paper.layout import CHINA_TIME
from kiosk.paper.redemption import last_day_of
from kiosk.paper.renderer import SlipRenderer
from kiosk.paper.slip import ApplicationSlip, DeedSlip, FeedbackSlip, Line, MembershipSlip, RedemptionSlip, ReturnedSlip, Shop, Slip, Words
from kiosk.ports.feedback import Ticket
from kiosk.ports.points import Statement
from kiosk.ports.values import Benefit, DeviceInfo, Finding, Issued, Language, Receipt
from kiosk.texts.days import say_day
from kiosk.texts.money import Yuan
from kiosk.texts.names import say_benefit, say_finding, say_tier

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Where:
    """Where slips are printed, as far as it is known at the moment."""

    shop: Callable[[], Shop]
    device: Callable[[], DeviceInfo]


class SlipDesk:
    """See kiosk.ports.devices.SlipPrinter."""

    def __init__(self, printer: PrinterStation, renderer: SlipRenderer, words_in: Callable[[str], Words], where: Where) -> None:
        self._printer = printer
        self._renderer = renderer
        self._words_in = words_in
        self._shop = where.shop
        self._device = where.device
        self._jobs: set[asyncio.Task[Printed]] = set()

    async def print_membership(self, issued: Issued, language: Language, *, is_copy: bool) -> None:
        """Print the slip of a new membership."""

        def lay_out(words: Words) -> Slip:
            return MembershipSlip(
                self._shop(),
                issued.receipt.code,
                say_tier(words, self._device().tier_name(issued.tier, language)),
                tuple(_benefit(benefit, words) for benefit in issued.benefits),
                "" if issued.is_replacement else issued.welcome_channel,
                issued.is_replacement,
                issued.name_masked,
            )

        await self._print(lay_out, language, is_copy=is_copy)

    async def print_application(
        self, kind: str, receipt: Receipt, findings: Sequence[Finding], language: Language, *, is_copy: bool
    ) -> None:
        """Print the slip of an application: kind "application" or "returned"."""

        def lay_out(words: Words) -> Slip:
            if kind != "returned":
                return ApplicationSlip(self._shop(), receipt.code)
            lines = tuple(Line(*say_finding(words, field_name(finding), finding.reason)) for finding in findings)
            return ReturnedSlip(self._shop(), receipt.code, lines)

        await self._print(lay_out, language, is_copy=is_copy)

    async def print_redemption(self, receipt: Receipt, name_masked: str, language: Language, *, is_copy: bool) -> None:
        """Print the slip of what was bought with points."""

        def lay_out(words: Words) -> Slip:
            last_day = last_day_of(receipt.code)
            until = say_day(words, last_day.isoformat()) if last_day else ""
            return RedemptionSlip(self._shop(), receipt.code, until, name_masked)

        await self._print(lay_out, language, is_copy=is_copy)

    async def print_deed(self, receipt: Receipt, name_masked: str, language: Language, *, is_copy: bool) -> None:
        """Print the slip of what was done."""

        def lay_out(words: Words) -> Slip:
            return DeedSlip(self._shop(), receipt.code, _gave(receipt.code, words), name_masked)

        await self._print(lay_out, language, is_copy=is_copy)

    async def print_feedback(self, ticket: Ticket, language: Language) -> None:
        """Print the slip of feedback."""

        def lay_out(words: Words) -> Slip:
            return FeedbackSlip(self._shop(), ticket.case_number, ticket.secret, ticket.code, say_day(words, ticket.reply_by))

        await self._print(lay_out, language, is_copy=False)

    async def print_statement(self, statement: Statement, language: Language, *, is_copy: bool) -> None:
        """Print a statement of points."""
        issue = Issue(self._shop(), datetime.now(CHINA_TIME).strftime("%Y-%m-%d %H:%M"))
        with _laying_out():
            slips = statement_slips(statement, issue, self._words_in(language))
        for slip in slips:
            try:
                await self._print(_laid_out(slip), language, is_copy=is_copy)
            except PrintFailed as error:
                if slip.part > 1:
                    # Some of it is out, so that what is printed again is a copy.
                    error.outcome = PrintOutcome.UNKNOWN
                raise

    async def _print(self, lay_out: Callable[[Words], Slip], language: Language, *, is_copy: bool) -> None:
        def make() -> SlipJob:
            with _laying_out():
                paper = self._renderer.render(lay_out(self._words_in(language)), language, is_copy=is_copy)
            return SlipJob(paper.name, paper.pdf, paper.width_mm, paper.height_mm)

        job = asyncio.get_running_loop().create_task(self._printer.print_slip(make), name="slip")
        self._jobs.add(job)
        job.add_done_callback(self._ended)
        # Whoever goes on to the next page is told no more what became of it, and still gets what was promised.
        await asyncio.shield(job)

    def _ended(self, job: asyncio.Task[Printed]) -> None:
        self._jobs.discard(job)
        if not job.cancelled() and job.exception() is not None:
            log.info("a slip did not come out: %s", type(job.exception()).__name__)


@contextmanager
def _laying_out() -> Iterator[None]:
    """Whatever is wrong with the paper, the member goes on with the code on the screen: a fault here is a slip that failed."""
    try:
        yield
    except Exception as error:
        log.exception("a slip cannot be laid out")
        raise PrintFailed(type(error).__name__) from error


def _laid_out(slip: Slip) -> Callable[[Words], Slip]:
    return lambda _words: slip


def _gave(code: str, words: Words) -> str:
    points, coupon_fen = gift_of(code)
    if points:
        return words("paper.points", points=f"{points:,}")
    return say_benefit(words, "benefit.coupon", coupon_fen)[0] if coupon_fen else ""


def _benefit(benefit: Benefit, words: Words) -> Line:
    label, note = say_benefit(words, benefit.text_key, benefit.amount)
    until = words("benefit.until", date=say_day(words, benefit.valid_until)) if benefit.valid_until else ""
    if not benefit.minimum_spend_fen:
        return Line(label, until or note)
    condition = words("benefit.condition", amount=Yuan(benefit.minimum_spend_fen))
    return Line(label, words("benefit.condition.until", condition=condition, until=until) if until else condition)
