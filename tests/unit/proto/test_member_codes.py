"""The text form HM1: one length, one type, every touched bit is seen."""

from __future__ import annotations

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from proto.member.base45 import ALPHABET, Base45Malformed, from_base45, to_base45
from proto.member.member_codes import CodeBody, MemberCodeMalformed, encode, read

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
BODY = CodeBody(7, b"ABCDEFGH", 1_795_000_000, 1_795_000_060, b"nonc")
TEXT = encode(BODY, KEY.sign)


def test_the_form_is_the_one_that_was_agreed() -> None:
    assert len(TEXT) == 133
    assert TEXT.startswith("HM1:")
    assert set(TEXT) <= set(ALPHABET)
    assert segno.make_qr(TEXT, error="q", boost_error=False).designator == "8-Q"
    assert read(TEXT).body == BODY
    assert read(TEXT).is_signed_by(PUBLIC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HM1:",
        TEXT[:-1],
        TEXT + "0",
        TEXT.lower(),
        " " + TEXT[:-1],
        "HR1:" + TEXT[4:],
        TEXT[:-1] + "é",
        TEXT[:-3] + ":::",
        "HM1:" + "0" * 129,
    ],
)
def test_what_is_not_the_form_is_none(text: str) -> None:
    with pytest.raises(MemberCodeMalformed):
        read(text)


@pytest.mark.parametrize("kind", [0, 2, 3, 255])
def test_other_types_are_not_read(kind: int) -> None:
    data = bytes([kind]) + from_base45(TEXT[4:])[1:]
    with pytest.raises(MemberCodeMalformed):
        read("HM1:" + to_base45(data))


@given(st.integers(min_value=8, max_value=86 * 8 - 1))
def test_a_touched_bit_breaks_the_signature(bit: int) -> None:
    data = bytearray(from_base45(TEXT[4:]))
    data[bit // 8] ^= 1 << bit % 8
    assert not read("HM1:" + to_base45(bytes(data))).is_signed_by(PUBLIC)


def test_a_signature_of_another_purpose_is_none() -> None:
    signed = from_base45(TEXT[4:])[:22]
    assert not read("HM1:" + to_base45(signed + KEY.sign(signed))).is_signed_by(PUBLIC)


@pytest.mark.parametrize(
    "body", [CodeBody(0, b"A" * 8, 0, 0, b"n" * 4), CodeBody(256, b"A" * 8, 0, 0, b"n" * 4), CodeBody(1, b"A" * 7, 0, 0, b"n" * 4)]
)
def test_what_does_not_fit_is_not_written(body: CodeBody) -> None:
    with pytest.raises(ValueError, match="out of range"):
        encode(body, KEY.sign)


@given(st.text(alphabet=ALPHABET + "é\x00\u0660a", max_size=40))
def test_base45_has_one_text_for_each_value(text: str) -> None:
    try:
        data = from_base45(text)
    except Base45Malformed:
        return
    assert to_base45(data) == text


@given(st.text(max_size=140))
def test_any_text_is_a_code_or_is_refused(text: str) -> None:
    with pytest.raises(MemberCodeMalformed):
        read(text)
