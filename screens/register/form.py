"""The form: fields above, what types into the focused one below. A document reader would fill the same fields.

Knows which input serves which field, and nothing of what a field may hold: the journey says what is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.register.flow import MEMBERSHIP
from kiosk.flows.register.form import with_text
from kiosk.flows.register.mending import CONSENTS, field_name
from kiosk.flows.register.state import AddressEntered, Field, FieldFocused, FillingForm, TextEntered
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from kiosk.ports.values import Address, AgeBand, Draft, Reason
from screens.frame.message import reason_help, reason_title
from screens.frame.page import Page, Send
from screens.register.form_fields import CHILD_FIELDS, FormFields
from screens.register.form_inputs import FormInputs, InputTools
from screens.widgets.kv import load_beside


class FormPage(Page):
    """The form.

    Attributes:
        focus: Name of the focused field.
        title: Headline, or what is wrong with the focused field.
        advice: Why the focused field is asked, or what helps.
        is_wrong: The focused field was refused.
        is_child: A guardian fills it for a child: two fields, and why no more.
        bed: What lies below: keyboard, id_pad, places or dates.
    """

    touches = {"back": Back, "next": Continued}

    focus = StringProperty(Field.NAME)
    title = StringProperty("")
    advice = StringProperty("")
    is_wrong = BooleanProperty(False)
    is_child = BooleanProperty(False)
    bed = StringProperty("keyboard")

    def __init__(self, send: Send, tools: InputTools, **kwargs: Any) -> None:
        """Build fields and inputs once; `tools` are engines, places and the calendar."""
        super().__init__(send, **kwargs)
        self._draft = Draft()
        self._allowed: tuple[Field, ...] = tuple(Field)
        self._fields = FormFields(self.ids, tools.regions)
        self._inputs = FormInputs(self.ids, tools)

    def render(self, state: FillingForm, chrome: Chrome) -> None:
        """Show fields, findings and the input of the focused field."""
        self.step = 3
        has_moved = state.focus != self.focus or not self._draft.mobile_masked or has_place(state.draft) != has_place(self._draft)
        self._draft, self.focus = state.draft, state.focus
        self.is_child = state.draft.age_band is AgeBand.UNDER_14
        self._allowed = allowed_fields(state.draft)
        found = {field_name(finding): finding.reason for finding in state.findings}
        self._fields.show(self.tr, state.draft, Field(self.focus), found)
        self._explain(found.get(self.focus), is_mending=state.is_mending or bool(state.findings))
        if has_moved:
            self._inputs.open(Field(self.focus), state.draft, chrome.device.store_region_code)
        self._inputs.keep_up(self.tr, chrome.language, self._text(), is_child=self.is_child)
        self.compose(self._inputs.composition)
        self.bed = self._inputs.bed

    def focus_on(self, name: str) -> None:
        """A field was touched; touching the focused one again begins it anew where it is picked."""
        field = Field(name)
        if field not in self._allowed:
            return
        if field == self.focus:
            self._begin_again(field)
        self.send(FieldFocused(field))

    def step_field(self, step: int) -> None:
        """To the field before or after."""
        place = self._allowed.index(Field(self.focus)) if self.focus in self._allowed else 0
        self.send(FieldFocused(self._allowed[(place + step) % len(self._allowed)]))

    def insert(self, text: str) -> None:
        """Text was typed."""
        self._enter(self._text() + text)

    def backspace(self) -> None:
        """The last character goes; in an address without a street the district goes."""
        text = self._text()
        if not text and self.focus == Field.ADDRESS:
            self._take_address_back()
            return
        self._enter(text[:-1])

    def clear(self) -> None:
        """The whole field goes."""
        self._enter("")

    def compose(self, letters: str) -> None:
        """Letters under work are shown in the field."""
        self._fields.compose(Field(self.focus), letters)

    def take_place(self, path: Sequence[str]) -> None:
        """A place was picked: the street is typed next."""
        self._inputs.type_street()
        self.bed = self._inputs.bed
        self.send(AddressEntered(address_of(path, self._draft.address)))

    def take_date(self, iso: str) -> None:
        """A birthday was picked."""
        self.send(TextEntered(Field.BIRTHDAY, iso))

    def date_picked(self, path: Sequence[str]) -> None:
        """A date was picked part by part."""
        self.take_date(f"{path[1]}-{path[2]}-{path[3]}")

    def wipe(self) -> None:
        """Forget fields, composition, candidates and pickers."""
        self._draft = Draft()
        self._fields.wipe()
        self._inputs.wipe()

    def conceal(self) -> None:
        """Blank the fields; what is under work stays with its engine, so that nothing is lost."""
        self._fields.wipe()
        self._inputs.conceal()

    def _enter(self, text: str) -> None:
        field = Field(self.focus)
        # Two quick touches may come before the journey has answered the first: the second builds on the first.
        self._draft = with_text(self._draft, field, text)
        self.send(TextEntered(field, text))

    def _text(self) -> str:
        return text_of(self._draft, Field(self.focus))

    def _begin_again(self, field: Field) -> None:
        if field is Field.ADDRESS:
            self._inputs.pick_place(self._draft.address)
            self.bed = self._inputs.bed
        elif field is Field.BIRTHDAY and self._draft.birthday:
            self.take_date("")

    def _take_address_back(self) -> None:
        self._inputs.pick_place(self._draft.address)
        self.bed = self._inputs.bed
        self.send(AddressEntered(Address(postcode=self._draft.address.postcode)))

    def _explain(self, reason: Reason | None, *, is_mending: bool) -> None:
        self.is_wrong = reason is not None
        if reason is not None:
            self.title, self.advice = reason_title(self.tr, reason), reason_help(self.tr, reason)
        else:
            plain, of = ("form.title.child", ".child") if self.is_child else ("form.title", "")
            self.title = self.tr("form.title.mend" if is_mending else plain)
            self.advice = self.tr(f"form.{self.focus}.why{of}")


def allowed_fields(draft: Draft) -> tuple[Field, ...]:
    """Return the fields that may be filled: some have a consent of their own, and of a child nothing else is asked."""
    if draft.age_band is AgeBand.UNDER_14:
        return CHILD_FIELDS
    return tuple(field for field in Field if CONSENTS.get(field, MEMBERSHIP) in (MEMBERSHIP, *draft.consents))


def has_place(draft: Draft) -> bool:
    """Tell whether a place has been picked."""
    return bool(draft.address.district_code)


def text_of(draft: Draft, field: Field) -> str:
    """Return what the text part of a field holds."""
    match field:
        case Field.ADDRESS:
            return draft.address.detail
        case Field.POSTCODE:
            return draft.address.postcode
        case _:
            return str(getattr(draft, field.value))


def address_of(path: Sequence[str], address: Address) -> Address:
    """Return the address at another place; a city without districts stands as its own district (GB/T 2260)."""
    city = path[1] if len(path) > 1 else path[0]
    return replace(address, province_code=path[0], city_code=city, district_code=path[-1])


load_beside(__file__)
