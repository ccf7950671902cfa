"""What the parts of a table are called: columns, totals, the table itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.pivoting.columns import Column, parts_of
from assistant.pivoting.pivot import Pivot
from assistant.pivoting.request import PivotRequest
from ui.texts import Texts
from ui.web import numbers
from ui.web.markup import escape, place_name
from vectorstore.catalogue import catalogue, kinds_name

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOTALS = {"sum": "row_total", "mean": "row_mean", "median": "row_median", "count": "row_count", "zero": "row_zero"}
NAMED = 3


def told(words: Texts, key: str, **values: object) -> str:
    """Words of this page as HTML."""
    return escape(words(f"figures.{key}", **values))


def total_name(request: PivotRequest, words: Texts) -> str:
    """What a total is called by the statistic that it is."""
    return words(f"figures.{_TOTALS[request.shows]}")


def unit_name(request: PivotRequest, column: Column, words: Texts) -> str:
    """The unit of a column's values; in English only what isn't a mere counting word."""
    if request.shows in ("count", "zero"):
        return words("figures.in_unit", unit=words("figures.reports_unit"))
    unit = numbers.unit_name(column.unit, words)
    return words("figures.in_unit", unit=unit) if unit else ""


def column_name(pivot: Pivot, column: Column, words: Texts) -> str:
    """The lowest heading of a column."""
    if column.role == "total":
        return total_name(pivot.request, words)
    return column.name or catalogue().name(column.part.metric_id, words.language)


def full_name(pivot: Pivot, column: Column, words: Texts) -> str:
    """A column by all its headings, its unit included."""
    own, family = column_name(pivot, column, words), catalogue().name(column.part.family, words.language)
    named = own if own == family else f"{family} {own}"
    return named + unit_name(pivot.request, column, words)


def listed(names: Iterable[str], words: Texts) -> str:
    """The first few names, and how many there are."""
    every = list(names)
    shown = words("figures.comma").join(every[:NAMED])
    return shown if len(every) <= NAMED else f"{shown} … ({len(every)})"


def table_name(request: PivotRequest, words: Texts) -> str:
    """The table in a line."""
    scope = []
    if request.years:
        years = sorted(request.years)
        run = len(years) > 2 and years[-1] - years[0] == len(years) - 1
        said = f"{years[0]}–{years[-1]}" if run else words("figures.comma").join(map(str, years))
        scope.append(words("figures.of_years", years=said))
    else:
        scope.append(words("figures.all_years"))
    if request.regions:
        scope.append(listed(map(place_name, request.regions), words))
    if request.names:
        scope.append(listed(request.names, words))
    if request.kinds:
        scope.append(listed((kinds_name(kind, words.language) for kind in request.kinds), words))
    elif not request.names:
        scope.append(words("figures.everyone"))
    metrics: Iterable[str] = request.metrics
    if request.axis == "outcome":
        metrics = dict.fromkeys(part.family for part in parts_of(request, words.language))
    title = words(
        "figures.title_one" if request.axis == "metric" else "figures.title",
        metrics=listed((catalogue().name(metric, words.language) for metric in metrics), words),
        scope=words("figures.comma").join(scope),
        rows=words(f"figures.rows_{request.rows}").lower(),
        columns=words(f"figures.columns_{request.axis}").lower(),
    )
    return title[:1].upper() + title[1:]
