"""Tables of what points buy: rewards, their stock, redemptions and the lots that paid. Knows no rule."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, text

from server_stub.domain.entry_kinds import RedemptionState
from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, STAFF_LINK, Erasure, PiiKind, PiiMark
from server_stub.storage.metadata import facts, passing, table
from server_stub.storage.types import DAY, DOCUMENT, FLAG, MOMENT, TEXT, WHOLE, column

_CODE = PiiMark(PiiKind.PSEUDONYM, "hands a reward over to whoever brings it", "10 years", Erasure.LINK_BROKEN)
_WAITS = text("state = 'COMMITTED' AND pickup_until IS NOT NULL")

_STATES = ", ".join(f"'{state}'" for state in RedemptionState)

# rules_version: the version of the rules that brought it, empty where a catalogue was loaded. stores: null for all.
reward = table(
    "reward",
    column("reward_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("points", WHOLE, NOT_PERSONAL),
    column("min_tier", TEXT, NOT_PERSONAL, nullable=True),
    column("per_member", WHOLE, NOT_PERSONAL, nullable=True),
    column("stores", DOCUMENT, NOT_PERSONAL, nullable=True),
    column("from_day", DAY, NOT_PERSONAL, nullable=True),
    column("until_day", DAY, NOT_PERSONAL, nullable=True),
    column("adult_only", FLAG, NOT_PERSONAL),
    column("rules_version", TEXT, NOT_PERSONAL),
    CheckConstraint("points > 0", name="points"),
)

# How a reward of a loaded catalogue is shown; one that the rules brought has none. Names and descriptions by language.
reward_listing = passing(
    "reward_listing",
    column("reward_id", TEXT, NOT_PERSONAL, ForeignKey("reward.reward_id"), primary_key=True),
    column("position", WHOLE, NOT_PERSONAL),
    column("names", DOCUMENT, NOT_PERSONAL),
    column("descriptions", DOCUMENT, NOT_PERSONAL),
    column("picture", TEXT, NOT_PERSONAL),
)

# store_id empty: one pool for the whole chain. stock counts the pieces that are there; taken those of them that are held or wait to be
# picked up. No row: no limit.
reward_stock = table(
    "reward_stock",
    column("reward_id", TEXT, NOT_PERSONAL, ForeignKey("reward.reward_id")),
    column("store_id", TEXT, NOT_PERSONAL),
    column("stock", WHOLE, NOT_PERSONAL),
    column("taken", WHOLE, NOT_PERSONAL),
    PrimaryKeyConstraint("reward_id", "store_id"),
    CheckConstraint("taken >= 0", name="taken"),
)

# account_id: on which it was made; whose it is now says that account's holder_id. hold_until: null where it was spent at once.
# steps: places in the account at which it was made, spent and ended. given_back of the points went back so far. pickup_code: null where
# nothing is picked up; it is picked up at store_id before pickup_until.
redemption = table(
    "redemption",
    column("redemption_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("account_id", TEXT, PERSON_LINK, ForeignKey("points_account.account_id")),
    column("state", TEXT, NOT_PERSONAL),
    column("points", WHOLE, NOT_PERSONAL),
    column("given_back", WHOLE, NOT_PERSONAL),
    column("reward_id", TEXT, NOT_PERSONAL, nullable=True),
    column("qty", WHOLE, NOT_PERSONAL),
    column("stock_store_id", TEXT, NOT_PERSONAL, nullable=True),
    column("store_id", TEXT, NOT_PERSONAL, nullable=True),
    column("device_id", TEXT, NOT_PERSONAL, nullable=True),
    column("sale_id", TEXT, NOT_PERSONAL, ForeignKey("sale.sale_id"), nullable=True, index=True),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("request_id", TEXT, NOT_PERSONAL),
    column("made_step", WHOLE, NOT_PERSONAL),
    column("made_at", MOMENT, NOT_PERSONAL),
    column("hold_until", MOMENT, NOT_PERSONAL, nullable=True),
    column("spent_step", WHOLE, NOT_PERSONAL, nullable=True),
    column("spent_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("ended_step", WHOLE, NOT_PERSONAL, nullable=True),
    column("ended_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("version", WHOLE, NOT_PERSONAL),
    column("pickup_code", TEXT, _CODE, nullable=True),
    column("pickup_until", MOMENT, NOT_PERSONAL, nullable=True),
    column("fulfilled_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("fulfilled_by", TEXT, STAFF_LINK, nullable=True),
    CheckConstraint(f"state IN ({_STATES})", name="state"),
    CheckConstraint("points > 0 AND given_back >= 0 AND given_back <= points AND qty > 0", name="points"),
    # By card alone so much may be spent in a day: every such redemption adds up the account's last ones.
    Index("ix_redemption_account_id", "account_id", "made_at"),
    Index("ix_redemption_reward_id", "reward_id", "state", "hold_until"),
    Index("uq_redemption_pickup_code", "pickup_code", unique=True),
    Index("ix_redemption_pickup_until", "pickup_until", sqlite_where=_WAITS, postgresql_where=_WAITS),
)

# Written when a redemption is held, or when the account is settled after it was spent at once.
redemption_share = table(
    "redemption_share",
    column("redemption_id", TEXT, NOT_PERSONAL, ForeignKey("redemption.redemption_id")),
    column("position", WHOLE, NOT_PERSONAL),
    column("lot_id", TEXT, NOT_PERSONAL, ForeignKey("points_lot.lot_id")),
    column("points", WHOLE, NOT_PERSONAL),
    column("given_back", WHOLE, NOT_PERSONAL),
    PrimaryKeyConstraint("redemption_id", "position"),
    CheckConstraint("points > 0 AND given_back >= 0 AND given_back <= points", name="points"),
)

# Codes that were tried at a desk and are none: whoever tries many is told to wait.
pickup_try = passing(
    "pickup_try",
    column("try_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("tried_by", TEXT, STAFF_LINK),
    column("at", MOMENT, NOT_PERSONAL),
    Index("ix_pickup_try_tried_by", "tried_by", "at"),
)

redemption_receipt = facts(
    "redemption_receipt",
    column("redemption_id", TEXT, NOT_PERSONAL, ForeignKey("redemption.redemption_id"), primary_key=True),
    column("number", TEXT, NOT_PERSONAL, ForeignKey("receipt.number"), unique=True),
)
