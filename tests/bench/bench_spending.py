"""Spending points over gRPC with mutual TLS against pgbench, which runs the service's own statement on the same server in the same run."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from tests.bench.measurement import Measurement, bench

ROUNDS = 3
CLIENTS = 64
UPLOADERS = 8
_TLS = "mutual TLS, 2000 members, one device"


@bench(seconds=100)
def bench_redeem() -> Iterator[Measurement]:
    """Redeeming: throughput at 64 clients, the wait of one client, and the slowest at half of saturation."""
    from tests.load.stage import stage

    with stage(on_server=True) as made:
        rounds = [(made.pgbench(seconds=5), made.load("redeem", clients=CLIENTS, seconds=5)) for _ in range(ROUNDS)]
        alone = made.load("redeem", clients=1, seconds=5)
        saturation = statistics.median(load["per_s"] for _, load in rounds)
        half = made.load("redeem", clients=1, seconds=10, rate=saturation / 2)
    ratio = statistics.median(load["per_s"] / base for base, load in rounds)
    note = f"median of {ROUNDS} rounds of 5 s, {CLIENTS} clients, {_TLS}; baseline: pgbench, 16 clients, {_median(rounds):.0f}/s"
    yield Measurement("redeem.of_pgbench", ratio, "x", goal=0.60, baseline=1.0, better="higher", note=note)
    yield Measurement("redeem.alone_p50", alone["p50_ms"], "ms", goal=3, note=f"1 client, {_TLS}")
    yield Measurement(
        "redeem.half_p99", half["p99_ms"], "ms", goal=50, note=f"open loop at {saturation / 2:.0f}/s, half of saturation, {_TLS}"
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


def _median(rounds: list[tuple[float, dict[str, float]]]) -> float:
    return statistics.median(base for base, _ in rounds)
