"""A cell of the table as HTML: a number that leads to the place that states it, or the word for why there is none."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from assistant.answering.observations import Observation
from assistant.pivoting.pivot import Pivot, Row
from assistant.pivoting.places import place_of
from assistant.pivoting.totals import Shown, state_of
from assistant.plan import Grouping
from ui.texts import Texts
from ui.web.figures.address import Address
from ui.web.figures.naming import told
from ui.web.markup import escape, link, report_link
from ui.web.numbers import number
from vectorstore.records import Kind

UNKNOWN = ("silent", "blank", "not_applicable", "unreadable")
"""The states of a report that gives no number; a report that isn't there is ``missing``."""


def place_link(observation: Observation, value: Decimal | None = None) -> str:
    """The address of the place that states a figure, or one of its contradicting values."""
    place = place_of(observation, value)
    span, cell = place.span, place.cell
    if span is None:
        return report_link(place.report_id)
    return report_link(place.report_id, span.start, span.end, None if cell is None else (cell.start, cell.end))


def render_figure(observation: Observation, words: Texts) -> str:
    """One figure of one report: linked to its place, both values of a contradiction, or why it is unknown."""
    state = state_of(observation)
    title = escape(
        "".join(filter(None, (words(f"state.{state}"), f": {observation.note}" if observation.note else "")))
    )
    if state == "conflicting":
        against = f' <span class="nb-f-against">{told(words, "against")}</span> '
        values = []
        for value in observation.values:
            said = f"<b>{number(value)}</b>" if value == observation.value else number(value)
            values.append(f'<a href="{place_link(observation, value)}">{said}</a>')
        return f'<span class="nb-f-is-conflicting" title="{title}">{against.join(values)}</span>'
    if observation.value is None:
        word = told(words, f"{state}")
        return f'<a class="nb-unknown" href="{place_link(observation)}" title="{title}">{word}</a>'
    about = "≈" if observation.qualifier else ""
    shown = f'<a href="{place_link(observation)}" title="{title}">{about}{number(observation.value)}</a>'
    if state in ("derived", "corrected"):
        shown += f'<sup class="nb-f-mark" title="{title}">{told(words, f"mark_{state}")}</sup>'
    return shown


def render_cell(pivot: Pivot, shown: Shown | None, address: Address, row: int, column: int, words: Texts) -> str:
    """A cell's content."""
    if shown is None:
        return f'<span class="nb-unknown nb-f-is-missing">{told(words, "missing")}</span>'
    if not shown.is_comparable:
        return f'<span class="nb-soft" title="{told(words, "legend_stock")}">{told(words, "stock")}</span>'
    figure = shown.figure
    counts = pivot.request.shows in ("count", "zero")
    if figure is not None and (not counts or shown.value is None):
        return render_figure(figure, words)
    if figure is not None and shown.value is not None:
        return f'<a href="{place_link(figure)}">{number(shown.value)}</a>'
    if pivot.columns[column].role == "total":
        return render_value(shown, words, brief=True, years=pivot.counts_years)
    members = members_address(pivot, address, row, column)
    value = _number_or_word(shown.value, shown, words)
    if members is not None:
        value = f'<a href="{link("figures", **members.query())}"{_unknown_class(shown)}>{value}</a>'
    return value + _part(shown, words, years=pivot.counts_years) + _apart_mark(shown, words)


def render_value(shown: Shown, words: Texts, *, brief: bool = False, years: bool = False) -> str:
    """A total with what it rests on; ``brief`` says so only where something is without a number.

    Args:
        years: What it rests on are years, those without a report included, and not only reports.
    """
    if not shown.is_comparable:
        return f'<span class="nb-soft" title="{told(words, "legend_stock")}">{told(words, "stock")}</span>'
    value = f"<span{_unknown_class(shown)}>{_number_or_word(shown.value, shown, words)}</span>"
    without = shown.reports - shown.known
    if brief:
        return value + _part(shown, words, years=years) + _apart_mark(shown, words)
    rest = [words("figures.rest", n=len(shown.summary.members))]
    if shown.torn:
        rest.append(words("figures.why_state", n=shown.torn, state=words("state.conflicting")))
    if silent := without - shown.missing - shown.torn:
        rest.append(words("figures.rest_without", without=silent))
    if shown.missing:
        rest.append(words("figures.rest_missing", n=shown.missing))
    warn = " nb-unknown" if without else ""
    said, why = escape(words("figures.and").join(rest)), escape(why_in_words(shown, words))
    return f'{value}{_apart_mark(shown, words)}<small class="nb-f-rest{warn}" title="{why}">{said}</small>'


def why_in_words(shown: Shown, words: Texts) -> str:
    """On how many reports a total rests, and what is with the others."""
    told = [
        words("figures.why_missing", n=count)
        if state == "missing"
        else words("figures.why_state", n=count, state=words(f"state.{state}"))
        for state, count in shown.states.most_common()
        if state in (*UNKNOWN, "missing")
    ]
    if shown.torn:
        told.append(words("figures.why_state", n=shown.torn, state=words("state.conflicting")))
    if shown.nested:
        told.append(words("figures.why_apart", n=len(shown.nested)))
    known = shown.known - len(shown.nested)
    if not told:
        return words("figures.rest_complete", known=known)
    return words("figures.rest_long", known=known, why=words("figures.and").join(told))


def _number_or_word(value: Fraction | None, shown: Shown, words: Texts) -> str:
    if value is not None:
        return number(value)
    state = shown.main_state
    return escape(words("state.conflicting" if state == "conflicting" else f"figures.{state}"))


def _unknown_class(shown: Shown) -> str:
    return ' class="nb-unknown"' if shown.value is None else ""


def _part(shown: Shown, words: Texts, *, years: bool) -> str:
    if shown.is_complete:
        return ""
    said = told(words, "part_of_years" if years else "part_of", known=shown.known, n=shown.reports)
    return f' <small class="nb-f-part nb-unknown" title="{escape(why_in_words(shown, words))}">{said}</small>'


def _apart_mark(shown: Shown, words: Texts) -> str:
    if not shown.nested:
        return ""
    title = told(words, "why_apart", n=len(shown.nested))
    return f'<sup class="nb-f-mark" title="{title}">{told(words, "mark_apart")}</sup>'


def members_address(pivot: Pivot, address: Address, row: int, column: int) -> Address | None:
    """The table of the bodies that a cell is of; ``None`` where no address can say which."""
    chosen = pivot.columns[column]
    changes: dict[str, object] = {"rows": "body", "metrics": (chosen.part.metric_id,), "shows": "sum", "level": None}
    narrowed = [(address.request.rows, pivot.rows[row])]
    if chosen.key is not None:
        narrowed.append((address.request.axis, Row(chosen.key, "")))  # type: ignore[arg-type]
    for axis, of in narrowed:
        change = _narrow(address, axis, of)
        if change is None:
            return None
        changes |= change
    changes["columns"] = "year"
    return address.of(**changes)


def _narrow(address: Address, axis: Grouping | str, row: Row) -> dict[str, object] | None:
    if axis == "kind" and isinstance(row.key, Kind):
        return {"kinds": (row.key,)}
    if axis == "year" and isinstance(row.key, int):
        return {"years": (row.key,)}
    if axis == "region" and isinstance(row.key, str):
        inside = tuple(region for region in address.request.regions if region.startswith(f"{row.key}/"))
        return {"regions": inside or (row.key,)}
    if axis == "body":
        return {"names": (row.name,)}
    return None
