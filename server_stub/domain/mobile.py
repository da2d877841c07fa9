"""Mobile numbers: what is taken, how it is kept and how it is shown. Knows no gateway and no proof of ownership."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

import phonenumbers

from server_stub.domain.control_characters import holds_control_character
from server_stub.domain.reasons import Reason

DEFAULT_REGIONS = frozenset({"CN"})
_HOME = "CN"
# What people put between the digits of a number; parse() would drop anything else, a star that hides a digit too.
_FORM = re.compile(r"\+?[\d ()./\u2010-\u2015\u2212-]+")
_TEXT_TYPES = frozenset({phonenumbers.PhoneNumberType.MOBILE})
# Numbers of machines (IoT and data cards) are no member's; libphonenumber counts some of them as mobile.
_OF_MACHINES = ("+86172", "+86144", "+86146", "+86148", "+86149")


@dataclass(frozen=True, slots=True)
class Mobile:
    """A mobile number.

    Attributes:
        e164: As stored, e.g. ``+8613800138000``.
        region: CN, HK, MO or TW.
    """

    e164: str = field(repr=False)
    region: str

    @property
    def masked(self) -> str:
        """Returns the number as it may be shown, e.g. ``138****8000``."""
        return mask_mobile(self.e164)


def parse_mobile(typed: str, regions: frozenset[str] = DEFAULT_REGIONS) -> Mobile | Reason:
    """Returns the number, or why it is none that gets messages.

    Args:
        typed: As typed: spaces, hyphens, brackets, full-width digits, +86, 0086 and 86 are understood; an extension is not.
        regions: ISO 3166 codes of the regions that are served.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if holds_control_character(typed) or len(text) > 40 or not _FORM.fullmatch(text):
        return Reason.PHONE_INVALID
    try:
        number = phonenumbers.parse(_home_form(text), _HOME)
    except phonenumbers.NumberParseException:
        return Reason.PHONE_INVALID
    return _judge(number, regions)


def _judge(number: phonenumbers.PhoneNumber, regions: frozenset[str]) -> Mobile | Reason:
    region = phonenumbers.region_code_for_number(number)
    if not phonenumbers.is_valid_number(number):
        return Reason.PHONE_NOT_MOBILE if _is_service_number(number) else Reason.PHONE_INVALID
    if region not in regions:
        return Reason.PHONE_REGION
    if phonenumbers.number_type(number) not in _TEXT_TYPES:
        return Reason.PHONE_NOT_MOBILE
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Reason.PHONE_NOT_MOBILE if e164.startswith(_OF_MACHINES) else Mobile(e164, region)


def _home_form(text: str) -> str:
    digits = "".join(c for c in text if c.isdigit())
    return f"+{digits[2:]}" if digits.startswith("0086") and not text.startswith("+") else text


def _is_service_number(number: phonenumbers.PhoneNumber) -> bool:
    national = str(number.national_number)
    return number.country_code == 86 and (len(national) < 7 or national.startswith(("106", "95", "400", "800", "12")))


def mask_mobile(e164: str) -> str:
    """Returns a number as it may be shown: ``138****8000``, outside the mainland ``+852 ****1234``."""
    if e164.startswith("+86"):
        return f"{e164[3:6]}****{e164[-4:]}"
    return f"{e164[:4]} ****{e164[-4:]}"
