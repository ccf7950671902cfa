"""The official form and the metric catalogue, read from ``data/form.toml``, ``former_form.toml`` and ``metrics.toml``.

Reading, answering and showing all need to know which metrics there are, what they are called, in which unit they
are, and which are sums of which. They learn it here and nowhere else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from vectorstore.records import Kind

COLUMN_SEPARATOR = "__"

KIND_NAMES: dict[Kind, tuple[str, ...]] = {
    Kind.ZONE: ("开发区", "zones", "zone", "开发区等功能区"),
    Kind.ZONE_DEPARTMENT: ("开发区内设部门", "departments of zones", "department of a zone", "功能区内设部门"),
    Kind.TOWNSHIP: ("乡镇", "townships", "township"),
    Kind.SUBDISTRICT: ("街道", "subdistricts", "subdistrict"),
    Kind.COUNTY: ("县级政府", "county-level governments", "county-level government"),
    Kind.CITY: ("市级政府", "city governments", "city government"),
    Kind.PROVINCE: ("省级政府", "provincial governments", "provincial government"),
    Kind.MINISTRY: ("国务院部门", "ministries", "ministry"),
    Kind.DEPARTMENT: ("政府部门", "departments", "department"),
    Kind.GOVERNMENT_OFFICE: ("政府办公室（厅）", "government offices", "government office"),
}
"""In Chinese, in English of many and of one, then what else is understood, as it was written before."""


def kind_name(kind: Kind, language: str = "zh") -> str:
    """What one body is, in ``zh`` or ``en``: a township."""
    return KIND_NAMES[kind][0 if language == "zh" else 2]


def kinds_name(kind: Kind, language: str = "zh") -> str:
    """What to call all bodies of a kind, in ``zh`` or ``en``: townships."""
    return KIND_NAMES[kind][0 if language == "zh" else 1]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that reports state.

    Attributes:
        id: The row's id, without a column: ``applications_new``.
        table: ``proactive_table``, ``application_table`` or ``dispute_table``; ``None`` if only prose states it.
        sum_of: Ids whose sum it is, where it is a sum; else empty.
        has_columns: Whether the form splits it by applicant type.
        is_former: Whether only the form of the 2019 and 2020 reports has it; its ``table`` is then that form's.
    """

    id: str
    name_zh: str
    name_en: str
    unit: str
    table: str | None = None
    sum_of: tuple[str, ...] = ()
    has_columns: bool = False
    is_former: bool = False


@dataclass(frozen=True, slots=True)
class ProactiveCell:
    """A cell of the form's first table: which article, row and column it stands in."""

    id: str
    article: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """A row of the form's second table. ``part``: inflow, outcome, outcome_total or outflow (see form.toml)."""

    id: str
    label: str
    parent: str
    part: str


@dataclass(frozen=True, slots=True)
class ApplicationColumn:
    """A column of the form's second table, ``total`` included, in the form's order."""

    id: str
    label: str
    parent: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class DisputeGroup:
    """A group of five cells of the form's third table: ``review``, ``lit_direct``, ``lit_post_review``."""

    id: str
    label: str
    parent: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class DisputeResult:
    """One of the five results of a dispute group; a cell's metric is ``{group}_{result}``."""

    id: str
    label: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that can be counted in a report.

    Attributes:
        metrics: By id: the form's cells in its order, those of prose and the sums, the former form's last.
        former_proactive_cells: The first table of the 2019–2020 form; some of its cells are metrics of the form in
            force. The other fields are of the form in force.
    """

    metrics: dict[str, Metric]
    proactive_cells: tuple[ProactiveCell, ...]
    former_proactive_cells: tuple[ProactiveCell, ...]
    application_rows: tuple[ApplicationRow, ...]
    application_columns: tuple[ApplicationColumn, ...]
    dispute_groups: tuple[DisputeGroup, ...]
    dispute_results: tuple[DisputeResult, ...]
    table_names: dict[str, tuple[str, str]]

    @property
    def applicant_columns(self) -> tuple[ApplicationColumn, ...]:
        """The six applicant columns, without the total."""
        return tuple(column for column in self.application_columns if column.id != "total")

    def column(self, column_id: str) -> ApplicationColumn:
        """The applicant column of that id; KeyError if there is none."""
        for column in self.application_columns:
            if column.id == column_id:
                return column
        raise KeyError(column_id)

    def split(self, metric_id: str) -> tuple[Metric, str | None]:
        """The metric and column of a full id; KeyError if either is unknown."""
        base, _, column = metric_id.partition(COLUMN_SEPARATOR)
        metric = self.metrics[base]
        if column:
            self.column(column)
            if not metric.has_columns:
                raise KeyError(metric_id)
        return metric, column or None

    def metric_ids(self) -> list[str]:
        """All full ids: each metric in the order of `metrics`, then its columns."""
        found = []
        for metric in self.metrics.values():
            found.append(metric.id)
            if metric.has_columns:
                found += [f"{metric.id}{COLUMN_SEPARATOR}{column.id}" for column in self.applicant_columns]
        return found

    def name(self, metric_id: str, language: str = "zh") -> str:
        """What to call a full metric id in ``zh`` or ``en``."""
        metric, column_id = self.split(metric_id)
        name = metric.name_zh if language == "zh" else metric.name_en
        if column_id is None:
            return name
        column = self.column(column_id)
        return f"{name}（{column.name_zh}）" if language == "zh" else f"{name} ({column.name_en})"

    def table_name(self, table: str, language: str = "zh") -> str:
        """What to call a table of the form in ``zh`` or ``en``; KeyError if there is none of that id."""
        return self.table_names[table][0 if language == "zh" else 1]

    def name_or_id(self, metric_id: str, language: str = "zh") -> str:
        """What to call a full id; the id itself where the catalogue has none: a rate, a metric of an older index."""
        try:
            return self.name(metric_id, language)
        except KeyError:
            return metric_id


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((files("vectorstore.data") / name).read_text(encoding="utf-8"))


def _proactive_cells(cells: list[dict[str, str]]) -> tuple[ProactiveCell, ...]:
    return tuple(ProactiveCell(cell["id"], cell["article"], cell["row"], cell["column"]) for cell in cells)


def _metrics(form: dict[str, Any], former: list[dict[str, str]]) -> dict[str, Metric]:
    """All metrics by id; ValueError where one is defined twice, or is a sum of what there isn't."""
    metrics: dict[str, Metric] = {}

    def add(metric: Metric) -> None:
        if metric.id in metrics:
            raise ValueError(f"The metric {metric.id} is defined twice in the catalogue's data.")
        metrics[metric.id] = metric

    for metric in _metrics_of_form(form):
        add(metric)
    for entry in _load("metrics.toml")["metric"]:
        sum_of = tuple(entry.get("sum_of", ()))
        unknown = [addend for addend in sum_of if addend not in metrics]
        if unknown:
            raise ValueError(f"The metric {entry['id']} is a sum of {unknown}, which the catalogue doesn't hold.")
        has_columns = bool(sum_of) and all(metrics[addend].has_columns for addend in sum_of)
        add(_metric(entry, entry["unit"], sum_of=sum_of, has_columns=has_columns))
    for cell in former:
        if cell["id"] not in metrics:
            add(_metric(cell, cell["unit"], table="proactive_table", is_former=True))
    return metrics


def _metrics_of_form(form: dict[str, Any]) -> Iterator[Metric]:
    proactive, application, dispute = (form[t] for t in ("proactive_table", "application_table", "dispute_table"))
    for cell in proactive["cell"]:
        yield _metric(cell, cell["unit"], table="proactive_table")
    for row in application["row"]:
        yield _metric(row, application["unit"], table="application_table", has_columns=True)
    for group in dispute["group"]:
        for result in dispute["result"]:
            total = result["id"] == "total"
            name_zh = group["name_zh"] if total else f"{group['name_zh']}：{result['name_zh']}"
            name_en = group["name_en"] if total else f"{group['name_en']}: {result['name_en']}"
            yield Metric(f"{group['id']}_{result['id']}", name_zh, name_en, dispute["unit"], "dispute_table")


def _metric(entry: Mapping[str, Any], unit: str, **properties: Any) -> Metric:
    return Metric(entry["id"], entry["name_zh"], entry["name_en"], unit, **properties)


@cache
def catalogue() -> Catalogue:
    """The catalogue, read once per process."""
    form, former = _load("form.toml"), _load("former_form.toml")["cell"]
    application, dispute = form["application_table"], form["dispute_table"]
    return Catalogue(
        metrics=_metrics(form, former),
        proactive_cells=_proactive_cells(form["proactive_table"]["cell"]),
        former_proactive_cells=_proactive_cells(former),
        application_rows=tuple(ApplicationRow(r["id"], r["label"], r["parent"], r["part"]) for r in application["row"]),
        application_columns=tuple(ApplicationColumn(**c) for c in application["column"]),
        dispute_groups=tuple(DisputeGroup(**g) for g in dispute["group"]),
        dispute_results=tuple(DisputeResult(**r) for r in dispute["result"]),
        table_names={name: (form[name]["name_zh"], form[name]["name_en"]) for name in form},
    )
