"""Nianbao's own ways to search, behind the interface that all systems have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from assistant.assistant import Assistant
from benchmarks.retrieval.measures import Result
from vectorstore.index import Index
from vectorstore.ranking import Ranking
from vectorstore.records import Hit


class System(Protocol):
    """Something that finds passages."""

    @property
    def name(self) -> str: ...

    def rank(self, question: str, k: int) -> list[Result]:
        """The best results for a question, best first, at most ``k``."""
        ...


class OwnSearch:
    """`Index.search` with nothing but the question."""

    def __init__(self, index: Index, name: str = "Nianbao", ranking: Ranking | None = None) -> None:
        self.name = name
        self._index = index
        self._ranking = ranking or Ranking()

    def rank(self, question: str, k: int) -> list[Result]:
        """As `System` says."""
        return as_results(self._index.search(question, k=k, ranking=self._ranking))


class AssistantSearch:
    """`Assistant.search`, where what the question names (body, place, kind, year) narrows the search."""

    def __init__(
        self, assistant: Assistant, name: str = "Nianbao, scope from the plan", ranking: Ranking | None = None
    ) -> None:
        self.name = name
        self._assistant = assistant
        self._ranking = ranking or Ranking()

    def rank(self, question: str, k: int) -> list[Result]:
        """As `System` says."""
        return as_results(self._assistant.search(question, k=k, ranking=self._ranking))


class DenseLeg:
    """The vectors alone: the passages nearest to the question, by the index's own collection and model."""

    def __init__(self, index: Index, name: str = "vectors alone") -> None:
        self.name = name
        self._vectors = index._vectors

    def rank(self, question: str, k: int) -> list[Result]:
        """As `System` says.

        Raises:
            RuntimeError: The index has no vectors of the model that is there now.
        """
        near = self._vectors.similar(question, None, k)
        if near is None:
            raise RuntimeError("The index has no vectors of this model; delete the benchmark's cache and run again.")
        return [(passage_id,) for passage_id in sorted(near, key=lambda passage_id: (-near[passage_id], passage_id))]


FUSED = replace(Ranking(), dense=0.5)
"""Full text and the bundled vectors together, which isn't how it is shipped: the gate says why."""


def fused(index: Index, name: str = "full text and vectors") -> OwnSearch:
    """Our search with the vectors."""
    return OwnSearch(index, name, FUSED)


def lexical_alone(index: Index, name: str = "full text alone") -> OwnSearch:
    """All that our search does, without vectors."""
    return OwnSearch(index, name, replace(Ranking(), dense=0.0))


def as_results(hits: Sequence[Hit]) -> list[Result]:
    """One passage a hit; the repeats that it names in other reports aren't counted as shown."""
    return [(hit.passage.passage_id,) for hit in hits]
