"""甲2023年收到4件, 甲2023年没有收到申请: a metric's own numbers and zeros, of bodies by name."""

from __future__ import annotations

from assistant.language_models.wording.figures.claims import Claim
from assistant.language_models.wording.figures.contradictions import check_reading
from assistant.language_models.wording.figures.slots import Slots
from assistant.language_models.wording.verdicts import RefusedError


def check_value(slots: Slots, claim: Claim) -> None:
    """甲2023年收到申请4件; several bodies or years only with 均 and one number, or 分别 and one for each."""
    numbers, kinds = claim.of("number"), claim.kinds
    pairs = [(body, year) for body in slots.bodies for year in dict.fromkeys(slots.years)]
    one_way = len(slots.bodies) == 1 or len(set(slots.years)) == 1
    if "paired" in kinds:
        if not one_way or len(pairs) != len(numbers) or len(pairs) < 2 or "each" in kinds or "total" in kinds:
            raise RefusedError("number", numbers[0].text)
    elif (
        len(numbers) != 1 or (len(pairs) > 1) != ("each" in kinds) or not pairs or ("total" in kinds and len(pairs) > 1)
    ):
        raise RefusedError("number", numbers[0].text)
    if slots.head is not None and claim.follows_colon and claim.of("body"):
        slots.members += slots.bodies
    for at, (body, year) in enumerate(pairs):
        fact = slots.fact(body, year, claim)
        if fact.state == "conflicting":
            check_reading(slots, numbers[0], fact, claim)
            continue
        number = numbers[at if "paired" in kinds else 0]
        own = claim.markers_behind(number)
        if own and not fact.citations & own and len(numbers) > 1:
            raise RefusedError("support", number.text)
        slots.check_number(number, slots.known(body, year, claim), fact.unit, claim)


def check_none(slots: Slots, claim: Claim) -> None:
    """甲2023年没有收到申请, with the metric right behind the denial, of rows that are 0."""
    tokens = [t for t in claim.tokens if not ("any" in t.values and t.sort == "claim")]
    denials = [i for i, t in enumerate(tokens) if "none" in t.values and t.sort == "claim"]
    behind = tokens[denials[0] + 1] if len(tokens) > denials[0] + 1 else None
    if len(denials) != 1 or behind is None or behind.sort != "metric" or not slots.bodies:
        raise RefusedError("polarity", claim.tokens[0].text)
    if "each" in claim.kinds and len(slots.bodies) * len(set(slots.years)) < 2:
        raise RefusedError("words", claim.tokens[0].text)
    for body in slots.bodies:
        for year in slots.years:
            if slots.known(body, year, claim) != 0:
                raise RefusedError("polarity", body)
