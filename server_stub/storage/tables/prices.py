"""Table of the price list: replaced as a whole, so that it is what the last file said. Knows no sale."""

from sqlalchemy import CheckConstraint, Index

from server_stub.storage.marks import NOT_PERSONAL
from server_stub.storage.metadata import passing
from server_stub.storage.types import DAY, TEXT, WHOLE, column

# store_id empty: of the chain. Days inclusive, null: without beginning or end. Two prices of the same goods and store never overlap.
price = passing(
    "price",
    column("position", WHOLE, NOT_PERSONAL, primary_key=True, autoincrement=False),
    column("sku", TEXT, NOT_PERSONAL),
    column("store_id", TEXT, NOT_PERSONAL),
    column("from_day", DAY, NOT_PERSONAL, nullable=True),
    column("until_day", DAY, NOT_PERSONAL, nullable=True),
    column("price_fen", WHOLE, NOT_PERSONAL),
    CheckConstraint("price_fen >= 0", name="price"),
    Index("ix_price_sku", "sku", "store_id"),
)
