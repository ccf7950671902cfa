"""An answer's rows as a table: complete, sortable, every value a link to what states it.

At first only the beginning is drawn, since a browser draws thousands of rows slowly; the script fetches the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.printing import row_state, row_value
from ui.texts import Texts
from ui.web.ask.markers import MARKERS_IN_CELL, marker_run, reference
from ui.web.markup import escape, place_name
from ui.web.numbers import number
from vectorstore.catalogue import catalogue

if TYPE_CHECKING:
    from assistant.answer import Row

FIRST_ROWS = 100
ROWS_A_CALL = 1000


class AnswerTable:
    """The table of one answer.

    Args:
        rows: Those that decide which columns there are, and that `whole` and `lines` draw.
        total: How many rows the answer has.
        turn: The number of the answer in its conversation.
    """

    def __init__(self, rows: Sequence[Row], total: int, turn: int, words: Texts) -> None:
        self._rows = rows
        self._total = total
        self._turn = turn
        self._words = words
        self.columns = _columns(rows)

    def whole(self, upto: int) -> str:
        """The table with its first rows, and a button for the others where there are any."""
        words = self._words
        caption = escape(words("ask.table_caption", n=self._turn + 1))
        heads = "".join(self._head(name) for name in self.columns)
        partial = self._total > upto
        more = ""
        if partial:
            shown = escape(words("answer.rows_shown", shown=upto, total=self._total))
            button = escape(words("answer.all_rows", total=self._total))
            more = (
                f'<p class="nb-rest"><span>{shown}</span> '
                f'<button type="button" class="nb-quiet nb-all-rows">{button}</button></p>'
            )
        return (
            f'<div class="nb-answer-table" data-total="{self._total}"{" data-partial" if partial else ""}>'
            f'<div class="nb-rows" tabindex="0" role="region" aria-label="{caption}"><table class="nb-sortable">'
            f"<thead><tr>{heads}</tr></thead><tbody>{self.lines(0, upto)}</tbody></table></div>"
            f"{self._alike()}{more}</div>"
        )

    def lines(self, start: int, end: int) -> str:
        """The rows from ``start`` to ``end`` as ``tr`` elements."""
        return "".join(self._line(row) for row in self._rows[start:end])

    def _alike(self) -> str:
        # What all rows say of their values is said once, in place of a column.
        if "value" not in self.columns or "state" in self.columns or not self._rows:
            return ""
        state = escape(self._state(self._rows[0]))
        return f'<p class="nb-rest">{escape(self._words("answer.all_alike"))} {state}</p>'

    def _head(self, name: str) -> str:
        label = self._words(f"answer.{name}" if name == "note" else f"column.{name}")
        return f'<th scope="col" class="nb-at-{name}"><button type="button">{escape(label)}</button></th>'

    def _line(self, row: Row) -> str:
        language = self._words.language
        cells = {
            "body": (escape(row.body), None),
            "region": (escape(place_name(row.region)), None),
            "label": (escape(row.label or ""), None),
            "year": (str(row.year or ""), str(row.year or "")),
            "metric": (escape(catalogue().name_or_id(row.metric, language) if row.metric else ""), None),
            "value": (self._value(row), "" if row.value is None else repr(row.value)),
            "state": (escape(self._state(row)), None),
            "note": (escape(row.note or ""), None),
            "evidence": (
                marker_run(self._turn, list(row.citations), self._words, MARKERS_IN_CELL),
                str(row.citations[0]) if row.citations else "",
            ),
        }
        drawn = []
        for name in self.columns:
            content, sort = cells[name]
            drawn.append(f'<td class="nb-at-{name}"{"" if sort is None else f" data-sort={sort!r}"}>{content}</td>')
        return f'<tr class="nb-is-{row.state}">{"".join(drawn)}</tr>'

    def _state(self, row: Row) -> str:
        """How the value is known; of a contradiction, whose readings stand beside it, which of them counts."""
        language = self._words.language
        if not _is_divided(row) or row.value is None:
            return row_state(row, language, number)
        bare = row_state(row.model_copy(update={"readings": ()}), language, number)
        return self._words("answer.counts", state=bare, value=number(row.value))

    def _value(self, row: Row) -> str:
        """The value, or the readings of a contradiction, each linked to the place that states it."""
        words = self._words
        said = row_value(row, words.language, number)
        is_divided = _is_divided(row)
        if is_divided:
            said = " / ".join(map(number, row.readings))
        if not row.citations:
            return escape(said)
        if is_divided and len(row.readings) == len(row.citations):
            links = [
                reference(self._turn, n, number(value), words)
                for value, n in zip(row.readings, row.citations, strict=True)
            ]
            return " / ".join(links)
        return reference(self._turn, row.citations[0], said, words)


def _is_divided(row: Row) -> bool:
    return row.state == "conflicting" and len(row.readings) > 1


def _columns(rows: Sequence[Row]) -> list[str]:
    """Those in which some row says what another doesn't."""
    labels = any(row.label for row in rows)
    named_by_label = all((row.label or "").startswith(row.body) for row in rows)
    # Groups are what their labels say, also a group that holds one body only.
    named_by_label |= all(row.report_id is None for row in rows) and len({row.label for row in rows}) == len(rows)
    places: dict[str, set[str | None]] = {}
    for row in rows:
        places.setdefault(row.body, set()).add(row.region)
    # Rows that are about words, such as the problems that recur, have no value and need not say so.
    values = any(row.value is not None or row.state != "stated" for row in rows)
    shown = {
        "body": (len(places) > 1 and not named_by_label) or not labels,
        "label": labels,
        "region": any(len(regions) > 1 for regions in places.values()),
        "year": any(row.year and str(row.year) not in (row.label or "") for row in rows),
        "metric": len({row.metric for row in rows}) > 1 and not labels,
        "value": values,
        "state": values and len({(row.state, row.note, row.readings) for row in rows}) > 1,
        "note": not values and any(row.note for row in rows),
        "evidence": any(row.citations for row in rows),
    }
    return [name for name, is_shown in shown.items() if is_shown]
