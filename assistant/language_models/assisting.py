"""What a language model adds to a built-in answer: another reading where that was unsure, and its wording."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.language_models.planning import made_by_model, plan_by_model
from assistant.language_models.remembering import ModelReading
from assistant.language_models.rewording import reword
from assistant.language_models.warnings import failure_warning
from assistant.plan import Plan
from assistant.understanding.parser import Parse
from vectorstore.errors import LanguageModelError

logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.language_models.model import LanguageModel


def assist(
    assistant: Assistant,
    model: LanguageModel,
    question: str,
    history: Sequence[str | Plan],
    answer: Answer,
    parse: Parse | None,
) -> Iterator[Answer]:
    """The answers that follow the built-in one, each whole; the last is the final one.

    A model that fails leaves the answer before it, with a warning that says so.
    """
    try:
        read = plan_by_model(model, assistant, question, history, answer, parse)
    except LanguageModelError as error:
        logger.warning("No plan by the language model: %s", error)
        yield answer.model_copy(update={"warnings": (*answer.warnings, failure_warning(error, answer.language))})
        return
    if read is not None:
        answer = _answered(assistant, read, question)
        yield _headed(answer, read)
    for worded in reword(model, assistant, answer):
        yield worded if read is None else _headed(worded, read)


def _answered(assistant: Assistant, read: ModelReading, question: str) -> Answer:
    """The answer to a model's reading, which warns first whose reading it is."""
    answer = read.answer or assistant.answer(read.plan, question)
    resolved = read.understood if read.continues else None
    warnings = (made_by_model(read), *answer.warnings)
    return answer.model_copy(update={"warnings": warnings, "resolved": resolved})


def _headed(answer: Answer, read: ModelReading) -> Answer:
    """The answer with whose reading it is at the head of its text: below it, who reads the figures has read them."""
    return answer.model_copy(update={"text": f"{made_by_model(read)}\n{answer.text}"})
