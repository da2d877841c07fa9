"""`kiosk receipt verify` on PDF files: the slip as the kiosk wrote it, and what else comes under that name."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from hardware.codes import poppler
from kiosk.cli import Exit, main
from kiosk.texts import LANGUAGES
from tests.integration.printer.test_slip_pictures import picture
from tests.support.receipts import KEY_ID, PUBLIC_KEYS, STRANGER
from tests.support.slips import KINDS, membership_paper, renderer, slips

if TYPE_CHECKING:
    from pathlib import Path

SLIP = membership_paper().pdf


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The file of public keys."""
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({str(KEY_ID): PUBLIC_KEYS[KEY_ID].hex()}), encoding="utf-8")
    return file


def _verify(content: bytes, keys: Path, name: str = "slip.pdf") -> int:
    file = keys.parent / name
    file.write_bytes(content)
    return main(["receipt", "verify", str(file), "--keys", str(keys), "--json"])


def _written(writer: PdfWriter) -> bytes:
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _encrypted(user_password: str) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(SLIP))
    writer.encrypt(user_password, "owner")
    return _written(writer)


def _joined(*documents: bytes) -> bytes:
    writer = PdfWriter()
    for document in documents:
        writer.append(PdfReader(BytesIO(document)))
    return _written(writer)


def _page(side_points: float = 300) -> bytes:
    output = BytesIO()
    canvas = Canvas(output, pagesize=(side_points, side_points))
    canvas.drawString(20, 20, "K03-0187")
    canvas.save()
    return output.getvalue()


# --- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "no PDF that can be read"),
        (b"%PDF-", "no PDF that can be read"),
        (SLIP[: len(SLIP) // 2], "no PDF that can be read"),
        (_encrypted("secret"), "encrypted"),
        (b"no document at all", "no picture"),
        (b"", "no picture"),
    ],
    ids=["garbage", "only-a-head", "cut", "encrypted", "text", "empty"],
)
def test_what_cannot_be_read_ends_with_3_and_says_why(content: bytes, reason: str, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(content, keys) == Exit.CANNOT
    output, errors = capsys.readouterr()
    assert json.loads(output)["reason"] == "PICTURE_UNREADABLE"
    assert "1401" in errors
    assert reason in errors


@pytest.mark.parametrize("content", [_page(), _page(200_000)], ids=["another-page", "a-page-of-70-metres"])
def test_a_document_without_a_receipt_ends_with_1(content: bytes, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(content, keys) == Exit.WRONG
    assert "not a valid receipt: 0 receipts" in capsys.readouterr().err


def test_a_slip_signed_by_a_stranger_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strange = tmp_path / "keys.json"
    strange.write_text(json.dumps({str(KEY_ID): STRANGER.public_key().public_bytes_raw().hex()}), encoding="utf-8")
    assert _verify(SLIP, strange) == Exit.WRONG
    assert "not a valid receipt" in capsys.readouterr().err


def test_a_file_too_large_is_not_opened(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(SLIP + bytes(poppler.MAX_BYTES), keys) == Exit.CANNOT
    assert "larger than" in capsys.readouterr().err


def test_a_slow_document_is_given_up(keys: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poppler, "LIMIT_S", 0.001)
    assert _verify(SLIP, keys) == Exit.CANNOT
    assert "takes longer than" in capsys.readouterr().err


def test_a_machine_without_the_program_says_what_is_missing(
    keys: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(keys.parent))
    assert _verify(SLIP, keys) == Exit.CANNOT
    assert "poppler-utils" in capsys.readouterr().err


# --- what holds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_slip_verifies_from_its_document(kind: str, language: str, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(renderer().render(slips()[kind], language).pdf, keys) == Exit.GOOD
    told = json.loads(capsys.readouterr().out)
    assert (told["number"], told["kind"]) == ("K03-0187", kind)


@pytest.mark.parametrize("name", ["slip.PDF", "slip.dat", "slip.png", "K03-0187"])
def test_a_document_is_known_by_its_content(name: str, keys: Path) -> None:
    assert _verify(SLIP, keys, name) == Exit.GOOD


def test_a_document_that_anybody_may_open_verifies_though_it_is_locked_against_changes(keys: Path) -> None:
    assert _verify(_encrypted(""), keys) == Exit.GOOD


def test_a_slip_behind_another_page_is_found(keys: Path) -> None:
    assert _verify(_joined(_page(), SLIP), keys) == Exit.GOOD


def test_a_scan_of_a_slip_as_a_document_verifies(tmp_path: Path, keys: Path) -> None:
    """As an office's scanner makes it: a picture on A4, no text and no drawing."""
    sheet = Image.new("L", (1654, 2339), 255)
    sheet.paste(Image.open(picture(SLIP, tmp_path)), (300, 200))
    scan = BytesIO()
    sheet.save(scan, "PDF", resolution=200)
    assert _verify(scan.getvalue(), keys) == Exit.GOOD
