"""The trend as a picture: a line of what was left, and under it what was found and mended.

SVG with classes for the page (its colours follow the reader's preference) and plain colours for
paper. The line does not begin at zero, so its first and last value stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dancu.bulletins.types import TrendPoint
from dancu.design.tags.display import grouped

WIDTH, HEIGHT = 340, 132
_LEFT, _RIGHT = 10, 330
_TOP, _BASE = 20, 66
_BARS_TOP, _BARS_BASE = 78, 112
_LINE, _FOUND, _MENDED, _INK, _RULE = "#14529f", "#b98520", "#186339", "#474c55", "#c9c7c1"
_WIDEST = 9.0


def trend_svg(points: Sequence[TrendPoint], *, label: str) -> str:
    """Return the picture; ``label`` says in words what it shows. Empty without two points."""
    if len(points) < 2:  # noqa: PLR2004
        return ""
    parts = [
        (
            f'<svg class="trend" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'role="img" aria-label="{escape(label)}" font-size="11" '
            f'font-family="Libertinus Serif">'
        ),
        *_line(points),
        *_bars(points),
        *_days(points),
        "</svg>",
    ]
    return "".join(parts)


def _x(at: int, count: int) -> float:
    return _LEFT + 14 + at * (_RIGHT - _LEFT - 28) / (count - 1)


def _line(points: Sequence[TrendPoint]) -> list[str]:
    values = [one.left for one in points]
    low, high = min(values), max(values)
    spread = max(high - low, 1)
    places = [
        (_x(at, len(points)), _BASE - (one - low) * (_BASE - _TOP) / spread)
        for at, one in enumerate(values)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    found = [
        (
            f'<polyline class="trend__line" points="{path}" fill="none" stroke="{_LINE}" '
            'stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>'
        )
    ]
    for at, anchor in ((0, "start"), (-1, "end")):
        x, y = places[at]
        edge = _LEFT if anchor == "start" else _RIGHT
        found.append(f'<circle class="trend__dot" cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_LINE}"/>')
        found.append(_text(edge, y - 7, anchor, grouped(values[at]), bold=True))
    return found


def _bars(points: Sequence[TrendPoint]) -> list[str]:
    high = max(1, *(max(one.opened, one.mended) for one in points))
    width = min(_WIDEST, (_RIGHT - _LEFT) / len(points) / 2.6)
    found = [
        (
            f'<line class="trend__rule" x1="{_LEFT}" x2="{_RIGHT}" y1="{_BARS_BASE}" '
            f'y2="{_BARS_BASE}" stroke="{_RULE}" stroke-width="1"/>'
        )
    ]
    for at, one in enumerate(points):
        x = _x(at, len(points))
        found.append(_bar("found", x - width - 0.5, width, one.opened / high, _FOUND))
        found.append(_bar("mended", x + 0.5, width, one.mended / high, _MENDED))
    return found


def _bar(name: str, x: float, width: float, part: float, colour: str) -> str:
    height = max(0.0, part) * (_BARS_BASE - _BARS_TOP)
    return (
        f'<rect class="trend__{name}" x="{x:.1f}" y="{_BARS_BASE - height:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'
    )


def _days(points: Sequence[TrendPoint]) -> list[str]:
    return [
        _text(_LEFT, HEIGHT - 5, "start", f"{points[0].day:%d/%m}"),
        _text(_RIGHT, HEIGHT - 5, "end", f"{points[-1].day:%d/%m}"),
    ]


def _text(x: float, y: float, anchor: str, words: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text class="trend__words" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
        f'fill="{_INK}"{weight}>{escape(words)}</text>'
    )
