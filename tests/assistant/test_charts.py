"""Charts show the rows' values and nothing else."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from assistant.answering.charts import POINTS_SHOWN, Chart, Series, draw


def test_one_series_is_drawn_as_x_and_y() -> None:
    chart = draw("bar", "申请", "件", ["甲", "乙"], [Series("", (Decimal(3), None))])
    assert chart is None
    chart = draw("bar", "申请", "件", ["甲", "乙"], [Series("", (Decimal(3), Fraction(1, 2)))])
    assert chart == {"type": "bar", "x": ["甲", "乙"], "y": [3, 0.5], "unit": "件", "title": "申请"}


def test_several_series_are_named() -> None:
    lines = [Series("甲", (Decimal(1), None)), Series("乙", (Decimal(2), Decimal(4)))]
    chart = draw("line", "申请", None, ["2022", "2023"], lines)
    assert chart is not None
    assert chart["series"] == [{"name": "甲", "y": [1, None]}, {"name": "乙", "y": [2, 4]}]
    assert "y" not in chart


def test_a_point_alone_is_no_picture() -> None:
    assert draw("line", "", "件", ["2023"], [Series("甲", (Decimal(1),))]) is None
    assert draw("line", "", "件", [], []) is None


def test_bars_are_cut_and_lines_are_not() -> None:
    names = [str(n) for n in range(100)]
    values = Series("", tuple(Decimal(n) for n in range(100)))
    bars, line = draw("bar", "", "件", names, [values]), draw("line", "", "件", names, [values])
    assert bars is not None
    assert line is not None
    assert (len(bars["x"]), len(line["x"])) == (POINTS_SHOWN, 100)


def test_a_series_has_a_value_for_every_point() -> None:
    with pytest.raises(ValueError, match="2 values, not 1"):
        Chart("bar", "", "件", ("甲",), (Series("乙", (Decimal(1), Decimal(2))),))
