"""What random events are drawn from: a seeded source of chance, the script's state, names, amounts and moments at the edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product
from random import Random
from typing import Any, TypeVar

from tests.model.accounts import expires_on
from tests.model.days import SHANGHAI, day_of, in_year, midnight
from tests.model.player import Player
from tests.model.reading import LARGEST
from tests.model.state import RedemptionState, World

T = TypeVar("T")
OFFSETS = (0, 0, 60, 330, 480, 480, 480, 480, 845)
PRICES = (0, 1, 49, 50, 99, 100, 101, 350, 999, 1000, 1001, 5000, 9980, 10_000, 12_850, 49_900, 199_900, 600_000)


@dataclass
class Draw:
    """Chance and the state of the script so far; `moment` is the clock of the last event."""

    random: Random
    player: Player
    moment: datetime
    pace: float = 0.45
    requests: int = 0

    @property
    def world(self) -> World:
        """The state; only after a program was accepted."""
        assert self.player.world is not None
        return self.player.world

    @property
    def today(self) -> date:
        """Shanghai's day of the event that is being drawn."""
        return self.moment.date()

    def chance(self, part: float) -> bool:
        """True in that part of all cases."""
        return self.random.random() < part

    def pick(self, options: Sequence[T]) -> T:
        """One of some values."""
        return self.random.choice(options)

    def some(self, options: Sequence[T]) -> list[T]:
        """A subset, in the order of the options, often small."""
        return [one for one in options if self.chance(0.4)]

    def near(self, value: int, least: int = 1) -> int:
        """A number at or beside an edge."""
        return max(least, value + self.pick((-1, 0, 0, 0, 0, 1)))

    def request(self) -> str:
        """A new request id, or now and then one that was seen."""
        if self.player.sent and self.chance(0.03):
            return self.pick(list(self.player.sent))
        self.requests += 1
        return f"q{self.requests}"

    def name(self, known: Sequence[str], prefix: str, unknown: float = 0.04) -> str:
        """One of the known names, rarely one that nobody knows."""
        return f"{prefix}-none" if not known or self.chance(unknown) else self.pick(known)

    def new_name(self, known: Sequence[str], prefix: str) -> str:
        """A name that is not taken, rarely one that is."""
        return self.pick(known) if known and self.chance(0.04) else f"{prefix}{len(known) + 1}"

    def member(self) -> str:
        """A member, mostly one who can act."""
        members = self.world.members
        active = [name for name, one in members.items() if one.merged_into is None]
        return self.name(list(members) if not active or self.chance(0.08) else active, "m")

    def price(self) -> int:
        """Fen of a piece: mostly an edge of a rule, rarely enormous."""
        if self.chance(0.02):
            return self.pick((LARGEST, LARGEST - 1, LARGEST // 2, LARGEST // 2 + 1, 2**52, LARGEST // 1000))
        return self.pick(PRICES) if self.chance(0.7) else self.random.randint(1, 30_000)

    def day_near(self, days: int = 3) -> str:
        """A day around today."""
        return (self.today + timedelta(days=self.random.randint(-days, days))).isoformat()

    def written(self, moment: datetime) -> str:
        """A moment as text, with any offset that the format allows."""
        offset = self.pick(OFFSETS)
        if offset == 0 and self.chance(0.7):
            return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        local = moment.astimezone(timezone(timedelta(minutes=offset)))
        return f"{local.strftime('%Y-%m-%dT%H:%M:%S')}+{offset // 60:02}:{offset % 60:02}"

    def at(self) -> str:
        """The clock of the event that is being drawn, as text."""
        return self.written(self.moment)

    def pass_time(self) -> None:
        """Moves the clock: often not at all, often to an edge of something, sometimes far."""
        if self.chance(self.pace):
            self.moment = max(self.moment, self._later())

    def _later(self) -> datetime:
        if self.chance(0.3):
            return self.moment + timedelta(seconds=self.random.randint(1, 1200))
        if self.chance(0.12):
            return self.moment + timedelta(days=self.random.choice((1, 2, 7, 30, 90, 91, 180, 366)), seconds=self.random.randint(0, 90_000))
        return self.pick(self._edges()) + timedelta(seconds=self.pick((-1, 0, 0, 0, 1)))

    def _edges(self) -> list[datetime]:
        """Moments at which something begins or ends."""
        year = self.today.year
        days = [self.today + timedelta(days=1), date(year + 1, 1, 1), date(year, 3, 1), date(year + 1, 2, 28), date(year + 1, 3, 1)]
        days += [date(self.today.year + self.today.month // 12, self.today.month % 12 + 1, 1)] * 2
        moments: list[datetime] = []
        if self.player.world:
            days += [lot.available_on for lot in self.world.lots if lot.available_on > self.today]
            days += [day for lot in self.world.lots if not lot.dead and (day := expires_on(self.world, lot))]
            days += [in_year(one.birthday, year + shift, self.world.program.feb29) for one in self._born() for shift in (0, 1)]
            moments += [one.ends_at for one in self.world.redemptions.values() if one.state is RedemptionState.HELD] * 4
            days += self._openings()
        moments += [midnight(day) for day in days]
        return [moment for moment in moments if self.moment < moment < self.moment + timedelta(days=self.pick((3, 60, 1500)))] or [
            self.moment
        ]

    def _openings(self) -> list[date]:
        """First days and days after the last of rewards and coupons."""
        rewards, coupons = self.world.program.rewards.values(), [one.terms for one in self.world.coupons.values()]
        begins = [one[key] for one, key in product((*rewards, *coupons), ("from", "valid_from")) if key in one]
        ends = [one[key] for one, key in product((*rewards, *coupons), ("until", "valid_to")) if key in one]
        return [day_of(begin) for begin in begins] + [day_of(end) + timedelta(days=1) for end in ends]

    def _born(self) -> list[Any]:
        return [one for one in self.world.members.values() if one.birthday]


def first_moment(random: Random) -> datetime:
    """Where a script begins: near a leap day, a festival, the end of a year, or anywhere."""
    begin = random.choice(
        (
            datetime(2024, 2, 28, 23, 59, 58, tzinfo=SHANGHAI),
            datetime(2026, 2, 14, 12, 0, 0, tzinfo=SHANGHAI),
            datetime(2026, 4, 30, 22, 0, 0, tzinfo=SHANGHAI),
            datetime(2026, 9, 30, 16, 0, 0, tzinfo=SHANGHAI),
            datetime(2027, 12, 31, 23, 50, 0, tzinfo=SHANGHAI),
            datetime(2025, 3, 31, 8, 0, 0, tzinfo=SHANGHAI),
        )
    )
    return begin + timedelta(seconds=random.choice((0, 0, 1, 2, 600, 86_400, 86_400 * 31)))
