"""How charts are drawn: colours, frames, and what makes a picture readable to everybody."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import altair as alt
import vl_convert

INK, QUIET, LINE, PAPER = "#1c2530", "#5b6672", "#dfe3e8", "#fefefe"
OURS, RANDOM = "#0b6a8f", "#b3541e"
STEPS = ("#d5e8ee", "#93c4d3", "#3f93ad", "#0c5470")
"""From few people to many; they differ in lightness, so they print and are told apart in grey."""
DARK: Mapping[str, str] = {
    INK: "#e8edf2", QUIET: "#a3afbb", LINE: "#36414d", PAPER: "#12181f",
    OURS: "#5cc3e6", RANDOM: "#f0a065",
    STEPS[0]: "#1f3e4a", STEPS[1]: "#2c6579", STEPS[2]: "#4a9fba", STEPS[3]: "#a8e0f2",
}  # fmt: skip
"""The colour that takes a colour's place on a dark page."""
WIDTH = 800
"""Of a chart's inner frame, in pixels: with its axis it fills the page."""
_FONT = "Arial, Helvetica, sans-serif"
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) [\d.]+"')


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture. ``svg`` stands alone, ``width`` pixels wide; ``key`` is unique in its report."""

    key: str
    title: str
    text: str
    svg: str
    width: int


def chart_as_png(chart: Chart, width: int = 1600) -> bytes:
    """The picture for a slide, ``width`` pixels wide."""
    return bytes(vl_convert.svg_to_png(chart.svg, scale=width / chart.width))


def chart_of(rows: Sequence[Mapping[str, object]]) -> alt.Chart:
    """A chart on rows of plain values."""
    data: Any = {"values": list(rows)}
    return alt.Chart(data)


def two_colours(field: str, names: tuple[str, str], colours: tuple[str, str]) -> alt.Color:
    """A colour for each of two names, with a legend above."""
    return alt.Color(
        field,
        scale=alt.Scale(domain=list(names), range=list(colours)),
        legend=alt.Legend(title=None, orient="top", symbolType="stroke", symbolStrokeWidth=3),
    )


def with_labels(labels: Sequence[str]) -> tuple[list[str], str]:
    """Places in order, and the expression that writes each place's label on an axis.

    Labels may repeat, places may not.
    """
    places = [f"{number:04}" for number in range(len(labels))]
    pairs = ", ".join(
        f"'{place}': {_quote(label)}" for place, label in zip(places, labels, strict=True)
    )
    return places, "{" + pairs + "}[datum.value]"


def shorten(text: str, most: int = 24) -> str:
    """The text, cut with an ellipsis where it is longer than ``most``."""
    return text if len(text) <= most else text[: most - 1] + "…"


def finish_chart(chart: Any, key: str, title: str, text: str) -> Chart:
    """The picture of a chart of any kind, with what it shows told in words."""
    styled = (
        chart.configure(background="transparent", font=_FONT, padding=10)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=QUIET,
            titleColor=QUIET,
            gridColor=LINE,
            domainColor=LINE,
            tickColor=LINE,
            labelFontSize=11,
            titleFontSize=11,
            titleFontWeight="normal",
            titlePadding=10,
        )
        .configure_legend(
            labelColor=INK, titleColor=QUIET, labelFontSize=11, titleFontWeight="normal"
        )
        .configure_title(color=INK, fontSize=12, fontWeight="bold", anchor="start")
    )
    svg = vl_convert.vegalite_to_svg(styled.to_dict())
    shape = _BOX.search(svg)
    if shape is None:
        raise AssertionError("the chart library drew a picture without a size")
    width = math.ceil(float(shape.group(1)))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {shape.group(0)} width="{width}" role="img" '
        f'aria-labelledby="{key}-title {key}-text">'
        f'<title id="{key}-title">{escape(title)}</title>'
        f'<desc id="{key}-text">{escape(text)}</desc>'
    )
    body = re.sub(r"^\s*<svg\b[^>]*>", "", svg, count=1)
    return Chart(key, title, text, head + _number_clips(body, key), width)


def _number_clips(svg: str, key: str) -> str:
    """Ids that no other chart of a page has, and that do not depend on what was drawn before."""
    names = dict.fromkeys(re.findall(r"\bclip\d+\b", svg))
    numbers = {name: f"{key}-clip-{number}" for number, name in enumerate(names)}
    return re.sub(r"\bclip\d+\b", lambda found: numbers[found.group()], svg)


def _quote(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + re.sub(r"\s+", " ", plain) + "'"
