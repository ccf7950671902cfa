"""甲2023年的报告前后不一致: a row with several readings, told with all of them."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.language_models.wording.facts import Fact
from assistant.language_models.wording.figures.claims import Claim
from assistant.language_models.wording.figures.slots import Slots
from assistant.language_models.wording.reading import Token
from assistant.language_models.wording.verdicts import RefusedError


def check_contradiction(slots: Slots, claim: Claim) -> None:
    """前后不一致 of a row that is so; its numbers, here or in the claims behind, must be all readings."""
    if len(slots.bodies) != 1 or len(set(slots.years)) != 1:
        raise RefusedError("contradiction", claim.tokens[0].text)
    fact = slots.fact(slots.bodies[0], slots.years[0], claim)
    if fact.state != "conflicting":
        raise RefusedError("polarity", claim.tokens[0].text)
    for number in claim.of("number"):
        check_reading(slots, number, fact, claim)


def check_reading(slots: Slots, number: Token, fact: Fact, claim: Claim) -> None:
    told = [t.number.value for one in slots.claims for t in one.of("number") if t.number is not None]
    says_so = any("contradiction" in one.kinds for one in slots.claims)
    if not says_so or len(fact.values) < 2 or sorted(v for v in told if v is not None) != sorted(fact.values):
        raise RefusedError("contradiction", number.text)
    value = number.number.value if number.number else None
    if value not in fact.values or number.number is None or number.number.unit != fact.unit:
        raise RefusedError("contradiction", number.text)
    own = claim.markers & fact.citations
    if not any(_holds(slots.quotes.get(n, ""), value) for n in own):
        raise RefusedError("support", number.text)


def _holds(quote: str, value: Decimal | None) -> bool:
    return re.search(rf"(?<![\d.]){value}(?![\d.])", quote.replace(",", "")) is not None or not re.search(r"\d", quote)
