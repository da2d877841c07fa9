"""Codes are read from pictures as people make them; what is no picture is refused, not crashed on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
import segno
from PIL import Image, ImageFilter

from hardware.codes import zbar
from hardware.codes.api import PictureUnreadable, Symbology
from hardware.codes.zbar import ZbarReader

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "HR1:" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 7


def _qr(scale: int = 8, **options: str) -> Image.Image:
    output = io.BytesIO()
    segno.make_qr(TEXT, error="Q").save(output, kind="png", scale=scale, border=4, **options)
    return Image.open(output)


def _texts(path: Path) -> list[str]:
    return [code.text for code in ZbarReader().read_file(path)]


# --- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"", b"HR1:", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n" + bytes(200), b"GIF89a" + bytes(50)]
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "slip.png"
    file.write_bytes(content)
    with pytest.raises(PictureUnreadable):
        ZbarReader().read_file(file)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.png", tmp_path):
        with pytest.raises(PictureUnreadable):
            ZbarReader().read_file(path)


@pytest.mark.parametrize("part", range(1, 10))
def test_a_picture_that_is_cut_is_refused(tmp_path: Path, part: int) -> None:
    whole = io.BytesIO()
    _qr().save(whole, "png")
    file = tmp_path / "slip.png"
    file.write_bytes(whole.getvalue()[: len(whole.getvalue()) * part // 10])
    with pytest.raises(PictureUnreadable):
        ZbarReader().read_file(file)


def test_a_picture_of_too_many_pixels_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zbar, "MAX_PIXELS", 1000)
    file = tmp_path / "slip.png"
    _qr().save(file)
    with pytest.raises(PictureUnreadable):
        ZbarReader().read_file(file)


def test_a_picture_without_a_code_holds_none(tmp_path: Path) -> None:
    file = tmp_path / "white.png"
    Image.new("L", (400, 400), 255).save(file)
    assert _texts(file) == []


# --- what is read ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_code_is_read_from_each_kind_of_file(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"slip.{kind}"
    _qr().convert("RGB").save(file, kind)
    assert _texts(file) == [TEXT]


@pytest.mark.parametrize("degrees", [0, 7, 45, 90, 180, 270])
def test_a_slip_may_lie_as_it_likes(tmp_path: Path, degrees: int) -> None:
    file = tmp_path / "slip.png"
    _qr().convert("L").rotate(degrees, expand=True, fillcolor=255).save(file)
    assert _texts(file) == [TEXT]


def test_a_blurred_and_noisy_photo_is_read(tmp_path: Path) -> None:
    pixels = np.asarray(_qr().convert("L").filter(ImageFilter.GaussianBlur(2)), dtype=np.int16)
    noise = np.random.default_rng(1).integers(-40, 40, pixels.shape)
    file = tmp_path / "slip.jpg"
    Image.fromarray(np.clip(pixels * 0.6 + 60 + noise, 0, 255).astype(np.uint8)).save(file)
    assert _texts(file) == [TEXT]


def test_transparent_is_white(tmp_path: Path) -> None:
    file = tmp_path / "slip.png"
    _qr(light=None).save(file)  # type: ignore[arg-type]
    assert _texts(file) == [TEXT]


def test_a_code_tells_its_kind_and_place_but_not_its_text() -> None:
    (code,) = ZbarReader().read(np.asarray(_qr().convert("L")))
    assert code.symbology is Symbology.QR
    assert len(code.corners) == 4
    assert TEXT not in repr(code)
