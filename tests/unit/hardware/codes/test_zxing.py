"""Reading codes in a process of its own: bytes as they are, a cap, a limit in time, and pictures from many sources."""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import segno
from PIL import Image

from hardware.codes import zxing
from hardware.codes.api import Picture, Symbology
from hardware.codes.zxing import MAX_BYTES, FrameReader, read_payloads
from hardware.worker import ProcessWorker
from tests.conftest import ROOT

SHARED = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data")) / "qr"


def drawn(content: str | bytes, **options: object) -> Picture:
    out = io.BytesIO()
    segno.make_qr(content, **{"error": "m", "boost_error": False, **options}).save(out, kind="png", scale=4, border=4)
    return np.asarray(Image.open(out).convert("L"))


def contents(picture: Picture) -> list[bytes]:
    height, width = picture.shape
    return [payload.content for payload in read_payloads(picture.tobytes(), width, height)]


@pytest.mark.parametrize("name", ["陈静", "欧陽修", "測試"])
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_bytes_come_as_they_are_and_are_not_guessed_at(name: str, charset: str) -> None:
    content = name.encode(charset)
    assert contents(drawn(content, mode="byte")) == [content]


def test_what_is_too_long_is_cut() -> None:
    (content,) = contents(drawn("A" * 600, error="l"))
    assert len(content) == MAX_BYTES


def test_nothing_is_found_in_noise() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (720, 1280), dtype=np.uint8)
    assert contents(noise) == []


def test_a_payload_does_not_print_what_it_says() -> None:
    (payload,) = read_payloads(*_flat(drawn("HM1:SECRET")))
    assert "SECRET" not in repr(payload)
    assert payload.symbology is Symbology.QR


def _flat(picture: Picture) -> tuple[bytes, int, int]:
    return picture.tobytes(), picture.shape[1], picture.shape[0]


def hang(_grey: bytes, _width: int, _height: int) -> None:
    time.sleep(60)


def die(_grey: bytes, _width: int, _height: int) -> None:
    os._exit(1)


@pytest.mark.parametrize("poison", [hang, die])
async def test_a_poisoned_picture_costs_its_process_and_the_next_one_is_read(poison: object, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = FrameReader(ProcessWorker("codes"))
    picture = drawn("HM1:SECRET")
    await reader.warm()
    with monkeypatch.context() as patch:
        patch.setattr(zxing, "read_payloads", poison)
        assert await reader.read(picture) == ()
    # A busy machine may take longer than the limit for an honest picture too; then it is read again.
    for _ in range(20):
        found = await reader.read(picture)
        if found:
            break
    assert [payload.content for payload in found] == [b"HM1:SECRET"]
    await reader.close()


def shared(name: str) -> Picture:
    """A picture of the shared set in grey, on white where it is transparent."""
    with Image.open(SHARED / Path(name).name) as image:
        upright = image.convert("RGBA")
    paper = Image.new("RGBA", upright.size, "white")
    return np.asarray(Image.alpha_composite(paper, upright).convert("L"))


def test_the_shared_pictures_are_read_as_well_as_was_measured(figures: Callable[[str], None]) -> None:
    if not (SHARED / "manifest.tsv").is_file():
        pytest.skip(f"no pictures at {SHARED}")
    with (SHARED / "manifest.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = list(csv.DictReader(manifest, delimiter="\t"))
    codes = [row for row in rows if row["symbology"] == "QRCode"]
    read = wrong = 0
    for row in codes:
        found = contents(shared(row["path"]))
        expected = row["expected_text"].encode()
        read += expected in found
        wrong += bool(found) and expected not in found
    figures(f"{read} of {len(codes)} QR pictures read, {wrong} otherwise than the manifest says")
    assert read >= 80
    for row in rows:
        if not row["symbology"]:
            assert contents(shared(row["path"])) == []
