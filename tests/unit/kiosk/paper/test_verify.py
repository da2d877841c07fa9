"""The check of a receipt by text or picture, with public keys only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.paper.verify import KeyFileUnusable, NoReceiptInPicture, VerifiedReceipt, load_public_keys, verify_argument
from proto.member.receipts import ReceiptKeyUnknown, ReceiptMalformed, ReceiptSignatureWrong, encode
from tests.support.receipts import CENTRE, KEY_ID, PUBLIC_KEYS, STRANGER, body, code


def _no_picture(path: Path) -> list[str]:
    raise AssertionError(f"{path} was opened")


# --- refusals ----------------------------------------------------------------------------------------------------------


def test_a_forged_text_is_refused() -> None:
    with pytest.raises(ReceiptSignatureWrong):
        verify_argument(encode(body(), KEY_ID, STRANGER.sign), PUBLIC_KEYS, _no_picture)


@pytest.mark.parametrize("argument", ["", "K03-0187", "hr1:000", " HR1:000", "HR1:", "HR1:000.png", "x" * 300, "nul\0"])
def test_what_is_neither_a_receipt_nor_a_file_is_refused_unopened(argument: str) -> None:
    with pytest.raises(ReceiptMalformed):
        verify_argument(argument, PUBLIC_KEYS, _no_picture)


@pytest.mark.parametrize("texts", [[], ["https://example.org"], [code(), code(points=201)]])
def test_a_picture_must_hold_one_receipt(texts: list[str]) -> None:
    with pytest.raises(NoReceiptInPicture):
        verify_argument("slip.png", PUBLIC_KEYS, lambda _path: texts)


def test_a_forged_receipt_in_a_picture_is_refused() -> None:
    with pytest.raises(ReceiptKeyUnknown):
        verify_argument("slip.png", {KEY_ID + 1: PUBLIC_KEYS[KEY_ID]}, lambda _path: [code()])


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "7",
        "null",
        '{"seven": "00"}',
        '{"7": 8}',
        '{"7": "zz"}',
        f'{{"7": "{"00" * 31}"}}',
        f'{{"7": "{"00" * 33}"}}',
        "[" * 5_000,
    ],
)
def test_a_file_that_holds_no_keys_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(KeyFileUnusable):
        load_public_keys(file)


def test_a_missing_file_of_keys_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyFileUnusable):
        load_public_keys(tmp_path / "keys.json")


# --- what holds --------------------------------------------------------------------------------------------------------


def test_a_text_tells_what_it_proves() -> None:
    assert verify_argument(code(), PUBLIC_KEYS, _no_picture) == VerifiedReceipt(
        number="K03-0187",
        kind="membership",
        device_id="K03",
        sequence=187,
        previous="0001020304050607",
        issued_at="2026-08-06T06:26:41+00:00",
        application_number="A26-0806-000417",
        membership_number_masked="8800 •••• 9012",
        notice_version="2026-08",
        consents=("membership", "analytics"),
        points=200,
    )


def test_a_picture_may_hold_other_codes_and_the_same_receipt_twice() -> None:
    asked: list[Path] = []

    def texts(path: Path) -> list[str]:
        asked.append(path)
        return ["6901234567892", code(), code()]

    assert verify_argument("photos/slip.jpg", PUBLIC_KEYS, texts).number == "K03-0187"
    assert asked == [Path("photos/slip.jpg")]


def test_a_slip_without_a_suffix_is_opened_because_it_is_there(tmp_path: Path) -> None:
    slip = tmp_path / "K03-0187"
    slip.write_bytes(b"%PDF-1.7")
    assert verify_argument(str(slip), PUBLIC_KEYS, lambda _path: [code()]).number == "K03-0187"


def test_a_kind_newer_than_this_program_is_told_by_its_number() -> None:
    assert verify_argument(code(kind=99), PUBLIC_KEYS, _no_picture).kind == "99"


def test_json_holds_every_field() -> None:
    told = json.loads(verify_argument(code(), PUBLIC_KEYS, _no_picture).as_json())
    assert told["membership_number_masked"] == "8800 •••• 9012"
    assert told["consents"] == ["membership", "analytics"]
    assert len(told) == 13


def test_keys_are_read_from_their_file(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({str(KEY_ID): CENTRE.public_key().public_bytes_raw().hex()}), encoding="utf-8")
    assert load_public_keys(file) == PUBLIC_KEYS
