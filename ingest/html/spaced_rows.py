"""Tables that an editor wrote as lines of text, a row a line, with spaces between what would be the cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.document_writer import CellText
from ingest.forms.cells import read_cell
from ingest.html.blocks import DataTable, PageBlock, TextLine
from ingest.html.words import page_words
from ingest.structure.headings import looks_like_level_one

_FEWEST_ROWS = 2
_SEVERAL_VALUES = 6
_MANY_VALUES = 10
_MOST_HEADERS = 4
_LONGEST_VALUE = 16
_LONGEST_HEADER = 60
_SENTENCE = re.compile("[，。；！？]")


def with_spaced_tables(blocks: Sequence[PageBlock]) -> Iterator[PageBlock]:
    """The blocks, with a table in place of each stretch of lines that are rows: labels of the form, then values."""
    run: list[TextLine] = []
    for block in blocks:
        if isinstance(block, TextLine) and (_is_between(block.text) or _is_row(block.text)):
            run.append(block)
        else:
            yield from _settled(run)
            run = []
            yield block
    yield from _settled(run)


def _settled(run: Sequence[TextLine]) -> Iterator[PageBlock]:
    rows = [number for number, line in enumerate(run) if _is_row(line.text)]
    if len(rows) < _FEWEST_ROWS and not any(len(run[number].text.split()) >= _MANY_VALUES for number in rows):
        yield from run
        return
    first, end = max(0, rows[0] - _MOST_HEADERS), rows[-1] + 1
    yield from run[:first]
    cells = [
        [CellText(number, column, text) for column, text in enumerate(line.text.split())]
        for number, line in enumerate(run[first:end])
    ]
    yield DataTable(cells, run[0].container)
    yield from run[end:]


def _is_row(text: str) -> bool:
    """Whether a line is labels and the values behind them, with spaces between; few values need a label of the form."""
    words = text.split()
    # Most lines are prose; the last word shows it cheaply.
    if len(words) < 2 or len(words[-1]) > _LONGEST_VALUE or read_cell(words[-1]) is None:
        return False
    are_values = [read_cell(word) is not None for word in words]
    labels = are_values.index(True) if True in are_values else len(words)
    values = len(words) - labels
    if not values or not all(are_values[labels:]):
        return False
    if labels == 0:
        return values >= _MANY_VALUES
    if values >= _SEVERAL_VALUES:
        return True
    return not _SENTENCE.search(text) and page_words().table_words.search("".join(words[:labels])) is not None


def _is_between(text: str) -> bool:
    """Whether a line can stand between two rows: labels of the columns, or of a group of rows."""
    size = len("".join(text.split()))
    return size <= _LONGEST_HEADER and not _SENTENCE.search(text) and not looks_like_level_one(text)
