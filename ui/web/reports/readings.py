"""How a reading of a figure is written and linked to its place."""

from __future__ import annotations

from ui.texts import Texts
from ui.web.markup import escape, report_link
from ui.web.numbers import number, unit_name
from vectorstore.records import Figure, Origin, ResolvedFigure, State

LONGEST_QUOTE = 90


def is_printed(reading: Figure) -> bool:
    """Whether it stands in a table of the report, or on a picture of one."""
    return reading.origin in (Origin.TABLE, Origin.IMAGE)


def same_value(reading: Figure, other: Figure) -> bool:
    """Whether two readings say the same."""
    return reading.value == other.value and reading.state == other.state


def reading_link(reading: Figure) -> str:
    """Where it stands, escaped for an attribute; a table's cell with its own characters."""
    cell = reading.cell
    place = None if cell is None or cell.start == cell.end else (cell.start, cell.end)
    return report_link(reading.report_id, reading.start, reading.end, place)


def quote_of(text: str, start: int, end: int) -> str:
    """The characters of a span in one line, cut where they are many."""
    quote = " ".join(text[start:end].split())
    return quote if len(quote) <= LONGEST_QUOTE else f"{quote[:LONGEST_QUOTE]}…"


def contradiction(figure: ResolvedFigure, words: Texts) -> str:
    """The values of a figure that a report contradicts itself on: ``2 ≠ 4``."""
    values = dict.fromkeys(number(r.value) for r in figure.readings if r.value is not None)
    return f" {words('figures.against')} ".join(values)


def value_in_words(figure: ResolvedFigure, words: Texts) -> str:
    """A figure's value as HTML: the number with its unit; several where they contradict; else what is known of it."""
    unit = unit_name(figure.unit, words)
    gap = " " if words.language == "en" and unit else ""
    if figure.state is State.CONFLICTING:
        said = f"{contradiction(figure, words)}{gap}{unit}"
        return f'<span class="nb-unknown">{escape(said)} {escape(words("reports.conflicting"))}</span>'
    if figure.value is None:
        return f'<span class="nb-unknown">{escape(words(f"state.{figure.state.value}"))}</span>'
    return escape(f"{number(figure.value)}{gap}{unit}")
