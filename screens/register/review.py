"""Everything on one page before it is sent, masked until the member wants to see it; what is wrong is one touch away."""

from __future__ import annotations

from functools import partial
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.register.mending import ID_NUMBER, MAIL
from kiosk.flows.register.state import Field, FieldChosen, Reviewing
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from kiosk.ports.values import AgeBand, Draft
from kiosk.regions.table import Regions
from kiosk.texts import Texts
from screens.frame.friend_code import grouped_code
from screens.frame.page import Page, Send
from screens.register.form_fields import say_birthday
from screens.register.grouping import masked_detail, masked_email, masked_id, masked_name
from screens.widgets.kv import load_beside
from screens.widgets.stage import Stage

HALF, WHOLE = 442, 912
ROW = 106
PLACES = {
    "name": (0, 0, HALF),
    "mobile": (470, 0, HALF),
    "age": (0, 1, HALF),
    "birthday": (470, 1, HALF),
    "address": (0, 2, WHOLE),
    "id_number": (0, 3, HALF),
    "email": (470, 3, HALF),
    "consents": (0, 4, HALF),
    "referral_code": (470, 4, HALF),
}
"""Column, row and width of each value."""

LARGE_ROWS = ("name", "mobile", "birthday", "address", "id_number", "email", "referral_code", "consents")
ROW_LARGE = 69
# Of a child less is known: the guardian takes the address's place, and what was agreed to moves up.
CHILD_PLACES = {**{name: PLACES[name] for name in ("name", "mobile", "age", "birthday", "address")}, "consents": (0, 3, HALF)}
CHILD_LARGE_ROWS = ("name", "mobile", "birthday", "address", "consents")


class ReviewValue(Stage):
    """A label and its value; of a value that is too long the beginning is shown.

    Attributes:
        label: What it is.
        value: The value; may be personal.
        is_empty: Nothing was filled in.
        is_large: Large type is on.
    """

    label = StringProperty("")
    value = StringProperty("")
    is_empty = BooleanProperty(False)
    is_large = BooleanProperty(False)


class ReviewPage(Page):
    """The page.

    Attributes:
        is_open: Values are shown in full.
        may_id_number: There is a consent for the ID number.
        may_address: There is a consent for the address.
        is_child: A guardian fills it for a child.
    """

    touches = {
        "back": Back,
        "submit": Continued,
        **{field.value: partial(FieldChosen, field) for field in Field},
    }

    is_open = BooleanProperty(False)
    may_id_number = BooleanProperty(False)
    may_address = BooleanProperty(False)
    is_child = BooleanProperty(False)

    def __init__(self, send: Send, regions: Regions, **kwargs: Any) -> None:
        """Build the values once."""
        super().__init__(send, **kwargs)
        self._regions = regions
        self._draft = Draft()
        self._values = {name: self._value() for name in PLACES}

    def render(self, state: Reviewing, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the draft."""
        self.step = 4
        self._draft = state.draft
        self.may_id_number = ID_NUMBER in state.draft.consents
        self.may_address = MAIL in state.draft.consents
        self.is_child = state.draft.age_band is AgeBand.UNDER_14
        self._show()

    def enter(self) -> None:
        """Values are masked at first."""
        self.is_open = False

    def turn(self) -> None:
        """Show in full, or mask again."""
        self.is_open = not self.is_open
        self._show()

    def wipe(self) -> None:
        """Forget all values."""
        self._draft = Draft()
        for part in self._values.values():
            part.value = ""

    def conceal(self) -> None:
        """Blank all values."""
        for part in self._values.values():
            part.value = ""

    def _value(self) -> ReviewValue:
        part = ReviewValue()
        self.ids.sheet.add_widget(part)
        return part

    def _lay(self) -> None:
        places, large = (CHILD_PLACES, CHILD_LARGE_ROWS) if self.is_child else (PLACES, LARGE_ROWS)
        for name, part in self._values.items():
            column, row, width = places.get(name, PLACES[name])
            part.is_shown = name in places
            part.box = [36 + column, 14 + row * ROW, width, ROW]
            part.box_large = [28, 6 + large.index(name) * ROW_LARGE, 928, ROW_LARGE] if name in large else [-9000, 0, 928, ROW_LARGE]

    def _show(self) -> None:
        self._lay()
        said = say_draft(self.tr, self._draft, self._regions, is_open=self.is_open)
        for name, part in self._values.items():
            part.is_large = self.is_large
            part.label = self.tr(_CHILD_LABELS.get(name, _LABELS[name]) if self.is_child else _LABELS[name])
            part.is_empty = not said[name]
            part.value = said[name] or self.tr("review.empty")


_LABELS = {name: f"form.{name}" for name in PLACES} | {"age": "review.age", "consents": "review.consents"}
_CHILD_LABELS = {"mobile": "form.mobile.guardian", "address": "review.guardian"}


def say_draft(tr: Texts, draft: Draft, regions: Regions, *, is_open: bool) -> dict[str, str]:
    """Return what is shown for each value; "" where nothing was filled in. The ID number is whole nowhere but in its field."""
    return {
        "name": draft.name if is_open else masked_name(draft.name),
        "mobile": draft.mobile_masked,
        "age": tr(f"age.{draft.age_band}"),
        "birthday": say_birthday(tr, draft.birthday),
        "address": draft.guardian if draft.age_band is AgeBand.UNDER_14 else _say_place(draft, regions, is_open=is_open),
        "id_number": masked_id(draft.id_number),
        "email": draft.email if is_open else masked_email(draft.email),
        "referral_code": grouped_code(draft.referral_code) if is_open else masked_id(draft.referral_code),
        "consents": tr("review.consents.count", count=len(draft.consents)),
    }


def _say_place(draft: Draft, regions: Regions, *, is_open: bool) -> str:
    address = draft.address
    if not address.district_code:
        return address.detail
    try:
        place = regions.names(address.district_code)[-1]
    except KeyError:
        place = address.district_code
    return f"{address.postcode} {place} {address.detail}".lstrip() if is_open else f"{place} {masked_detail(address.detail)}"


load_beside(__file__)
