"""Makes the bundled embedding model from Chinese law, generated reports and the word lists.

    for seed in 101 102 103; do python -m samples.generator /tmp/reports-$seed --reports 600 --seed $seed; done
    python -m vectorstore.data.build_embedding_model LAWS.jsonl.xz --reports /tmp/reports-*

A few minutes on one core; needs scipy and scikit-learn, which the package itself does not. The same input gives the
same bytes. The parts and what they do: ``vectorstore.data.embedding_build``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from vectorstore.data.embedding_build.cooccurrence import choose_tokens, count_neighbours, count_terms, vectors
from vectorstore.data.embedding_build.files import write_model
from vectorstore.data.embedding_build.pairs import FROM_PARAGRAPHS, draw_pairs
from vectorstore.data.embedding_build.texts import (
    Association,
    associations,
    law_paragraphs,
    report_paragraphs,
    report_sentences,
)
from vectorstore.data.embedding_build.tuning import tune
from vectorstore.terms import terms_of

VOCABULARY = 29_000
DIMENSION = 128
REPORTS_WEIGHT = 5
"""How many times a sentence of a report counts: laws are many times as long."""

_HERE = Path(__file__).parent
_LISTS = [
    *(_HERE / name for name in ("synonyms.tsv", "everyday_terms.tsv", "english_terms.tsv")),
    _HERE / "embedding_build" / "words.tsv",
]


def build(
    folder: Path, laws: Path, reports: Sequence[Path], lists: Sequence[Path], from_paragraphs: int = FROM_PARAGRAPHS
) -> None:
    """Make the model and write it into ``folder``.

    Args:
        laws: As `law_paragraphs` reads them.
        reports: Folders of generated reports, as text.
        lists: Word lists, as `associations` reads them. What they say has vectors, whether or not a text uses it.
        from_paragraphs: How many examples to draw from the paragraphs of the reports.
    """
    law, told, paragraphs = law_paragraphs(laws), report_sentences(reports), report_paragraphs(reports)
    listed = [each for path in lists for each in associations(path)]
    in_law, in_reports = count_terms(law), count_terms(told)
    counts = {term: in_law[term] + REPORTS_WEIGHT * in_reports[term] for term in in_law | in_reports}
    tokens = choose_tokens(counts, _terms_of_lists(listed), VOCABULARY)
    neighbours = count_neighbours(law, tokens) + REPORTS_WEIGHT * count_neighbours(told, tokens)
    frequencies = np.array([counts.get(token, 0) for token in tokens], dtype=np.float64)
    untuned = vectors(neighbours, frequencies, DIMENSION)
    table = tune(untuned, tokens, draw_pairs(listed, law, told, paragraphs, from_paragraphs))
    write_model(folder, tokens, table)


def _terms_of_lists(listed: Sequence[Association]) -> set[str]:
    terms = {term for each in listed for text in (*each.said, *each.written) for term in terms_of(text)}
    return {term for term in terms if len(term) > 1 and not term.isdigit()}


def main() -> None:
    """Read the command line and build the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("laws", type=Path)
    parser.add_argument("--reports", type=Path, nargs="*", default=[], help="folders of generated reports")
    parser.add_argument("--lists", type=Path, nargs="+", default=_LISTS, help="what is said and what is written")
    parser.add_argument("--out", type=Path, default=_HERE / "embedding_model")
    arguments = parser.parse_args()
    # Sums that several threads share come out different every time.
    with threadpool_limits(1):
        build(arguments.out, arguments.laws, arguments.reports, arguments.lists)


if __name__ == "__main__":
    main()
