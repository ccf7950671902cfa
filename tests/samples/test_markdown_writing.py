"""Generated reports in Markdown say what the drafts state."""

from __future__ import annotations

import pytest

from ingest.text.markdown_text import read_markdown
from ingest.understanding import understand
from samples.comparison import compare
from samples.generator import GeneratedReport, generate
from vectorstore.catalogue import catalogue

IN_TABLES = frozenset(metric.id for metric in catalogue().metrics.values() if metric.table)


@pytest.mark.parametrize("made", list(generate(40, seed=43, formats=("markdown",))), ids=lambda made: made.file)
def test_every_figure_is_read_and_none_invented(made: GeneratedReport) -> None:
    found = compare(made.truth, understand(read_markdown(made.data, made.file)))
    contradicted = set(made.truth["readings"])
    wrong = [w for w in found.wrong if w[0].partition("__")[0] in IN_TABLES and w[0] not in contradicted]
    invented = [i for i in found.invented if i[0].partition("__")[0] in IN_TABLES]
    missed = [m for m in found.missed if m.partition("__")[0] in IN_TABLES]
    assert (wrong, invented, missed, found.identity) == ([], [], [], [])
