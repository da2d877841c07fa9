"""What types into the form: keyboard with the right engine, keys for the ID number, pickers. One of them lies below at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.flows.register.state import Field
from kiosk.pinyin.api import CandidateEngine
from kiosk.ports.values import Address, Draft, Language
from kiosk.regions.table import Regions
from kiosk.texts import Texts
from screens.widgets.choices import DateChoices, PlaceChoices

OLDEST_YEARS, CHILD_YEARS = 120, 14
"""Of a child a birthday below the second can be picked, of everybody else one between the two."""


@dataclass(frozen=True, slots=True)
class InputTools:
    """What the inputs work with.

    Attributes:
        names: Chinese input for names.
        general: Chinese input for addresses.
        regions: Places by code.
        today: Says the day after which nobody was born, in the zone of the store; asked anew, because a kiosk runs past midnight.
    """

    names: CandidateEngine
    general: CandidateEngine
    regions: Regions
    today: Callable[[], date]


class FormInputs:
    """Opens the input of a field."""

    def __init__(self, ids: Any, tools: InputTools) -> None:
        """Take the inputs by their ids."""
        self._keyboard, self._places, self._dates, self._id_pad = ids["keyboard"], ids["places"], ids["dates"], ids["id_pad"]
        self._tools = tools
        self._places.choices = PlaceChoices(tools.regions)
        self._spoken: Texts | None = None
        self._today: tuple[date, bool] | None = None
        self.bed = "keyboard"

    def open(self, field: Field, draft: Draft, store_region: str) -> None:
        """Put the input of `field` below."""
        match field:
            case Field.NAME:
                self._type(self._tools.names)
            case Field.EMAIL:
                self._type(None)
            case Field.REFERRAL_CODE:
                self._type(None, is_code=True)
            case Field.ID_NUMBER | Field.POSTCODE:
                self.bed = "id_pad"
                self._id_pad.has_letter = field is Field.ID_NUMBER
            case Field.BIRTHDAY:
                self.bed = "dates"
                self._dates.start()
            case Field.ADDRESS:
                self._type(self._tools.general)
                if not draft.address.district_code:
                    self.pick_place(_address_at(self._tools.regions, store_region))

    def pick_place(self, near: Address) -> None:
        """Let the place be picked, beginning near `near`."""
        self.bed = "places"
        self._places.start([code for code in (near.province_code, near.city_code, near.district_code) if code])

    def type_street(self) -> None:
        """Let the street be typed."""
        self._type(self._tools.general)

    def keep_up(self, tr: Texts, language: Language, text: str, *, is_child: bool = False) -> None:
        """Tell the inputs the language, what stands before the cursor, and of which years birthdays are."""
        # Who reads English types Latin letters first; Chinese is one touch away.
        self._keyboard.is_latin_first = language == Language.EN
        for part in (self._keyboard, self._places, self._dates, self._id_pad):
            part.tr = tr
        self._offer_dates(tr, self._tools.today(), is_child=is_child)
        self._keyboard.preceding = text

    @property
    def composition(self) -> str:
        """Letters under work, "" if none."""
        return str(self._keyboard.composition) if self.bed == "keyboard" else ""

    def conceal(self) -> None:
        """Forget what stands before the cursor; letters under work stay with their engine."""
        self._keyboard.preceding = ""

    def wipe(self) -> None:
        """Forget composition, candidates and what was picked."""
        self._keyboard.wipe()
        for engine in (self._tools.names, self._tools.general):
            engine.clear()
        self._places.wipe()
        self._dates.wipe()

    def _offer_dates(self, tr: Texts, today: date, *, is_child: bool) -> None:
        if tr is self._spoken and (today, is_child) == self._today:
            return
        self._spoken, self._today = tr, (today, is_child)
        between = date(today.year - CHILD_YEARS, 1, 1), date(today.year - CHILD_YEARS, 12, 31)
        first, last = (between[0], today) if is_child else (date(today.year - OLDEST_YEARS, 1, 1), between[1])
        self._dates.choices = DateChoices(first, last, tr)

    def _type(self, engine: CandidateEngine | None, *, is_code: bool = False) -> None:
        self.bed = "keyboard"
        self._keyboard.is_code = is_code
        # What takes Chinese is a name or a street, whose words begin with capitals; a mail address and a code take neither.
        self._keyboard.begins_words = engine is not None
        self._keyboard.engine = engine


def _address_at(regions: Regions, code: str) -> Address:
    """Return the place of a district code as far as it is known."""
    try:
        regions.names(code)
    except KeyError:
        return Address()
    province = code[:2] + "0000"
    cities = [region.code for region in regions.cities(province)]
    city = code[:4] + "00" if code[:4] + "00" in cities else cities[0] if len(cities) == 1 else ""
    return Address(province, city, code if city else "")
