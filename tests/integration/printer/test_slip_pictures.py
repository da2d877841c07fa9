"""From the signed receipt to paper and back: a slip is printed, its picture taken, and the receipt verified from it."""

from __future__ import annotations

import subprocess
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from hardware.codes.zbar import ZbarReader
from hardware.printer.api import SlipJob
from hardware.printer.ipp import IppPrinter
from kiosk.paper.blocks import MARGIN_DOTS, PAPER_DOTS
from kiosk.paper.qr import MODULE_DOTS
from kiosk.paper.verify import verify_argument
from kiosk.texts import LANGUAGES
from proto.member.receipts import ReceiptSignatureWrong
from tests.support.printers import emulator
from tests.support.receipts import KEY_ID, PUBLIC_KEYS, STRANGER
from tests.support.slips import KINDS, membership_paper, renderer, slips

if TYPE_CHECKING:
    from pathlib import Path

HEAD_DPI = 203.2


def picture(pdf: bytes, folder: Path, dpi: float = HEAD_DPI) -> Path:
    """Returns what the head prints: one bit per dot."""
    (folder / "slip.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(dpi), "-mono", "-singlefile", "-png", str(folder / "slip.pdf"), str(folder / "slip")]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "slip.png"


def texts(path: Path) -> list[str]:
    """Returns what the QR codes of a picture say."""
    return [code.text for code in ZbarReader().read_file(path)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_slip_verifies_from_its_picture(kind: str, language: str, tmp_path: Path) -> None:
    file = picture(renderer().render(slips()[kind], language).pdf, tmp_path)
    receipt = verify_argument(str(file), PUBLIC_KEYS, texts)
    assert (receipt.number, receipt.kind) == ("K03-0187", kind)


def test_a_slip_with_another_key_does_not_verify_from_its_picture(tmp_path: Path) -> None:
    file = picture(membership_paper().pdf, tmp_path)
    with pytest.raises(ReceiptSignatureWrong):
        verify_argument(str(file), {KEY_ID: STRANGER.public_key().public_bytes_raw()}, texts)


def test_a_photo_of_a_slip_at_an_angle_verifies(tmp_path: Path) -> None:
    page = Image.open(picture(membership_paper().pdf, tmp_path, 150)).convert("L")
    noise = np.random.default_rng(2).integers(-25, 25, (page.height, page.width))
    lit = np.clip(np.asarray(page, dtype=np.int16) * 0.7 + 40 + noise, 0, 255).astype(np.uint8)
    photo = tmp_path / "photo.jpg"
    Image.fromarray(lit).rotate(12, expand=True, fillcolor=90).save(photo, quality=70)
    assert verify_argument(str(photo), PUBLIC_KEYS, texts).number == "K03-0187"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_printed_beside_the_head_and_lines_are_thick_enough(kind: str, language: str, tmp_path: Path) -> None:
    page = np.asarray(Image.open(picture(renderer().render(slips()[kind], language).pdf, tmp_path)).convert("1"))
    black = ~page
    assert page.shape[1] == PAPER_DOTS
    assert not black[:, : MARGIN_DOTS - 1].any()
    assert not black[:, PAPER_DOTS - MARGIN_DOTS + 1 :].any()


def test_a_module_of_the_code_is_whole_dots(tmp_path: Path) -> None:
    page = Image.open(picture(membership_paper().pdf, tmp_path)).convert("L")
    (code,) = ZbarReader().read(np.asarray(page))
    (left, right), (top, bottom) = ((min(side), max(side)) for side in zip(*code.corners, strict=True))
    modules = round((right - left) / MODULE_DOTS)
    grid = ~np.asarray(page.convert("1"))[top : top + modules * MODULE_DOTS, left : left + modules * MODULE_DOTS]
    cells = grid.reshape(modules, MODULE_DOTS, modules, MODULE_DOTS)[:, 1:-1, :, 1:-1]
    assert bottom - top == pytest.approx(right - left, abs=2)
    assert (cells.all(axis=(1, 3)) | ~cells.any(axis=(1, 3))).all()


@pytest.mark.printer
def test_what_the_printer_put_out_verifies(tmp_path: Path) -> None:
    paper = membership_paper()
    with emulator() as printer:
        IppPrinter(printer.uri).print_slip(SlipJob(paper.name, paper.pdf, paper.width_mm, paper.height_mm))
        (slip,) = printer.slips()
        file = picture(slip.read_bytes(), tmp_path)
    assert verify_argument(str(file), PUBLIC_KEYS, texts).membership_number_masked == "8800 •••• 9012"
    assert Image.open(BytesIO(file.read_bytes())).width == PAPER_DOTS
