"""2023年乡镇共收到申请8件: the sum over a whole scope."""

from __future__ import annotations

from decimal import Decimal

from assistant.language_models.wording.figures.claims import Claim
from assistant.language_models.wording.figures.slots import Slots
from assistant.language_models.wording.verdicts import RefusedError


def check_sum(slots: Slots, claim: Claim) -> None:
    """The sum of all members, where every one of them states its number, and every one is cited."""
    numbers, value = list(claim.of("number")), slots.facts.answer.value
    if len(numbers) == 2 and claim.counts(numbers[0]):
        counted = numbers.pop(0).number
        if counted is None or counted.qualifier or counted.value != slots.facts.answer.coverage.in_scope:
            raise RefusedError("number", claim.tokens[0].text)
    if len(numbers) != 1 or value is None or not claim.of("label") or len(claim.of("label")) > 1:
        raise RefusedError("number", claim.tokens[0].text)
    slots.check_whole(claim)
    slots.bodies = []
    if slots.facts.plan.criteria or slots.facts.plan.metrics != (slots.metric,):
        raise RefusedError("number", claim.tokens[0].text)
    slots.check_number(numbers[0], Decimal(str(value)), slots.facts.answer.unit, claim)
    slots.cite_all(claim)
