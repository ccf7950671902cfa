"""From a draft to a Plan: numbers become ids, and nothing is taken that wasn't offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from assistant.language_models.drafting.choices import Choices
from assistant.language_models.drafting.draft import ConditionDraft, PlanDraft
from assistant.language_models.drafting.problems import DraftError
from assistant.plan import Criterion, Plan, PlanScope
from assistant.understanding.parser import Parse
from assistant.understanding.stated_numbers import stated_numbers
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue

_WHOLE = Decimal(100)


def plan_of(draft: PlanDraft, choices: Choices, parse: Parse, last: Plan | None) -> Plan:
    """The Plan that a draft stands for; what the parser alone can read (exclusions, sides, quotes) is its own.

    Args:
        last: The Plan of the question before, for a draft that continues it.

    Raises:
        DraftError: It names what wasn't offered.
    """
    problems = list(_unknown_names(draft, choices))
    if problems:
        raise DraftError(problems)
    reading = parse.reading
    stated = {number.value for number in stated_numbers(reading)}
    in_words = draft.subject in ("mentions", "passages")
    return Plan(
        subject=draft.subject if draft.subject != "none" else "passages",
        operation=draft.operation,
        metrics=_of_column(draft.metrics, draft.column),
        denominators=_of_column(draft.share_of, draft.column),
        change=draft.change,
        since=draft.since,
        criteria=tuple(_criterion(condition, draft, stated) for condition in draft.conditions),
        combine=draft.combine,
        scope=_scope(draft, choices, parse, last),
        sides=parse.scope.sides if draft.operation == "compare" else (),
        years_running=draft.years_running,
        group_by=draft.group_by,
        region_level=draft.region_level,
        order=draft.order,
        limit=draft.limit,
        place=draft.place,
        words=" ".join(draft.words.split()) or (reading.without_scope() if in_words else ""),
        quoted=reading.quoted if in_words else (),
        aspect="all" if draft.subject == "checks" else None,
        asks_whether=draft.asks_whether,
        language=reading.language,
        # Whom it is about, in words that couldn't be linked, no model can link either.
        unplaced=tuple(dict.fromkeys(filter(None, (*parse.scope.unplaced, *map(str.strip, draft.left_out))))),
        made_by="model",
    )


def _unknown_names(draft: PlanDraft, choices: Choices) -> Iterator[str]:
    conditions = draft.conditions
    named = [*draft.metrics, *draft.share_of, *(m for c in conditions for m in (*c.metrics, *c.share_of, *c.more_than))]
    for metric_id in dict.fromkeys(named):
        if metric_id not in choices.metrics:
            yield f"There is no metric {metric_id[:60]!r}; use the ids that are listed."
    if draft.column is not None and draft.column not in choices.columns:
        yield f"There is no column {draft.column[:60]!r}; use the ids that are listed."
    for what, numbers, count in (
        ("bodies", draft.bodies, len(choices.bodies)),
        ("places", draft.places, len(choices.places)),
    ):
        for number in numbers:
            if not 1 <= number <= count:
                yield f"{what} has no number {number}; the list has {count}."
    if draft.subject in ("figures", "none") or draft.metrics:
        return
    if draft.subject != "mentions" and (draft.conditions or draft.share_of or draft.group_by):
        yield f"Conditions, shares and groups are of figures; subject is {draft.subject}."


def _of_column(metrics: Iterable[str], column: str | None) -> tuple[str, ...]:
    known = catalogue()
    return tuple(
        f"{metric}{COLUMN_SEPARATOR}{column}" if column and known.metrics[metric].has_columns else metric
        for metric in dict.fromkeys(metrics)
    )


def _criterion(condition: ConditionDraft, draft: PlanDraft, stated: set[Decimal]) -> Criterion:
    metrics = _of_column(condition.metrics, draft.column)
    own = (metrics, _of_column(condition.share_of, draft.column))
    if own == (_of_column(draft.metrics, draft.column), _of_column(draft.share_of, draft.column)):
        own = ((), ())  # said of the plan's own measure, which has no name there
    change = condition.change if condition.change != draft.change else None
    of_part = bool(condition.share_of or (not own[0] and draft.share_of)) or "percent" in (
        condition.change,
        draft.change,
    )
    comparison, value = condition.comparison, _as_part(condition.value, stated) if of_part else condition.value
    if value == 1 and not of_part and Decimal(1) not in stated:
        # At least one is some, and fewer than one is none: written so, they are what every other plan says.
        comparison, value = {">=": (">", Decimal(0)), "<": ("=", Decimal(0))}.get(comparison, (comparison, value))  # type: ignore[assignment]
    upper = None if condition.upper is None else _as_part(condition.upper, stated) if of_part else condition.upper
    return Criterion(
        comparison=comparison,
        value=value,
        upper=upper if comparison == "between" else None,
        metrics=own[0],
        denominators=own[1],
        than=_of_column(condition.more_than, draft.column),
        change=change,
        against=condition.above_average,
    )


def _as_part(value: Decimal, stated: set[Decimal]) -> Decimal:
    """Half as 0.5, though it be written 50."""
    return value / _WHOLE if value not in stated and value / _WHOLE in stated else value


def _scope(draft: PlanDraft, choices: Choices, parse: Parse, last: Plan | None) -> PlanScope:
    own = PlanScope(
        bodies=tuple(choices.bodies[number - 1] for number in dict.fromkeys(draft.bodies)),
        kinds=tuple(dict.fromkeys(draft.kinds)),
        regions=tuple(choices.places[number - 1] for number in dict.fromkeys(draft.places)),
        names=tuple(dict.fromkeys(name.strip() for name in draft.names if name.strip())),
        years=tuple(sorted(set(draft.years))),
        latest=draft.latest and not draft.years,
        excluded=parse.scope.scope.excluded,
        whole=parse.scope.scope.whole and not draft.bodies,
    )
    if not draft.continues or last is None:
        return own
    before = last.scope
    whom = {} if own.bodies or own.kinds or own.regions or own.names else {
        "bodies": before.bodies, "kinds": before.kinds, "regions": before.regions, "names": before.names,
        "whole": before.whole,
    }  # fmt: skip
    when = {} if own.years or own.latest else {"years": before.years, "latest": before.latest}
    return own.model_copy(update=whom | when)
