"""What the kiosk itself can say about a form before it is sent; the centre's checks decide.

Only shape is checked here, so that a slip of the finger is seen at the field; reasons are those of the contract.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from kiosk.flows.register.state import Field
from kiosk.ports.values import Address, Draft, Finding, Reason

NAME_MAX = 50
EMAIL_MAX = 254
DETAIL_MAX = 100
DETAIL_MIN = 5
POSTCODE_LENGTH = 6
ID_LENGTH = 18
ID_INPUT_MAX = 24
REFERRAL_PREFIX = "R"
REFERRAL_LENGTH = 9
"""A member's code for friends: R and eight characters (the contract's GetReferralCodeResponse)."""

# GB 11643-1999, 4.2: weights of the first 17 digits and the check characters by remainder modulo 11.
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_ID_FORM = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_EMAIL_FORM = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", re.ASCII)


def with_text(draft: Draft, field: Field, text: str) -> Draft:
    """Return the draft with one text field set, cut to what can be typed."""
    match field:
        case Field.NAME:
            return replace(draft, name=text[:NAME_MAX])
        case Field.BIRTHDAY:
            return replace(draft, birthday=text)
        case Field.ID_NUMBER:
            return replace(draft, id_number=text[:ID_INPUT_MAX].upper())
        case Field.EMAIL:
            return replace(draft, email=text[:EMAIL_MAX])
        case Field.REFERRAL_CODE:
            # Groups and small letters are how a code is read out; they are no part of it.
            typed = "".join(character for character in text.upper() if character.isascii() and character.isalnum())
            return replace(draft, referral_code=typed[:REFERRAL_LENGTH])
        case Field.ADDRESS | Field.POSTCODE:
            return replace(draft, address=_address_with(draft.address, field, text))


def _address_with(address: Address, field: Field, text: str) -> Address:
    if field is Field.ADDRESS:
        return replace(address, detail=text[:DETAIL_MAX])
    digits = "".join(character for character in text if character.isascii() and character.isdigit())
    return replace(address, postcode=digits[:POSTCODE_LENGTH])


def _name(draft: Draft) -> str | None:
    name = draft.name.strip()
    if not name:
        return "FIELD_REQUIRED"
    if any(character.isdigit() for character in name):
        return "NAME_DIGITS"
    if any(unicodedata.category(character)[0] in "CSZ" and character != " " for character in name):
        return "FIELD_CHARACTERS"
    return None


def _birthday(draft: Draft) -> str | None:
    if not draft.birthday:
        return None
    try:
        date.fromisoformat(draft.birthday)
    except ValueError:
        return "BIRTHDAY_NOT_A_DATE"
    return None


def _id_number(draft: Draft) -> str | None:
    number = draft.id_number.replace(" ", "")
    if not number:
        return None
    if len(number) == 15 and number.isascii() and number.isdigit():
        return "ID_OLD_15"
    if len(number) != ID_LENGTH:
        return "ID_LENGTH"
    if not _ID_FORM.fullmatch(number):
        return "ID_CHARACTERS"
    remainder = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number, strict=False)) % 11
    return None if number[-1] == _ID_CHECK[remainder] else "ID_CHECK_DIGIT"


def _email(draft: Draft) -> str | None:
    if not draft.email:
        return None
    return None if _EMAIL_FORM.fullmatch(draft.email) else "EMAIL_FORM"


def _address(draft: Draft) -> str | None:
    address = draft.address
    if not address.detail and not address.district_code and not address.postcode:
        return None
    if not address.district_code:
        return "FIELD_REQUIRED"
    return "ADDRESS_DETAIL_SHORT" if len(address.detail.strip()) < DETAIL_MIN else None


def _postcode(draft: Draft) -> str | None:
    return "POSTCODE_FORM" if len(draft.address.postcode) not in (0, POSTCODE_LENGTH) else None


def _referral_code(draft: Draft) -> str | None:
    code = draft.referral_code
    if not code:
        return None
    # Whose it is only the centre knows; what has not the form of one is nobody's.
    return None if len(code) == REFERRAL_LENGTH and code.startswith(REFERRAL_PREFIX) else "REFERRAL_CODE_UNKNOWN"


_CHECKS: tuple[tuple[Field, Callable[[Draft], str | None]], ...] = (
    (Field.NAME, _name),
    (Field.ADDRESS, _address),
    (Field.POSTCODE, _postcode),
    (Field.BIRTHDAY, _birthday),
    (Field.ID_NUMBER, _id_number),
    (Field.EMAIL, _email),
    (Field.REFERRAL_CODE, _referral_code),
)


def findings(draft: Draft) -> tuple[Finding, ...]:
    """Return what is visibly wrong, at most one finding a field, in the order of the screen."""
    found = ((field, check(draft)) for field, check in _CHECKS)
    return tuple(Finding(field.value, Reason(reason)) for field, reason in found if reason)
