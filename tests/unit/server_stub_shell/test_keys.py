"""The key folder: who may read it, what it survives, what rotation keeps; and what the keys do."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from hardware.card.layout.diversification import diversification_input, diversified_key
from hardware.card.layout.files import Identity
from hardware.card.layout.roles import KeyRole
from server_stub.config import Profile
from server_stub.keys.authority import Authority
from server_stub.keys.cards import CardKeystore, CardSigner, UnknownGeneration
from server_stub.keys.certificates import certificate_digest, new_authority, new_device
from server_stub.keys.durable import UnsafePermissions, write_durably
from server_stub.keys.folder import INDEX_NAME, KeyFolder, KeyKind, KeysRefused, KeyState
from server_stub.keys.public import public_document
from server_stub.keys.signing import SigningKey, is_signature
from server_stub.keys.symmetric import AesWrappingKey, HmacTokenKey, database_key

UID = bytes.fromhex("04a1b2c3d4e5f6")


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    return KeyFolder.create(tmp_path / "keys", Profile.DEVELOPMENT)


def reopened(folder: KeyFolder) -> KeyFolder:
    return KeyFolder.open(folder.path, Profile.DEVELOPMENT)


def test_production_takes_no_development_keys(folder: KeyFolder) -> None:
    with pytest.raises(KeysRefused, match="development"):
        KeyFolder.open(folder.path, Profile.PRODUCTION)


def test_keys_are_never_overwritten(folder: KeyFolder) -> None:
    before = (folder.path / INDEX_NAME).read_bytes()
    with pytest.raises(KeysRefused, match="already"):
        KeyFolder.create(folder.path, Profile.DEVELOPMENT)
    assert (folder.path / INDEX_NAME).read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_a_key_that_others_may_read_or_write_is_not_used(folder: KeyFolder, mode: int) -> None:
    (folder.path / "receipt-1.key").chmod(mode)
    with pytest.raises(UnsafePermissions):
        SigningKey(reopened(folder), KeyKind.RECEIPT)


def test_a_folder_that_others_may_enter_is_not_opened(folder: KeyFolder) -> None:
    folder.path.chmod(0o750)
    with pytest.raises(UnsafePermissions):
        reopened(folder)


def test_a_link_in_place_of_a_key_is_not_followed(folder: KeyFolder, tmp_path: Path) -> None:
    key = folder.path / "token-1.key"
    key.rename(tmp_path / "moved")
    key.symlink_to(tmp_path / "moved")
    with pytest.raises(OSError, match=r"symbolic|Too many"):
        HmacTokenKey(folder)


def test_a_torn_or_exchanged_key_is_not_used(folder: KeyFolder) -> None:
    (folder.path / "receipt-1.key").write_bytes(b"short")
    with pytest.raises(KeysRefused, match="receipt-1"):
        SigningKey(folder, KeyKind.RECEIPT)
    (folder.path / "audit-1.key").replace(folder.path / "card-signature-1.key")
    with pytest.raises(KeysRefused, match="card-signature-1"):
        CardSigner(folder)
    with pytest.raises(KeysRefused, match="missing"):
        SigningKey(folder, KeyKind.AUDIT)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2}', '{"format": 1, "profile": "x", "keys": []}'])
def test_a_damaged_index_is_refused(folder: KeyFolder, text: str) -> None:
    (folder.path / INDEX_NAME).write_text(text)
    with pytest.raises(KeysRefused):
        reopened(folder)


def test_what_must_be_found_again_does_not_rotate(folder: KeyFolder) -> None:
    for kind in (KeyKind.TOKEN, KeyKind.DATABASE):
        with pytest.raises(KeysRefused, match="do not rotate"):
            folder.rotated(kind)


def test_files_and_folder_are_for_the_owner_alone(folder: KeyFolder) -> None:
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.path.iterdir()} == {0o600}
    assert not list(folder.path.glob(".*.tmp"))


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    write_durably(target, b"old")

    def broken(_handle: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="disk full"):
        write_durably(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_rotated_key_signs_anew_and_still_verifies_the_old(folder: KeyFolder) -> None:
    old = SigningKey(folder, KeyKind.RECEIPT)
    signature = old.sign(b"m")
    new = SigningKey(reopened(folder.rotated(KeyKind.RECEIPT)), KeyKind.RECEIPT)
    assert (old.key_id, new.key_id) == (1, 2)
    assert new.verifies(b"m", 1, signature)
    assert not new.verifies(b"m", 2, signature)
    assert not new.verifies(b"n", 1, signature)
    assert not new.verifies(b"m", 3, signature)
    assert [e.state for e in reopened(folder).entries(KeyKind.RECEIPT)] == [KeyState.RETIRED, KeyState.ACTIVE]


def test_a_key_file_without_its_entry_is_not_in_the_way(folder: KeyFolder) -> None:
    """Cut off between key and index: the key was never used, the next rotation takes its number."""
    write_durably(folder.path / "receipt-2.key", bytes(32))
    assert folder.rotated(KeyKind.RECEIPT).read(reopened(folder).active(KeyKind.RECEIPT)) != bytes(32)


def test_tokens_differ_by_purpose_and_stay_for_ever(folder: KeyFolder) -> None:
    key = HmacTokenKey(folder)
    assert len(key.mac("a", b"x")) == 32
    assert key.mac("a", b"x") != key.mac("b", b"x") != key.mac("b", b"y")
    assert HmacTokenKey(reopened(folder)).mac("a", b"x") == key.mac("a", b"x")
    assert len(database_key(folder)) == 32


def test_a_wrapped_key_opens_for_its_owner_only_and_after_rotation(folder: KeyFolder) -> None:
    wrapped = AesWrappingKey(folder).wrap(b"d" * 32, "per_1")
    after = AesWrappingKey(reopened(folder.rotated(KeyKind.WRAPPING)))
    assert after.unwrap(wrapped, "per_1") == b"d" * 32
    assert after.wrap(b"d" * 32, "per_1")[:4] == (2).to_bytes(4)
    for broken in (wrapped[:-1] + bytes([wrapped[-1] ^ 1]), b"", wrapped[:10], b"\0\0\0\7" + wrapped[4:]):
        with pytest.raises(ValueError, match=r"changed|service key"):
            after.unwrap(broken, "per_1")
    with pytest.raises(ValueError, match="owner"):
        after.unwrap(wrapped, "per_2")


def test_card_keys_are_those_of_the_layout_and_differ_by_role_generation_and_card(folder: KeyFolder) -> None:
    master = (folder.path / "card-master-1.key").read_bytes()
    store = CardKeystore(folder.rotated(KeyKind.CARD_MASTER))
    assert store.current_generation == 2
    assert store.generations == (1, 2)
    expected = diversified_key(master[32:48], diversification_input(KeyRole.UPDATE, UID))
    assert store.key(1, KeyRole.UPDATE, UID) == expected
    other = bytes(reversed(UID))
    found = {store.key(g, role, uid) for g in (1, 2) for role in KeyRole if role is not KeyRole.PRIVACY for uid in (UID, other)}
    assert len(found) == 2 * 5 * 2
    # The same for all cards of a generation: the UID of such a card is random.
    assert store.key(1, KeyRole.PRIVACY, UID) == store.key(1, KeyRole.PRIVACY, other)
    with pytest.raises(UnknownGeneration):
        store.key(3, KeyRole.READ, UID)
    with pytest.raises(ValueError, match="7 bytes"):
        store.key(1, KeyRole.READ, b"short")


def test_a_card_file_verifies_with_the_keys_of_every_generation(folder: KeyFolder) -> None:
    identity = Identity(UID, "8800123412349012", bytes(16), 1, datetime.now(UTC).date(), 1)
    raw = identity.signed(CardSigner(folder))
    later = CardSigner(reopened(folder.rotated(KeyKind.CARD_SIGNATURE)))
    assert Identity.verified(raw, later.public_keys) == identity
    assert later.key_id != CardSigner(folder).key_id


def test_what_is_public_verifies_and_holds_no_secret(folder: KeyFolder) -> None:
    text = json.dumps(public_document(folder))
    key = SigningKey(folder, KeyKind.RECEIPT)
    assert is_signature(bytes.fromhex(public_document(folder)["receipt"]["1"]), b"m", key.sign(b"m"))
    for entry in folder.entries():
        assert folder.read(entry).hex() not in text


def test_a_device_certificate_is_for_a_client_and_its_digest_is_the_ders(tmp_path: Path, folder: KeyFolder) -> None:
    authority = Authority.create(folder.path, Profile.DEVELOPMENT)
    credential = authority.enrol("K03", tmp_path / "kiosk")
    certificate = x509.load_pem_x509_certificate(credential.certificate)
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    der = certificate.public_bytes(Encoding.DER)
    assert credential.sha256 == certificate_digest(credential.certificate) == hashlib.sha256(der).digest()
    assert (tmp_path / "kiosk" / "device.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeysRefused, match="already"):
        Authority.create(folder.path, Profile.DEVELOPMENT)


def test_a_renewed_server_certificate_has_the_names_that_were_asked_for(folder: KeyFolder) -> None:
    authority = Authority.create(folder.path, Profile.DEVELOPMENT)
    before = authority.server.sha256
    authority.renew_server(["member.example", "10.0.0.7"])
    certificate = x509.load_pem_x509_certificate(authority.server.certificate)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["member.example"]
    assert authority.server.sha256 != before


def test_certificates_say_when_they_end() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    certificate = x509.load_pem_x509_certificate(new_device(new_authority("a"), "K03", now=now, days=30).certificate)
    assert certificate.not_valid_after_utc == now + timedelta(days=30)
    assert certificate.not_valid_before_utc < now


def test_no_secret_shows_in_a_representation(folder: KeyFolder) -> None:
    authority = Authority.create(folder.path, Profile.DEVELOPMENT)
    assert "PRIVATE" not in repr(authority.server)
    assert "PRIVATE" not in str(authority.server)
