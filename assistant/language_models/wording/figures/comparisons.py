"""甲2023年比2022年增加2件, 甲比乙多1件: two rows, their difference and its direction."""

from __future__ import annotations

from assistant.language_models.wording.figures.claims import Claim
from assistant.language_models.wording.figures.slots import Slots
from assistant.language_models.wording.verdicts import RefusedError

_DIRECTIONS = {"rise": 1, "fall": -1, "flat": 0, "more": 1, "less": -1}


def check_change(slots: Slots, claim: Claim) -> None:
    """甲2023年比2022年增加2件; 甲的申请由2022年的5件减少到2023年的3件."""
    kinds = claim.kinds
    if len(slots.bodies) != 1 or kinds - {"rise", "fall", "flat", "than", "from", "to"}:
        raise RefusedError("polarity", claim.tokens[0].text)
    (category,) = kinds & {"rise", "fall", "flat"} if len(kinds & {"rise", "fall", "flat"}) == 1 else (None,)
    if category is None:
        raise RefusedError("polarity", claim.tokens[0].text)
    numbers, body = claim.of("number"), slots.bodies[0]
    order = [t.sort for t in claim.of("year", "number", "claim")]
    if "than" in kinds and order in (
        ["year", "claim", "year", "claim"],
        ["year", "claim", "year", "claim", "number"],
    ):
        later, earlier = claim.years
    elif "than" in kinds and order[:3] == ["claim", "year", "claim"] and order[3:] in ([], ["number"]):
        later, earlier = slots.dated, claim.years[0]
    elif kinds == {"from", "to", category} and order == [
        "claim", "year", "number", "claim", "claim", "year", "number",
    ]:  # fmt: skip
        earlier, later = claim.years
    else:
        raise RefusedError("words", claim.tokens[0].text)
    values = [slots.known(body, year, claim) for year in (earlier, later)]
    difference = values[1] - values[0]
    if later <= earlier or (difference > 0) - (difference < 0) != _DIRECTIONS[category]:
        raise RefusedError("polarity", claim.tokens[0].text)
    unit = slots.fact(body, later, claim).unit
    expected = [abs(difference)] if "than" in kinds else values
    for number, value in zip(numbers, expected, strict=False):
        slots.check_number(number, value, unit, claim)
    slots.years = [later]


def check_pair(slots: Slots, claim: Claim) -> None:
    """甲2023年收到的申请比乙多1件, 多于乙: two names in this claim, what is said between or behind them."""
    kinds, numbers = claim.kinds, claim.of("number")
    order = [t.sort if t.sort == "body" else min(t.values) for t in claim.of("body", "claim")]
    directions = kinds & {"more", "less"}
    if order[:2] == ["than", "body"] and len(slots.before) == len(slots.bodies) == 1:
        # 甲收到4件，比乙多1件
        slots.bodies, order = [*slots.before, *slots.bodies], ["body", *order]
    fits = order[:3] == ["body", "than", "body"] and len(order) == 4 and order[3] in ("more", "less")
    fits = fits or (order in (["body", "more", "body"], ["body", "less", "body"]) and not numbers)
    fits = fits or order in (["body", "more", "than", "body"], ["body", "less", "than", "body"])
    if not fits or len(directions) != 1 or len(set(slots.years)) != 1 or len(numbers) > 1:
        raise RefusedError("polarity", claim.tokens[0].text)
    if numbers and numbers[0].start < claim.of("body")[-1].start and slots.facts.answer.language == "zh":
        raise RefusedError("number", numbers[0].text)
    if len(slots.bodies) != 2:
        raise RefusedError("name", claim.tokens[0].text)
    first, second = (slots.known(body, slots.years[0], claim) for body in slots.bodies)
    difference = first - second
    if (difference > 0) - (difference < 0) != _DIRECTIONS[next(iter(directions))]:
        raise RefusedError("polarity", claim.tokens[0].text)
    if numbers:
        slots.check_number(numbers[0], abs(difference), slots.fact(slots.bodies[0], slots.years[0], claim).unit, claim)
    slots.bodies = slots.bodies[:1]
