"""The fields of the form and what stands in them. Knows the fields by the ids of the form's kv file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.flows.register.mending import CONSENTS
from kiosk.flows.register.state import Field
from kiosk.ports.values import Address, AgeBand, Draft, Reason
from kiosk.regions.table import Regions
from kiosk.texts import Texts
from kiosk.texts.days import say_day
from screens.frame.friend_code import grouped_code
from screens.frame.message import reason_title
from screens.register.grouping import grouped_id, masked_id

WINDOW = 3
"""Fields at a time in large type."""

LARGE_TOP, LARGE_PITCH, LARGE_HEIGHT = 372, 166, 156
CHILD_FIELDS = (Field.NAME, Field.BIRTHDAY)
"""All that is asked of a child under 14."""

WIDE = frozenset({Field.NAME, Field.ADDRESS, Field.REFERRAL_CODE})
"""Fields wide enough to say in themselves what is wrong."""


class FormFields:
    """Fills the entries."""

    def __init__(self, ids: Any, regions: Regions) -> None:
        """Take the entries by their ids."""
        self._entries: dict[Field, Any] = {field: ids[field.value] for field in Field}
        self._mobile = ids["mobile"]
        self._regions = regions
        self._order: tuple[Field, ...] = tuple(Field)

    def show(self, tr: Texts, draft: Draft, focus: Field, found: Mapping[str, Reason]) -> None:
        """Show everything that the draft holds."""
        is_child = draft.age_band is AgeBand.UNDER_14
        self._mobile.value = draft.mobile_masked
        self._mobile.label = tr("form.mobile.guardian" if is_child else "form.mobile")
        self._order = CHILD_FIELDS if is_child else tuple(Field)
        for field, entry in self._entries.items():
            entry.is_shown = field in self._order
            entry.value = self._value(tr, draft, field, has_focus=field is focus)
            entry.is_focused = field is focus
            entry.is_wrong = field.value in found
            self._remark(tr, entry, field, found.get(field.value))
        for field, purpose in CONSENTS.items():
            self._switch(tr, field, is_on=purpose in draft.consents)
        self._window(focus)

    def compose(self, field: Field, letters: str) -> None:
        """Show letters under work in the focused field, in no other."""
        for name, entry in self._entries.items():
            entry.composing = letters if name is field else ""

    def wipe(self) -> None:
        """Forget all values."""
        for entry in (*self._entries.values(), self._mobile):
            entry.wipe()

    def _remark(self, tr: Texts, entry: Any, field: Field, reason: Reason | None) -> None:
        entry.is_urgent = field is Field.NAME
        if reason is None:
            # An optional field says why it is asked for before anybody has touched it.
            entry.remark = tr("field.required" if field is Field.NAME else f"form.{field.value}.optional")
        else:
            entry.remark = reason_title(tr, reason) if field in WIDE else tr("field.wrong")

    def _value(self, tr: Texts, draft: Draft, field: Field, *, has_focus: bool) -> str:
        match field:
            case Field.ADDRESS:
                return say_address(self._regions, draft.address)
            case Field.BIRTHDAY:
                return say_birthday(tr, draft.birthday)
            case Field.ID_NUMBER:
                # Whole only while it is typed and compared: whoever looks over a shoulder later sees four characters.
                return grouped_id(draft.id_number) if has_focus else masked_id(draft.id_number)
            case Field.POSTCODE:
                return draft.address.postcode
            case Field.REFERRAL_CODE:
                return grouped_code(draft.referral_code)
            case _:
                return str(getattr(draft, field.value))

    def _switch(self, tr: Texts, field: Field, *, is_on: bool) -> None:
        entry = self._entries[field]
        entry.disabled = not is_on
        entry.fill = "surface" if is_on else "disabled"
        off = "form.off.short" if field is Field.POSTCODE else "form.off"
        entry.hint = tr(f"form.{field.value}.hint" if is_on else off)

    def _window(self, focus: Field) -> None:
        """Large type: the focused field stands first, or as near to it as the end of the form allows."""
        order = self._order
        start = max(0, min(order.index(focus), len(order) - WINDOW)) if focus in order else 0
        for place, field in enumerate(order):
            slot = place - start
            seen = 0 <= slot < WINDOW
            self._entries[field].box_large = [48, LARGE_TOP + slot * LARGE_PITCH, 984, LARGE_HEIGHT] if seen else [-9000, 0, 984, 156]


def say_address(regions: Regions, address: Address) -> str:
    """Return an address as people write it, the place before the street."""
    if not address.district_code:
        return address.detail
    try:
        place = " ".join(regions.names(address.district_code))
    except KeyError:
        place = address.district_code
    return f"{place} {address.detail}".rstrip()


def say_birthday(tr: Texts, iso: str) -> str:
    """Return a birthday in words of the language; what is no date is shown as it is."""
    try:
        return say_day(tr, iso)
    except ValueError:
        return iso
