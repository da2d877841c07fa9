"""The PDF of the report: A4 across, for people who sign accounts. Texts are drawn as they are, never parsed as markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, PageBreak, SimpleDocTemplate, Spacer, Table, TableStyle
from reportlab.platypus.doctemplate import BaseDocTemplate

from server_stub.domain.clock import CHINA
from server_stub.domain.liability.report import LiabilityReport
from server_stub.paper.faces import BOLD, PLAIN, register_faces
from server_stub.paper.liability.cells import COLUMNS, HEAD_COLUMNS, POINT_COLUMNS, TOTAL, YUAN_COLUMNS, cells, outrun, yuan
from server_stub.paper.liability.chart import GRID, INK, QUIET, chart
from server_stub.paper.liability.words import load_words
from server_stub.paper.words import Words

MARGIN = 36
WIDTH = landscape(A4)[0] - 2 * MARGIN
_BAND, _ALARM = HexColor("#f3f6f8"), HexColor("#b3261e")
_NO_PADDING = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]
_CELL_SIZE, _CELL_GAP = 7.5, 6
_NOTES = ("allocation", "recognition", "order", "rounding")


@dataclass(frozen=True, slots=True)
class Made:
    """Who made the paper, and when (aware)."""

    by: str
    at: datetime


def pdf(report: LiabilityReport, made: Made) -> bytes:
    """Returns the document, faces embedded; the same bytes for the same report, person and moment."""
    register_faces()
    words, output = load_words(), BytesIO()
    document = SimpleDocTemplate(
        output,
        pagesize=landscape(A4),
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 6,
        title=f"{words['title.name']} {report.as_of.isoformat()}",
        author=made.by,
        invariant=1,
    )
    foot = _Foot(f"{words['title.name']} · {report.as_of.isoformat()} · {report.rules_version}")
    parts = [
        *_head(report, made),
        _key_figures(report),
        *_section("section.chart"),
        chart(report.lines, WIDTH, 262),
        *_section("section.movement", _since(report)),
        _movement(report),
        PageBreak(),
        *_section("section.cohorts"),
        _cohorts(report),
        KeepTogether([*_section("section.notes"), _notes(report), Spacer(1, 16), _signatures()]),
    ]
    document.build(parts, onFirstPage=foot, onLaterPages=foot)
    return output.getvalue()


@dataclass(frozen=True, slots=True)
class _Foot:
    text: str

    def __call__(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFont(PLAIN, 7)
        canvas.setFillColor(QUIET)
        canvas.drawString(MARGIN, MARGIN - 10, self.text)
        canvas.drawRightString(MARGIN + WIDTH, MARGIN - 10, f"{load_words()['about.page']} {canvas.getPageNumber()}")
        canvas.restoreState()


def _head(report: LiabilityReport, made: Made) -> list[Flowable]:
    words = load_words()
    title = Table([[words["title.name"].zh, ""], [f"{words['title.name'].en}, {words['title.basis'].en}", ""]], [WIDTH * 0.6, WIDTH * 0.4])
    at = made.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    proof = words["about.proven" if report.is_proven else "about.unproven"]
    about = "   ".join(
        (
            f"{words['about.as_of']} {report.as_of.isoformat()}",
            f"{words['about.made']} {at} {words['about.by']} {made.by}",
            f"{words['about.rules']} {report.rules_version}",
        )
    )
    title.setStyle(
        TableStyle(
            [
                *_NO_PADDING,
                ("FONT", (0, 0), (0, 0), BOLD, 18, 22),
                ("FONT", (0, 1), (0, 1), PLAIN, 10, 13),
                ("TEXTCOLOR", (0, 0), (-1, -1), INK),
                ("TEXTCOLOR", (0, 1), (0, 1), QUIET),
            ]
        )
    )
    lines = Table([[about], [f"{words['about.proof']}: {proof}"]], [WIDTH])
    colour = INK if report.is_proven else _ALARM
    lines.setStyle(
        TableStyle(
            [
                *_NO_PADDING,
                ("FONT", (0, 0), (-1, -1), PLAIN, 8, 10),
                ("TEXTCOLOR", (0, 0), (-1, -1), INK),
                ("FONT", (0, 1), (0, 1), PLAIN if report.is_proven else BOLD, 8, 10),
                ("TEXTCOLOR", (0, 1), (0, 1), colour),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
        )
    )
    return [title, lines, Spacer(1, 8)]


def _key_figures(report: LiabilityReport) -> Table:
    words, total = load_words(), report.total
    figures = (
        ("key.deferred", f"¥ {yuan(total.deferred_fen, ',')}"),
        ("key.outstanding", f"{total.outstanding:,}"),
        ("key.expected", f"{total.expected - total.redeemed:,}"),
        ("key.breakage", f"{total.breakage - total.expired - total.withdrawn:,}"),
        ("key.owed", f"{report.owed:,}"),
    )
    table = Table([[words[key].zh for key, _ in figures], [words[key].en for key, _ in figures], [text for _, text in figures]], WIDTH / 5)
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), _BAND),
                ("LINEAFTER", (0, 0), (-2, -1), 2, white),
                ("FONT", (0, 0), (-1, 0), PLAIN, 8, 10),
                ("FONT", (0, 1), (-1, 1), PLAIN, 7, 8),
                ("FONT", (0, 2), (-1, 2), BOLD, 15, 18),
                ("TEXTCOLOR", (0, 0), (-1, 1), QUIET),
                ("TEXTCOLOR", (0, 2), (-1, 2), INK),
                ("TOPPADDING", (0, 1), (-1, 1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, 0), 0),
                ("BOTTOMPADDING", (0, 2), (-1, 2), 7),
            ]
        )
    )
    return table


def _since(report: LiabilityReport) -> str:
    words, since = load_words(), report.movement.since
    return f"{words['movement.since']} {since}" if since else str(words["movement.first"])


def _section(key: str, more: str = "") -> list[Flowable]:
    title = Table([[f"{load_words()[key]}{'  –  ' + more if more else ''}"]], [WIDTH])
    title.setStyle(
        TableStyle([*_NO_PADDING, ("FONT", (0, 0), (-1, -1), BOLD, 10, 12), ("TEXTCOLOR", (0, 0), (-1, -1), INK)]),
    )
    return [Spacer(1, 6), title]


def _movement(report: LiabilityReport) -> Table:
    words, change = load_words(), report.movement.change
    parts = (
        ("opening", report.movement.opening_fen),
        ("allocated", change.allocated_fen),
        ("returned", -change.returned_fen),
        ("used", -change.used_fen),
        ("breakage", -change.breakage_fen),
        ("ended", -change.ended_fen),
        ("closing", report.movement.closing_fen),
    )
    named = [words[f"movement.{name}"] for name, _ in parts]
    table = Table([[w.zh for w in named], [w.en for w in named], [yuan(fen, ",") for _, fen in parts]], WIDTH / len(parts))
    table.setStyle(TableStyle([*_two_line_head(), ("FONT", (0, 2), (-1, 2), PLAIN, 10, 12), ("FONT", (-1, 2), (-1, 2), BOLD, 10, 12)]))
    return table


def _cohorts(report: LiabilityReport) -> Table:
    words = load_words()
    rows = [[_shown(name, row[name]) for name in COLUMNS] for row in cells(report)]
    over = [""] * len(COLUMNS)
    over[len(HEAD_COLUMNS)] = str(words["section.points"])
    over[len(HEAD_COLUMNS) + len(POINT_COLUMNS)] = str(words["section.amounts"])
    names = [words[f"column.{name}"] for name in COLUMNS]
    printed = [[w.zh for w in names], [w.en for w in names], *rows]
    widths, size = _fitting(printed)
    table = Table([over, *printed], widths, repeatRows=3)
    first, amounts = len(HEAD_COLUMNS), len(HEAD_COLUMNS) + len(POINT_COLUMNS)
    table.setStyle(
        TableStyle(
            [
                *_two_line_head(start=1, size=size),
                ("FONT", (0, 0), (-1, 0), BOLD, 7, 9),
                ("SPAN", (first, 0), (amounts - 1, 0)),
                ("SPAN", (amounts, 0), (-1, 0)),
                ("ALIGN", (first, 0), (-1, 0), "CENTER"),
                ("LINEBELOW", (first, 0), (amounts - 1, 0), 0.5, QUIET),
                ("LINEBELOW", (amounts, 0), (-1, 0), 0.5, QUIET),
                ("FONT", (0, 3), (-1, -1), PLAIN, size, 9),
                ("ROWBACKGROUNDS", (0, 3), (-1, -2), [white, _BAND]),
                ("ALIGN", (0, 1), (1, -1), "LEFT"),
                ("LINEBEFORE", (amounts, 0), (amounts, -1), 0.5, GRID),
                ("FONT", (0, -1), (-1, -1), BOLD, size, 9),
                ("LINEABOVE", (0, -1), (-1, -1), 0.8, INK),
                ("FONT", (-1, 3), (-1, -1), BOLD, size, 9),
                *[(f"{side}PADDING", (0, 0), (-1, -1), 2) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")],
            ]
        )
    )
    return table


def _fitting(rows: Sequence[Sequence[str]]) -> tuple[list[float], float]:
    """Returns widths of columns and the size of type with which the widest cells fit the paper, however large the sums are."""
    widest = [max(pdfmetrics.stringWidth(row[place], BOLD, 1) for row in rows) for place in range(len(rows[0]))]
    size = min(_CELL_SIZE, (WIDTH - _CELL_GAP * len(widest)) / sum(widest))
    gap = (WIDTH - size * sum(widest)) / len(widest)
    return [size * width + gap for width in widest], size


def _two_line_head(start: int = 0, size: float = _CELL_SIZE) -> list[Any]:
    return [
        ("FONT", (0, start), (-1, start), PLAIN, size, 9),
        ("FONT", (0, start + 1), (-1, start + 1), PLAIN, min(size, _CELL_SIZE - 1), 8),
        ("TEXTCOLOR", (0, start), (-1, start + 1), QUIET),
        ("TEXTCOLOR", (0, start + 2), (-1, -1), INK),
        ("ALIGN", (0, 0), (-1, -1), "RIGHT"),
        ("TOPPADDING", (0, start + 1), (-1, start + 1), 0),
        ("LINEBELOW", (0, start + 1), (-1, start + 1), 0.8, INK),
    ]


def _shown(column: str, cell: str) -> str:
    """Returns a cell as it is printed: words instead of names, thousands apart."""
    words = load_words()
    if column in POINT_COLUMNS:
        return f"{int(cell):,}"
    if column in YUAN_COLUMNS:
        return yuan(int(cell.replace(".", "")), ",")
    named: dict[str, Words] = {TOTAL: words["word.total"], "SALE": words["word.sale"], "GIFT": words["word.gift"]}
    return named[cell].zh if cell in named else cell


def _notes(report: LiabilityReport) -> Table:
    words = load_words()
    names = (*_NOTES, *(["outrun"] if outrun(report.lines) else []))
    table = Table([[words[f"note.{name}"].zh, words[f"note.{name}"].en] for name in names], [WIDTH * 0.42, WIDTH * 0.58])
    table.setStyle(
        TableStyle(
            [
                *_NO_PADDING,
                ("FONT", (0, 0), (-1, -1), PLAIN, 7, 9),
                ("TEXTCOLOR", (0, 0), (-1, -1), QUIET),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
        )
    )
    return table


def _signatures() -> Table:
    words: Sequence[Words] = [load_words()[key] for key in ("word.prepared", "word.reviewed")]
    table = Table([[str(words[0]), "", "", str(words[1]), ""]], [80, 180, 40, 80, 180], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), PLAIN, 8, 10),
                ("TEXTCOLOR", (0, 0), (-1, -1), INK),
                ("LINEBELOW", (1, 0), (1, 0), 0.5, INK),
                ("LINEBELOW", (4, 0), (4, 0), 0.5, INK),
                *_NO_PADDING,
            ]
        )
    )
    return table
