"""The text form HR1: one text per receipt, and none that was touched."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proto.member.base45 import Base45Malformed, from_base45, to_base45
from proto.member.receipts import (
    MAX_TEXT_CHARACTERS,
    PREFIX,
    SIGNED_CONTEXT,
    ReceiptInvalid,
    ReceiptKeyUnknown,
    ReceiptMalformed,
    ReceiptSignatureWrong,
    ReceiptTooLong,
    chain_link,
    encode,
    receipt_number,
    unverified_body,
    verify,
)
from tests.support.receipts import CENTRE, KEY_ID, PUBLIC_KEYS, STRANGER, body, code


def _envelope(text: str) -> bytes:
    return from_base45(text.removeprefix(PREFIX))


def _text(envelope: bytes) -> str:
    return PREFIX + to_base45(envelope)


def _signed(serialised: bytes, key_id: int = KEY_ID) -> str:
    signed = key_id.to_bytes(4) + serialised
    return _text(signed + CENTRE.sign(SIGNED_CONTEXT + signed))


# --- refusals ----------------------------------------------------------------------------------------------------------


def test_every_flipped_bit_is_refused() -> None:
    envelope = _envelope(code())
    for position in range(len(envelope)):
        for bit in range(8):
            touched = bytearray(envelope)
            touched[position] ^= 1 << bit
            with pytest.raises(ReceiptInvalid) as caught:
                verify(_text(bytes(touched)), PUBLIC_KEYS)
            # The first four bytes name the key; what is not there cannot be checked.
            assert isinstance(caught.value, ReceiptKeyUnknown if position < 4 else ReceiptSignatureWrong)


def test_every_changed_character_is_refused() -> None:
    text = code()
    for position in range(len(PREFIX), len(text)):
        other = "0" if text[position] != "0" else "1"
        with pytest.raises(ReceiptInvalid):
            verify(text[:position] + other + text[position + 1 :], PUBLIC_KEYS)


def test_every_cut_is_refused() -> None:
    text = code()
    for length in range(len(text)):
        with pytest.raises(ReceiptInvalid):
            verify(text[:length], PUBLIC_KEYS)


def test_another_keys_signature_is_refused() -> None:
    forged = encode(body(), KEY_ID, STRANGER.sign)
    with pytest.raises(ReceiptSignatureWrong):
        verify(forged, PUBLIC_KEYS)


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(ReceiptKeyUnknown) as caught:
        verify(encode(body(), 8, CENTRE.sign), PUBLIC_KEYS)
    assert caught.value.key_id == 8


def test_a_signature_made_for_another_purpose_is_refused() -> None:
    signed = KEY_ID.to_bytes(4) + body().SerializeToString(deterministic=True)
    with pytest.raises(ReceiptSignatureWrong):
        verify(_text(signed + CENTRE.sign(signed)), PUBLIC_KEYS)


def test_a_key_id_cannot_be_exchanged() -> None:
    text = code()
    moved = _text((9).to_bytes(4) + _envelope(text)[4:])
    with pytest.raises(ReceiptSignatureWrong):
        verify(moved, {**PUBLIC_KEYS, 9: PUBLIC_KEYS[KEY_ID]})


@pytest.mark.parametrize("tail", ["0", "00", "000", " ", "\n", "\x00", ":", "é", "HR1:"])
def test_junk_behind_is_refused(tail: str) -> None:
    with pytest.raises(ReceiptInvalid):
        verify(code() + tail, PUBLIC_KEYS)


@pytest.mark.parametrize("head", [" ", "\n", "﻿", "HR1:", "0"])
def test_junk_in_front_is_refused(head: str) -> None:
    with pytest.raises(ReceiptMalformed):
        verify(head + code(), PUBLIC_KEYS)


def test_lower_case_is_refused() -> None:
    with pytest.raises(ReceiptMalformed):
        verify(code().lower(), PUBLIC_KEYS)
    with pytest.raises(ReceiptMalformed):
        verify(PREFIX + code().removeprefix(PREFIX).lower(), PUBLIC_KEYS)


@pytest.mark.parametrize("zero", ["٠", "０", "𝟎", "߀"])
def test_digits_of_other_scripts_are_refused(zero: str) -> None:
    digits = {str(value): chr(ord(zero) + value) for value in range(10)}
    text = code()
    place = next(index for index in range(len(PREFIX), len(text)) if text[index] in digits)
    with pytest.raises(ReceiptMalformed):
        verify(text[:place] + digits[text[place]] + text[place + 1 :], PUBLIC_KEYS)


@pytest.mark.parametrize("text", ["", "HR1", "HR1:", "HR2:000", "HM1:000", "HR1:A", "HR1:GGW", "HR1::::", "HR1:##", "8800123456789012"])
def test_what_is_no_receipt_is_malformed(text: str) -> None:
    with pytest.raises(ReceiptMalformed):
        verify(text, PUBLIC_KEYS)


def test_too_long_is_refused_unread() -> None:
    with pytest.raises(ReceiptTooLong):
        verify(code() + "0" * MAX_TEXT_CHARACTERS, PUBLIC_KEYS)
    with pytest.raises(ReceiptTooLong):
        verify("x" * 10_000_000, PUBLIC_KEYS)


def test_what_would_not_fit_a_slip_is_not_signed() -> None:
    with pytest.raises(ReceiptTooLong):
        code(consents=[f"purpose-number-{number}" for number in range(20)])


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": 0},
        {"device_id": ""},
        {"issued_at": None},
        {"sequence": 0},
        {"sequence": -1},
        {"sequence": 1},  # the first has nothing before it
        {"previous": b""},
        {"previous": bytes(7)},
        {"previous": bytes(9)},
    ],
)
def test_an_incomplete_body_is_neither_signed_nor_accepted(changes: dict[str, object]) -> None:
    with pytest.raises(ReceiptMalformed):
        code(**changes)
    with pytest.raises(ReceiptMalformed):
        verify(_signed(body(**changes).SerializeToString(deterministic=True)), PUBLIC_KEYS)


@pytest.mark.parametrize("key_id", [0, -1, 1 << 32])
def test_a_key_id_out_of_range_is_refused(key_id: int) -> None:
    with pytest.raises(ReceiptMalformed):
        encode(body(), key_id, CENTRE.sign)


def test_a_signed_body_in_another_form_is_refused() -> None:
    serialised = body().SerializeToString(deterministic=True)
    twice = serialised + body(points=0).SerializeToString(deterministic=True)
    for other in (twice, serialised + b"\x50\xc8\x01", b"\xff\xff", b"\x0a\x7f"):
        with pytest.raises(ReceiptMalformed):
            verify(_signed(other), PUBLIC_KEYS)


@given(st.text(max_size=600))
def test_no_text_ends_as_anything_but_an_invalid_receipt(text: str) -> None:
    for candidate in (text, PREFIX + text):
        with pytest.raises(ReceiptInvalid):
            verify(candidate, PUBLIC_KEYS)


@given(st.binary(max_size=319))
def test_no_bytes_end_as_anything_but_an_invalid_receipt(envelope: bytes) -> None:
    with pytest.raises(ReceiptInvalid):
        verify(_text(envelope), PUBLIC_KEYS)


# --- what holds --------------------------------------------------------------------------------------------------------


def test_a_receipt_verifies_with_the_public_key_alone() -> None:
    assert verify(code(), PUBLIC_KEYS) == body()
    assert unverified_body(code()) == body()


def test_the_first_of_a_chain_verifies() -> None:
    first = body(sequence=1, previous=b"")
    assert verify(encode(first, KEY_ID, CENTRE.sign), PUBLIC_KEYS) == first


def test_a_chain_links_each_body_to_the_one_before() -> None:
    link = hashlib.sha256(body().SerializeToString(deterministic=True)).digest()[:8]
    assert chain_link(body()) == link
    assert chain_link(body(points=201)) != link


def test_the_longest_text_that_is_signed_is_read() -> None:
    number = max(n for n in range(200) if len(to_base45(bytes(4 + body(notice_version="v" * n).ByteSize() + 64))) + 4 <= 483)
    text = code(notice_version="v" * number)
    assert MAX_TEXT_CHARACTERS - 3 < len(text) <= MAX_TEXT_CHARACTERS
    assert verify(text, PUBLIC_KEYS).notice_version == "v" * number


def test_numbers_are_what_people_read() -> None:
    assert receipt_number(body()) == "K03-0187"
    assert receipt_number(body(sequence=123456)) == "K03-123456"


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")],
)
def test_base45_is_that_of_rfc_9285(data: bytes, text: str) -> None:
    """Source: RFC 9285 sections 4.3 and 4.4."""
    assert to_base45(data) == text
    assert from_base45(text) == data


@pytest.mark.parametrize("text", ["GGW", ":::", "::", "5X", "A", "aB8", "B\t8"])
def test_base45_refuses_what_no_encoder_writes(text: str) -> None:
    """Source: RFC 9285 section 6; FGW is 65535, GGW is one more."""
    with pytest.raises(Base45Malformed):
        from_base45(text)


@given(st.binary(max_size=400))
def test_base45_comes_back(data: bytes) -> None:
    text = to_base45(data)
    assert from_base45(text) == data
    assert to_base45(from_base45(text)) == text
