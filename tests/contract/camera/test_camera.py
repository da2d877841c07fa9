"""What a camera must do, on the simulator and on the driver of OpenCV over the emulated camera's wire."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import segno
from PIL import Image

from hardware.camera.api import Camera, CameraGone, NoCamera
from hardware.camera.opencv import OpenCvCamera
from hardware.camera.sim import SimCamera
from hardware.camera.station import CameraStation
from hardware.codes.zxing import FrameReader
from hardware.emulation.camera.client import CameraProcess, start_camera
from hardware.emulation.camera.scene import HEIGHT_PX, WIDTH_PX, Scene
from hardware.health import HealthState
from hardware.worker import DeviceWorker, ProcessWorker
from kiosk.app.scanner import CameraScanner
from kiosk.ports.devices import CodeSeen
from kiosk.ports.display import Viewfinder
from kiosk.ports.values import Reason

pytestmark = pytest.mark.timeout(120)

LIMIT_S = 30.0
MEMBER = "HM1:" + "A" * 129
OTHER = "HM1:" + "B" * 129


class Simulated:
    """The simulator, with the emulator's words."""

    def __init__(self) -> None:
        self.camera = SimCamera()
        self._scene = Scene()

    def show(self, picture: bytes) -> None:
        self._scene.show(picture)
        with Image.open(io.BytesIO(self._scene.jpeg())) as seen:
            self.camera.show(np.asarray(seen.convert("RGB"))[:, :, ::-1].copy())

    def clear(self) -> None:
        self.camera.show(None)

    def unplug(self) -> None:
        self.camera.is_attached = False


class Emulated:
    """The driver over the wire."""

    def __init__(self, process: CameraProcess) -> None:
        self._process = process
        self.camera = OpenCvCamera(process.address)

    def show(self, picture: bytes) -> None:
        self._process.show(picture)

    def clear(self) -> None:
        self._process.clear()

    def unplug(self) -> None:
        self._process.stop()


@pytest.fixture(params=["sim", "opencv"])
def lens(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    if request.param == "sim":
        yield Simulated()
        return
    with start_camera(tmp_path / "camera") as process:
        yield Emulated(process)


def code(*texts: str) -> bytes:
    """A picture with codes beside each other."""
    drawn = []
    for text in texts:
        out = io.BytesIO()
        segno.make_qr(text, error="q", boost_error=False).save(out, kind="png", scale=5, border=4)
        drawn.append(Image.open(out).convert("L"))
    paper = Image.new("L", (sum(one.width for one in drawn) + 40 * (len(drawn) - 1), max(one.height for one in drawn)), 255)
    left = 0
    for one in drawn:
        paper.paste(one, (left, 0))
        left += one.width + 40
    out = io.BytesIO()
    paper.save(out, "PNG")
    return out.getvalue()


async def until(is_so: Callable[[], bool], what: str) -> None:
    for _ in range(int(LIMIT_S / 0.02)):
        if is_so():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {LIMIT_S} s: {what}")


# The driver.


def test_frames_come_in_the_agreed_form_and_are_counted(lens: Any) -> None:
    camera: Camera = lens.camera
    assert camera.is_there()
    camera.open()
    try:
        frames = [camera.read() for _ in range(3)]
    finally:
        camera.close()
        camera.close()
    assert [frame.number for frame in frames] == [1, 2, 3]
    assert frames[0].pixels.shape == (HEIGHT_PX, WIDTH_PX, 3)
    assert frames[0].pixels.dtype == np.uint8
    assert frames[0].taken_s <= frames[2].taken_s
    assert "array" not in repr(frames[0])


def test_an_unplugged_camera_is_not_there_and_does_not_open(lens: Any) -> None:
    lens.unplug()
    assert not lens.camera.is_there()
    with pytest.raises(NoCamera):
        lens.camera.open()


def test_a_camera_that_goes_in_the_middle_ends_in_an_error(lens: Any) -> None:
    lens.camera.open()
    lens.camera.read()
    lens.unplug()

    def read_on() -> None:
        for _ in range(1000):  # what was buffered may still come
            lens.camera.read()

    with pytest.raises(CameraGone):
        read_on()
    lens.camera.close()


def test_a_closed_camera_gives_no_frame(lens: Any) -> None:
    with pytest.raises(CameraGone):
        lens.camera.read()


# The station and the scanner.


class Stage:
    """A scanner that remembers what it told."""

    def __init__(self, camera: Camera) -> None:
        self.station = CameraStation(camera, DeviceWorker("camera"), DeviceWorker("camera-look"))
        self.viewfinder = Viewfinder()
        self.scanner = CameraScanner(self.station, FrameReader(ProcessWorker("codes")), self.viewfinder)
        self.seen: list[CodeSeen] = []
        self.lost: list[Reason] = []
        self.scanner.watch(self.seen.append, self.lost.append)

    def told(self) -> list[tuple[str, str]]:
        return [(seen.kind, seen.text) for seen in self.seen]


@pytest.fixture
async def stage(lens: Any) -> AsyncIterator[Stage]:
    made = Stage(lens.camera)
    yield made
    await made.scanner.close()


async def test_nothing_is_looked_at_before_a_screen_wants_it_and_nothing_is_left_afterwards(lens: Any, stage: Stage) -> None:
    lens.show(code(MEMBER))
    await stage.scanner.warm()
    await asyncio.sleep(0.3)
    assert (stage.seen, stage.viewfinder.sight, stage.station.take()) == ([], None, None)
    stage.scanner.want(wanted=True)
    await until(lambda: bool(stage.seen) and stage.viewfinder.sight is not None, "a code and a sight")
    stage.scanner.want(wanted=False)
    assert (stage.viewfinder.sight, stage.station.take()) == (None, None)
    told = len(stage.seen)
    await asyncio.sleep(0.3)
    assert (len(stage.seen), stage.viewfinder.sight) == (told, None)


async def test_a_code_that_is_held_is_told_of_once_and_its_successor_at_once(lens: Any, stage: Stage) -> None:
    lens.show(code(MEMBER))
    stage.scanner.want(wanted=True)
    await until(lambda: len(stage.seen) == 1, "the first code")
    await asyncio.sleep(0.5)
    lens.show(code(OTHER))
    await until(lambda: len(stage.seen) == 2, "the second code")
    assert stage.told() == [("member", MEMBER), ("member", OTHER)]


async def test_two_different_codes_are_two_and_the_same_twice_is_one(lens: Any, stage: Stage) -> None:
    lens.show(code(MEMBER, MEMBER))
    stage.scanner.want(wanted=True)
    await until(lambda: bool(stage.seen), "one code")
    assert stage.told() == [("member", MEMBER)]
    lens.show(code(MEMBER, OTHER))
    await until(lambda: len(stage.seen) > 1, "two codes")
    assert stage.told()[-1] == ("several", "") or stage.told()[-1] == ("member", OTHER)


async def test_a_payment_code_is_counted_and_wiped(lens: Any, stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    lens.show(code("134567890123456789"))
    stage.scanner.want(wanted=True)
    await until(lambda: bool(stage.seen), "a payment code")
    assert stage.told() == [("payment", "")]
    assert stage.scanner.payment_codes == 1
    assert "134567890123456789" not in caplog.text


async def test_an_address_is_not_opened_shown_or_logged(lens: Any, stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    lens.show(code("https://example.org/secret"))
    stage.scanner.want(wanted=True)
    await until(lambda: bool(stage.seen), "a strange code")
    assert stage.told() == [("foreign", "")]
    assert "example.org" not in caplog.text


async def test_a_camera_that_is_unplugged_is_lost_and_the_health_says_so(lens: Any, stage: Stage) -> None:
    assert (await stage.station.look()).state is HealthState.OK
    stage.scanner.want(wanted=True)
    await until(lambda: stage.viewfinder.sight is not None, "a sight")
    lens.unplug()
    await until(lambda: bool(stage.lost), "the loss")
    stage.scanner.want(wanted=False)
    assert stage.lost[0] in {"CAMERA_GONE", "NO_CAMERA"}
    assert (await stage.station.look()).state is HealthState.GONE


async def test_a_new_look_shows_the_present_and_not_what_was_buffered(lens: Any, stage: Stage) -> None:
    lens.show(code(MEMBER))
    stage.scanner.want(wanted=True)
    await until(lambda: bool(stage.seen), "the code")
    stage.scanner.want(wanted=False)
    stage.seen.clear()
    lens.show(code(OTHER))
    stage.scanner.want(wanted=True)
    await until(lambda: bool(stage.seen), "the other code")
    assert stage.told() == [("member", OTHER)]


async def test_a_refused_code_that_is_still_held_is_not_told_of_again(lens: Any, stage: Stage) -> None:
    lens.show(code(MEMBER))
    stage.scanner.want(wanted=True)
    await until(lambda: bool(stage.seen), "the code")
    stage.scanner.want(wanted=False)
    stage.scanner.want(wanted=True)
    await until(lambda: stage.viewfinder.sight is not None, "a sight")
    await asyncio.sleep(0.5)
    assert stage.told() == [("member", MEMBER)]
