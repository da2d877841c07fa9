"""Receipts of the centre: signed, chained, readable by anybody with the public keys."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.paper.verify import BoughtOnReceipt, TakenPartOnReceipt, describe
from proto.member.receipts import ReceiptSignatureWrong, ReceiptTooLong, chain_link, verify
from server_stub.config import Profile
from server_stub.domain.rewards.catalogue_file import LONGEST_NAME
from server_stub.keys.folder import KeyFolder, KeyKind
from server_stub.keys.signing import SigningKey
from server_stub.paper.receipt import PaperSigner
from server_stub.services.receipts import BoughtFacts, ReceiptFacts, ReceiptKind, SignedReceipt, TakenPartFacts

FACTS = ReceiptFacts(ReceiptKind.MEMBERSHIP, "K03", "A1234567", "8800 •••• 9012", "2026-11", ("membership", "mail"), 200)
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return SigningKey(KeyFolder.create(tmp_path / "keys", Profile.DEVELOPMENT), KeyKind.RECEIPT)


def test_a_receipt_verifies_and_says_what_it_was_told(key: SigningKey) -> None:
    signed = PaperSigner(key, SignedReceipt).sign(FACTS, 1, b"", NOW)
    body = verify(signed.code, key.public_keys)
    assert signed.number == "K03-0001"
    assert (body.application_number, body.points, list(body.consents)) == ("A1234567", 200, ["membership", "mail"])
    assert body.issued_at.ToDatetime(UTC) == NOW


def test_the_next_receipt_links_to_the_one_before(key: SigningKey) -> None:
    signer = PaperSigner(key, SignedReceipt)
    first = signer.sign(FACTS, 1, b"", NOW)
    second = signer.sign(FACTS, 2, first.body_sha256[:8], NOW)
    assert verify(second.code, key.public_keys).previous == chain_link(verify(first.code, key.public_keys))


def test_another_key_of_the_same_number_does_not_verify(key: SigningKey, tmp_path: Path) -> None:
    other = SigningKey(KeyFolder.create(tmp_path / "others", Profile.DEVELOPMENT), KeyKind.RECEIPT)
    with pytest.raises(ReceiptSignatureWrong):
        verify(PaperSigner(key, SignedReceipt).sign(FACTS, 1, b"", NOW).code, other.public_keys)


def test_every_kind_of_the_services_is_one_of_the_contract(key: SigningKey) -> None:
    for kind in ReceiptKind:
        facts = ReceiptFacts(kind, "K03", "A1")
        assert verify(PaperSigner(key, SignedReceipt).sign(facts, 1, b"", NOW).code, key.public_keys).kind != 0


def test_what_no_slip_can_carry_is_refused(key: SigningKey) -> None:
    facts = ReceiptFacts(ReceiptKind.APPLICATION, "K03", "A" * 400)
    with pytest.raises(ReceiptTooLong):
        PaperSigner(key, SignedReceipt).sign(facts, 1, b"", NOW)


def test_a_redemption_says_what_was_bought_in_words(key: SigningKey) -> None:
    bought = BoughtFacts("rice", "东北大米 5 公斤", 2, 2400, "7KQ-2MX-RT4", datetime(2026, 12, 8, 16, tzinfo=UTC))
    facts = ReceiptFacts(ReceiptKind.REDEMPTION, "K03", "", "8800 •••• 9012", points=100, bought=bought)
    told = describe(verify(PaperSigner(key, SignedReceipt).sign(facts, 1, b"", NOW).code, key.public_keys))
    assert (told.kind, told.points) == ("redemption", 100)
    assert told.bought == BoughtOnReceipt("rice", "东北大米 5 公斤", 2, 2400, "7KQ-2MX-RT4", "2026-12-08T16:00:00+00:00")
    assert '"reward_name": "东北大米 5 公斤"' in told.as_json()


def test_a_campaign_with_the_longest_title_says_what_it_gave(key: SigningKey) -> None:
    part = TakenPartFacts("c" * 40, "亲" * 12, 1_000_000, 0)
    facts = ReceiptFacts(ReceiptKind.CAMPAIGN, "K03-longest-name", "", "8800 •••• 9012", taken_part=part)
    told = describe(verify(PaperSigner(key, SignedReceipt).sign(facts, 999_999, b"12345678", NOW).code, key.public_keys))
    assert (told.kind, told.taken_part) == ("campaign", TakenPartOnReceipt("c" * 40, "亲" * 12, 1_000_000, 0))


def test_the_longest_reward_fits_a_slip(key: SigningKey) -> None:
    bought = BoughtFacts("r" * 64, "饭" * LONGEST_NAME, 999, 2**30, "7KQ-2MX-RT4", NOW)
    facts = ReceiptFacts(ReceiptKind.REDEMPTION, "K0123456", "", "8800 •••• •••• 9012", points=2**30, bought=bought)
    assert PaperSigner(key, SignedReceipt).sign(facts, 2**20, b"8" * 8, NOW).code.startswith("HR1:")
