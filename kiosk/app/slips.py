"""Fits paper and printer together to what journeys know as the slip printer. Thread: loop; slips are laid out in the worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from hardware.printer.api import SlipJob
from hardware.printer.errors import PrintFailed, PrintOutcome
from hardware.printer.station import PrinterStation
from kiosk.app.statement_slips import Issue, statement_slips
from kiosk.flows.register.mending import field_name
from kiosk.paper.layout import CHINA_TIME
from kiosk.paper.redemption import last_day_of
from kiosk.paper.renderer import SlipNotLaidOut, SlipRenderer
from kiosk.paper.slip import ApplicationSlip, FeedbackSlip, Line, MembershipSlip, RedemptionSlip, ReturnedSlip, Shop, Slip, Words
from kiosk.ports.feedback import Ticket
from kiosk.ports.points import Statement
from kiosk.ports.values import Benefit, Finding, Issued, Language, Receipt
from kiosk.texts.days import say_day

FEN_PER_YUAN = 100


class SlipDesk:
    """See kiosk.ports.devices.SlipPrinter."""

    def __init__(self, printer: PrinterStation, renderer: SlipRenderer, words_in: Callable[[str], Words], shop: Callable[[], Shop]) -> None:
        self._printer = printer
        self._renderer = renderer
        self._words_in = words_in
        self._shop = shop

    async def print_membership(self, issued: Issued, language: Language, *, is_copy: bool) -> None:
        """Print the slip of a new membership."""
        words = self._words_in(language)
        slip = MembershipSlip(
            self._shop(),
            issued.receipt.code,
            words(f"tier.{issued.tier}"),
            tuple(_benefit(benefit, words) for benefit in issued.benefits),
            "" if issued.is_replacement else issued.welcome_channel,
            issued.is_replacement,
        )
        await self._print(slip, language, is_copy=is_copy)

    async def print_application(
        self, kind: str, receipt: Receipt, findings: Sequence[Finding], language: Language, *, is_copy: bool
    ) -> None:
        """Print the slip of an application: kind "application" or "returned"."""
        words = self._words_in(language)
        shop = self._shop()
        if kind == "returned":
            lines = tuple(Line(words(f"form.{field_name(finding)}"), words(f"reason.{finding.reason}")) for finding in findings)
            await self._print(ReturnedSlip(shop, receipt.code, lines), language, is_copy=is_copy)
        else:
            await self._print(ApplicationSlip(shop, receipt.code), language, is_copy=is_copy)

    async def print_redemption(self, receipt: Receipt, language: Language, *, is_copy: bool) -> None:
        """Print the slip of what was bought with points."""
        last_day = last_day_of(receipt.code)
        said = say_day(self._words_in(language), last_day.isoformat()) if last_day else ""
        slip = RedemptionSlip(self._shop(), receipt.code, said)
        await self._print(slip, language, is_copy=is_copy)

    async def print_feedback(self, ticket: Ticket, language: Language) -> None:
        """Print the slip of feedback."""
        reply_by = say_day(self._words_in(language), ticket.reply_by)
        slip = FeedbackSlip(self._shop(), ticket.case_number, ticket.secret, ticket.code, reply_by)
        await self._print(slip, language, is_copy=False)

    async def print_statement(self, statement: Statement, language: Language, *, is_copy: bool) -> None:
        """Print a statement of points."""
        issue = Issue(self._shop(), datetime.now(CHINA_TIME).strftime("%Y-%m-%d %H:%M"))
        for slip in statement_slips(statement, issue, self._words_in(language)):
            try:
                await self._print(slip, language, is_copy=is_copy)
            except PrintFailed as error:
                if slip.part > 1:
                    # Some of it is out, so that what is printed again is a copy.
                    error.outcome = PrintOutcome.UNKNOWN
                raise

    async def _print(self, slip: Slip, language: Language, *, is_copy: bool) -> None:
        def make() -> SlipJob:
            try:
                paper = self._renderer.render(slip, language, is_copy=is_copy)
            except SlipNotLaidOut as error:
                # Whatever is wrong with the paper, the member goes on with the code on the screen.
                raise PrintFailed(str(error)) from error
            return SlipJob(paper.name, paper.pdf, paper.width_mm, paper.height_mm)

        await self._printer.print_slip(make)


def _benefit(benefit: Benefit, words: Words) -> Line:
    is_points = benefit.text_key == "benefit.points"
    label = words(benefit.text_key, amount=benefit.amount if is_points else _yuan(benefit.amount))
    until = words("benefit.until", date=say_day(words, benefit.valid_until)) if benefit.valid_until else ""
    if not benefit.minimum_spend_fen:
        return Line(label, until)
    condition = words("benefit.condition", amount=_yuan(benefit.minimum_spend_fen))
    return Line(label, words("benefit.condition.until", condition=condition, until=until) if until else condition)


def _yuan(fen: int) -> str:
    return f"{fen // FEN_PER_YUAN}" if fen % FEN_PER_YUAN == 0 else f"{fen / FEN_PER_YUAN:.2f}"
