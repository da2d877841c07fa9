"""Points and purchases as journeys know them: what the centre tells a member of what is theirs. Everything here is personal by its visit.

Days are YYYY-MM-DD in the zone of the stores, moments YYYY-MM-DD HH:MM in it; amounts are whole fen; points are whole numbers.
`origin` is the centre's word for why points came or went; one that is not known here yet is said in general words.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Climb:
    """The way to the next tier: points of this year so far, and those that reach it."""

    tier: str
    points: int
    goal: int


@dataclass(frozen=True, slots=True, repr=False)
class PointsLot:
    """Points of one origin that are not used up.

    Attributes:
        points: What is left of `original`.
        earned_on: Day on which they came.
        available_on: First day on which they can be spent; empty until the card is active.
        last_day: Last day on which they can be spent; empty where no day is known.
        campaign: Title of the campaign that they come from; empty where none does.
    """

    origin: str
    store_name: str
    points: int
    original: int
    earned_on: str
    available_on: str
    last_day: str
    campaign: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class PointsAccount:
    """What there is, lots in the order in which they are spent.

    Attributes:
        expiring_last_day: Last day of the points that are gone next; empty where none are.
        pending_until: First day on which the next pending points can be spent; empty where no day is known.
    """

    available: int
    pending: int
    held: int
    debt: int
    expiring: int
    expiring_last_day: str
    pending_until: str
    lots: tuple[PointsLot, ...]


@dataclass(frozen=True, slots=True, repr=False)
class PointsPayer:
    """Points of one lot that paid for a redemption.

    Attributes:
        campaign: Title of the campaign that the lot came from; empty where none did.
    """

    origin: str
    store_name: str
    earned_on: str
    points: int
    campaign: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class PointsEntry:
    """One movement of points.

    Attributes:
        number: Of the sale, return or redemption; empty for every other origin.
        at: Moment at which it was booked.
        balance: Points on the account after it.
        payers: Lots that paid, where it is a redemption, in order.
        campaign: Title of the campaign that it belongs to; empty where it is none.
    """

    origin: str
    points: int
    number: str
    store_name: str
    at: str
    balance: int
    payers: tuple[PointsPayer, ...] = ()
    campaign: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class EntriesPage:
    """Movements, the newest first; `next_page` is empty at the end."""

    entries: tuple[PointsEntry, ...]
    next_page: str


@dataclass(frozen=True, slots=True, repr=False)
class Purchase:
    """A purchase; `taken_back` of its points and `refund_fen` of its money went back with goods."""

    sale_id: str
    store_name: str
    sold_at: str
    total_fen: int
    eligible_fen: int
    points: int
    taken_back: int
    refund_fen: int


@dataclass(frozen=True, slots=True, repr=False)
class PurchasesPage:
    """Purchases of twelve months, the newest first; `next_page` is empty at the end, `total` counts all of them."""

    purchases: tuple[Purchase, ...]
    next_page: str
    total: int


@dataclass(frozen=True, slots=True, repr=False)
class PurchaseLine:
    """A line; `returned` of the pieces came back, `earns` is false where such goods bring no points."""

    sku: str
    category: str
    qty: int
    unit_price_fen: int
    discount_fen: int
    returned: int
    earns: bool

    @property
    def total_fen(self) -> int:
        """What the line cost."""
        return self.qty * self.unit_price_fen - self.discount_fen


@dataclass(frozen=True, slots=True, repr=False)
class PurchaseTender:
    """How a part was paid: the kind alone, "other" where it has no name."""

    type: str
    fen: int


@dataclass(frozen=True, slots=True, repr=False)
class PurchaseReturn:
    """Goods that came back, and what became of points: taken back, of these forgiven, and given back."""

    on: str
    refund_fen: int
    taken_back: int
    forgiven: int
    given_back: int


@dataclass(frozen=True, slots=True, repr=False)
class PurchaseDetail:
    """A purchase with everything that belongs to it; `applied` holds the codes of the multipliers."""

    purchase: Purchase
    lines: tuple[PurchaseLine, ...]
    tenders: tuple[PurchaseTender, ...]
    returns: tuple[PurchaseReturn, ...]
    applied: tuple[str, ...]
    rules_version: str


@dataclass(frozen=True, slots=True, repr=False)
class Statement:
    """What a printed statement says: sums, every lot, and the newest movements.

    Attributes:
        number_masked: Membership number as it may be shown.
        is_whole: There are no older movements.
    """

    name_masked: str
    number_masked: str
    account: PointsAccount
    entries: tuple[PointsEntry, ...]
    is_whole: bool
