"""What is known of bodies that a question names: from their own reports and, where these don't tell, from others'."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.inquiry import Inquiry
from assistant.answering.observations import Observation, observe, observe_elsewhere
from assistant.plan import PlanScope

_Key = tuple[str, int | None, str | None]


def observe_named(inquiry: Inquiry, metric_ids: Sequence[str]) -> list[Observation]:
    """What the reports in scope say and, of named bodies, what other reports say of years that theirs don't tell."""
    scope = inquiry.plan.scope
    own = observe(inquiry, metric_ids, scope)
    if not scope.bodies:
        return own
    known = {(*o.unit_of_count, o.metric_id) for o in own if o.values}
    unknown = {(*o.unit_of_count, o.metric_id) for o in own} - known
    reporting = {o.body_id for o in own}
    elsewhere: dict[_Key, Observation] = {}
    for observation in observe_elsewhere(inquiry, metric_ids, scope.bodies, scope.years):
        key = (*observation.unit_of_count, observation.metric_id)
        # Of a body whose latest report is meant, a year that only another report tells is not asked for.
        asked = key in unknown or (observation.body_id not in reporting if scope.latest else key not in known)
        if asked and not _is_excluded(observation, scope):
            elsewhere.setdefault(key, observation)
    if scope.latest:
        elsewhere = _last_years(elsewhere)
    told = [elsewhere.pop((*o.unit_of_count, o.metric_id), o) for o in own]
    order = {body_id: position for position, body_id in enumerate(scope.bodies)}
    wanted = list(metric_ids)
    return sorted(
        [*told, *elsewhere.values()],
        key=lambda o: (order.get(o.body_id, len(order)), o.year or 0, wanted.index(o.metric_id or wanted[0])),
    )


def _is_excluded(observation: Observation, scope: PlanScope) -> bool:
    """Whether a body and year is left out, by what is known of it without a report of its own."""
    return any(
        (left_out.bodies or left_out.years)
        and (not left_out.bodies or observation.body_id in left_out.bodies)
        and (not left_out.years or observation.year in left_out.years)
        and (not left_out.kinds or observation.kind in left_out.kinds)
        for left_out in scope.excluded
    )


def _last_years(elsewhere: dict[_Key, Observation]) -> dict[_Key, Observation]:
    last: dict[str, int] = {}
    for body_id, year, _ in elsewhere:
        last[body_id] = max(last.get(body_id, 0), year or 0)
    return {key: o for key, o in elsewhere.items() if (key[1] or 0) == last[key[0]]}
