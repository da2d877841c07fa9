"""Makes a slip's PDF: one page of 80 mm, as long as what stands on it. Knows no words and no printer.

Texts are drawn as they are and never parsed as markup, so no value can bring in a font, a file or a link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from math import floor
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from kiosk.paper.blocks import PAPER_DOTS, Block, Pen
from kiosk.paper.faces import Faces
from kiosk.paper.layout import blocks, feedback_blocks
from kiosk.paper.qr import QrTooLarge
from kiosk.paper.slip import FeedbackSlip, Slip, StatementSlip, Words
from kiosk.paper.statement import statement_blocks
from proto.member.receipts import ReceiptInvalid, receipt_number, unverified_body

DOTS_PER_MM: Final = 8
STATEMENT_NAME: Final = "statement"
_POINTS_PER_DOT: Final = 72 / 25.4 / DOTS_PER_MM


class SlipNotLaidOut(Exception):
    """The slip cannot be made: its code is no receipt, or the catalogue lacks a text; the cause says which."""


@dataclass(frozen=True, slots=True)
class SlipPaper:
    """A slip ready to print.

    Attributes:
        name: The receipt's number, e.g. K03-0187, or the case's, FB-1234567897; good as a job's name.
        pdf: One page, faces embedded, the same bytes for the same slip.
        width_mm: 80.
        height_mm: As long as needed.
    """

    name: str
    pdf: bytes
    width_mm: float
    height_mm: float


class SlipRenderer:
    """Renders slips. Thread: any."""

    def __init__(self, faces: Faces, words_in: Callable[[str], Words]) -> None:
        """Take the faces and what gives the words of a language (`Catalogue.in_language`)."""
        self._faces = faces
        self._words_in = words_in

    def render(self, slip: Slip, language: str, *, is_copy: bool = False) -> SlipPaper:
        """Return the slip in `language`, stamped COPY where it is printed a second time.

        Raises:
            SlipNotLaidOut: The slip's code is no receipt or too long for the paper, or the catalogue lacks a text.
        """
        try:
            name, parts = self._parts(slip, language, is_copy=is_copy)
        except (ReceiptInvalid, QrTooLarge, LookupError) as error:
            raise SlipNotLaidOut(type(error).__name__) from error
        output = BytesIO()
        canvas = Canvas(output, invariant=1, pageCompression=1)
        pen = Pen(canvas, self._faces, language)
        height_dots = sum(part.height(pen) for part in parts)
        canvas.setPageSize((_points(PAPER_DOTS), _points(height_dots)))
        canvas.scale(_POINTS_PER_DOT, _POINTS_PER_DOT)
        canvas.setTitle(name)
        top = height_dots
        for part in parts:
            part.draw(pen, top)
            top -= part.height(pen)
        canvas.save()
        return SlipPaper(name, output.getvalue(), PAPER_DOTS / DOTS_PER_MM, height_dots / DOTS_PER_MM)

    def _parts(self, slip: Slip, language: str, *, is_copy: bool) -> tuple[str, list[Block]]:
        """Return the slip's name and what it is stacked from."""
        words = self._words_in(language)
        if isinstance(slip, StatementSlip):
            return STATEMENT_NAME, list(statement_blocks(slip, words, is_copy=is_copy))
        if isinstance(slip, FeedbackSlip):
            return f"FB-{slip.case_number}", list(feedback_blocks(slip, words))
        body = unverified_body(slip.code)
        return receipt_number(body), list(blocks(slip, body, words, is_copy=is_copy))


def _points(dots: float) -> float:
    """Return `dots` in points, cut to 1/100: a hair more than a whole number of dots would make the head's raster wider."""
    return floor(dots * _POINTS_PER_DOT * 100) / 100
