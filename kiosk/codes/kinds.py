"""What a code is, and of which codes the content is kept: pure. Knows no camera, no signature and no screen.

A payment code is money to whoever holds it: it is recognised so that its holder can be told, and nothing of it is kept. The same goes for
everything that is not known here: no address is opened, no content is shown, logged or sent.

Sources: WeChat Pay, code payment, 18 digits that begin with 10 to 15; Alipay, F2F payment, 16 to 24 digits that begin with 25 to 30;
UnionPay QR, consumer presented, 19 digits that begin with 62, or the EMV form (EMVCo QR CPM 1.1, 4.1: Base64 of tag 85, "CPV01").
Products: GTIN-8, 12, 13 and 14 with their check digit (GS1 General Specifications, 7.9), GS1 Digital Link (1.2, 4.4: /01/ and a GTIN).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_BYTES: Final = 512


class CodeKind(StrEnum):
    """What a code is."""

    MEMBER = "member"
    RECEIPT = "receipt"
    CASE = "case"
    COUPON = "coupon"
    PRODUCT = "product"
    PAYMENT = "payment"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True, repr=False)
class KnownCode:
    """A code that was told apart; no repr.

    Attributes:
        text: Content, of member codes, receipts and cases only; "" for everything else.
    """

    kind: CodeKind
    text: str = ""


_BASE45: Final = rb"[0-9A-Z $%*+\-./:]"
_KEPT: Final = (
    (CodeKind.MEMBER, re.compile(rb"HM1:" + _BASE45 + rb"{129}")),
    (CodeKind.RECEIPT, re.compile(rb"HR1:" + _BASE45 + rb"{1,479}")),
    (CodeKind.CASE, re.compile(rb"FB1:[0-9]{16}")),
)
_COUPON: Final = re.compile(rb"cpn_[0-9a-f-]{36}\.[a-z2-7]{24}|HC1:" + _BASE45 + rb"{1,200}")
_PAYMENT: Final = re.compile(rb"1[0-5][0-9]{16}|(?:2[5-9]|30)[0-9]{14,22}|62[0-9]{17}|hQVDUFYwM[0-9A-Za-z+/=]*")
_DIGITAL_LINK: Final = re.compile(rb"https?://[^/\s]{1,120}/(?:[^\s?#]{0,120}/)?01/([0-9]{14}|[0-9]{8}|[0-9]{12,13})(?:[/?#][^\s]*)?")
_GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})


def told_apart(content: bytes) -> KnownCode:
    """Return what a code is; everything that is too long, not ASCII or unknown is FOREIGN."""
    if len(content) >= MAX_BYTES:
        return KnownCode(CodeKind.FOREIGN)
    for kind, form in _KEPT:
        if form.fullmatch(content):
            return KnownCode(kind, content.decode("ascii"))
    if _PAYMENT.fullmatch(content):
        return KnownCode(CodeKind.PAYMENT)
    if _COUPON.fullmatch(content):
        return KnownCode(CodeKind.COUPON)
    return KnownCode(CodeKind.PRODUCT if _is_product(content) else CodeKind.FOREIGN)


def _is_product(content: bytes) -> bool:
    link = _DIGITAL_LINK.fullmatch(content)
    gtin: bytes = link[1] if link else content
    if len(gtin) not in _GTIN_LENGTHS or not gtin.isdigit():
        return False
    digits = [byte - 0x30 for byte in gtin]
    weighted = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return weighted % 10 == 0
