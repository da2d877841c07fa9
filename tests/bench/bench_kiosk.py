"""The running kiosk as it is met: what it uses while nobody is there, and how soon the glass answers a finger."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from tests.bench.figures import percentile
from tests.bench.kiosk_process import kiosk, process_id
from tests.bench.measurement import Measurement, bench
from tests.bench.processes import cpu_s, resident_mb
from tests.bench.x11 import Finger, Part
from tests.journey.script import Journey

IDLE_S = 16.0
"""Three changes of the attract screen's slide."""
HOLD_S = 0.05
BETWEEN_S = 0.12
TYPED = ("ouyang", "wangxiaoming", "zhangli")


def _idle(journey: Journey) -> Iterator[Measurement]:
    """Attract screen with its slides: CPU and memory of the kiosk's process."""
    pid = process_id(journey.world.kiosk)
    time.sleep(1)
    before = cpu_s(pid)
    time.sleep(IDLE_S)
    used = 100 * (cpu_s(pid) - before) / IDLE_S
    yield Measurement("idle.cpu", used, "% of a core", goal=3, note=f"attract screen over {IDLE_S:.0f} s, slides change every 5 s")
    note = "RSS, 540 x 960, all screens built, allocator of the unit in deploy/"
    yield Measurement("idle.memory", resident_mb(pid), "MB", goal=300, note=note)


@bench(seconds=30)
def bench_idle() -> Iterator[Measurement]:
    """A kiosk that nobody uses."""
    with kiosk(540) as (journey, _finger):
        yield from _idle(journey)


def _to_number_pad(journey: Journey) -> None:
    journey.glass.touch("attract.start")
    journey.go("menu.join", "AskingAgeBand")
    journey.go("age.adult", "Consenting")
    journey.consent()


def _touches(journey: Journey, finger: Finger, count: int) -> list[float]:
    """Press keys of the number pad in turn; return the milliseconds until the pressed key looks otherwise."""
    targets = journey.glass.look()["targets"]
    keys = [Part.of(targets[name]) for name in ("num-1", "num-backspace")]
    return [taken for number in range(count) if (taken := _press(finger, keys[number % 2], keys[number % 2])) is not None]


def _press(finger: Finger, key: Part, watched: Part) -> float | None:
    """Press a key; return the milliseconds until `watched` changes, None where it does not."""
    finger.move(key.centre)
    time.sleep(BETWEEN_S)
    taken = finger.time_to_change(watched, finger.press)
    time.sleep(HOLD_S)
    finger.release()
    finger.wait_still(watched)
    return taken


def _type_in_form(journey: Journey, finger: Finger) -> list[float]:
    """Type letters into the name; return the milliseconds from each release to other candidates on the glass."""
    taken = []
    for letters in TYPED:
        for letter in letters:
            seen = journey.glass.look()["targets"]
            row = _candidate_row(seen)
            finger.move(Part.of(seen[f"key-{letter}"]).centre)
            time.sleep(BETWEEN_S)
            finger.press()
            time.sleep(HOLD_S)
            spent = finger.time_to_change(row, finger.release)
            finger.wait_still(row)
            if spent is not None:
                taken.append(spent)
        for _ in letters:
            journey.glass.touch("key-backspace")
    return taken


def _candidate_row(targets: dict[str, list[float]]) -> Part:
    """Return where candidates stand: the row between the fields and the keys."""
    left, top, width, height = targets["key-q"]
    right = targets["key-p"][0] + width
    return Part(round(left), round(top - 1.15 * height), round(right - left), round(height))


def _answers(name: str, taken: list[float], goals: tuple[float, float | None], kind: str) -> Iterator[Measurement]:
    p50, p95, p99 = statistics.median(taken), percentile(taken, 0.95), percentile(taken, 0.99)
    note = f"{kind}, {len(taken)} touches, wall: p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f}, worst {max(taken):.0f} ms"
    yield Measurement(f"{name}.p95", p95, "ms", goal=goals[0], note=note)
    if goals[1] is not None:
        yield Measurement(f"{name}.p99", p99, "ms", goal=goals[1], note=kind)


@bench(seconds=60)
def bench_touch() -> Iterator[Measurement]:
    """A press by XTEST to the first changed pixel of the key, and a letter to other candidates; 540 x 960."""
    with kiosk(540) as (journey, finger):
        _to_number_pad(journey)
        touches = _touches(journey, finger, 100)
        journey.glass.touch_each(f"num-{digit}" for digit in journey.person.mobile)
        journey.go("phone.next", "AskingCode")
        journey.enter_code()
        letters = _type_in_form(journey, finger)
    yield from _answers("touch", touches, (70, 100), "540 x 960, press to pixel")
    yield from _answers("keystroke", letters, (100, None), "540 x 960, letter to candidates on the glass")


def _glances(journey: Journey, finger: Finger, target: str, count: int) -> list[float]:
    """Press a target and slide off it, so that nothing is chosen; return the milliseconds until it looks otherwise."""
    part = Part.of(journey.glass.look()["targets"][target])
    taken = []
    for _ in range(count):
        finger.move(part.centre)
        time.sleep(BETWEEN_S)
        spent = finger.time_to_change(part, finger.press)
        time.sleep(HOLD_S)
        finger.move((1, 1))
        time.sleep(HOLD_S)
        finger.release()
        finger.wait_still(part)
        if spent is not None:
            taken.append(spent)
    return taken


OWN_PAGES = (
    ("", "MemberHome", "member.redeem"),
    ("member.redeem", "RewardList", "rewards.0"),
    ("rewards.0", "Choosing", "reward.back"),
    ("reward.back", "RewardList", ""),
    ("rewards.history", "RedemptionList", "history.back"),
    ("history.back", "RewardList", ""),
    ("rewards.back", "MemberHome", ""),
    ("member.points", "PointsByLot", "points.statement"),
    ("points.entries", "PointsByEntry", "points.back"),
    ("points.back", "PointsByLot", ""),
    ("points.back", "MemberHome", ""),
    ("member.coupons", "CouponList", "coupons.0"),
    ("coupons.0", "CouponCode", "coupon.back"),
    ("coupon.back", "CouponList", ""),
    ("coupons.back", "MemberHome", ""),
    ("member.purchases", "PurchaseList", "purchases.back"),
    ("purchases.back", "MemberHome", ""),
    ("member.benefits", "BenefitsShown", "benefits.back"),
    ("benefits.why", "ReadingWhy", "why.back"),
    ("why.back", "BenefitsShown", ""),
    ("benefits.back", "MemberHome", ""),
    ("member.campaigns", "CampaignList", "campaigns.0"),
    ("campaigns.0", "CampaignShown", "campaign.back"),
    ("campaign.back", "CampaignList", ""),
    ("campaigns.back", "MemberHome", ""),
    ("member.feedback", "Saying", "feedback.face.5"),
    ("feedback.back", "MemberHome", ""),
    ("member.children", "ChildrenShown", "children.back"),
    ("children.back", "MemberHome", ""),
    ("member.lost_card", "AskingMobile", "num-1"),
)
"""A way through the member's own pages: what is touched, the page that it leads to, and what is pressed there where it is a new one."""
PRESSES = 3


@bench(seconds=75)
def bench_touch_own_pages() -> Iterator[Measurement]:
    """A press by XTEST to the first changed pixel on each of the member's own pages; 540 x 960."""
    with kiosk(540) as (journey, finger):
        journey.play()
        journey.sign_in_by_card()
        pages = {}
        for touched, page, pressed in OWN_PAGES:
            if touched:
                journey.go(touched, page)
            time.sleep(0.5)
            if pressed:
                pages[page] = _glances(journey, finger, pressed, PRESSES)
    slowest = max(pages, key=lambda page: statistics.median(pages[page]))
    note = f"540 x 960, press to pixel, {len(pages)} pages, “{slowest}” the slowest, its median {statistics.median(pages[slowest]):.0f} ms"
    yield from _answers("touch_own_pages", [taken for page in pages.values() for taken in page], (70, 100), note)


@bench(seconds=35)
def bench_touch_1080() -> Iterator[Measurement]:
    """A press by XTEST to the first changed pixel of the key; 1080 x 1920."""
    with kiosk(1080) as (journey, finger):
        _to_number_pad(journey)
        touches = _touches(journey, finger, 50)
    yield from _answers("touch_1080", touches, (150, None), "1080 x 1920, press to pixel")
