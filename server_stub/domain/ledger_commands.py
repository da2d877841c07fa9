"""What can be asked of the ledger and what it answers: plain values that tills, kiosks and desks share. Knows no rule.

Amounts are whole fen, points are whole numbers; ids are opaque. The moment at which a command is carried out is the transaction's, so
a command says ``occurred_at`` only where the intent is older.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from server_stub.domain.entry_kinds import EntryKind, RedemptionState
from server_stub.domain.ledger.tiers import Climb
from server_stub.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class JoinProgram:
    """A member who comes without an application: from another programme, or from a till script.

    Attributes:
        joined_on: None: today.
        id_token: Names the person; two memberships of the same person have the same one.
        tier_points: Points by calendar year that count for tiers only.
    """

    member_id: str
    joined_on: date | None = None
    birthday: date | None = None
    is_minor: bool = False
    guardian_id: str | None = None
    id_token: str | None = None
    tier_points: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line of a receipt; quantities may be refused, so they may be anything here."""

    sku: str
    category: str
    qty: int
    unit_price_fen: int
    discount_fen: int = 0


@dataclass(frozen=True, slots=True)
class Tender:
    """How a part of a sale was paid."""

    type: str
    fen: int


@dataclass(frozen=True, slots=True)
class RecordSale:
    """A sale as the till booked it; without a member it earns nothing, ever.

    Attributes:
        tenders: None where the till does not tell.
        occurred_at: Aware; None: now.
    """

    sale_id: str
    store_id: str
    lines: tuple[SaleLine, ...]
    member_id: str | None = None
    tenders: tuple[Tender, ...] | None = None
    tags: tuple[str, ...] = ()
    currency: str = "CNY"
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """Pieces that come back of one line; lines count from 1."""

    line: int
    qty: int


@dataclass(frozen=True, slots=True)
class RecordReturn:
    """Goods that come back; None: all that is left."""

    return_id: str
    sale_id: str
    lines: tuple[ReturnLine, ...] | None = None


@dataclass(frozen=True, slots=True)
class Redeem:
    """Spend points at once, or hold them; either points or a reward in pieces.

    Attributes:
        sale_id: Sale that the points pay a part of; redeeming at once only.
    """

    redemption_id: str
    member_id: str
    points: int | None = None
    reward_id: str | None = None
    qty: int = 1
    store_id: str | None = None
    device_id: str | None = None
    sale_id: str | None = None


@dataclass(frozen=True, slots=True)
class CommitHold:
    """Spend what is held; points and device, where said, must be those of the hold."""

    redemption_id: str
    points: int | None = None
    device_id: str | None = None


@dataclass(frozen=True, slots=True)
class CancelHold:
    """Let go what is held."""

    redemption_id: str


@dataclass(frozen=True, slots=True)
class ReverseRedemption:
    """Give back what was spent and is not given back yet."""

    redemption_id: str


@dataclass(frozen=True, slots=True)
class AdjustPoints:
    """A correction by hand, by one person and agreed to by another, for a case."""

    member_id: str
    points: int
    reason: str
    by: str
    approved_by: str | None = None
    case_id: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class MergeMembers:
    """Two memberships become one; the reason, where a person gives one, goes to the trail."""

    merge_id: str
    from_id: str
    into_id: str
    by: str
    approved_by: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UnmergeMembers:
    """A merge is undone; the reason as with merging."""

    merge_id: str
    by: str
    approved_by: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """An entry that a command posted."""

    kind: EntryKind
    member_id: str
    points: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's points at one moment; debt > 0 only while nothing is available or pending."""

    member_id: str
    available: int
    pending: int
    held: int
    debt: int
    tier: str | None


@dataclass(frozen=True, slots=True)
class Booked:
    """What a command did.

    Attributes:
        entries: Posted by it, zero ones and expiries left out.
        after: Standing of the command's member now; None where there is none.
        is_replay: True where the request was accepted before; then entries are the first ones and ``after`` is as of now.
    """

    entries: tuple[PostedEntry, ...]
    after: Standing | None
    is_replay: bool = False

    @property
    def points(self) -> int:
        """Returns the sum of the entries."""
        return sum(entry.points for entry in self.entries)


@dataclass(frozen=True, slots=True)
class LineDoubt:
    """A line of a sale that earns no points, and why; lines count from 1.

    Attributes:
        price_fen: What the list says; None where it does not know the goods.
    """

    line: int
    reason: Reason
    price_fen: int | None


@dataclass(frozen=True, slots=True)
class SaleBooked:
    """A booked sale; ``applied`` holds the codes of the multipliers in the order of the rule set.

    Attributes:
        doubts: Lines that earned nothing because of the price list, in order.
    """

    booked: Booked
    eligible_fen: int
    applied: tuple[str, ...]
    doubts: tuple[LineDoubt, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnBooked:
    """A booked return: money back to the customer, points taken back, of these forgiven, and spent points given back."""

    booked: Booked
    refund_fen: int
    taken_back: int
    forgiven: int
    given_back: int


@dataclass(frozen=True, slots=True)
class LotShare:
    """Points of one lot; source is the sale or the adjusting request that made it."""

    source: str
    points: int


@dataclass(frozen=True, slots=True)
class RedemptionBooked:
    """A redemption after a command; ``lots`` paid, in order, empty unless points were spent now."""

    booked: Booked
    state: RedemptionState
    lots: tuple[LotShare, ...] = ()


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot with free points; ``expires_on`` is the first day on which they are gone, None where no day is known.

    Attributes:
        available_on: None: on the day on which the member's card becomes active.
        lot_id: Also the id of the entry that made it.
        original: Points at its beginning.
    """

    source: str
    points: int
    available_on: date | None
    expires_on: date | None
    lot_id: str
    original: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """Everything about a member's points at one moment; lots in the order in which they are spent.

    Attributes:
        climb: None where there is no higher tier.
    """

    standing: Standing
    ledger: int
    expired: int
    year_points: int
    lots: tuple[LotView, ...]
    climb: Climb | None = None
