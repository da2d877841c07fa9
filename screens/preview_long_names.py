"""Made-up views of the longest names that there are, wherever a name is shown. No real person is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kiosk.flows.children.state import ChildrenShown, ChildShown, ConfirmingWithdrawal
from kiosk.flows.issue_card.state import CardIssued
from kiosk.flows.member.state import MemberHome
from kiosk.flows.register.state import Field, FillingForm, Reviewing
from kiosk.ports.values import AgeBand, Draft, Issued, Membership, Visitor
from screens.preview_children import ALL

Row = tuple[str, Any, dict[str, Any]]

ORDINARY = ("Christopher ***", "阿卜杜热合曼·***", "克里斯托弗·***")
LONGEST = ("W" * 48 + " ***", "阿" * 48 + "·***")
"""A name has up to 50 characters, and all before its first space or dot is shown."""


def long_names(visitor: Visitor, membership: Membership, issued: Issued) -> Iterable[Row]:
    """Return the views: label, state and change of what surrounds it."""
    for place, name in enumerate((ORDINARY[0], *LONGEST)):
        yield f"member-name-{place}", MemberHome(visitor, replace(membership, name_masked=name)), {}
        yield f"issued-name-{place}", CardIssued(replace(issued, name_masked=name)), {}
        child = replace(ALL.children[0], name_masked=name)
        yield f"child-name-{place}", ChildShown(visitor, ALL, child), {}
        yield f"child-withdraw-name-{place}", ConfirmingWithdrawal(visitor, ALL, child), {}
    named = zip(ALL.children, (*ORDINARY, *LONGEST), strict=True)
    yield "children-names", ChildrenShown(visitor, replace(ALL, children=tuple(replace(one, name_masked=name) for one, name in named))), {}
    for place, name in enumerate(("W" * 48 + " W", "阿" * 48 + "·阿")):
        draft = Draft(AgeBand.UNDER_14, mobile_masked="138****8000", guardian=LONGEST[place], name=name)
        yield f"review-name-{place}", Reviewing(draft), {}
        yield f"form-name-{place}", FillingForm(draft, Field.NAME), {}
