"""2023年收到申请最多的是甲: who has most or fewest of a whole scope."""

from __future__ import annotations

from assistant.language_models.wording.figures.claims import Claim
from assistant.language_models.wording.figures.slots import Slots
from assistant.language_models.wording.verdicts import RefusedError


def check_most(slots: Slots, claim: Claim, names: list[str]) -> None:
    """Who has most of the whole scope, and all of them: a top answer lists everyone that shares its last place."""
    plan = slots.facts.plan
    order = "descending" if "most" in claim.kinds else "ascending"
    if plan.operation != "top" or plan.order != order or plan.within or plan.group_by or plan.change or plan.place:
        raise RefusedError("polarity", claim.tokens[0].text)
    if plan.criteria or plan.denominators or claim.of("number") or slots.metric is None:
        raise RefusedError("polarity", claim.tokens[0].text)
    slots.check_whole(claim)
    scope = plan.scope
    if (
        scope.bodies
        or scope.regions
        or scope.names
        or scope.excluded
        or scope.whole
        or scope.years != tuple(slots.years)
    ):
        raise RefusedError("polarity", claim.tokens[0].text)
    if scope.kinds and not (slots.head and slots.head.of("label")):
        raise RefusedError("polarity", claim.tokens[0].text)
    if any(not fact.is_known or not slots.is_meant(row) for row, fact in slots.rows):
        raise RefusedError("unknown", claim.tokens[0].text)
    for name in names:
        slots.fact(name, slots.years[0], claim)
    values = [fact.values[0] for _, fact in slots.rows]
    end = max(values) if order == "descending" else min(values)
    if {fact.body for _, fact in slots.rows if fact.values[0] == end} != set(names):
        raise RefusedError("polarity", claim.tokens[0].text)
