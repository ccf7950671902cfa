"""Whether a model's Plan says what its question says: nothing that was surely read is lost, and nothing is added."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from assistant.language_models.drafting.unread import other_units
from assistant.plan import Comparison, Plan, PlanScope
from assistant.understanding.accounting import unexpressed
from assistant.understanding.linking import Linker, is_within
from assistant.understanding.parser import Parse, Parser
from assistant.understanding.stated_numbers import comparison_of, stated_numbers
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold

_WHOLE = Decimal(100)
_COUNTED = ("figures", "reports")
_MIRRORED: dict[Comparison, Comparison] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def problems_of(plan: Plan, parse: Parse, parser: Parser, last: Plan | None) -> list[str]:
    """What is wrong with a model's Plan, in sentences; empty where it may stand.

    Args:
        parse: The built-in reading of the same question.
        last: The Plan of the question before, if this one goes on from it.
    """
    found = [
        *_lost(plan, parse, parser),
        *_turned(plan, parse),
        *_added(plan, parse, parser.linker, last),
        *_senseless(plan),
    ]
    if not found and not parse.reading.has_own_words and _differs(plan, parse.plan):
        found = ["Every word of the question is known, and the plan says more than they do."]
    return list(dict.fromkeys(found))


def _differs(plan: Plan, built_in: Plan) -> bool:
    """Whether a plan of figures asks anything but what the built-in one does."""
    if built_in.subject != "figures":
        return False
    asked = ("subject", "operation", "metrics", "denominators", "change", "criteria", "scope", "group_by", "within")
    return any(getattr(plan, name) != getattr(built_in, name) for name in asked)


def _lost(plan: Plan, parse: Parse, parser: Parser) -> Iterator[str]:
    """What the built-in parser read and the Plan doesn't express."""
    reading = parse.reading
    unsaid = " ".join(parse.plan.unplaced)
    if plan.subject in _COUNTED:
        bare = plan.model_copy(update={"unplaced": ()})
        for words in unexpressed(reading, bare, parser.lexicon, parser.linker):
            # A character that nobody knows was not read; what the model makes of it is shown with its plan.
            if words not in unsaid and not any(words in stretch.text for stretch in reading.unknown):
                yield f"The plan leaves out {words!r}, which the question says."
    scopes = tuple(_scopes(plan))
    years = {year for scope in scopes for year in scope.years} | set(_compared_years(plan))
    for mention in reading.years:
        if not set(mention.years) <= years:
            yield f"The plan must be of the years {list(mention.years)}, which the question names."
    bodies = {body_id for scope in scopes for body_id in scope.bodies}
    for mentioned in reading.bodies:
        if not (bodies & set(mentioned.body_ids) or (mentioned.names and any(scope.names for scope in scopes))):
            yield f"The plan leaves out the body {reading.text[mentioned.start : mentioned.end]!r}."
    regions = {region for scope in scopes for region in scope.regions}
    for place in reading.places:
        there = any(is_within(parser.linker.bodies[body_id], place.regions) for body_id in bodies)
        if not (regions & set(place.regions) or there):
            yield f"The plan leaves out the place {reading.text[place.start : place.end]!r}."
    kinds = {kind for scope in scopes for kind in scope.kinds}
    if parse.scope.scope.kinds and not (kinds or bodies or "kind" in plan.group_by):
        yield f"The plan leaves out the kinds {[str(kind) for kind in parse.scope.scope.kinds]}."
    for name in parse.scope.scope.names:
        if name not in {n for scope in scopes for n in scope.names} and not bodies:
            yield f"The plan leaves out the name {name!r}."


def _turned(plan: Plan, parse: Parse) -> Iterator[str]:
    """Numbers that the Plan compares otherwise than the question does, and units that it doesn't measure in."""
    said = _compared(parse)
    for criterion in plan.criteria:
        for value, comparison in _bounds(criterion.value, criterion.upper, criterion.comparison):
            asked = said.get(abs(value), set()) | said.get(abs(value) * _WHOLE, set())
            mirrored = {_MIRRORED[one] for one in asked}
            if asked and comparison not in (mirrored if value < 0 else asked):
                yield f"The question compares {abs(value)} by {sorted(asked)}, the plan by {comparison!r}."
    for unit in other_units(plan, parse):
        yield f"The question asks for {unit!r}, which the metrics aren't counted in; subject is none."


def _compared(parse: Parse) -> dict[Decimal, set[Comparison]]:
    """How the parser read that the question's numbers are compared; without those of which it doesn't know."""
    said: dict[Decimal, set[Comparison]] = {}
    for number in stated_numbers(parse.reading):
        comparison = comparison_of(parse.reading, number)[0]
        if comparison is not None:
            said.setdefault(number.value, set()).add(comparison)
    for criterion in parse.plan.criteria:
        for value, comparison in _bounds(criterion.value, criterion.upper, criterion.comparison):
            said.setdefault(abs(value), set()).add(comparison if value > 0 else _MIRRORED[comparison])
    return said


def _bounds(value: Decimal, upper: Decimal | None, comparison: Comparison) -> Iterator[tuple[Decimal, Comparison]]:
    """A condition's numbers with how each bounds; 0, which none and some stand for, aside."""
    bounds: list[tuple[Decimal, Comparison]] = [(value, comparison)]
    if comparison == "between":
        bounds = [(value, ">="), *([(upper, "<=")] if upper is not None else ())]
    yield from ((number, one) for number, one in bounds if number)


def _added(plan: Plan, parse: Parse, linker: Linker, last: Plan | None) -> Iterator[str]:
    """What the Plan restricts the answer by that neither the question nor the one before says."""
    reading, own = parse.reading, parse.scope.scope
    before = last.scope if last is not None else PlanScope()
    text = fold(reading.question).text
    said_years = {year for mention in reading.years for year in mention.years} | set(own.years) | set(before.years)
    for year in sorted(
        {*(y for s in _scopes(plan) for y in s.years), *([plan.since] if plan.since else [])} - said_years
    ):
        yield f"The question says nothing of {year}; give only its years, or none."
    stated = {number.value for number in stated_numbers(reading)} | {number.value for number in reading.numbers}
    if last is not None:
        stated |= {c.value for c in last.criteria} | {Decimal(n) for n in (last.limit, last.place) if n}
    for value in _numbers(plan):
        if value not in stated and value / _WHOLE not in stated and -value not in stated:
            yield f"The number {value} doesn't stand in the question."
    kinds = {kind for scope in _scopes(plan) for kind in scope.kinds}
    allowed = set(own.kinds) | set(before.kinds)
    if own.kinds and kinds - allowed:
        yield f"The question is about {[str(kind) for kind in own.kinds]}, and no other kind."
    elif kinds and not own.kinds and not (kinds & allowed) and not reading.has_own_words:
        yield "The question names no kind of bodies."
    named = {body_id for mention in reading.bodies for body_id in mention.body_ids} | set(own.bodies)
    bodies = {body_id for scope in _scopes(plan) for body_id in scope.bodies}
    if reading.bodies and bodies - named - set(before.bodies):
        yield "The plan is about a body that the question doesn't name."
    if not reading.bodies and bodies - named - set(before.bodies) and len(bodies) > 1:
        yield "The question names no several bodies."
    if bodies and any(not is_within(linker.bodies[b], m.regions) for b in bodies for m in reading.places[:1]):
        yield "The plan is about a body that isn't in the place that the question names."
    for name in plan.scope.names:
        if fold(name).text not in text and name not in before.names and name not in own.names:
            yield f"{name!r} doesn't stand in the question."
    for words in plan.unplaced:
        if fold(words).text not in text:
            yield f"left_out holds {words[:40]!r}, which doesn't stand in the question."
    if plan.scope.latest and not (own.latest or before.latest or (own.bodies or bodies)) and not reading.has_own_words:
        yield "The question doesn't ask for the latest report."


def _senseless(plan: Plan) -> Iterator[str]:
    """Fields that don't go together."""
    if plan.subject == "figures" and not plan.metrics and "outcome" not in plan.group_by:
        yield "A plan of figures needs metrics."
    if plan.operation == "share" and not plan.denominators and not plan.criteria:
        yield "A share needs share_of, or conditions that the bodies counted satisfy."
    if any(criterion.is_own and not plan.metrics for criterion in plan.criteria):
        yield "A condition needs metrics where the plan has none."
    if any(c.comparison == "between" and (c.upper is None or c.upper < c.value) for c in plan.criteria):
        yield "between needs an upper bound that is no less than value."
    if plan.operation == "compare" and not _has_sides(plan):
        yield "compare needs two bodies, places, kinds, years or metrics, or group_by."
    units = {catalogue().split(metric)[0].unit for metric in (*plan.metrics, *plan.denominators)}
    if plan.denominators and len(units) > 1:
        yield "A share is of metrics of one unit."
    if plan.subject in ("mentions", "passages") and not plan.words:
        yield "words is empty."


def _has_sides(plan: Plan) -> bool:
    scope = plan.scope
    several = (scope.bodies, scope.regions, scope.kinds, scope.names, scope.years, plan.metrics, plan.sides)
    named = sum(map(len, (scope.bodies, scope.regions, scope.names)))
    return any(len(one) > 1 for one in several) or named > 1 or bool(plan.group_by or plan.change or plan.since)


def _scopes(plan: Plan) -> Iterator[PlanScope]:
    yield plan.scope
    yield from plan.sides


def _compared_years(plan: Plan) -> Iterator[int]:
    """Years that a change is from."""
    changes = plan.change or any(criterion.change for criterion in plan.criteria)
    for year in plan.scope.years if changes else ():
        yield year - 1
    yield from (
        year for year in (plan.since, *(c.since for c in plan.criteria), *(c.year for c in plan.criteria)) if year
    )
    yield from (year for scope in plan.scope.excluded for year in scope.years)


def _numbers(plan: Plan) -> Iterator[Decimal]:
    """The numbers that narrow the answer; 0, which none and some stand for, and the one who is first aside."""
    for criterion in plan.criteria:
        yield from (value for value in (criterion.value, criterion.upper) if value)
    yield from (Decimal(number) for number in (plan.limit, plan.place) if number and number > 1)
    if plan.years_running:
        yield Decimal(plan.years_running)
