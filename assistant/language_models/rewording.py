"""An answer's text in a model's words, each sentence checked against the evidence that it cites."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.language_models.warnings import failure_warning
from assistant.language_models.wording.composing import reasons, said, text_cut_short, text_in_full, text_so_far
from assistant.language_models.wording.evidence import found_besides, is_worded, material
from assistant.language_models.wording.facts import Facts
from assistant.language_models.wording.prompt import prompt
from assistant.language_models.wording.release import Release
from assistant.language_models.wording.sentences import cut
from assistant.language_models.wording.vocabulary import names_of
from vectorstore.errors import LanguageModelError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.language_models.model import LanguageModel

BEAT = 0.5
"""Seconds after which the last answer comes again while the model is silent."""


def reword(model: LanguageModel, assistant: Assistant, answer: Answer) -> Iterator[Answer]:
    """The answer with more and more of its text worded by the model; the last is the final one.

    Rows, citations, coverage, value and status stay as computed. Only sentences that were checked are in any of the
    texts, and each text begins with the one before it; what the built-in text says beyond them follows at the end.
    While the model is silent the last one comes again, now and then. Closing the iterator hangs up on the model.
    """
    if not is_worded(answer):
        yield answer
        return
    besides = found_besides(assistant, answer)
    messages = prompt(model, material(answer, besides, answer.question), answer.language, len(besides))
    if messages is None:
        yield answer
        return
    bodies = assistant.index.bodies()
    names = assistant.index.remember("names in wordings", lambda: names_of(bodies))
    facts = Facts(answer, bodies, names)
    release = Release(facts, besides)
    last = answer
    failure: LanguageModelError | None = None
    with closing(model.stream(messages, beat=BEAT)) as stream:
        try:
            for sentence in cut(stream):
                if sentence and release.take(sentence):
                    last = _answer(answer, release, text_so_far(facts, release))
                    yield last
                elif not sentence:
                    yield last
                if release.is_over:
                    break
        except LanguageModelError as error:
            failure = error
    yield _final(answer, facts, release, failure)


def _final(answer: Answer, facts: Facts, release: Release, failure: LanguageModelError | None) -> Answer:
    count = sum(release.failures.values())
    warnings = [] if failure is None else [failure_warning(failure, answer.language)]
    if not release.sentences:
        if failure is None:
            why = reasons(release, answer)
            warnings.append(said("nothing_left", answer, why=why) if count else said("nothing_written", answer))
        return answer.model_copy(update={"warnings": (*answer.warnings, *warnings)})
    if count:
        warnings.append(said("left_out", answer, count=count, why=reasons(release, answer)))
    if failure is not None:
        warnings.append(said("cut_short", answer))
        return _answer(answer, release, text_cut_short(facts, release), warnings)
    return _answer(answer, release, text_in_full(facts, release), warnings)


def _answer(answer: Answer, release: Release, text: str, warnings: list[str] | None = None) -> Answer:
    return answer.model_copy(
        update={
            "text": text,
            "worded_by": "model",
            "citations": (*answer.citations, *release.cited.values()),
            "warnings": (*answer.warnings, *(warnings or ())),
        }
    )
