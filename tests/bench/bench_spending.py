"""Spending points over gRPC with mutual TLS against pgbench, which runs the service's own statement on the same server in the same run."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.bench.measurement import Measurement, bench

if TYPE_CHECKING:
    from tests.load.stage import Stage

ROUNDS = 3
CLIENTS = 64
UPLOADERS = 8
RATE = 400
SMALL = 10_000
KIOSKS = 200
_TLS = "mutual TLS, 2000 members, one device"


@bench(seconds=100)
def bench_redeem() -> Iterator[Measurement]:
    """Redeeming: throughput at 64 clients, the wait of one client, and the slowest at half of saturation."""
    from tests.load.stage import stage

    with stage(on_server=True) as made:
        rounds = [(made.pgbench(seconds=5), made.load("redeem", clients=CLIENTS, seconds=5)) for _ in range(ROUNDS)]
        alone = made.load("redeem", clients=1, seconds=5)
        saturation = statistics.median(load["per_s"] for _, load in rounds)
        # The disk of a machine has moments of its own; a single one of them must not be the figure.
        halves = [made.load("redeem", clients=1, seconds=5, rate=saturation / 2) for _ in range(ROUNDS)]
    ratio = statistics.median(load["per_s"] / base for base, load in rounds)
    note = f"median of {ROUNDS} rounds of 5 s, {CLIENTS} clients, {_TLS}; baseline: pgbench, 16 clients, {_median(rounds):.0f}/s"
    yield Measurement("redeem.of_pgbench", ratio, "x", goal=0.60, baseline=1.0, better="higher", note=note)
    yield Measurement("redeem.alone_p50", alone["p50_ms"], "ms", goal=3, note=f"1 client, {_TLS}")
    slowest, usual = (statistics.median(half[part] for half in halves) for part in ("p99_ms", "p50_ms"))
    note = f"median of {ROUNDS}, open loop at {saturation / 2:.0f}/s, half of saturation, {_TLS}"
    yield Measurement("redeem.half_p99", slowest, "ms", goal=50, note=note)
    yield Measurement(
        "redeem.half_p99_of_p50", slowest / usual, "x", goal=5, baseline=1.0, note=f"{note}; baseline: the p50, {usual:.1f} ms"
    )


@bench(seconds=60)
def bench_upload() -> Iterator[Measurement]:
    """Handing in 100 redemptions in one call."""
    from tests.load.stage import stage

    with stage(on_server=True) as made:
        rounds = [(made.pgbench(seconds=5), made.load("upload", clients=UPLOADERS, seconds=5)) for _ in range(ROUNDS)]
    ratio = statistics.median(load["per_s"] / base for base, load in rounds)
    note = f"median of {ROUNDS}, operations/s, {UPLOADERS} clients, {_TLS}; baseline: pgbench, 16 clients, {_median(rounds):.0f}/s"
    yield Measurement("upload.of_pgbench", ratio, "x", goal=3.5, baseline=1.0, better="higher", note=note)


@bench(seconds=70)
def bench_redeem_sqlite() -> Iterator[Measurement]:
    """Redeeming on the embedded database, fully synchronous, against pgbench on a server beside it."""
    from tests.load.stage import stage

    with stage(on_server=True) as server, stage(on_server=False) as made:
        rounds = [(server.pgbench(seconds=5), made.load("redeem", clients=CLIENTS, seconds=5)) for _ in range(ROUNDS)]
    ratio = statistics.median(load["per_s"] / base for base, load in rounds)
    note = f"median of {ROUNDS}, {CLIENTS} clients, {_TLS}; baseline: pgbench, 16 clients, {_median(rounds):.0f}/s"
    yield Measurement("redeem_sqlite.of_pgbench", ratio, "x", goal=0.70, baseline=1.0, better="higher", note=note)


@bench(seconds=75)
def bench_identify() -> Iterator[Measurement]:
    """Who stands there and what they have: the member's own view, against a select of the same rows."""
    from tests.load.stage import stage

    with stage(on_server=True) as made:
        rounds = [_identify_round(made) for _ in range(ROUNDS)]
    for name, at, how in (("of_pgbench", 0, "as it comes"), ("of_pgbench_prepared", 1, "statements prepared")):
        ratio = statistics.median(load["per_s"] / bases[at] for bases, load in rounds)
        base = statistics.median(bases[at] for bases, _ in rounds)
        note = f"median of {ROUNDS}, {CLIENTS} clients, {_TLS}; baseline: pgbench, {how}, 16 clients, {base:.0f}/s"
        yield Measurement(f"identify.{name}", ratio, "x", goal=0.30, baseline=1.0, better="higher", note=note)


def _identify_round(made: Stage) -> tuple[tuple[float, float], dict[str, Any]]:
    """Returns selects per second by pgbench as it comes and with statements prepared, and what the service did."""
    bases = (made.pgbench_reading(seconds=5, protocol="simple"), made.pgbench_reading(seconds=5))
    return bases, made.load("identify", clients=CLIENTS, seconds=5)


@bench(seconds=150)
def bench_growth() -> Iterator[Measurement]:
    """What a redemption costs the service when the ledger has grown a hundredfold."""
    yield from _growth(1_000_000)


@bench(seconds=1500, is_long=True)
def bench_growth_long() -> Iterator[Measurement]:
    """The same, a thousandfold."""
    yield from _growth(10_000_000)


def _growth(entries: int) -> Iterator[Measurement]:
    from tests.load.stage import stage

    # What the server books waits for its seals; sealing it would count as the cost of what is measured.
    with stage(on_server=True, settings={"MEMBER_SERVICE_SEAL__EVERY_S": "3600"}) as made:
        made.grow(SMALL)
        before = _cost(made)
        made.grow(entries)
        after = _cost(made)
    note = f"CPU at {RATE}/s, {entries:,} entries; baseline: {SMALL:,}, {_TLS}"
    for part, goal in (("service", 1.3), ("database", None)):
        value = after[part] / before[part]
        yield Measurement(f"growth.{part}_at_{entries:.0e}", value, "x", goal=goal, baseline=1.0, note=f"{note}, {before[part]:.0f} us")


def _cost(made: Stage) -> dict[str, float]:
    """Returns the microseconds of CPU of a redemption in the service and in the processes of its database."""
    from tests.bench.processes import cpu_of, with_children

    made.load("redeem", clients=1, seconds=3, rate=RATE)
    who = {"service": [made.service_pid], "database": with_children(made.database_pid)}
    begun = {part: cpu_of(pids) for part, pids in who.items()}
    load = made.load("redeem", clients=1, seconds=10, rate=RATE, warm_up=0)
    used = {part: cpu_of(before) for part, before in begun.items()}
    # A process that ended meanwhile, as the database's own janitors do, counts for nothing.
    return {part: sum(now - begun[part][pid] for pid, now in each.items()) / load["operations"] * 1e6 for part, each in used.items()}


@bench(seconds=40)
def bench_service_memory() -> Iterator[Measurement]:
    """What the service's process holds: at rest, for each kiosk that is connected and silent, and after a load."""
    from tests.bench.processes import resident_mb
    from tests.load.stage import connected, stage

    with stage(on_server=False, members=200) as made:
        at_rest = resident_mb(made.service_pid)
        made.load("redeem", clients=CLIENTS, seconds=5)
        after = resident_mb(made.service_pid)
        with connected(made, KIOSKS):
            held = resident_mb(made.service_pid)
    yield Measurement("service_memory.at_rest", at_rest, "MB", goal=80, note="resident, embedded database, 200 members")
    yield Measurement("service_memory.after_load", after, "MB", note=f"after 5 s of redeeming, {CLIENTS} clients")
    note = f"mean of {KIOSKS} connections with mutual TLS that have called once"
    yield Measurement("service_memory.idle_kiosk", (held - after) * 1000 / KIOSKS, "KB", goal=50, note=note)


def _median(rounds: list[tuple[float, dict[str, float]]]) -> float:
    return statistics.median(base for base, _ in rounds)
