"""Charts as pictures: a chart specification of an answer drawn as SVG or PNG. The one door to vl_convert.

On the page a picture speaks the page's colours, so that it goes with light and dark; as a file it brings its own. An
unknown value is neither 0 nor nothing: its place stays, with words in it.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from ui.texts import Texts, texts
from ui.web.markup import escape
from ui.web.numbers import number

_TAG = re.compile(r"<[^>]*>")
_ROLE = re.compile(r' (?:role|aria-roledescription|aria-label)="[^"]*"')
MOST_SERIES = 16
"""Twice as many as there are colours: the second half is dashed, or paler."""
NARROWEST, WIDEST, FILE_WIDTH = 280, 760, 760
_FONTS = (
    "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'WenQuanYi Micro Hei', sans-serif"
)
_SIZE = 13
_FEW = 4
"""As many ticks as an axis has, about."""
_INK, _SOFT, _LINE, _PAPER = "#1d2329", "#58626d", "#dfdcd5", "#fffffe"
_SERIES = ("#1d5c8b", "#b8741b", "#4d8a60", "#8c4f7e", "#6b7281", "#2f8f9d", "#a8433c", "#8f8130")
_VARIABLES = {
    _INK: "var(--nb-ink)",
    _SOFT: "var(--nb-soft)",
    _LINE: "var(--nb-line)",
    _PAPER: "var(--nb-page)",
    **{colour: f"var(--nb-series-{n})" for n, colour in enumerate(_SERIES, 1)},
}
"""What stands on the page for each colour of the drawing; no two of these may be alike."""


def width_of(text: str) -> float:
    """About how wide a line of text is, in units of its font size."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.56 for c in text)


def wrapped(text: str, width: float) -> list[str]:
    """The text in lines of at most so many pixels: Latin words whole where they fit, Chinese anywhere."""
    lines, line = [], ""
    for piece in re.findall(r"[!-~]+|\s+|.", " ".join(text.split())):
        while line and width_of(line + piece.rstrip()) * _SIZE > width:
            lines.append(line.strip())
            line = ""
            piece = piece.lstrip()
        while width_of(piece) * _SIZE > width and len(piece) > 1:
            fits = max(1, int(width / (_SIZE * 0.56)))
            lines.append(piece[:fits])
            piece = piece[fits:]
        line += piece
    return [*lines, line.strip()] if line.strip() or not lines else lines


def _series(chart: Mapping[str, Any]) -> list[tuple[str, Sequence[float | None]]]:
    """The first series by name; more of them nobody could tell apart."""
    if "series" in chart:
        return [(str(one["name"]), one["y"]) for one in chart["series"][:MOST_SERIES]]
    return [("", chart["y"])]


def said(value: float, unit: str) -> str:
    """A value as its label says it: shares, which have no unit, as a percentage."""
    if not unit:
        return f"{100 * value:.1f}".removesuffix(".0") + "%"
    return number(round(value, 2))


def unknown_points(chart: Mapping[str, Any]) -> list[str]:
    """The points without a value; of several series, with the series' name where only some have none."""
    series = _series(chart)
    unknown = []
    for at, x in enumerate(chart["x"]):
        without = [name for name, y in series if y[at] is None]
        unknown += [str(x)] if len(without) == len(series) else [f"{x} {name}" for name in without]
    return unknown


def in_words(chart: Mapping[str, Any], words: Texts) -> str:
    """The chart for who can't see it: its title and every value."""
    unit, comma, end = str(chart["unit"]), words("answer.comma"), words("answer.semicolon")
    told = []
    for name, values in _series(chart):
        pairs = [
            f"{x} {words('answer.chart_unknown') if y is None else said(y, unit) + unit}"
            for x, y in zip(chart["x"], values, strict=True)
        ]
        told.append((f"{name}: " if name else "") + comma.join(pairs))
    return f"{chart['title']}: {end.join(told)}"


def _data(chart: Mapping[str, Any], label_width: float, words: Texts) -> tuple[list[dict[str, Any]], list[str], int]:
    """The values, the names of the points in order, lines broken, and the most lines of a name."""
    unit = str(chart["unit"])
    names: list[str] = []
    for x in chart["x"]:
        name = "\n".join(wrapped(str(x), label_width))
        while name in names:
            name += "​"  # of one name, but not one point
        names.append(name)
    values: list[dict[str, Any]] = [
        {"x": name, "y": y, "s": series, "label": words("answer.chart_unknown") if y is None else said(y, unit)}
        for series, ys in _series(chart)
        for name, y in zip(names, ys, strict=True)
    ]
    # Where each begins and ends if they are laid end to end.
    ends = dict.fromkeys(names, 0.0)
    for value in values:
        value["from"] = ends[value["x"]]
        value["to"] = ends[value["x"]] = ends[value["x"]] + max(value["y"] or 0, 0)
    return values, names, max((name.count("\n") + 1 for name in names), default=1)


def specification(chart: Mapping[str, Any], width: int, words: Texts, *, titled: bool) -> dict[str, Any]:
    """The chart in Vega-Lite.

    Args:
        chart: As ``assistant.answering.charts`` makes it.
        width: Of the whole picture, in pixels.
        titled: Whether the title stands in the picture.
    """
    label_width = 0.4 * width
    values, names, lines = _data(chart, label_width, words)
    series = [name for name, _ in _series(chart)]
    layers, height = (_line if chart["type"] == "line" else _bars)(chart, values, names, lines, width)
    colour: dict[str, Any] = {"value": _SERIES[0]}
    if len(series) > 1:
        widest = max(width_of(name) for name in series) * _SIZE + 34
        colour = {
            "field": "s",
            "type": "nominal",
            "scale": {"domain": series, "range": [_SERIES[n % len(_SERIES)] for n in range(len(series))]},
            "legend": {
                "orient": "top", "title": None, "labelLimit": 0, "columns": max(1, int(width / widest)),
                "symbolType": "square",
            },
        }  # fmt: skip
        if chart["type"] == "line":
            height += 17 * -(-len(series) // int(colour["legend"]["columns"]))
        first: Any = [1, 0] if chart["type"] == "line" else 1
        second: Any = [5, 3] if chart["type"] == "line" else 0.55
        layers[0]["encoding"]["strokeDash" if chart["type"] == "line" else "opacity"] = {
            "field": "s", "type": "nominal", "legend": None,
            "scale": {"domain": series, "range": [
                second if n >= len(_SERIES) else first
                for n in range(len(series))
            ]},
        }  # fmt: skip
    for layer in layers:
        if "color" not in layer["encoding"]:
            layer["encoding"]["color"] = colour
    title = [*wrapped(str(chart["title"]), 0.8 * width)]
    if chart["unit"]:
        title[-1] += words("answer.in_unit", unit=chart["unit"])
    heading = {"text": title, "anchor": "start", "fontSize": 15, "color": _INK, "offset": 12}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height,
        "autosize": {"type": "fit" if chart["type"] == "line" else "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 6, "top": 4, "bottom": 4},
        **({"title": heading} if titled else {}),
        "background": _PAPER if titled else None,
        "data": {"values": values},
        "layer": layers,
        "config": {
            "font": _FONTS,
            "aria": False,
            "view": {"stroke": None},
            "axis": {
                "labelColor": _SOFT, "labelFontSize": 12, "gridColor": _LINE, "domainColor": _LINE, "tickColor": _LINE,
                "title": None, "labelLimit": 0,
            },
            "legend": {"labelColor": _INK, "labelFontSize": 12, "labelLimit": 0},
            "text": {"fontSize": 12, "color": _INK},
        },
    }  # fmt: skip


def _known(*, known: bool) -> list[dict[str, Any]]:
    return [{"filter": "isValid(datum.y)" if known else "!isValid(datum.y)"}]


def _bars(
    chart: Mapping[str, Any], values: list[dict[str, Any]], names: list[str], lines: int, width: int
) -> tuple[list[dict[str, Any]], Any]:
    """Bars that lie, so that names of any length stand beside them, and the height of each."""
    stacked = chart["type"] == "stacked_bar"
    series = len(_series(chart))
    side_by_side = series > 1 and not stacked
    step = max(28, 17 * lines + 9, 21 * series + 8 if side_by_side else 0)
    widest = max((width_of(line) for name in names for line in name.split("\n")), default=1) * _SIZE
    low, high = _reach([value["to"] if stacked else value["y"] for value in values])
    plot = max(60.0, width - widest - 24)
    # The numbers stand outside the bars, so the scale must leave room for them.
    room = max((width_of(value["label"]) for value in values), default=1) * 12 + 14
    stretch = 1 + min(1.0, room / max(60.0, plot - room))
    y = {
        "field": "x", "type": "nominal", "sort": None,
        "scale": {"domain": names, "paddingInner": 0.3, "paddingOuter": 0.15},
        "axis": {
            "labelExpr": "split(datum.label, '\\n')", "labelFontSize": _SIZE, "labelColor": _INK, "ticks": False,
            "domain": False, "minExtent": widest + 6, "labelLineHeight": 17, "labelPadding": 6,
        },
    }  # fmt: skip
    scale = {"domain": [low * (stretch if low < 0 else 1), high * stretch or 1], "nice": False}
    x: dict[str, Any] = {"field": "y", "type": "quantitative", "scale": scale, "axis": None, "stack": None}
    text = {"text": {"field": "label", "type": "nominal"}}
    mark = {"type": "bar", "cornerRadius": 1, **({} if side_by_side else {"size": 19})}
    height = {"step": step}
    if stacked:
        start, end = {**x, "field": "from"}, {**x, "field": "to"}
        # A number that its piece has no room for stands in the table and in the chart's words.
        fits = f"(datum.to - datum.from) * {plot / (high * stretch or 1):.4f} > 8 * length(datum.label) + 6"
        number = {"mark": {"type": "text", "dx": -4, "align": "right"},
                  "transform": [*_known(known=True), {"filter": fits}],
                  "encoding": {"y": y, "x": end, "color": {"value": _PAPER}, **text}}  # fmt: skip
        pieces = {
            "mark": mark,
            "transform": _known(known=True),
            "encoding": {"y": y, "x": start, "x2": {"field": "to"}},
        }
        return [pieces, number], height
    offset = {"yOffset": {"field": "s", "sort": None}} if side_by_side else {}
    layers: list[dict[str, Any]] = [
        {"mark": mark, "transform": _known(known=True), "encoding": {"y": y, "x": x, **offset}}
    ]
    for sign, align, dx in ((">=", "left", 5), ("<", "right", -5)):
        layers.append({
            "mark": {"type": "text", "align": align, "dx": dx},
            "transform": [*_known(known=True), {"filter": f"datum.y {sign} 0"}],
            "encoding": {"y": y, "x": x, **offset, "color": {"value": _INK}, **text},
        })  # fmt: skip
    layers.append({
        "mark": {"type": "text", "align": "left", "dx": 5, "fontStyle": "italic"},
        "transform": _known(known=False),
        "encoding": {"y": y, "x": {"datum": 0, "type": "quantitative", "scale": scale, "axis": None}, **offset,
                     "color": {"value": _SOFT}, **text},
    })  # fmt: skip
    return layers, height


def _reach(values: Sequence[float | None]) -> tuple[float, float]:
    """The least and the greatest value, 0 included."""
    known = [value for value in values if value is not None]
    return min(0.0, *known, 0.0), max(0.0, *known, 0.0)


def _line(
    chart: Mapping[str, Any], values: list[dict[str, Any]], names: list[str], lines: int, width: int
) -> tuple[list[dict[str, Any]], Any]:
    """Lines that break where a value is unknown, and the picture's height."""
    height = 250
    low, high = _reach([value["y"] for value in values])
    span = (high - low) or 1
    scale = {"domain": [low - (0.12 * span if low < 0 else 0), high + 0.14 * span], "nice": False}
    x = {
        "field": "x", "type": "ordinal", "sort": None, "scale": {"domain": names, "padding": 0.35},
        "axis": {"labelAngle": 0, "labelExpr": "split(datum.label, '\\n')", "ticks": False, "labelPadding": 8,
                 "labelOverlap": len(names) > width / 48},
    }  # fmt: skip
    written = ",~f" if chart["unit"] else "~%"
    axis: dict[str, Any] = {"tickCount": 4, "domain": False, "ticks": False, "format": written}
    if chart["unit"] and high - low <= _FEW and all(float(one["y"]).is_integer() for one in values if one["y"]):
        # There are no tenths of what is counted.
        axis["values"] = list(range(int(low), int(high) + 1))
    y = {"field": "y", "type": "quantitative", "scale": scale, "axis": axis}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "line", "strokeWidth": 2, "invalid": "break-paths-show-path-domains"},
         "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "filled": True, "size": 46, "opacity": 1}, "transform": _known(known=True),
         "encoding": {"x": x, "y": y}},
    ]  # fmt: skip
    if len(values) <= 40:
        layers.append({
            "mark": {"type": "text", "dy": -11}, "transform": _known(known=True),
            "encoding": {"x": x, "y": y, "color": {"value": _INK}, "text": {"field": "label", "type": "nominal"}},
        })  # fmt: skip
    stated = {value["x"] for value in values if value["y"] is not None}
    unknown = {value["x"]: value["label"] for value in values if value["x"] not in stated}.items()
    if unknown:
        marks = [{"x": name, "label": words_there} for name, words_there in unknown]
        layers.append({
            "data": {"values": marks}, "mark": {"type": "text", "fontStyle": "italic"},
            "encoding": {"x": x, "y": {"datum": low + 0.05 * span, "type": "quantitative", "scale": scale},
                         "color": {"value": _SOFT}, "text": {"field": "label", "type": "nominal"}},
        })  # fmt: skip
    return layers, height


@lru_cache(maxsize=64)
def _drawn(specification_json: str) -> str:
    import vl_convert

    drawn = str(vl_convert.vegalite_to_svg(specification_json, allowed_base_urls=[], show_warnings=False))
    # The whole picture has one name, in words; roles of its pieces, which have none, would only be in the way.
    return _TAG.sub(lambda tag: _ROLE.sub("", tag.group()), drawn)


def as_svg(chart: Mapping[str, Any], words: Texts, width: int = FILE_WIDTH, *, on_page: bool = False) -> str:
    """The chart as an SVG document; ``on_page`` in the page's colours and without its title, which stands above."""
    width = min(max(width, NARROWEST), WIDEST)
    drawn = _drawn(json.dumps(specification(chart, width, words, titled=not on_page), ensure_ascii=False))
    if not on_page:
        return drawn
    return re.sub("|".join(_VARIABLES), lambda found: _VARIABLES[found.group().lower()], drawn, flags=re.IGNORECASE)


def as_png(chart: Mapping[str, Any], words: Texts) -> bytes:
    """The chart as a picture, two pixels to each of its own. To be asked for only where `has_chinese_font`."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(as_svg(chart, words), scale=2))


@cache
def has_chinese_font() -> bool:
    """Whether this machine can draw Chinese characters; without a font they would be empty boxes."""
    import vl_convert

    def drawn(character: str) -> bytes:
        text = f'<text y="20" font-size="20" font-family="{escape(_FONTS)}">{character}</text>'
        return bytes(
            vl_convert.svg_to_png(f'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">{text}</svg>')
        )

    return drawn("中") != drawn("国")


def warm_up() -> None:
    """Draw something in the background, since the first drawing of a process takes longest."""
    chart = {"type": "bar", "x": ["1", "2"], "y": [1, 2], "unit": "", "title": ""}
    threading.Thread(target=as_svg, args=(chart, texts("zh")), daemon=True).start()
