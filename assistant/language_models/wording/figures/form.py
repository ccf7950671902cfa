"""The form of a sentence about figures: a row of claims, each with its own names, years, metric, number and citations.

A claim is one of those that a function of this folder is named after; each slot is compared with the rows, or with what
the answer computed over its scope. Whatever isn't one of them is refused, be it true.
"""

from __future__ import annotations

from assistant.language_models.wording.facts import Facts
from assistant.language_models.wording.figures.claims import Claim, form_phrases
from assistant.language_models.wording.figures.comparisons import check_change, check_pair
from assistant.language_models.wording.figures.contradictions import check_contradiction
from assistant.language_models.wording.figures.lists import check_member, check_members, check_of_scope
from assistant.language_models.wording.figures.most import check_most
from assistant.language_models.wording.figures.quotes import check_quote
from assistant.language_models.wording.figures.slots import Slots
from assistant.language_models.wording.figures.values import check_none, check_value
from assistant.language_models.wording.reading import read
from assistant.language_models.wording.verdicts import RefusedError


def check_figures(sentence: str, facts: Facts, quotes: dict[int, str]) -> None:
    """Hold a sentence against the form, and each of its claims against the answer.

    Args:
        quotes: What each citation says.

    Raises:
        RefusedError: It isn't of the form, or one of its claims isn't shown.
    """
    _Form(sentence, facts, quotes).check()


class _Form:
    def __init__(self, sentence: str, facts: Facts, quotes: dict[int, str]) -> None:
        reading = read(sentence, form_phrases(facts.answer, facts.names), facts.answer.language)
        self._slots = Slots(facts, quotes, reading)

    def check(self) -> None:
        """Every claim in turn."""
        self._check_plan()
        self._check_breakdown()
        late = []
        for claim in self._slots.claims:
            if claim.of("quote") and not (self._slots.years or claim.years):
                late.append(claim)  # 正文写明“…”，即甲2023年收到4件
                continue
            self._slots.bind(claim)
            self._check_claim(claim)
        for claim in late:
            self._slots.bind(claim)
            check_quote(self._slots, claim)
        if self._slots.head is not None:
            check_members(self._slots, self._slots.head)
        for number in self._slots.all_markers - self._slots.used:
            raise RefusedError("support", f"[{number}]")

    def _check_plan(self) -> None:
        """Rows that show a change, a share, a mean or several metrics added are no metric's own numbers."""
        plan = self._slots.facts.plan
        odd = plan.change or plan.since or plan.denominators or plan.times or plan.statistic
        odd = odd or (len(plan.metrics) > 1 and plan.operation not in ("value", "compare"))
        odd = odd or any(c.change or c.against or c.denominators or c.than or c.since for c in plan.criteria)
        if odd:
            raise RefusedError("words", self._slots.facts.answer.question)

    def _check_breakdown(self) -> None:
        """A total and numbers of its parts in one sentence read as if these were all of it."""
        numbered = [c for c in self._slots.claims if any(not c.counts(number) for number in c.of("number"))]
        if len(numbered) > 1 and any("total" in claim.kinds and not claim.of("body") for claim in numbered):
            raise RefusedError("number", numbered[-1].tokens[0].text)

    def _check_claim(self, claim: Claim) -> None:
        kinds, numbers = claim.kinds - {"any"}, claim.of("number")
        has_body = bool(claim.of("body"))
        if claim.of("quote"):
            return check_quote(self._slots, claim)
        if not claim.says:
            return check_member(self._slots, claim)
        if claim.of("label") or (not self._slots.bodies and kinds <= {"none", "more", "less", "most", "fewest"}):
            return check_of_scope(self._slots, claim)
        if "any" in claim.kinds and "none" not in kinds:
            raise RefusedError("words", claim.tokens[0].text)
        if kinds & {"rise", "fall", "flat"}:
            return check_change(self._slots, claim)
        if kinds & {"than"} or (kinds & {"more", "less"} and len(self._slots.bodies) > 1 and not numbers):
            return check_pair(self._slots, claim)
        if kinds == {"contradiction"}:
            return check_contradiction(self._slots, claim)
        if kinds == {"most"} or kinds == {"fewest"}:
            return check_most(self._slots, claim, self._slots.bodies)
        if kinds <= {"none", "each"} and "none" in kinds and not numbers:
            return check_none(self._slots, claim)
        if kinds == {"total"} and numbers and not has_body and self._slots.head is None and len(self._slots.bodies) > 1:
            raise RefusedError("number", claim.tokens[0].text)
        if kinds <= {"each", "paired", "total"} and numbers:
            return check_value(self._slots, claim)
        raise RefusedError("words", claim.tokens[0].text)
