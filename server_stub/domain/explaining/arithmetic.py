"""What a sale's points were computed by, as equations for the desk: each is true with the rounding that is named behind them."""

from __future__ import annotations

from server_stub.domain.explaining.sales import DecidedSale
from server_stub.domain.ledger.earning import points_of
from server_stub.domain.program.choices import ExclusionOrder, RoundAt


def arithmetic(sale: DecidedSale) -> str:
    """Returns the equations in their order (till-script 3.1), and the choices that led to them."""
    rules = sale.rules
    is_after = rules.exclusion_order is ExclusionOrder.AFTER
    amounts = (sale.total_fen, sale.total_fen - sale.eligible_fen) if is_after else (sale.eligible_fen,)
    equations = [equation for fen in amounts for equation in _points(fen, sale)]
    if is_after:
        everything, excluded = (points_of(fen, sale.pcts, rules) for fen in amounts)
        equations.append(f"{everything} - {excluded} = {everything - excluded}")
    chosen = f"round_at {rules.round_at}, rounding_mode {rules.rounding_mode}, exclusion_order {rules.exclusion_order}"
    return f"{'; '.join(equations)} ({chosen})"


def _points(fen: int, sale: DecidedSale) -> tuple[str, ...]:
    rules, points = sale.rules, points_of(fen, sale.pcts, sale.rules)
    factors = "".join(f" x {pct}%" for pct in sale.pcts)
    if rules.round_at is RoundAt.BASE and factors:
        base = points_of(fen, (), rules)
        return f"{fen} fen / {rules.fen_per_point} = {base}", f"{base}{factors} = {points}"
    return (f"{fen} fen{factors} / {rules.fen_per_point} = {points}",)
