"""What a language model is offered to choose from: metrics, bodies and places near the question, few and numbered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.plan import Plan
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.linking import Linker
from assistant.understanding.reading import QuestionReading
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_label

MOST_METRICS, MOST_BODIES, MOST_PLACES = 60, 20, 12
METRIC_TOKENS = 1_500
_LONGEST_NAME = 40
_LATIN = re.compile(r"[a-z]{3,}")
_ALWAYS = (
    "applications_new", "applications_carried_in", "applications_carried_out", "result_total", "result_granted",
    "result_partial", "denied_subtotal", "unable_subtotal", "unprocessed_subtotal", "other_subtotal", "review_total",
    "lit_direct_total", "lit_post_review_total",
)  # fmt: skip
"""What most questions are about, however they put it."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a draft may name.

    Attributes:
        metrics: Ids with their names in the question's language.
        columns: Ids of the applicant columns with their names.
        bodies: Ids, those that the question surely names first; the first is number 1.
        body_names: Their names, in the same order.
        places: Prefixes of region paths.
    """

    metrics: dict[str, str]
    columns: dict[str, str]
    bodies: tuple[str, ...]
    body_names: tuple[str, ...]
    places: tuple[str, ...]


def choices_for(
    reading: QuestionReading,
    lexicon: Lexicon,
    linker: Linker,
    last: Plan | None,
    count_tokens: Callable[[str], int],
    metric_tokens: int = METRIC_TOKENS,
) -> Choices:
    """What is offered for a question.

    Args:
        last: The Plan of the question before, whose bodies and places may be meant again.
        metric_tokens: Of the metrics, at most, and never more than ``METRIC_TOKENS``.
    """
    bodies = tuple(dict.fromkeys(_bodies(reading, linker, last)))[:MOST_BODIES]
    return Choices(
        metrics=_metrics(reading, lexicon, last, count_tokens, min(metric_tokens, METRIC_TOKENS)),
        columns={c.id: c.name_zh if reading.language == "zh" else c.name_en for c in catalogue().applicant_columns},
        bodies=bodies,
        body_names=tuple(_one_line(linker.bodies[body_id].name) for body_id in bodies),
        places=tuple(dict.fromkeys(_places(reading, linker, last)))[:MOST_PLACES],
    )


def _metrics(
    reading: QuestionReading, lexicon: Lexicon, last: Plan | None, count_tokens: Callable[[str], int], left: int
) -> dict[str, str]:
    """The metrics nearest to the question first, as many as fit, told in the catalogue's order."""
    known = catalogue()
    near: dict[str, int] = {}
    wanted = parts(reading.text)
    for words in lexicon.metric_words:
        shared = max((len(wanted & parts(term)) for group in words.groups for term in group), default=0)
        base = known.split(words.metric_id)[0].id
        near[base] = max(near.get(base, 0), shared)
    for metric in known.metrics.values():
        near[metric.id] = max(near.get(metric.id, 0), len(wanted & parts(f"{metric.name_zh} {metric.name_en.lower()}")))
    for metric_id in (*_ALWAYS, *(last.metrics if last is not None else ())):
        if metric_id.partition("__")[0] in near:
            near[metric_id.partition("__")[0]] += 100
    order = sorted(near, key=lambda metric_id: (-near[metric_id], known.metrics[metric_id].is_former))
    chosen: set[str] = set()
    for metric_id in order[:MOST_METRICS]:
        left -= count_tokens(f"{metric_id}: {known.name(metric_id, reading.language)}\n")
        if left < 0:
            break
        chosen.add(metric_id)
    return {metric_id: known.name(metric_id, reading.language) for metric_id in known.metrics if metric_id in chosen}


def _bodies(reading: QuestionReading, linker: Linker, last: Plan | None) -> Iterator[str]:
    for mention in reading.bodies:
        yield from mention.body_ids
    if last is not None:
        yield from (body_id for body_id in last.scope.bodies if body_id in linker.bodies)
    unknown = _unknown_parts(reading)
    if not unknown:
        return
    shared = {
        body.body_id: max(len(unknown & parts(fold_label(name))) for name in (body.name, *body.aliases))
        for body in linker.bodies.values()
    }
    yield from sorted((b for b, count in shared.items() if count), key=lambda b: (-shared[b], linker.bodies[b].name))


def _places(reading: QuestionReading, linker: Linker, last: Plan | None) -> Iterator[str]:
    for mention in reading.places:
        yield from mention.regions
    if last is not None:
        yield from last.scope.regions
    unknown = _unknown_parts(reading)
    near = [(len(unknown & parts(region.rsplit("/", 1)[-1])), region) for region in linker.regions]
    yield from (region for count, region in sorted(near, key=lambda pair: (-pair[0], pair[1])) if count)


def _unknown_parts(reading: QuestionReading) -> set[str]:
    return {part for stretch in reading.unknown for part in parts(stretch.text)}


def parts(text: str) -> set[str]:
    """Pairs of Han characters that stand together, and Latin words."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1) if not text[at : at + 2].isascii()}
    return {pair for pair in pairs if " " not in pair} | set(_LATIN.findall(text.lower()))


def _one_line(name: str) -> str:
    """A name as data: what a report calls itself may be anything."""
    line = " ".join(name.split())
    return line if len(line) <= _LONGEST_NAME else line[:_LONGEST_NAME] + "…"
