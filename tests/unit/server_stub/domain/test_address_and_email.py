"""Postal and e-mail addresses: what is refused by field, what goes to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from server_stub.domain.address import PostalAddress, check_address
from server_stub.domain.email_address import mask_email, parse_email
from server_stub.domain.id_number import parse_id_number
from server_stub.domain.mobile import parse_mobile
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding
from server_stub.domain.regions.table import load_regions

GOOD = PostalAddress("330000", "330100", "330102", "湖滨路 1 号 2 幢 301 室", "310000")


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"district_code": "320102"}, Finding("address.district_code", Reason.ADDRESS_HIERARCHY)),
        ({"district_code": "330202"}, Finding("address.district_code", Reason.ADDRESS_HIERARCHY)),
        ({"city_code": "320100"}, Finding("address.city_code", Reason.ADDRESS_HIERARCHY)),
        ({"province_code": "330100"}, Finding("address.city_code", Reason.ADDRESS_HIERARCHY)),
        ({"district_code": ""}, Finding("address.district_code", Reason.ADDRESS_HIERARCHY)),
        ({"district_code": "33010a"}, Finding("address.district_code", Reason.ADDRESS_HIERARCHY)),
        ({"district_code": "330199"}, Finding("address.district_code", Reason.ADDRESS_CODE_UNKNOWN)),
        ({"district_code": "330100"}, Finding("address.district_code", Reason.ADDRESS_HIERARCHY)),
        ({"detail": "1 号"}, Finding("address.detail", Reason.ADDRESS_DETAIL_SHORT)),
        ({"detail": "   1   "}, Finding("address.detail", Reason.ADDRESS_DETAIL_SHORT)),
        ({"detail": "路" * 101}, Finding("address.detail", Reason.FIELD_TOO_LONG)),
        ({"detail": "湖滨路 1 号 🏠"}, Finding("address.detail", Reason.FIELD_CHARACTERS)),
        ({"detail": "<script>湖滨路"}, Finding("address.detail", Reason.FIELD_CHARACTERS)),
        ({"postcode": "31000"}, Finding("address.postcode", Reason.POSTCODE_FORM)),
        ({"postcode": "31000a"}, Finding("address.postcode", Reason.POSTCODE_FORM)),
    ],
)
def test_each_wrong_part_is_named(change: dict[str, str], finding: Finding) -> None:
    assert check_address(replace(GOOD, **change), load_regions())[1] == (finding,)


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0)])
def test_a_control_character_is_named_in_whatever_part_it_stands(code: int) -> None:
    for name in ("province_code", "city_code", "district_code", "detail", "postcode"):
        spoilt = replace(GOOD, **{name: getattr(GOOD, name) + chr(code)})
        assert Finding(f"address.{name}", Reason.FIELD_CHARACTERS) in check_address(spoilt, load_regions())[1]
    assert parse_email(f"a@example.com{chr(code)}") is Reason.EMAIL_FORM
    assert parse_mobile(f"13800138000{chr(code)}") is Reason.PHONE_INVALID
    number = "11010519491231002X"
    assert parse_id_number(f"{number[:6]}{chr(code)}{number[6:]}", date(2026, 11, 23), load_regions()) is Reason.ID_CHARACTERS


def test_a_city_stands_for_its_district_only_where_it_has_none() -> None:
    cities = {"330100": True, "440300": True, "110100": True, "441900": False, "442000": False, "429004": False}
    assert {code: load_regions().has_districts(code) for code in cities} == cities


def test_an_abolished_district_is_for_a_person_to_look_at() -> None:
    abolished = PostalAddress("110000", "110100", "110103", "崇文门外大街 1 号")
    assert check_address(abolished, load_regions())[1] == (Finding("address.district_code", Reason.ADDRESS_CODE_UNKNOWN),)


@pytest.mark.parametrize(
    "address",
    [
        GOOD,
        replace(GOOD, postcode=""),
        replace(GOOD, postcode="３１００００"),
        PostalAddress("440000", "441900", "441900", "东城街道 1 号", ""),
        PostalAddress("420000", "429000", "429004", "沔州大道 1 号", ""),
        PostalAddress("500000", "500200", "500235", "云江大道 1 号", ""),
    ],
)
def test_right_addresses_pass_wherever_the_levels_are_uneven(address: PostalAddress) -> None:
    clean, findings = check_address(address, load_regions())
    assert findings == ()
    assert clean.postcode in {"310000", ""}


@pytest.mark.parametrize(
    "typed", ["", "a", "a@b", "a@@b.cn", "a b@c.cn", "a@b..cn", ".a@b.cn", "a@-b.cn", "a@b.1", "a@b.cn\n.x", "名@b.cn", "a" * 65 + "@b.cn"]
)
def test_what_is_no_mail_address_is_refused(typed: str) -> None:
    assert parse_email(typed) is Reason.EMAIL_FORM


def test_mail_addresses_are_kept_with_their_domain_in_lower_case() -> None:
    assert parse_email(" Ou.Yang+kiosk@Example.COM ") == "Ou.Yang+kiosk@example.com"
    assert parse_email("a@" + "b" * 250 + ".cn") is Reason.FIELD_TOO_LONG
    assert mask_email("ouyang@example.com") == "o***@example.com"
    assert mask_email("") == ""
