"""The body of another place that is what the last one was: after Qinghe's economic zone, Liuyu's (溪柳那个呢)."""

from __future__ import annotations

import re

from assistant.plan import PlanScope
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.linking import Linker, is_within
from assistant.understanding.reading import QuestionReading
from vectorstore.records import Body

_THE_ONE = re.compile(r"的?(?:那个|那家|那一个|那一家|这个|这家)|'s one\b|\bthe one (?:in|of)\b|的(?=呢)")


def counterpart(
    reading: QuestionReading, linker: Linker, lexicon: Lexicon, own: PlanScope, before: PlanScope
) -> PlanScope:
    """The follow-up's own scope with the counterpart in its place; as it is where none, or not one, is meant."""
    if reading.bodies or len(reading.places) != 1 or len(before.bodies) != 1 or own.kinds or own.names:
        return own
    if not _THE_ONE.search(reading.text):
        return own
    last, regions = linker.bodies[before.bodies[0]], reading.places[0].regions
    fitting = [
        body
        for body in linker.bodies.values()
        if body.kind == last.kind and is_within(body, regions) and _sort(body, lexicon) == _sort(last, lexicon)
    ]
    if len(fitting) != 1:
        return own
    return own.model_copy(update={"bodies": (fitting[0].body_id,), "regions": (), "latest": not own.years})


def _sort(body: Body, lexicon: Lexicon) -> int | None:
    """Which sort of zone its name says that it is: economic, high-tech, bonded."""
    named = (at for at, names in enumerate(lexicon.designations) if any(name in body.name for name in names))
    return next(named, None)
