"""Postal addresses in China: hierarchy of codes, detail and postcode. Plausibility of codes leads to review, never to refusal."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, fields

from server_stub.domain.control_characters import holds_control_character
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding
from server_stub.domain.regions.table import Regions

DETAIL_MIN = 5
DETAIL_MAX = 100
_CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address as the form holds it; codes are those of GB/T 2260, 6 digits."""

    province_code: str
    city_code: str
    district_code: str
    detail: str = field(repr=False)
    postcode: str = ""


def check_address(address: PostalAddress, regions: Regions) -> tuple[PostalAddress, tuple[Finding, ...]]:
    """Returns the address as kept, and what is to be said about it."""
    clean = PostalAddress(
        address.province_code.strip(),
        address.city_code.strip(),
        address.district_code.strip(),
        " ".join(unicodedata.normalize("NFC", address.detail).split()),
        unicodedata.normalize("NFKC", address.postcode).strip(),
    )
    found = (_hierarchy(clean, regions), *_codes(clean, regions), _detail(clean.detail), _postcode(clean.postcode))
    # Some of them count as white space, which is folded: they are looked for in what was typed.
    marred = [f"address.{part.name}" for part in fields(address) if holds_control_character(getattr(address, part.name))]
    wrong = tuple(finding for finding in found if finding and finding.field not in marred)
    return clean, (*(Finding(field, Reason.FIELD_CHARACTERS) for field in marred), *wrong)


def _hierarchy(address: PostalAddress, regions: Regions) -> Finding | None:
    province, city, district = address.province_code, address.city_code, address.district_code
    if not all(_CODE.fullmatch(code) for code in (province, city, district)):
        return Finding("address.district_code", Reason.ADDRESS_HIERARCHY)
    if not province.endswith("0000") or city[:2] != province[:2]:
        return Finding("address.city_code", Reason.ADDRESS_HIERARCHY)
    # A county-level city under its province (429004 仙桃) has no city above it, and few cities (441900 东莞) have no districts: they stand
    # as their own district.
    is_fit = not regions.has_districts(city) if district == city else district[:4] == city[:4]
    if not is_fit:
        return Finding("address.district_code", Reason.ADDRESS_HIERARCHY)
    return None


def _codes(address: PostalAddress, regions: Regions) -> tuple[Finding | None, ...]:
    if _hierarchy(address, regions):
        return ()
    known = regions.is_in_force(address.district_code) and not address.district_code.endswith("0000")
    return () if known else (Finding("address.district_code", Reason.ADDRESS_CODE_UNKNOWN),)


def _detail(detail: str) -> Finding | None:
    if len(detail) < DETAIL_MIN:
        return Finding("address.detail", Reason.ADDRESS_DETAIL_SHORT)
    if len(detail) > DETAIL_MAX:
        return Finding("address.detail", Reason.FIELD_TOO_LONG)
    # So holds emoji and dingbats; Cc, Cf, Co, Cs and Cn are nothing that a label can print; < and > are markup.
    bad = any(unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs", "Cn", "So"} or c in "<>" for c in detail)
    return Finding("address.detail", Reason.FIELD_CHARACTERS) if bad else None


def _postcode(postcode: str) -> Finding | None:
    return None if not postcode or _CODE.fullmatch(postcode) else Finding("address.postcode", Reason.POSTCODE_FORM)
