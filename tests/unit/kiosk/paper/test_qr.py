"""The receipt's QR code fits the paper at eight dots a module, as strong as possible."""

from __future__ import annotations

import pytest
import segno

from kiosk.paper.blocks import PAPER_DOTS, PRINTABLE_DOTS
from kiosk.paper.qr import MODULE_DOTS, QUIET_MODULES, QrTooLarge, draw_qr
from proto.member.receipts import MAX_TEXT_CHARACTERS
from tests.support.receipts import code


def test_a_text_that_cannot_be_read_at_that_size_is_refused() -> None:
    with pytest.raises(QrTooLarge):
        draw_qr("A" * (MAX_TEXT_CHARACTERS + 1), PRINTABLE_DOTS, PAPER_DOTS)
    with pytest.raises(QrTooLarge):
        draw_qr(code(), 300, 400)


def test_the_longest_receipt_fits_at_level_m() -> None:
    picture = draw_qr("A" * MAX_TEXT_CHARACTERS, PRINTABLE_DOTS, PAPER_DOTS)
    assert len(picture.rows) == 69  # version 13


def test_a_usual_receipt_has_level_q() -> None:
    text = code()
    wanted = segno.make_qr(text, error="Q", boost_error=False)
    assert draw_qr(text, PRINTABLE_DOTS, PAPER_DOTS).rows == tuple(tuple(bool(module) for module in row) for row in wanted.matrix)


@pytest.mark.parametrize("length", [20, 100, 200, 300, 400, MAX_TEXT_CHARACTERS])
def test_code_and_quiet_zone_lie_on_the_paper(length: int) -> None:
    picture = draw_qr("HR1:" + "Z" * (length - 4), PRINTABLE_DOTS, PAPER_DOTS)
    assert picture.side_dots <= PRINTABLE_DOTS
    assert picture.side_dots + 2 * QUIET_MODULES * MODULE_DOTS <= PAPER_DOTS


def test_a_short_text_is_no_micro_qr() -> None:
    assert len(draw_qr("HR1:A", PRINTABLE_DOTS, PAPER_DOTS).rows) >= 21
