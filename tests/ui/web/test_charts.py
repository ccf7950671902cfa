"""Charts as pictures."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.texts import texts
from ui.web import charts
from ui.web.chart_view import render_chart

ZH, EN = texts("zh"), texts("en")
NAMES = ["青溪县自然资源局", "云山省青溪市白石县高新技术产业开发区管理委员会（含综合保税区）"]


def bar(x: list[str], y: list[float | None], **more: Any) -> dict[str, Any]:
    return {"type": "bar", "x": x, "y": y, "unit": "件", "title": "新收申请", **more}


def words_in(svg: str) -> str:
    """What the picture says, lines of a name joined."""
    return "".join(ElementTree.fromstring(svg).itertext())


def test_what_is_counted_has_no_tenths_on_its_axis() -> None:
    line = {"type": "line", "x": ["2021", "2022"], "unit": "件", "title": "新收申请"}
    for values in ([0, 0], [1, 0]):
        assert "." not in words_in(charts.as_svg({**line, "y": values}, ZH))
    assert "." in words_in(charts.as_svg({**line, "y": [0, 0.5]}, ZH))


@pytest.mark.parametrize("width", [300, 700])
def test_every_name_stands_whole_beside_its_bar(width: int) -> None:
    shown = words_in(charts.as_svg(bar(NAMES, [3, 5]), ZH, width))
    assert all(name in shown for name in NAMES)


def test_an_unknown_value_is_said_and_drawn_as_no_bar() -> None:
    known = charts.as_svg(bar(["甲", "乙"], [4, 0]), ZH)
    unknown = charts.as_svg(bar(["甲", "乙"], [4, None]), ZH)
    assert "没有数值" in words_in(unknown)
    assert "没有数值" not in words_in(known)
    bars = r'<path [^>]*fill="#1d5c8b"'
    assert len(re.findall(bars, known)) == 2
    assert len(re.findall(bars, unknown)) == 1


def test_a_line_breaks_where_a_year_is_unknown() -> None:
    years = ["2020", "2021", "2022", "2023", "2024"]
    line = {"type": "line", "x": years, "y": [1, 2, None, 4, 5], "unit": "件", "title": "申请"}
    svg = charts.as_svg(line, ZH)
    path = re.search(r'<path [^>]*d="([^"]*)"[^>]*stroke="#1d5c8b"', svg)
    assert path is not None
    assert path.group(1).count("M") == 2
    assert charts.unknown_points(line) == ["2022"]
    assert "2022" in words_in(svg)


def test_of_several_series_the_one_without_a_value_is_named() -> None:
    chart = {"type": "line", "x": ["2022", "2023"], "unit": "", "title": "占比",
             "series": [{"name": "乡镇", "y": [0.5, 0.25]}, {"name": "街道", "y": [None, 0.125]}]}  # fmt: skip
    assert charts.unknown_points(chart) == ["2022 街道"]
    assert charts.in_words(chart, ZH) == "占比: 乡镇: 2022 50%、2023 25%；街道: 2022 没有数值、2023 12.5%"


def test_pieces_of_a_stack_lie_end_to_end() -> None:
    chart = {"type": "stacked_bar", "x": ["甲"], "unit": "件", "title": "结果",
             "series": [{"name": "予以公开", "y": [30]}, {"name": "不予公开", "y": [None]},
                        {"name": "其他", "y": [10]}]}  # fmt: skip
    values = charts.specification(chart, 600, ZH, titled=True)["data"]["values"]
    assert [(v["from"], v["to"]) for v in values] == [(0, 30), (30, 30), (30, 40)]


def test_two_points_of_one_name_are_two_bars() -> None:
    svg = charts.as_svg(bar(["松岭镇", "松岭镇"], [1, 2]), ZH)
    assert words_in(svg).count("松岭镇") == 2
    assert len(re.findall(r'<path [^>]*fill="#1d5c8b"', svg)) == 2


def test_a_hostile_name_stays_text(hostile: str) -> None:
    chart = bar([hostile, "乙"], [1, 2], title=hostile)
    for svg in (charts.as_svg(chart, ZH), charts.as_svg(chart, ZH, on_page=True)):
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
        assert not tags & {"script", "img", "foreignObject", "image", "a"}
        assert "window.pwned" in words_in(svg)
    html = render_chart(chart, "token", ZH, 600, 2)
    assert "<img" not in html
    assert "<script" not in html


def test_on_the_page_a_picture_has_the_pages_colours_and_as_a_file_its_own() -> None:
    chart = bar(["甲", "乙"], [1, 2])
    assert not re.search(r"#[0-9a-f]{6}", charts.as_svg(chart, ZH, on_page=True))
    assert "var(" not in charts.as_svg(chart, ZH)


def test_a_chart_is_told_to_who_cannot_see_it() -> None:
    html = render_chart(bar(["甲局", "乙局"], [1200, None]), "token", EN, 600, 2)
    label = re.search(r'role="img" aria-label="([^"]*)"', html)
    assert label is not None
    assert label.group(1) == "新收申请: 甲局 1,200件, 乙局 no value"


def test_a_chart_that_shows_less_than_the_rows_says_so() -> None:
    chart = bar([f"单位{n}" for n in range(24)], list(range(24)))
    assert "图中只有前24个" in render_chart(chart, "t", ZH, 600, 2000)
    assert "图中只有前24个" not in render_chart(chart, "t", ZH, 600, 24)


@pytest.mark.skipif(not charts.has_chinese_font(), reason="no Chinese font is installed")
def test_a_picture_is_a_png() -> None:
    assert charts.as_png(bar(["甲", "乙"], [1, 2]), ZH).startswith(b"\x89PNG\r\n")


@given(st.text(max_size=60), st.floats(20, 400))
def test_breaking_a_name_into_lines_loses_no_character(text: str, width: float) -> None:
    lines = charts.wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(alphabet="某区Abc1 ", min_size=1, max_size=60))
def test_no_line_is_wider_than_there_is_room(text: str) -> None:
    assert all(charts.width_of(line) * 13 <= 80 for line in charts.wrapped(text, 80))
