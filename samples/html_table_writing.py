"""A form's table in HTML, in the ways in which editors of government sites leave it."""

from __future__ import annotations

import random
from collections.abc import Callable
from html import escape

from samples.draft import FormTable
from samples.grid import GridCell, grid

_ZERO_WIDTH = "\u200b"
_WORD_ROW = ' style="mso-yfti-irow:{};height:14.2pt"'


def write_table(table: FormTable, style: str, rng: random.Random) -> str:
    """The table in a style of ``TABLE_STYLES``."""
    return TABLE_STYLES[style](grid(table), rng)


def _plain(rows: list[list[GridCell]], rng: random.Random) -> str:
    """Merged cells as spans, every element closed."""
    return f'<table border="1" cellspacing="0"><tbody>{_rows(rows, rng)}</tbody></table>'


def _unclosed(rows: list[list[GridCell]], rng: random.Random) -> str:
    """As written by hand: upper case, nothing closed but the table, quotes left out."""
    lines = []
    for row in rows:
        cells = "".join(f"<TD{_spans(cell, quote='')}>{_padded(cell, rng)}" for cell in row)
        lines.append(f"<TR>{cells}")
    return "<TABLE BORDER=1>\n" + "\n".join(lines) + "\n</TABLE>"


def _word(rows: list[list[GridCell]], rng: random.Random) -> str:
    """As Word exports it: each cell a paragraph of spans, wrapped source lines, a row of widths at the end."""
    body = []
    for number, row in enumerate(rows):
        cells = []
        for cell in row:
            text = _padded(cell, rng) or "<o:p>&nbsp;</o:p>"
            cells.append(
                f"<td width=64{_spans(cell)} valign=top\n  style='width:48.1pt;padding:0cm 5.4pt'>\n"
                "  <p class=MsoNormal align=center style='text-align:center'><span\n  lang=EN-US>"
                f"{text}</span></p>\n  </td>"
            )
        body.append(f"<tr{_WORD_ROW.format(number)}>\n  " + "\n  ".join(cells) + "\n </tr>")
    widths = "".join("<td width=64 style='border:none'></td>" for _ in range(max(len(row) for row in rows)))
    misaligned = f"<![if !supportMisalignedColumns]>\n <tr height=0>{widths}</tr>\n <![endif]>"
    return (
        "<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0>\n "
        + "\n ".join(body)
        + misaligned
        + "</table>"
    )


def _sectioned(rows: list[list[GridCell]], rng: random.Random) -> str:
    """With a caption, a head with header cells, columns that are hidden, and far too wide a span."""
    head = "".join(_row(row, rng, tag="th") for row in rows[:1])
    rest = _rows(rows[1:], rng)
    if any(cell.row_span > 1 for cell in rows[0]):
        head, rest = "", _rows(rows, rng)
    widths = "<colgroup><col width='20%'><col></colgroup>"
    hidden = '<tr style="display: none"><td>999</td><td>999</td></tr>'
    return f"<table>{widths}<thead>{head}</thead><tbody>{rest}{hidden}</tbody></table>"


def _split(rows: list[list[GridCell]], rng: random.Random) -> str:
    """Torn into two tables, where no merged cell reaches over the tear."""
    whole = [
        at
        for at in range(2, len(rows) - 1)
        if not any(cell.row_span > at - cell.row for row in rows[:at] for cell in row) and len(rows[at]) > 1
    ]
    if not whole:
        return _plain(rows, rng)
    at = rng.choice(whole)
    return f"<table>{_rows(rows[:at], rng)}</table><p>&nbsp;</p><table>{_rows(rows[at:], rng)}</table>"


def _divs(rows: list[list[GridCell]], rng: random.Random) -> str:
    """Of <div>s that a style displays as a table, which knows no merged cells: those covered are empty."""
    width = max(cell.column + cell.column_span for row in rows for cell in row)
    lines = []
    for number, row in enumerate(rows):
        at = {cell.column: _padded(cell, rng) for cell in row}
        inner = "".join(
            f'<div style="display:table-cell;border:1px solid">{at.get(column, "")}</div>'
            for column in range(width)
            if column in at or not _is_covered(rows, number, column)
        )
        lines.append(f'<div style="display: table-row">{inner}</div>')
    return '<div style="width:100%;display:table">' + "".join(lines) + "</div>"


TABLE_STYLES: dict[str, Callable[[list[list[GridCell]], random.Random], str]] = {
    "plain": _plain,
    "unclosed": _unclosed,
    "word": _word,
    "sectioned": _sectioned,
    "split": _split,
    "divs": _divs,
}
"""By name. ``sectioned`` and ``split`` fall back to plain rows where a merged cell stands in the way."""


def _is_covered(rows: list[list[GridCell]], row: int, column: int) -> bool:
    """Whether a cell reaches over the place from its left; what reaches down from above leaves an empty cell."""
    return any(cell.column < column < cell.column + cell.column_span for cell in rows[row])


def _rows(rows: list[list[GridCell]], rng: random.Random) -> str:
    return "\n".join(_row(row, rng) for row in rows)


def _row(row: list[GridCell], rng: random.Random, tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}{_spans(cell)}>{_padded(cell, rng)}</{tag}>" for cell in row) + "</tr>"


def _spans(cell: GridCell, quote: str = '"') -> str:
    text = f" colspan={quote}{cell.column_span}{quote}" if cell.column_span > 1 else ""
    return text + (f" rowspan={quote}{cell.row_span}{quote}" if cell.row_span > 1 else "")


def _padded(cell: GridCell, rng: random.Random) -> str:
    """The cell's text with the markup and invisible characters that editors leave; never between two digits."""
    text = escape(cell.text)
    if not text:
        return rng.choice(("", "&nbsp;", "<p></p>", "<br>", _ZERO_WIDTH))
    choice = rng.random()
    if cell.is_leaf and 3 < len(cell.text) < 8 and choice < 0.3:
        text = f"{escape(cell.text[:2])}{rng.choice(('<br>', '<br/>', '</p><p>'))}{escape(cell.text[2:])}"
        return f"<p>{text}</p>"
    if choice < 0.4:
        return f"<p>{text}</p>"
    if choice < 0.5:
        return f"&nbsp;{text} "
    if choice < 0.55:
        return f"{_ZERO_WIDTH}{text}"
    if choice < 0.65 and cell.metric and len(cell.text) > 1:
        return f"<span>{escape(cell.text[:1])}</span><span>{escape(cell.text[1:])}</span>"
    return text
