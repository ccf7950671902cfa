"""What is chosen on the page: metrics by the form's structure, years, kinds, places, bodies, rows and columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import get_args

from assistant.assistant import Assistant
from assistant.pivoting.request import ColumnAxis, PivotRequest, RowAxis, Shown
from assistant.plan import RegionLevel
from ui.texts import Texts
from ui.web.figures.naming import told
from ui.web.markup import escape, place_name
from ui.web.site import data
from ui.web.suggesting import bodies_called, places_called
from vectorstore.catalogue import COLUMN_SEPARATOR, Metric, catalogue, kinds_name
from vectorstore.folding import fold_text
from vectorstore.records import Kind

_MOST_SUGGESTED = 12


def render_controls(assistant: Assistant, request: PivotRequest, words: Texts) -> str:
    """The form; its fields have the names of the address."""
    reports = assistant.index.reports()
    years = sorted({report.year for report in reports if report.year is not None} | set(request.years))
    kinds = Counter(report.kind for report in reports)
    script = data({**words.section("figures_script")})
    return (
        f'<form class="nb-f-choices nb-panel" data-words="{script}" data-open="false">'
        f'<h2><button type="button" class="nb-f-choices-fold" aria-expanded="false" aria-controls="nb-f-choices-body">'
        f"{told(words, 'choose')}</button></h2>"
        f'<div id="nb-f-choices-body">{_metrics(request, words)}'
        f"{_pills('years', [(str(y), str(y)) for y in years], {str(y) for y in request.years}, words)}"
        f"{_pills('kinds', _kind_choices(kinds, words), set(request.kinds), words)}"
        f"{_combobox('places', [(path, path.replace('/', ' ')) for path in request.regions], words)}"
        f"{_combobox('bodies', [(name, name) for name in request.names], words)}"
        f'<div class="nb-f-axes">{_select("rows", get_args(RowAxis), request.rows, words)}'
        f"{_select('columns', get_args(ColumnAxis), request.columns, words)}"
        f"{_select('show', get_args(Shown), request.shows, words)}"
        f"{_select('level', ('', *get_args(RegionLevel)), request.level or '', words, hidden=request.rows != 'region')}"
        f'</div><p><button type="reset" class="nb-quiet">{told(words, "reset")}</button></p></div></form>'
    )


def _kind_choices(kinds: Counter[Kind], words: Texts) -> list[tuple[str, str]]:
    return [(kind.value, kinds_name(kind, words.language)) for kind in Kind if kinds[kind]]


def _pills(name: str, choices: Iterable[tuple[str, str]], chosen: set[str], words: Texts) -> str:
    boxes = "".join(
        f'<label class="nb-f-pill"><input type="checkbox" name="{name}" value="{escape(value)}"'
        f"{' checked' if value in chosen else ''}><span>{escape(label)}</span></label>"
        for value, label in choices
    )
    return f'<fieldset class="nb-f-pills"><legend>{told(words, f"{name}")}</legend>{boxes}</fieldset>'


def _select(name: str, values: tuple[str, ...], chosen: str, words: Texts, *, hidden: bool = False) -> str:
    options = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>'
        f"{told(words, f'{name}_' + (value or 'auto'))}</option>"
        for value in values
    )
    return (
        f'<div class="nb-field"{" hidden" if hidden else ""}><label for="nb-figures-{name}">'
        f'{told(words, f"{name}")}</label><select id="nb-figures-{name}" name="{name}">{options}</select></div>'
    )


def _combobox(name: str, chosen: Iterable[tuple[str, str]], words: Texts) -> str:
    """Names that are typed, with suggestions; those chosen stand under it, each with a button that removes it."""
    chips = "".join(chip(name, value, label, words) for value, label in chosen)
    label, hint = told(words, f"{name}"), told(words, f"{name}_hint")
    return (
        f'<div class="nb-field nb-f-combo" data-name="{name}"><label for="nb-figures-{name}">{label}</label>'
        f'<input id="nb-figures-{name}" type="text" role="combobox" aria-expanded="false" aria-autocomplete="list" '
        f'autocomplete="off" maxlength="80" placeholder="{hint}">'
        f'<div class="nb-f-chips">{chips}</div></div>'
    )


def chip(name: str, value: str, label: str, words: Texts) -> str:
    """Something chosen, with the button that removes it."""
    remove = told(words, "remove", name=label)
    given = f'data-name="{name}" data-value="{escape(value)}"'
    return (
        f'<button type="button" class="nb-f-chip" {given} aria-label="{remove}"><span>{escape(label)}</span></button>'
    )


def _metrics(request: PivotRequest, words: Texts) -> str:
    chosen = set(request.metrics)
    groups = "".join(_metric_group(name, metrics, chosen, words) for name, metrics in metric_groups())
    search = told(words, "metrics_search")
    return (
        f"<fieldset><legend>{told(words, 'metrics')}</legend>"
        f'<input type="search" class="nb-control" data-role="metric-search" aria-label="{search}"'
        f' placeholder="{search}">'
        f'<div class="nb-f-metric-list" tabindex="0" role="group" aria-label="{told(words, "metrics")}">'
        f"{groups}"
        f'<p class="nb-soft" data-role="no-metric" hidden>{told(words, "metrics_none")}</p></div></fieldset>'
    )


def metric_groups() -> list[tuple[str, list[Metric]]]:
    """The metrics by where they stand: in which part of the form, in prose, or in the former form."""
    part_of = {row.id: row.part for row in catalogue().application_rows}
    parts = {"inflow": "inflow", "outcome": "outcome", "outcome_total": "outflow", "outflow": "outflow"}
    order = ("inflow", "outcome", "outflow", "sums", "dispute", "proactive", "prose", "former")
    groups: dict[str, list[Metric]] = {name: [] for name in order}
    for metric in catalogue().metrics.values():
        if metric.is_former:
            groups["former"].append(metric)
        elif metric.id in part_of:
            groups[parts[part_of[metric.id]]].append(metric)
        elif metric.table is not None:
            groups["dispute" if metric.table == "dispute_table" else "proactive"].append(metric)
        else:
            groups["sums" if metric.sum_of else "prose"].append(metric)
    return list(groups.items())


def _metric_group(name: str, metrics: Iterable[Metric], chosen: set[str], words: Texts) -> str:
    heading = words(f"figures.group_{name}")
    items = "".join(_metric(metric, heading, chosen, words) for metric in metrics)
    return f"<section><h3>{escape(heading)}</h3><ul>{items}</ul></section>"


def _metric(metric: Metric, heading: str, chosen: set[str], words: Texts) -> str:
    columns = ""
    find = f"{metric.name_zh} {metric.name_en} {metric.id} {heading}"
    if metric.has_columns:
        find += "".join(f" {c.name_zh} {c.name_en}" for c in catalogue().applicant_columns)
        ids = {f"{metric.id}{COLUMN_SEPARATOR}{c.id}": c for c in catalogue().applicant_columns}
        boxes = "".join(
            _box(metric_id, c.name_zh if words.language == "zh" else c.name_en, metric_id in chosen)
            for metric_id, c in ids.items()
        )
        is_open = " open" if chosen & ids.keys() else ""
        columns = f"<details{is_open}><summary>{told(words, 'applicants')}</summary>{boxes}</details>"
    name = metric.name_zh if words.language == "zh" else metric.name_en
    return (
        f'<li data-find="{escape(fold_text(find).lower())}">{_box(metric.id, name, metric.id in chosen)}{columns}</li>'
    )


def _box(value: str, label: str, checked: bool) -> str:
    return (
        f'<label><input type="checkbox" name="metrics" value="{value}"{" checked" if checked else ""}>'
        f"<span>{escape(label)}</span></label>"
    )


def suggest(assistant: Assistant, name: str, text: str) -> list[dict[str, str]]:
    """Places or bodies of the index whose names hold what was typed, likeliest first: ``{value, label, hint}``."""
    if not text.strip():
        return []
    if name == "places":
        found = places_called(assistant.index, text)[:_MOST_SUGGESTED]
        return [{"value": path, "label": path.split("/")[-1], "hint": " ".join(path.split("/")[:-1])} for path in found]
    bodies = bodies_called(assistant.index, text)[:_MOST_SUGGESTED]
    return [{"value": body.name, "label": body.name, "hint": place_name(body.region)} for body in bodies]
