"""States, events and effects of a guardian's children. `visitor` is the guardian throughout."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ports.children import Children, LinkedChild
from kiosk.ports.values import Reason, Receipt, Visitor


@dataclass(frozen=True, slots=True)
class LoadingChildren:
    """The centre is asked."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class ChildrenShown:
    """The children; by card alone they are only seen."""

    visitor: Visitor
    children: Children


@dataclass(frozen=True, slots=True)
class ChildShown:
    """What can be done for one child."""

    visitor: Visitor
    children: Children
    child: LinkedChild


@dataclass(frozen=True, slots=True)
class OpeningChild:
    """The child's own pages are opened."""

    visitor: Visitor
    children: Children
    child: LinkedChild


@dataclass(frozen=True, slots=True)
class ConfirmingWithdrawal:
    """What taking the consent back does; nothing has happened yet."""

    visitor: Visitor
    children: Children
    child: LinkedChild


@dataclass(frozen=True, slots=True)
class WithdrawingConsent:
    """The centre is told."""

    visitor: Visitor
    children: Children
    child: LinkedChild


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """The child's membership has ended."""

    visitor: Visitor
    receipt: Receipt | None = None
    slip: str = "none"
    is_copy: bool = False


Asked = LoadingChildren | OpeningChild | WithdrawingConsent


@dataclass(frozen=True, slots=True)
class ChildrenFailed:
    """The centre said no, or nothing at all; `asked` may be asked again, under the same id where nothing was heard."""

    asked: Asked
    reason: Reason

    @property
    def visitor(self) -> Visitor:
        """Return who is here."""
        return self.asked.visitor


ChildrenState = (
    LoadingChildren
    | ChildrenShown
    | ChildShown
    | OpeningChild
    | ConfirmingWithdrawal
    | WithdrawingConsent
    | ConsentWithdrawn
    | ChildrenFailed
)


# Events.


@dataclass(frozen=True, slots=True)
class ChildrenLoaded:
    """The children."""

    children: Children


@dataclass(frozen=True, slots=True)
class ChildChosen:
    """This child, please."""

    link_id: str


@dataclass(frozen=True, slots=True)
class AddChildChosen:
    """Join another child."""


@dataclass(frozen=True, slots=True)
class PhoneChosen:
    """Sign in by phone, so that something can be done."""


@dataclass(frozen=True, slots=True)
class OpenChosen:
    """Open the child's own pages."""


@dataclass(frozen=True, slots=True)
class WithdrawChosen:
    """Take the consent back."""


@dataclass(frozen=True, slots=True)
class ChildOpened:
    """A visit of the child."""

    child: Visitor


@dataclass(frozen=True, slots=True)
class ConsentTakenBack:
    """The centre has ended the child's membership, and what proves it."""

    receipt: Receipt | None = None


# Effects.


@dataclass(frozen=True, slots=True)
class LoadChildren:
    """Ask for the children; answers ChildrenLoaded."""

    visit_token: str


@dataclass(frozen=True, slots=True)
class OpenChild:
    """Begin a visit of a child; answers ChildOpened."""

    visit_token: str
    link_id: str


@dataclass(frozen=True, slots=True)
class TakeConsentBack:
    """Take the consent for a child back; answers ConsentTakenBack."""

    visit_token: str
    link_id: str
