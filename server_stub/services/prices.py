"""Keeps the chain's price list, replaced as a whole or not at all. Knows no file and no sale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server_stub.domain.actors import Actor
from server_stub.domain.permissions import Operation, require
from server_stub.domain.price_list import BadPriceList, Price, PriceFinding, PriceFlaw
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.storage.database import Tx
from server_stub.storage.devices import store_by_id
from server_stub.storage.prices import replace_prices


@dataclass(frozen=True, slots=True)
class PricesLoaded:
    """What the list is now, or would be."""

    lines: int
    goods: int
    stores: tuple[str, ...]


class Prices:
    """The price list."""

    def __init__(self, base: Foundation) -> None:
        self._base = base

    def load(self, actor: Actor, prices: Sequence[Price], *, is_rehearsal: bool = False) -> PricesLoaded:
        """Makes these the price list; an empty one means that no price is looked at any more.

        Args:
            actor: A manager.
            prices: In the order of the file, whose first price stands in line 2.
            is_rehearsal: Check and tell only; nothing is stored.

        Raises:
            Refusal: NOT_PERMITTED.
            BadPriceList: A store that there is not.
        """
        require(actor, Operation.LOAD_PRICES)
        stores = tuple(sorted({price.store_id for price in prices} - {""}))
        loaded = PricesLoaded(len(prices), len({price.sku for price in prices}), stores)

        def check(tx: Tx) -> None:
            unknown = {store_id for store_id in stores if store_by_id(tx, store_id) is None}
            wrong = [PriceFinding(n, "store", PriceFlaw.STORE_UNKNOWN) for n, one in enumerate(prices, 2) if one.store_id in unknown]
            if wrong:
                raise BadPriceList(wrong)

        def transaction(tx: Tx) -> None:
            check(tx)
            replace_prices(tx, prices)
            self._base.audit.record(tx, Deed(actor, "prices.loaded", detail={"lines": loaded.lines, "goods": loaded.goods}))

        if is_rehearsal:
            self._base.database.read(check)
        else:
            self._base.database.write(transaction)
        return loaded
