"""A system's measures on questions, by set and kind, alone and beside another's."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.retrieval.measures import DEPTH, MEASURES, Interval, Result, mean_interval, measure
from benchmarks.retrieval.question_files import Question
from benchmarks.retrieval.relevance import JudgedQuestion

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.retrieval.systems import System


Wanted = Callable[[Question], bool]


def _any_question(question: Question) -> bool:
    return True


@dataclass(frozen=True)
class Evaluation:
    """What a system found for the answerable ones of some questions.

    Attributes:
        results: Of each question, in their order.
        values: One row a question, one column for each of ``MEASURES``.
        seconds: Of the clock, of each question.
    """

    system: str
    questions: tuple[JudgedQuestion, ...]
    results: tuple[list[Result], ...]
    values: NDArray[np.float64]
    seconds: tuple[float, ...]

    def interval(self, measure_name: str, wanted: Wanted = _any_question) -> Interval | None:
        """The mean of a measure over the wanted questions; ``None`` if there are none."""
        return _mean(self.values[:, MEASURES.index(measure_name)], self._where(wanted))

    def over(self, other: Evaluation, measure_name: str, wanted: Wanted = _any_question) -> Interval | None:
        """The mean of this system's measure less the other's, paired by question.

        Raises:
            ValueError: The two weren't asked the same questions.
        """
        if [q.question.id for q in self.questions] != [q.question.id for q in other.questions]:
            raise ValueError(f"{self.system} and {other.system} were asked different questions.")
        column = MEASURES.index(measure_name)
        return _mean(self.values[:, column] - other.values[:, column], self._where(wanted))

    def _where(self, wanted: Callable[[Question], bool]) -> NDArray[np.bool_]:
        return np.array([wanted(judged.question) for judged in self.questions], dtype=bool)


def _mean(values: NDArray[np.float64], where: NDArray[np.bool_]) -> Interval | None:
    return mean_interval(values[where]) if where.any() else None


def evaluate(system: System, questions: Sequence[JudgedQuestion]) -> Evaluation:
    """Put every answerable question; one is put before the clock starts, so that what is loaded late is loaded."""
    answerable = tuple(judged for judged in questions if judged.relevant)
    if answerable:
        system.rank(answerable[0].question.text, DEPTH)
    results, seconds = [], []
    for judged in answerable:
        start = time.perf_counter()
        results.append(system.rank(judged.question.text, DEPTH))
        seconds.append(time.perf_counter() - start)
    measured = [measure(found, judged.relevant) for found, judged in zip(results, answerable, strict=True)]
    values = np.array(measured, dtype=np.float64).reshape(len(answerable), len(MEASURES))
    return Evaluation(system.name, answerable, tuple(results), values, tuple(seconds))
