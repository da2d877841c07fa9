"""Paper and printer together: whatever goes wrong, journeys hear a device error and go on with the code on the screen."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from hardware.printer.api import Printed, SlipJob
from hardware.printer.errors import PaperOut, PrintFailed, PrintOutcome
from hardware.printer.sim import SimPrinter
from hardware.printer.station import PrinterStation
from kiosk.app.slips import SlipDesk, Where
from kiosk.flows.register.state import SlipFailed, SlipPrinted
from kiosk.ports.feedback import Ticket
from kiosk.ports.points import PointsAccount, PointsEntry, PointsLot, PointsPayer, Statement
from kiosk.ports.values import Benefit, DeviceInfo, Finding, Issued, Language, Reason, Receipt, TierName
from kiosk.session.printing import printed
from kiosk.texts import load_catalogue
from kiosk.texts.days import say_day
from server_stub.domain.program.catalogue import HOUSE, RULE_SETS, load_rule_set
from tests.support.receipts import code
from tests.support.slips import SHOP, campaign_code, redemption_code, renderer, told_code, undone_code

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LAST_DAY = {
    Language.ZH_HANS: "有效期至 2026年12月31日",
    Language.ZH_HANT: "有效期至 2026年12月31日",
    Language.EN: "Valid through 31 Dec 2026",
}
CONDITION = {Language.ZH_HANS: "满50元可用", Language.ZH_HANT: "滿50元可用", Language.EN: "Spend¥50.00"}
RECEIPT = Receipt("K03-0187", code())
HERE = DeviceInfo("K03", "", "湖滨店", "330102", "", (TierName("basic", "普通", "普通", "Basic"),))
TIER = {Language.ZH_HANS: "普通会员", Language.ZH_HANT: "普通會員", Language.EN: "Basic"}


def issued(receipt: Receipt = RECEIPT) -> Issued:
    benefits = (Benefit("benefit.points", 200, "2027-08-31"), Benefit("benefit.coupon", 1250, "2026-12-31", 5000))
    return Issued("8800 •••• 9012", "basic", 200, benefits, receipt, "sms", "visit")


@pytest.fixture
def printer() -> SimPrinter:
    return SimPrinter()


@pytest.fixture
async def desk(printer: SimPrinter) -> AsyncIterator[SlipDesk]:
    station = PrinterStation(printer)
    yield SlipDesk(station, renderer(), load_catalogue().in_language, Where(lambda: SHOP, lambda: HERE))
    await station.close()


def text(printer: SimPrinter) -> str:
    (slip,) = printer.slips
    return "".join(PdfReader(BytesIO(slip.pdf)).pages[0].extract_text().split())


async def test_a_receipt_that_is_none_is_a_print_that_failed(desk: SlipDesk, printer: SimPrinter) -> None:
    with pytest.raises(PrintFailed) as caught:
        await desk.print_membership(issued(Receipt("K03-0187", "HR1:")), Language.ZH_HANS, is_copy=False)
    assert caught.value.outcome is PrintOutcome.NOT_PRINTED
    assert printer.slips == []


async def test_a_printers_trouble_comes_through(desk: SlipDesk, printer: SimPrinter) -> None:
    printer.next_error = PaperOut("empty")
    with pytest.raises(PaperOut):
        await desk.print_application("application", RECEIPT, (), Language.EN, is_copy=False)


@pytest.mark.parametrize("language", list(Language))
async def test_a_membership_slip_tells_the_benefits_in_yuan_and_points(desk: SlipDesk, printer: SimPrinter, language: Language) -> None:
    await desk.print_membership(issued(), language, is_copy=True)
    assert printer.slips[0].name == "K03-0187"
    for fact in ("200", "12.50", LAST_DAY[language].replace(" ", ""), CONDITION[language], "COPY"):
        assert fact in text(printer)
    assert "1250" not in text(printer)


@pytest.mark.parametrize("language", list(Language))
async def test_a_returned_slip_names_fields_and_reasons(desk: SlipDesk, printer: SimPrinter, language: Language) -> None:
    await desk.print_application("returned", RECEIPT, (Finding("name", Reason("FIELD_REQUIRED")),), language, is_copy=False)
    words = load_catalogue().in_language(language)
    assert "".join(words("reason.FIELD_REQUIRED").split()) in text(printer)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("rules", [*RULE_SETS, HOUSE])
async def test_every_tier_of_the_rules_that_ship_has_a_slip(desk: SlipDesk, printer: SimPrinter, rules: str, language: Language) -> None:
    tiers = [tier.name for tier in load_rule_set(rules).tiers] or [""]
    for tier in tiers:
        assert await printed(desk.print_membership(replace(issued(), tier=tier), language, is_copy=False)) == SlipPrinted()
    assert len(printer.slips) == len(tiers)


UNKNOWN = {
    "tier": lambda desk, language: desk.print_membership(replace(issued(), tier="diamond"), language, is_copy=False),
    "benefit": lambda desk, language: desk.print_membership(
        replace(issued(), benefits=(Benefit("benefit.parking", 5, ""),)), language, is_copy=False
    ),
    "reason": lambda desk, language: desk.print_application(
        "returned", RECEIPT, (Finding("name", Reason("NEWER_THAN_KIOSK")),), language, is_copy=False
    ),
    "field": lambda desk, language: desk.print_application(
        "returned", RECEIPT, (Finding("nickname", Reason("FIELD_REQUIRED")),), language, is_copy=False
    ),
    "field and reason": lambda desk, language: desk.print_application(
        "returned", RECEIPT, (Finding("nickname", Reason("NEWER_THAN_KIOSK")),), language, is_copy=False
    ),
}
SAID = {
    "tier": ("tier.other",),
    "benefit": ("benefit.other", "benefit.other.note"),
    "reason": ("form.name", "reason.OTHER"),
    "field": ("reason.FIELD_REQUIRED", "reason.FIELD_REQUIRED.help"),
    "field and reason": ("reason.OTHER", "reason.OTHER.help"),
}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("what", UNKNOWN)
async def test_what_this_kiosk_has_no_name_for_is_printed_as_the_screens_say_it(
    desk: SlipDesk, printer: SimPrinter, what: str, language: Language
) -> None:
    words = load_catalogue().in_language(language)
    assert await printed(UNKNOWN[what](desk, language)) == SlipPrinted()
    for key in SAID[what]:
        assert "".join(words(key).split()) in text(printer), key


async def test_a_slip_that_cannot_be_laid_out_is_a_slip_that_failed_and_no_fault_of_the_program(
    desk: SlipDesk, printer: SimPrinter
) -> None:
    senseless = replace(issued(), benefits=(Benefit("benefit.points", 200, "soon"),))
    endless = replace(statement(), account=replace(statement().account, expiring_last_day="never"))
    failed = SlipFailed(Reason("PRINT_FAILED"))
    assert await printed(desk.print_membership(senseless, Language.EN, is_copy=False)) == failed
    assert await printed(desk.print_feedback(Ticket("1234567897", "123456", "soon"), Language.EN)) == failed
    assert await printed(desk.print_statement(endless, Language.EN, is_copy=False)) == failed
    assert printer.slips == []


@pytest.mark.parametrize("language", list(Language))
async def test_a_tier_is_printed_by_the_name_that_the_centre_gives_it(desk: SlipDesk, printer: SimPrinter, language: Language) -> None:
    await desk.print_membership(issued(), language, is_copy=False)
    assert TIER[language] in text(printer)


@pytest.mark.parametrize("kind", ["application", "returned"])
@pytest.mark.parametrize("is_copy", [False, True])
async def test_a_slip_of_an_application_says_that_it_is_a_copy(desk: SlipDesk, printer: SimPrinter, kind: str, is_copy: bool) -> None:
    await desk.print_application(kind, RECEIPT, (), Language.EN, is_copy=is_copy)
    assert ("COPY" in text(printer)) is is_copy


REDEMPTION_DAY = {Language.ZH_HANS: "2026年12月7日", Language.ZH_HANT: "2026年12月7日", Language.EN: "7Dec2026"}


@pytest.mark.parametrize("language", list(Language))
async def test_the_slip_of_a_reward_tells_its_code_its_last_day_and_what_is_left(
    desk: SlipDesk, printer: SimPrinter, language: Language
) -> None:
    await desk.print_redemption(Receipt("K03-0187", redemption_code()), "欧阳**", language, is_copy=True)
    printed = text(printer)
    for fact in ("7KQ-2MX-RT4", REDEMPTION_DAY[language], "2,400", "9,280", "东北大米5公斤", "湖滨店", "8800••••9012", "COPY"):
        assert fact in printed
    for money in ("¥", "元", "yuan", "CNY"):
        assert money not in printed


MEMBER = {Language.ZH_HANS: "会员", Language.ZH_HANT: "會員", Language.EN: "Member"}
NAMES = {
    "欧阳**": "欧阳**",
    "Christopher ***": "Christopher***",
    "𠮷**": "〓**",
    "W" * 48 + " ***": "W" * 13 + "…***",
    "阿" * 48 + "·***": "阿" * 13 + "…·***",
    "\u202e欧阳**": "欧阳**",
}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("name", "shown"), NAMES.items(), ids=map(str, range(len(NAMES))))
async def test_the_receipt_of_a_member_carries_the_masked_name(
    desk: SlipDesk, printer: SimPrinter, name: str, shown: str, language: Language
) -> None:
    await desk.print_redemption(Receipt("K03-0187", redemption_code()), name, language, is_copy=False)
    await desk.print_membership(replace(issued(), name_masked=name), language, is_copy=False)
    for slip in printer.slips:
        assert f"{MEMBER[language]}{shown}" in "".join(PdfReader(BytesIO(slip.pdf)).pages[0].extract_text().split())
    assert len(printer.slips) == 2


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("points", "coupon_fen", "gave"), [(0, 0, ""), (1250, 0, "1,250"), (0, 1000, "10")])
async def test_the_slip_of_a_campaign_tells_which_and_what_it_gave(
    desk: SlipDesk, printer: SimPrinter, points: int, coupon_fen: int, gave: str, language: Language
) -> None:
    receipt = Receipt("K03-0187", campaign_code(points, coupon_fen))
    await desk.print_deed(receipt, "欧阳**", language, is_copy=True)
    words = load_catalogue().in_language(language)
    told = words("paper.campaign.gave") if gave else words("paper.campaign.show")
    for fact in ("亲子烘焙课", gave, "".join(told.split()), "8800••••9012", f"{MEMBER[language]}欧阳**", "COPY"):
        assert fact in text(printer)


@pytest.mark.parametrize("language", list(Language))
async def test_the_slip_of_a_reward_given_back_tells_what_came_back(desk: SlipDesk, printer: SimPrinter, language: Language) -> None:
    await desk.print_deed(Receipt("K03-0187", undone_code()), "欧阳**", language, is_copy=False)
    title = "".join(load_catalogue().in_language(language)("paper.undone.title").split())
    for fact in (title, "东北大米5公斤", "2,400", "11,680", "8800••••9012", f"{MEMBER[language]}欧阳**"):
        assert fact in text(printer)
    assert "COPY" not in text(printer)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("kind", "words"), [("lost", "paper.lost"), ("found", "paper.found"), ("consent_withdrawn", "paper.withdrawn")])
async def test_the_slip_of_a_lost_card_and_of_a_consent_says_what_is_so_from_now_on(
    desk: SlipDesk, printer: SimPrinter, kind: str, words: str, language: Language
) -> None:
    await desk.print_deed(Receipt("K03-0187", told_code(kind)), "欧阳**", language, is_copy=False)
    said = load_catalogue().in_language(language)
    caption = "paper.child.caption" if kind == "consent_withdrawn" else "paper.membership.caption"
    printed = text(printer)
    for fact in (said(f"{words}.title"), said(f"{words}.body"), said(caption), "8800 •••• 9012", f"{MEMBER[language]}欧阳**"):
        assert "".join(fact.split()) in printed
    assert ("11,680" in printed) is (kind != "consent_withdrawn")


@pytest.mark.parametrize("language", list(Language))
async def test_a_statement_calls_a_campaign_that_gave_points_by_its_title(desk: SlipDesk, printer: SimPrinter, language: Language) -> None:
    one = statement()
    lot = replace(one.account.lots[1], origin="CAMPAIGN", campaign="亲子烘焙课", available_on="2026-01-14")
    entry = PointsEntry("CAMPAIGN", 50, "", "", "2026-08-01 10:00", 2_640, campaign="钢琴体验课")
    paid = (PointsPayer("CAMPAIGN", "", "2025-12-31", 40, "少儿绘画课"),)
    spent = PointsEntry("REDEMPTION", -40, "X1", "湖滨店", "2026-08-06 14:26", 2_600, paid)
    told = replace(one, account=replace(one.account, lots=(lot,)), entries=(spent, entry))
    await desk.print_statement(told, language, is_copy=False)
    origin = "".join(load_catalogue().in_language(language)("points.origin.CAMPAIGN").split())
    assert [title for title in ("亲子烘焙课", "钢琴体验课", "少儿绘画课") if title not in text(printer)] == []
    assert text(printer).count(origin) == 2


async def test_a_slip_that_was_promised_comes_out_although_its_page_is_left(desk: SlipDesk, printer: SimPrinter) -> None:
    ways = [
        asyncio.create_task(desk.print_deed(Receipt("K03-0187", told_code(kind)), "欧阳**", Language.EN, is_copy=False))
        for kind in ("lost", "found")
    ]
    await asyncio.sleep(0)
    for way in ways:
        way.cancel()
    assert {type(end) for end in await asyncio.gather(*ways, return_exceptions=True)} == {asyncio.CancelledError}
    for _ in range(200):
        if len(printer.slips) == len(ways):
            break
        await asyncio.sleep(0.02)
    assert len(printer.slips) == len(ways)


async def test_a_receipt_of_a_reward_that_is_none_is_a_print_that_failed(desk: SlipDesk, printer: SimPrinter) -> None:
    with pytest.raises(PrintFailed):
        await desk.print_redemption(Receipt("K03-0187", "HR1:"), "欧阳**", Language.EN, is_copy=False)
    with pytest.raises(PrintFailed):
        await desk.print_deed(Receipt("K03-0187", "HR1:"), "欧阳**", Language.EN, is_copy=False)
    assert printer.slips == []


def statement(**changes: int) -> Statement:
    lots = (
        PointsLot("PURCHASE", "湖滨店", 800, 2_350, "2025-08-31", "2025-08-31", "2026-08-30"),
        PointsLot("WELCOME", "", 200, 200, "2026-01-14", "", "2027-01-13"),
        PointsLot("FROM_THE_FUTURE", "城西店", 40, 40, "2026-06-18", "2099-01-01", ""),
    )
    account = PointsAccount(840, 200, 0, changes.get("debt", 0), 800, "2026-08-30", "", lots)
    paid = (PointsPayer("PURCHASE", "湖滨店", "2025-08-31", 1_550),)
    entries = (
        PointsEntry("REDEMPTION", -1_550, "X1", "湖滨店", "2026-08-06 14:26", 1_040, paid),
        PointsEntry("PURCHASE", 2_350, "S1", "湖滨店", "2025-08-31 10:00", 2_590),
    )
    return Statement("欧阳**", "8800 •••• 9012", account, entries, is_whole=False)


def rows(**counts: int) -> Statement:
    """A statement of so many lots and entries, each with a number of its own."""
    one = statement()
    lots = tuple(replace(one.account.lots[1], points=1_000 + place) for place in range(counts["lots"]))
    entries = tuple(replace(one.entries[1], points=5_000 + place) for place in range(counts["entries"]))
    return replace(one, account=replace(one.account, lots=lots), entries=entries)


@pytest.mark.parametrize(("lots", "entries", "slips"), [(0, 0, 1), (45, 0, 1), (40, 6, 2), (0, 120, 3), (100, 200, 7)])
async def test_every_lot_and_entry_of_a_statement_is_on_one_of_its_slips(
    desk: SlipDesk, printer: SimPrinter, lots: int, entries: int, slips: int
) -> None:
    await desk.print_statement(rows(lots=lots, entries=entries), Language.EN, is_copy=False)
    pages = [PdfReader(BytesIO(slip.pdf)).pages[0].extract_text() for slip in printer.slips]
    said = "".join(pages)
    assert [len(printer.slips), max(slip.height_mm for slip in printer.slips) < 1_000] == [slips, True]
    assert [said.count(f"{points:,}") for points in range(1_000, 1_000 + lots)] == [1] * lots
    assert [said.count(f"+{points:,}") for points in range(5_000, 5_000 + entries)] == [1] * entries
    assert [f"Slip {part} of {slips}" in page for part, page in enumerate(pages, 1)] == [slips > 1] * slips
    assert said.count("See older transactions") == 1
    assert said.count("By lot") == max(1, -(-lots // 45))


async def test_a_statement_of_which_some_is_out_may_only_come_again_as_a_copy(
    desk: SlipDesk, printer: SimPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last_of_the_roll(job: SlipJob) -> Printed:
        printed = SimPrinter.print_slip(printer, job)
        printer.next_error = PaperOut("empty")
        return printed

    monkeypatch.setattr(printer, "print_slip", last_of_the_roll)
    with pytest.raises(PaperOut) as caught:
        await desk.print_statement(rows(lots=0, entries=60), Language.EN, is_copy=False)
    assert (len(printer.slips), caught.value.outcome) == (1, PrintOutcome.UNKNOWN)


async def test_a_statement_that_does_not_come_out_is_said_so(desk: SlipDesk, printer: SimPrinter) -> None:
    printer.next_error = PaperOut("empty")
    with pytest.raises(PaperOut):
        await desk.print_statement(statement(), Language.EN, is_copy=False)
    assert printer.slips == []


@pytest.mark.parametrize("language", list(Language))
async def test_a_statement_lists_every_lot_and_what_paid_and_no_money(desk: SlipDesk, printer: SimPrinter, language: Language) -> None:
    await desk.print_statement(statement(debt=12), language, is_copy=True)
    assert printer.slips[0].name == "statement"
    printed = text(printer)
    facts = (
        "8800••••9012",
        "840",
        "800",
        "湖滨店",
        "城西店",
        "–1,550",
        "+2,350",
        "1,040",
        "12",
        "COPY",
    )
    for fact in facts:
        assert fact in printed
    words = load_catalogue().in_language(language)
    for day in ("2026-08-30", "2027-01-13", "2099-01-01"):
        assert "".join(say_day(words, day).split()) in printed
        assert day not in printed
    for key in ("points.origin.WELCOME", "points.origin.other", "points.lot.awaits_card", "points.lot.endless", "paper.statement.older"):
        assert "".join(words(key).split()) in printed, key
    for money in ("¥", "元", "yuan", "CNY"):
        assert money not in printed
    assert "欧阳" not in printed
