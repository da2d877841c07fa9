"""What a comparison with the model once found wrong, each as the shortest script that showed it."""

from __future__ import annotations

import json
from typing import Any

from tests.support.till_scripts import play


def results(*events: dict[str, Any]) -> list[dict[str, Any]]:
    return play("\n".join(json.dumps(event) for event in events))


def program(at: str, rule_set: str, **params: Any) -> dict[str, Any]:
    return {"op": "program", "at": at, "rule_set": rule_set, "params": params}


def member(at: str, name: str, **more: Any) -> dict[str, Any]:
    return {"op": "member", "at": at, "request_id": f"join-{name}", "member": name, **more}


def sale(at: str, name: str, fen: int, **more: Any) -> dict[str, Any]:
    lines = [{"sku": "x", "category": "food", "qty": 1, "unit_price_fen": fen}]
    return {"op": "sale", "at": at, "request_id": f"q-{name}", "sale_id": name, "store": "S01", "lines": lines, **more}


def merge(at: str, op: str, **more: Any) -> dict[str, Any]:
    return {"op": op, "at": at, "request_id": op, "merge_id": "g1", "by": "a", "approved_by": "b", **more}


def test_a_return_of_what_nobody_bought_says_that_it_takes_points_back() -> None:
    start = "2026-06-01T10:00:00+08:00"
    returned = {"op": "return", "at": start, "request_id": "r", "return_id": "r1", "sale_id": "s1"}
    last = results(program(start, "wanjia-plaza"), sale(start, "s1", 50_000), returned)[-1]
    assert (last["ok"], last["refund_fen"], last["taken_back"], "after" in last) == (True, 50_000, 0, False)


def test_joining_with_an_old_date_is_an_activity_of_long_ago() -> None:
    """Merging then gave points the earlier end, as if the member who joined last had been idle since."""
    first, joined = "2025-06-30T10:00:00+08:00", "2025-07-31T10:00:00+08:00"
    last = results(
        program(first, "wanjia-plaza", pooling=True),
        member(first, "m1"),
        sale(first, "s1", 100_000, member="m1"),
        member(joined, "m2", joined_on="2024-02-28"),
        merge(joined, "merge", **{"from": "m1", "into": "m2"}),
        {"op": "balance", "at": joined, "member": "m2"},
    )[-1]
    assert last["balance"]["lots"][0]["expires_on"] == "2026-01-31"


def test_points_that_expire_at_the_moment_of_an_unmerge_are_nobodys_loss() -> None:
    first, bought, merged, undone = (f"{day}T10:00:00+08:00" for day in ("2024-02-28", "2025-02-28", "2026-02-20", "2026-03-01"))
    last = results(
        program(first, "yonghui-card"),
        member(first, "m1"),
        member(first, "m2"),
        sale(bought, "s1", 10_000, member="m2"),
        merge(merged, "merge", **{"from": "m2", "into": "m1"}),
        merge(undone, "unmerge"),
        {"op": "balance", "at": undone, "member": "m1"},
        {"op": "balance", "at": undone, "member": "m2"},
    )[-2:]
    assert [line["balance"]["expired"] for line in last] == [0, 100]
