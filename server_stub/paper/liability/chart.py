"""The chart of the report: stacked columns, one for each month of earning. Knows no table and no page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor

from server_stub.domain.liability.report import CohortLine, Sums, total_of
from server_stub.paper.faces import PLAIN
from server_stub.paper.liability.words import load_words

INK, QUIET, GRID = HexColor("#1c2733"), HexColor("#5b6773"), HexColor("#dde2e7")
MOST_MONTHS = 24

# From the ground up: what is still owed stands at the bottom, so that its columns can be compared.
_SERIES = (
    ("deferred_fen", "key.deferred", HexColor("#0b5c8a")),
    ("used_fen", "movement.used", HexColor("#7fb7d6")),
    ("breakage_fen", "movement.breakage", HexColor("#f0b64f")),
    ("ended_fen", "movement.ended", HexColor("#c9643b")),
    ("returned_fen", "movement.returned", HexColor("#b7bec6")),
)
_NICE = (1, 2, 5)
_STEPS = 5


def months_of(lines: Iterable[CohortLine]) -> list[tuple[str, Sums]]:
    """Returns the sums of each month that deferred anything, oldest first, the latest ones only."""
    months = [(month, total_of(group)) for month, group in groupby(lines, key=lambda line: line.month)]
    return [(month, sums) for month, sums in months if sums.allocated_fen][-MOST_MONTHS:]


def chart(lines: Iterable[CohortLine], width: float, height: float) -> Drawing:
    """Returns the drawing; width and height in points. Faces must be registered."""
    months = months_of(lines)
    drawing = Drawing(width, height)
    drawing.add(_legend(height))
    if months:
        drawing.add(_bars(months, width, height))
    return drawing


def axis_step(most: int) -> int:
    """Returns the distance of grid lines in yuan for columns up to so many yuan: 1, 2 or 5 times a power of ten, at least 1."""
    power = 1
    while True:
        for nice in _NICE:
            if nice * power * _STEPS >= most:
                return nice * power
        power *= 10


def _bars(months: Sequence[tuple[str, Sums]], width: float, height: float) -> VerticalBarChart:
    bars = VerticalBarChart()
    bars.x, bars.y, bars.width, bars.height = 62, 18, int(width) - 62, int(height) - 48
    bars.data = [[getattr(sums, name) / 100 for _, sums in months] for name, _, _ in _SERIES]
    bars.categoryAxis.style = "stacked"
    bars.categoryAxis.categoryNames = [month for month, _ in months]
    # Few months must not become walls: the columns keep the width that they have where there are many.
    bars.groupSpacing, bars.barWidth = _spacing(len(months))
    for place, (_, _, colour) in enumerate(_SERIES):
        bars.bars[place].fillColor = colour
        bars.bars[place].strokeColor = None
    step = axis_step(max(sums.allocated_fen for _, sums in months) // 100 + 1)
    axis = bars.valueAxis
    axis.valueMin, axis.valueMax, axis.valueStep = 0, step * _STEPS, step
    axis.labelTextFormat = "{:,.0f}".format
    axis.visibleGrid, axis.gridStrokeColor, axis.gridStrokeWidth = True, GRID, 0.5
    axis.visibleAxis, axis.visibleTicks = False, False
    bars.categoryAxis.strokeColor, bars.categoryAxis.visibleTicks = QUIET, False
    for labels in (axis.labels, bars.categoryAxis.labels):
        labels.fontName, labels.fontSize, labels.fillColor = PLAIN, 7, QUIET
    return bars


def _spacing(months: int) -> tuple[int, int]:
    return (30, 10) if months > MOST_MONTHS // 2 else (60, 10 * months // 3 + 5)


def _legend(height: float) -> Legend:
    legend = Legend()
    legend.x, legend.y, legend.boxAnchor, legend.alignment = 62, int(height) - 6, "nw", "right"
    legend.fontName, legend.fontSize, legend.fillColor, legend.strokeColor = PLAIN, 7, INK, None
    legend.dx = legend.dy = 7
    legend.dxTextSpace, legend.columnMaximum, legend.strokeWidth = 4, 1, 0
    legend.variColumn, legend.deltax, legend.colEndCallout = 1, 14, None
    words = load_words()
    legend.colorNamePairs = [(colour, str(words[key])) for _, key, colour in _SERIES]
    return legend
