"""What decides which passages come first: every weight and switch of the search, in one place.

The defaults were chosen on the tuning questions of ``benchmarks/retrieval`` and reported on others; `docs/retrieval.md`
has what each is worth.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranking:
    """How passages are ranked. Another one is for measuring, and for programs whose reports differ.

    Attributes:
        body, section, text: Weights of a term that stands in the reporting body's name, in the section's heading, in
            the passage itself.
        saturation, length: BM25's k1 and b.
        characters: Whether single characters count beside bigrams.
        stop_words: Whether words of asking are left out.
        expansion: Weight of what reports write for what was said; 0 leaves the synonyms out.
        sentence: Weight of the best single sentence, by how much of the question it holds, in standard deviations.
        dense: Weight of the vectors' similarity, in standard deviations; 0 leaves the vectors out. ``None``: none for
            the bundled model, which has not earned one, ``TRAINED`` for any other.
        table: Added for a table, in standard deviations: the official form repeats 申请 in every row, so it would
            come first for any words about applications, and who wants its numbers asks for figures.
        must_match: Whether what is quoted, and numbers, must stand in a passage.
        repeats: Whether passages of several reports that say nearly the same are shown once.
        per_report: At most so many passages of one report come first, where several reports are in scope.
        candidates: How many passages each leg puts forward.
    """

    body: float = 0.5
    section: float = 1.5
    text: float = 1.0
    saturation: float = 1.2
    length: float = 0.75
    characters: bool = True
    stop_words: bool = True
    expansion: float = 0.5
    sentence: float = 0.5
    dense: float | None = None
    table: float = -1.0
    must_match: bool = True
    repeats: bool = True
    per_report: int = 3
    candidates: int = 250

    def dense_weight(self, *, bundled: bool) -> float:
        """The weight of the vectors, of the bundled model or of another."""
        return self.dense if self.dense is not None else 0.0 if bundled else TRAINED


TRAINED = 0.7
"""Weight of the vectors of a trained encoder: the study's best for a leg that is worth something by itself."""

DEFAULT = Ranking()
