"""2023年有2个乡镇未收到申请：甲、乙: what all members of a list satisfy, how many they are, and who."""

from __future__ import annotations

from decimal import Decimal

from assistant.answering.membership_wording import is_none, is_some
from assistant.language_models.wording.figures.claims import Claim
from assistant.language_models.wording.figures.most import check_most
from assistant.language_models.wording.figures.slots import Slots
from assistant.language_models.wording.figures.sums import check_sum
from assistant.language_models.wording.verdicts import RefusedError
from assistant.plan import Criterion

_COMPARISONS = {">": "more", "<": "less"}


def check_of_scope(slots: Slots, claim: Claim) -> None:
    """2023年有2个乡镇未收到申请, 2023年收到申请最多的是, 2023年乡镇共收到申请8件: of no body by name."""
    if claim.of("body") or slots.head is not None or len(slots.years) != 1 or "any" in claim.kinds - {"none"}:
        raise RefusedError("name", claim.tokens[0].text)
    if slots.facts.plan.scope.years != tuple(slots.years) or slots.metric is None:
        raise RefusedError("year", claim.tokens[0].text)
    if any(row.metric != slots.metric or row.year != slots.years[0] or not fact.body for row, fact in slots.rows):
        raise RefusedError("words", claim.tokens[0].text)
    kinds = claim.kinds - {"any"}
    if kinds == {"total"} and slots.facts.plan.operation == "sum":
        check_sum(slots, claim)
        return
    slots.head = claim
    slots.bodies = []
    if kinds not in ({"most"}, {"fewest"}) or claim.of("number"):
        _check_head(slots, claim, kinds)


def _check_head(slots: Slots, claim: Claim, kinds: frozenset[str]) -> None:
    """What all members of a list satisfy, and how many they are."""
    plan, numbers = slots.facts.plan, list(claim.of("number"))
    criterion = plan.criteria[0] if len(plan.criteria) == 1 else None
    if plan.operation not in ("list", "count") or criterion is None or not _is_plain(slots, criterion):
        raise RefusedError("polarity", claim.tokens[0].text)
    slots.is_counted = bool(numbers) and claim.counts(numbers[0])
    nouns, phrases = claim.of("label"), claim.of("metric")
    if not phrases:
        raise RefusedError("words", claim.tokens[0].text)
    if len(nouns) > 1 or (nouns and not slots.is_counted and nouns[0].start < phrases[-1].start):
        # 2023年乡镇没有收到申请 is said of all; 没有收到申请的乡镇有 leads to who they are.
        raise RefusedError("polarity", claim.tokens[0].text)
    if slots.is_counted:
        number = numbers.pop(0).number
        if number is None or number.value != slots.facts.answer.value or number.value != len(slots.rows):
            raise RefusedError("number", claim.tokens[0].text)
        if number.qualifier is not None:
            raise RefusedError("number", claim.tokens[0].text)
    kinds -= {"total"}
    if kinds == {"none"} and not numbers:
        _check_denial(slots, claim)
        right = is_none(criterion) and all(fact.values == (Decimal(0),) for _, fact in slots.rows)
    elif not kinds and not numbers:
        right = is_some(criterion) and all(fact.is_known and fact.values[0] > 0 for _, fact in slots.rows)
    elif len(kinds) == 1 and len(numbers) == 1:
        right = _COMPARISONS.get(criterion.comparison) in kinds and criterion.upper is None
        slots.check_number(numbers[0], criterion.value, slots.rows[0][1].unit, claim)
    else:
        right = False
    if not right:
        raise RefusedError("polarity", claim.tokens[0].text)


def _check_denial(slots: Slots, claim: Claim) -> None:
    tokens = [t for t in claim.tokens if not (t.sort == "claim" and "any" in t.values)]
    at = next(i for i, t in enumerate(tokens) if t.sort == "claim" and "none" in t.values)
    if at + 1 >= len(tokens) or tokens[at + 1].sort != "metric":
        raise RefusedError("polarity", claim.tokens[0].text)


def _is_plain(slots: Slots, criterion: Criterion) -> bool:
    """Whether it is on the one metric itself, and the list is of nothing else."""
    plan = slots.facts.plan
    own = criterion.metrics or plan.metrics
    odd = criterion.denominators or criterion.than or criterion.change or criterion.since or criterion.against
    return own == (slots.metric,) and not (
        odd or criterion.top or criterion.year or plan.denominators or plan.change or plan.years_running is not None
        or plan.group_by or plan.sides or plan.within or plan.apart or plan.times
    )  # fmt: skip


def check_member(slots: Slots, claim: Claim) -> None:
    """Names alone: who the head lists."""
    if slots.head is None or not claim.of("body"):
        raise RefusedError("words", claim.tokens[0].text)
    for body in slots.bodies:
        slots.fact(body, slots.years[0], claim)
    slots.members += slots.bodies


def check_members(slots: Slots, head: Claim) -> None:
    """A head's list is whole: all members by name, or all of them cited; of the most all that have as many."""
    if head.kinds & {"most", "fewest"}:
        if not slots.members:
            raise RefusedError("polarity", head.tokens[0].text)
        check_most(slots, head, slots.members)
    elif not slots.members and slots.is_counted:
        slots.cite_all(head)
    elif set(slots.members) != {fact.body for _, fact in slots.rows}:
        raise RefusedError("number", head.tokens[0].text)
