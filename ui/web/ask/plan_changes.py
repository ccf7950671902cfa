"""From what a person chose in the controls to another Plan: checked as anything from outside is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from assistant.answering.by_id import bodies_by_id
from assistant.filters import FIRST_YEAR, LAST_YEAR
from assistant.plan import Order, Plan, PlanScope
from ui.texts import Texts
from ui.web.ask.plan_controls import (
    LONGEST_WORDS,
    MOST_LIMIT,
    SEARCHED,
    offered_aspects,
    offered_operations,
    operation_of,
)
from vectorstore.catalogue import catalogue
from vectorstore.errors import QuestionError
from vectorstore.records import Kind

if TYPE_CHECKING:
    from vectorstore.index import Index

MOST_LISTED = 200
_OF_MEMBERS = ("list", "count", "share")
"""Operations on those who meet the conditions; without a condition they ask nothing."""


class RefusedPlanError(QuestionError):
    """What was chosen can't be.

    Attributes:
        field: The ``data-field`` of the controls that it was chosen in; empty where it is the combination.
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def changed_plan(plan: Plan, changes: Mapping[str, Any], index: Index, words: Texts) -> Plan:
    """The plan with what a person changed.

    Args:
        changes: All fields of the form as it was sent, each by its name: lists of strings for what can be several.

    Raises:
        RefusedPlanError: A field holds what can't be; the sentence says which.
    """

    def refuse(field: str) -> QuestionError:
        return RefusedPlanError(words("answer.refused", field=words(f"answer.field_{field}")), field)

    def several(name: str) -> list[str]:
        given = changes.get(name, [])
        if not isinstance(given, list) or len(given) > MOST_LISTED or not all(isinstance(one, str) for one in given):
            raise refuse(name if name in ("years", "kinds", "regions", "metrics", "criteria") else "bodies")
        return list(dict.fromkeys(given))

    scope: dict[str, Any] = {}
    split = {name for side in plan.sides for name in PlanScope.model_fields if getattr(side, name)}
    try:
        if "years" not in split:
            scope["years"] = tuple(sorted({int(year) for year in several("years")}))
            scope["latest"] = plan.scope.latest and bool(changes.get("latest")) and not scope["years"]
        if "kinds" not in split:
            scope["kinds"] = tuple(Kind(kind) for kind in several("kinds"))
    except ValueError:
        raise refuse("years" if "years" not in scope else "kinds") from None
    if any(not FIRST_YEAR <= year <= LAST_YEAR for year in scope.get("years", ())):
        raise refuse("years")
    if "regions" not in split:
        scope["regions"] = tuple(path.strip("/") for path in several("regions") if path.strip("/"))
    if not {"bodies", "names"} & split:
        known = bodies_by_id(index)
        scope["bodies"] = tuple(several("bodies"))
        if any(body_id not in known and body_id not in plan.scope.bodies for body_id in scope["bodies"]):
            raise refuse("bodies")
        scope["names"] = tuple(name for name in several("names") if name in plan.scope.names)
        scope["excluded"] = _kept(plan.scope.excluded, several("excluded"))
    changed: dict[str, Any] = {"scope": plan.scope.model_copy(update=scope)}
    changed["criteria"] = _kept(plan.criteria, several("criteria"))
    if plan.subject == "figures" and plan.metrics and not plan.denominators:
        changed["metrics"] = tuple(several("metrics"))
        try:
            for metric in changed["metrics"]:
                catalogue().split(metric)
        except KeyError:
            raise refuse("metrics") from None
        if not changed["metrics"]:
            raise RefusedPlanError(words("answer.no_metric"), "metrics")
    changed |= _operation_changes(plan, changes, refuse, has_criteria=bool(changed["criteria"]))
    if plan.subject in SEARCHED and plan.words:
        sought = changes.get("words")
        if not isinstance(sought, str) or not sought.strip() or len(sought) > LONGEST_WORDS:
            raise refuse("words")
        if sought.strip() != plan.words:
            changed |= {"words": sought.strip(), "quoted": ()}
    if offered := offered_aspects(plan):
        if changes.get("aspect") not in offered:
            raise refuse("section")
        changed["aspect"] = changes["aspect"] or None
    try:
        return Plan.model_validate(plan.model_copy(update=changed).model_dump(exclude_unset=False))
    except ValidationError:
        raise RefusedPlanError(words("answer.impossible")) from None


def _kept(parts: Sequence[Any], positions: Iterable[str]) -> tuple[Any, ...]:
    kept = set(positions)
    return tuple(part for at, part in enumerate(parts) if str(at) in kept)


def _operation_changes(plan: Plan, changes: Mapping[str, Any], refuse: Any, *, has_criteria: bool) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    offered = offered_operations(plan)
    now = operation_of(plan)
    chosen = changes.get("operation", now) if offered else now
    if offered and chosen not in offered:
        raise refuse("operation")
    chosen_operation = plan.operation if chosen == "kept" else chosen
    is_of_members = plan.subject == "figures" and chosen_operation in _OF_MEMBERS and not plan.denominators
    if is_of_members and plan.metrics and not has_criteria and (plan.criteria or chosen != "kept"):
        chosen = "each"
        changed = {"years_running": None, "asks_whether": None, "within": ()}
    if chosen != now:
        changed |= {
            "operation": "breakdown" if chosen == "each" else chosen,
            "group_by": ("body",) if chosen == "each" else (),
            "order": "descending",
            "limit": None,
        }
    if chosen == "top" or (chosen == "kept" and plan.operation == "top"):
        if plan.order != "both" or chosen != now:
            changed["order"] = changes.get("order", "descending")
            if changed["order"] not in get_args(Order):
                raise refuse("order")
        if plan.place is None:
            try:
                changed["limit"] = int(str(changes.get("limit")))
            except ValueError:
                raise refuse("order") from None
            if not 1 <= changed["limit"] <= MOST_LIMIT:
                raise refuse("order")
    return changed
