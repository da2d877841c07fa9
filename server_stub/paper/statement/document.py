"""The PDF of a statement: A4, one line for each entry. Texts are drawn as they are, never parsed as markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, SimpleDocTemplate, Spacer, Table, TableStyle
from reportlab.platypus.doctemplate import BaseDocTemplate

from server_stub.domain.clock import CHINA
from server_stub.domain.statement import Statement, StatementLine
from server_stub.paper.faces import BOLD, PLAIN, register_faces
from server_stub.paper.statement.words import load_words

MARGIN = 42
WIDTH = A4[0] - 2 * MARGIN
_INK, _QUIET, _BAND, _GRID = HexColor("#1b2a33"), HexColor("#5b6b75"), HexColor("#f3f6f8"), HexColor("#d5dde2")
_COLUMNS = ("at", "what", "number", "store", "points", "balance")
_SHARES = (0.18, 0.22, 0.25, 0.11, 0.11, 0.13)
_LONGEST = 22


@dataclass(frozen=True, slots=True)
class Made:
    """Who made the paper, and when (aware)."""

    by: str
    at: datetime


def pdf(statement: Statement, made: Made) -> bytes:
    """Returns the document, faces embedded; the same bytes for the same statement, person and moment."""
    known, words, output = register_faces(), load_words(), BytesIO()
    document = SimpleDocTemplate(
        output,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 6,
        title=f"{words['title.name']} {statement.first_day.isoformat()}",
        author=made.by,
        invariant=1,
    )
    foot = _Foot(f"{words['title.name']} · {statement.number_masked}")
    document.build(
        [*_head(statement, made), _sums(statement), Spacer(1, 10), _lines(statement, known)], onFirstPage=foot, onLaterPages=foot
    )
    return output.getvalue()


@dataclass(frozen=True, slots=True)
class _Foot:
    text: str

    def __call__(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFont(PLAIN, 7)
        canvas.setFillColor(_QUIET)
        canvas.drawString(MARGIN, MARGIN - 10, self.text)
        canvas.drawRightString(MARGIN + WIDTH, MARGIN - 10, f"{load_words()['about.page']} {canvas.getPageNumber()}")
        canvas.restoreState()


def _head(statement: Statement, made: Made) -> list[Flowable]:
    words = load_words()
    days = f"{statement.first_day.isoformat()} – {statement.last_day.isoformat()}"
    rows = [
        [str(words["title.name"])],
        [f"{words['about.number']} {statement.number_masked}    {words['about.days']} {days}"],
        [f"{words['about.made']} {_moment(made.at)}    {words['about.by']} {made.by}"],
        [words["about.note"].zh],
        [words["about.note"].en],
    ]
    return [
        Table(
            rows,
            [WIDTH],
            style=TableStyle(
                [
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("FONT", (0, 0), (0, 0), BOLD, 17, 22),
                    ("FONT", (0, 1), (0, -1), PLAIN, 8, 10),
                    ("TEXTCOLOR", (0, 0), (-1, -1), _INK),
                    ("TEXTCOLOR", (0, 3), (0, -1), _QUIET),
                    ("TOPPADDING", (0, 0), (-1, -1), 1),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
                    ("BOTTOMPADDING", (0, 0), (0, 0), 7),
                ]
            ),
        ),
        Spacer(1, 8),
    ]


def _sums(statement: Statement) -> Table:
    words = load_words()
    came = sum(line.points for line in statement.lines if line.points > 0)
    went = sum(line.points for line in statement.lines if line.points < 0)
    figures = (("opening", statement.opening), ("came", came), ("went", went), ("closing", statement.closing))
    rows = [[str(words[f"sum.{name}"]) for name, _ in figures], [f"{points:,}" for _, points in figures]]
    return Table(
        rows,
        [WIDTH / 4] * 4,
        style=TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), _BAND),
                ("FONT", (0, 0), (-1, 0), PLAIN, 8, 10),
                ("FONT", (0, 1), (-1, 1), BOLD, 14, 18),
                ("TEXTCOLOR", (0, 0), (-1, 0), _QUIET),
                ("TEXTCOLOR", (0, 1), (-1, 1), _INK),
                ("BOTTOMPADDING", (0, 1), (-1, 1), 7),
            ]
        ),
    )


def _lines(statement: Statement, known: frozenset[int]) -> Table:
    words = load_words()
    head = [f"{words[f'column.{name}'].zh}\n{words[f'column.{name}'].en}" for name in _COLUMNS]
    rows = [_row(line, known) for line in statement.lines] or [[str(words["about.none"]), "", "", "", "", ""]]
    return Table(
        [head, *rows],
        [WIDTH * share for share in _SHARES],
        repeatRows=1,
        style=TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), BOLD, 8, 10),
                ("FONT", (0, 1), (-1, -1), PLAIN, 8, 10),
                ("TEXTCOLOR", (0, 0), (-1, -1), _INK),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, _GRID),
                ("ALIGN", (-2, 0), (-1, -1), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
            ]
        ),
    )


def _row(line: StatementLine, known: frozenset[int]) -> list[str]:
    what = "\n".join((str(load_words()[f"origin.{line.origin.value}"]), *_titles(line, known)))
    texts = (_cut(_drawn(line.number, known)), _cut(_drawn(line.store_id, known), 10))
    return [_moment(line.at), what, *texts, f"{line.points:+,}", f"{line.balance:,}"]


def _titles(line: StatementLine, known: frozenset[int]) -> list[str]:
    """Returns what a campaign is called in the languages that the faces can draw, in all of them with marks where that is none."""
    whole = [title for title in line.campaign_titles if all(ord(character) in known for character in title)]
    return whole or [_drawn(title, known) for title in line.campaign_titles]


def _moment(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _drawn(text: str, known: frozenset[int]) -> str:
    """Returns a text with a mark for what the faces cannot draw: numbers come from tills."""
    return "".join(character if ord(character) in known else "?" for character in text)


def _cut(text: str, longest: int = _LONGEST) -> str:
    """Returns a text that fits its column; the end tells numbers apart."""
    return text if len(text) <= longest else f"…{text[-(longest - 1) :]}"
