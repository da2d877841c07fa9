"""Stages with the widgets in their states, for the tests of the widgets and for pictures of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from kiosk.regions.table import Regions
from kiosk.texts import Texts
from screens.widgets.banner import Banner
from screens.widgets.bar import BottomBar
from screens.widgets.button import PushButton
from screens.widgets.card import Card
from screens.widgets.checkrow import CheckRow
from screens.widgets.choices import DateChoices, PlaceChoices
from screens.widgets.entry import Entry
from screens.widgets.header import Header
from screens.widgets.keyboard import Keyboard
from screens.widgets.numpad import NumPad
from screens.widgets.picker import Picker
from screens.widgets.pill import Pill
from screens.widgets.progress import ProgressList, ProgressStep, StepState
from screens.widgets.qr import QRBox
from screens.widgets.ring import Ring
from screens.widgets.stage import Stage
from screens.widgets.stat import StatCard
from screens.widgets.steps import Steps
from screens.widgets.tile import Tile

BAR = {"box": [0, 1752, 1080, 120], "box_large": [0, 1584, 1080, 288]}


def frame(tr: Texts, step: int = 0) -> Stage:
    """Head, steps and bar."""
    stage = Stage()
    place = {"place": tr("header.place", store="湖滨店", number="03"), "place_large": tr("header.place_large", store="湖滨店", number="03")}
    stage.add_widget(Header(tr=tr, box=[0, 0, 1080, 164], clock="14:26", date="8月6日 周四", **place))
    stage.add_widget(Steps(tr=tr, current=step, box=[48, 144, 984, 102], box_large=[48, 174, 984, 118]))
    stage.add_widget(BottomBar(tr=tr, has_voice=True, **BAR))
    return stage


def menu(tr: Texts) -> Stage:
    """What a menu is made of."""
    stage = frame(tr)
    word, short = tr("button.next"), tr("bar.staff")
    banner = {"title": tr("staff.calling"), "body": tr("staff.unreachable")}
    stage.add_widget(Banner(icon="wifi-slash", box=[48, 312, 984, 144], box_large=[48, 312, 984, 180], **banner))
    hues = ("gold", "red", "violet", "green")
    for place, hue in enumerate(hues):
        row, column = divmod(place, 2)
        boxes = {"box": [48 + column * 336, 480 + row * 264, 312, 240], "box_large": [48 + column * 504, 520 + row * 276, 480, 252]}
        tile = Tile(
            icon="gift", hue=hue, title=short, note=short, reason=short, badge="3" if place == 1 else "", test_id=f"tile-{place}", **boxes
        )
        tile.disabled = place == 3
        stage.add_widget(tile)
    stage.add_widget(PushButton(kind="primary", text=word, note=short, icon="user-plus", test_id="join", box=[48, 1104, 480, 156]))
    stage.add_widget(PushButton(kind="dark", text=word, note=short, icon="sign-in", test_id="enter", box=[552, 1104, 480, 156]))
    off = PushButton(
        text=short, reason=short, is_reason_urgent=True, icon="sign-in", test_id="off", box=[48, 1284, 480, 156], disabled=True
    )
    stage.add_widget(off)
    return stage


def form(tr: Texts) -> Stage:
    """Fields over the keyboard."""
    stage = frame(tr, 2)
    high = {"box": [48, 420, 984, 120], "box_large": [48, 420, 984, 144]}
    stage.add_widget(Entry(label=tr("step.form"), remark=tr("field.required"), is_urgent=True, is_focused=True, test_id="name", **high))
    left = {"box": [48, 576, 480, 120], "box_large": [48, 588, 984, 144]}
    stage.add_widget(Entry(label=tr("step.phone"), value="138****8000", tag=tr("progress.done"), tag_kind="good", test_id="phone", **left))
    right = {"box": [552, 576, 480, 120], "box_large": [48, 756, 984, 144]}
    stage.add_widget(Entry(label=tr("step.form"), hint=tr("field.optional"), icon="calendar-blank", test_id="date", **right))
    stage.add_widget(Keyboard(tr=tr, box=[0, 996, 1080, 576]))
    return stage


def rows(tr: Texts) -> Stage:
    """Rows to tick, a number pad."""
    stage = frame(tr, 0)
    for place in range(3):
        boxes = {"box": [48, 276 + place * 144, 984, 120], "box_large": [48, 312 + place * 156, 984, 144]}
        row = CheckRow(
            title=tr("step.consent"),
            note=tr("staff.unreachable"),
            reason=tr("staff.calling"),
            tag=tr("field.required"),
            test_id=f"row-{place}",
            **boxes,
        )
        row.is_required, row.is_checked, row.disabled = place == 0, place == 1, place == 2
        stage.add_widget(row)
    stage.add_widget(NumPad(tr=tr, box=[48, 996, 984, 552]))
    return stage


def numbers(tr: Texts) -> Stage:
    """Progress, numbers, ring, code."""
    stage = frame(tr, 4)
    note = tr("staff.calling")
    steps = [
        ProgressStep(tr("step.card"), note, state) for state in (StepState.DONE, StepState.RUNNING, StepState.FAILED, StepState.WAITING)
    ]
    stage.add_widget(ProgressList(tr=tr, steps=steps, box=[48, 276, 984, 528], box_large=[48, 300, 984, 672]))
    low = Card(box=[48, 1000, 984, 300])
    low.add_widget(Ring(box=[36, 30, 240, 240], whole=20, left=14))
    low.add_widget(QRBox(text="https://neighbour.example/7f3a9c", fill="surface", box=[300, 24, 252, 252]))
    low.add_widget(Pill(text=tr("mode.name"), icon="crown", fill="goldFill", ink="tierInk", box=[580, 40, 380, 60]))
    stage.add_widget(low)
    stage.add_widget(
        StatCard(icon="ticket", value="6", unit="", note=tr("step.card"), box=[48, 1320, 312, 156], box_large=[48, 1320, 480, 180])
    )
    return stage


def places(tr: Texts) -> Stage:
    """The place picker, districts of a city with long names chosen."""
    stage = frame(tr, 2)
    picker = Picker(tr=tr, prompt=tr("step.form"), box=[0, 996, 1080, 576])
    picker.choices = PlaceChoices(Regions.load())
    stage.add_widget(picker)
    return stage


def dates(tr: Texts) -> Stage:
    """The date picker at the days of a month."""
    stage = frame(tr, 2)
    picker = Picker(tr=tr, prompt=tr("step.form"), box=[0, 996, 1080, 576])
    picker.choices = DateChoices(date(1920, 1, 1), date(2012, 12, 31), tr)
    picker.start(("1980", "1988", "05"))
    stage.add_widget(picker)
    return stage


STAGES: dict[str, Any] = {"menu": menu, "form": form, "rows": rows, "numbers": numbers, "places": places, "dates": dates}
