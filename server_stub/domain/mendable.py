"""What a reviewer can ask an applicant to mend: which fields can be typed anew and what can be wrong with each. Knows no form and no text.

A mobile number is none of them: its owner proved it by a code. Who wants another one withdraws the application and applies again.
"""

from __future__ import annotations

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding

_R = Reason
_TEXT = frozenset({_R.FIELD_REQUIRED, _R.FIELD_TOO_LONG, _R.FIELD_TOO_SHORT, _R.FIELD_CHARACTERS})
_DISTRICT = frozenset({_R.ADDRESS_HIERARCHY, _R.ADDRESS_CODE_UNKNOWN})

MENDABLE: dict[str, frozenset[Reason]] = {
    "name": _TEXT | {_R.NAME_DIGITS},
    "birthday": frozenset({_R.BIRTHDAY_NOT_A_DATE, _R.BIRTHDAY_IMPOSSIBLE, _R.BIRTHDAY_AGE_BAND}),
    "id_number": frozenset(
        {
            _R.ID_LENGTH,
            _R.ID_CHARACTERS,
            _R.ID_CHECK_DIGIT,
            _R.ID_DATE,
            _R.ID_BIRTHDAY,
            _R.ID_OLD_15,
            _R.ID_REGION_UNKNOWN,
            _R.ID_OTHER_DOCUMENT,
            _R.BIRTHDAY_AGE_BAND,
        }
    ),
    "email": frozenset({_R.EMAIL_FORM, _R.FIELD_TOO_LONG}),
    "address.province_code": _DISTRICT,
    "address.city_code": _DISTRICT,
    "address.district_code": _DISTRICT,
    "address.detail": _TEXT | {_R.ADDRESS_DETAIL_SHORT},
    "address.postcode": frozenset({_R.POSTCODE_FORM}),
}


CHILD_FIELDS = frozenset({"name", "birthday"})
"""All that is asked of a child under 14."""


def is_mendable(finding: Finding) -> bool:
    """Returns whether the form has the field and its value can be wrong in this way."""
    return finding.reason in MENDABLE.get(finding.field, frozenset())
