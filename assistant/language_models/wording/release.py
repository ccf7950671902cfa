"""What is released of a model's wording: one checked sentence after the other, and nothing else of what it wrote."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence

from assistant.answer import Answer, Citation
from assistant.answering.citations import MARKER
from assistant.language_models.instructions import is_instruction
from assistant.language_models.wording.evidence import is_prose
from assistant.language_models.wording.facts import Facts
from assistant.language_models.wording.figures.form import check_figures
from assistant.language_models.wording.prose_checks import Told, check_prose
from assistant.language_models.wording.tidying import check_language, tidy
from assistant.language_models.wording.verdicts import RefusedError, Why
from vectorstore.folding import fold_label

logger = logging.getLogger(__name__)

MOST_SENTENCES = 40
MOST_FAILURES_RUNNING = 10
"""After so many sentences in a row that can't be used the model isn't listened to any longer."""


class Release:
    """The checked sentences of one answer.

    Args:
        facts: Of the built-in answer.
        besides: Citations that the wording may use beside the answer's own.

    Attributes:
        sentences: Released, in order, with the numbers that the reader sees.
        cited: Of ``besides`` those that are cited, renumbered in the order of first use.
        failures: How many sentences were left out, by reason.
        told: Of an answer in the reports' words, what the sentences tell of the answer's own citations and others.
    """

    def __init__(self, facts: Facts, besides: Sequence[Citation] = ()) -> None:
        self._facts = facts
        self._answer: Answer = facts.answer
        self._citations = facts.citations | {citation.n: citation for citation in besides}
        self._quotes = {n: c.quote for n, c in self._citations.items() if not is_instruction(c.quote)}
        self._seen: set[str] = set()
        self._looked_at = 0
        self._failed_running = 0
        self.sentences: list[str] = []
        self.cited: dict[int, Citation] = {}
        self.failures: Counter[Why] = Counter()
        self.told: list[Told] = []

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be expected of the stream."""
        return self._looked_at >= MOST_SENTENCES or self._failed_running >= MOST_FAILURES_RUNNING

    def take(self, raw: str) -> bool:
        """Look at a sentence of the model; whether it is released."""
        self._looked_at += 1
        try:
            sentence = self._checked(raw)
        except RefusedError as refused:
            logger.debug("Left out (%s): %s", refused, raw)
            self.failures[refused.verdict.why] += 1
            self._failed_running += 1
            return False
        except Exception:
            # A rule that breaks has shown nothing to be true.
            logger.exception("A sentence of the language model could not be checked: %s", raw)
            self.failures["words"] += 1
            self._failed_running += 1
            return False
        if sentence:
            self._failed_running = 0
            self.sentences.append(self._renumbered(sentence))
        return bool(sentence)

    def _checked(self, raw: str) -> str:
        answer = self._answer
        sentence = tidy(raw, answer.language)
        if not fold_label(MARKER.sub("", sentence)).strip("。.!！?？…-—"):
            return ""
        folded = fold_label(MARKER.sub("", sentence))
        if folded in self._seen:
            raise RefusedError("repeated")
        self._seen.add(folded)
        numbers = [int(n) for n in MARKER.findall(sentence)]
        if not numbers or any(n not in self._citations for n in numbers):
            raise RefusedError("citation", sentence)
        if is_instruction(MARKER.sub("", sentence)):
            raise RefusedError("instruction", sentence)
        check_language(sentence, answer.language, self._facts.names)
        if is_prose(answer):
            names_body = len({c.body for c in self._citations.values()}) > 1
            self.told += check_prose(
                sentence, self._citations, self._facts.names, answer.language, names_body=names_body
            )
        else:
            check_figures(sentence, self._facts, self._quotes)
        return sentence

    def _renumbered(self, sentence: str) -> str:
        """The sentence with the numbers of ``besides`` following those of the answer, without gaps."""

        def number(n: int) -> int:
            if n in self._facts.citations:
                return n
            if n not in self.cited:
                self.cited[n] = self._citations[n].model_copy(
                    update={"n": len(self._facts.citations) + len(self.cited) + 1}
                )
            return self.cited[n].n

        return MARKER.sub(lambda match: f"[{number(int(match[1]))}]", sentence)
