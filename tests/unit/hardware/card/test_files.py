"""Identity and snapshot: every field there and back, every changed bit refused."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from hardware.card.layout.faults import MalformedFile
from hardware.card.layout.fields import Encoding, decode, encode
from hardware.card.layout.files import IDENTITY_FIELDS, SNAPSHOT_FIELDS, Identity, Snapshot


class Signer:
    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self._key.public_key().public_bytes_raw()).digest()[:8]

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    @property
    def public(self):
        return {self.key_id: self._key.public_key()}


SIGNER = Signer()
UID = bytes.fromhex("04958caa5c5e80")
IDENTITY = Identity(UID, "880012349012", bytes(range(16)), 1, date(2031, 12, 31), 1)
SNAPSHOT = Snapshot(UID, 7, 1, 12_345, 1_700_000_000, bytes(range(16)))


@pytest.mark.parametrize("fields", [IDENTITY_FIELDS, SNAPSHOT_FIELDS])
def test_fields_follow_each_other_without_gaps_and_leave_room_for_the_signature(fields) -> None:
    assert [f.offset for f in fields] == [sum(g.length for g in fields[:i]) for i in range(len(fields))]
    assert sum(f.length for f in fields) == 64


@pytest.mark.parametrize(
    ("name", "value", "raw"),
    [
        ("membership_number", "880012349012", "880012349012ffffffff"),
        ("membership_number", "1", "1fffffffffffffffffff"),
        ("expires_on", date(2031, 12, 31), "20311231"),
        ("expires_on", date(2028, 2, 29), "20280229"),
        ("issue_number", 258, "0102"),
        ("issue_number", 1, "0001"),
        ("card_token", bytes(16), "00" * 16),
        ("card_token", b"\xff" * 16, "ff" * 16),
        ("uid", UID, "04958caa5c5e80"),
        ("uid", bytes(7), "00000000000000"),
        ("key_generation", 1, "01"),
        ("key_generation", 255, "ff"),
        ("version", 1, "01"),
        ("version", 2, "02"),
        ("signer", b"abcdefgh", "6162636465666768"),
        ("signer", bytes(8), "0000000000000000"),
    ],
)
def test_identity_field(name, value, raw) -> None:
    field = next(f for f in IDENTITY_FIELDS if f.name == name)
    assert field.encode(value).hex() == raw
    assert field.decode(bytes(field.offset) + bytes.fromhex(raw)) == value


@pytest.mark.parametrize(
    ("name", "value", "raw"),
    [
        ("sequence", 1, "00000001"),
        ("sequence", 0xFFFFFFFF, "ffffffff"),
        ("tier", 0, "00"),
        ("tier", 255, "ff"),
        ("points", 12_345, "00003039"),
        ("points", 0, "00000000"),
        ("as_of_s", 1_700_000_000, "000000006553f100"),
        ("as_of_s", 0, "0000000000000000"),
        ("transaction_id", bytes(range(16)), bytes(range(16)).hex()),
        ("transaction_id", bytes(16), "00" * 16),
    ],
)
def test_snapshot_field(name, value, raw) -> None:
    field = next(f for f in SNAPSHOT_FIELDS if f.name == name)
    assert field.encode(value).hex() == raw
    assert field.decode(bytes(field.offset) + bytes.fromhex(raw)) == value


@pytest.mark.parametrize("value", ["", "12a", "１２", "1" * 21, 5, b"1"])
def test_a_membership_number_that_does_not_fit_is_refused(value) -> None:
    field = next(f for f in IDENTITY_FIELDS if f.name == "membership_number")
    with pytest.raises(ValueError, match="does not fit"):
        field.encode(value) if value != "" else field.encode(None)


@pytest.mark.parametrize("raw", ["20311301", "2031123a", "00000000", "20310229"])
def test_a_date_that_is_none_is_malformed(raw) -> None:
    field = next(f for f in IDENTITY_FIELDS if f.encoding is Encoding.DATE)
    with pytest.raises(MalformedFile):
        field.decode(bytes(field.offset) + bytes.fromhex(raw))


@pytest.mark.parametrize("value", [IDENTITY, SNAPSHOT])
def test_files_come_back_and_every_changed_bit_is_refused(value) -> None:
    raw = value.signed(SIGNER)
    assert len(raw) == 128
    assert type(value).verified(raw, SIGNER.public) == value
    for bit in range(8 * 128):
        broken = bytearray(raw)
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises(MalformedFile):
            type(value).verified(bytes(broken), SIGNER.public)


def test_one_kind_of_file_does_not_pass_for_the_other_and_unknown_signers_do_not_count() -> None:
    with pytest.raises(MalformedFile):
        Identity.verified(SNAPSHOT.signed(SIGNER), SIGNER.public)
    with pytest.raises(MalformedFile, match="signer"):
        Snapshot.verified(SNAPSHOT.signed(SIGNER), {})
    for length in (0, 1, 64, 127, 129):
        with pytest.raises(MalformedFile):
            Snapshot.verified(bytes(length), SIGNER.public)


@given(st.binary(min_size=64, max_size=64))
def test_any_bytes_decode_or_are_malformed_and_what_decodes_encodes_to_the_same(raw: bytes) -> None:
    try:
        values = decode(SNAPSHOT_FIELDS, raw[:49] + bytes(15))
    except MalformedFile:
        return
    assert encode(SNAPSHOT_FIELDS, values) == raw[:49] + bytes(15)
