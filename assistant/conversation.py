"""Follow-up questions: the last Plan with what changed.

那张店呢, 只看山东的, 换成镇, 那2022年呢, 平均呢, 第二名是谁: such a question names only what differs. All else is taken
from the question before. A question that stands on its own starts anew.
"""

from __future__ import annotations

from assistant.conditions import find_condition
from assistant.figure_plans import figure_plan
from assistant.lexicon import Lexicon
from assistant.metric_words import NamedMetric, named_metrics
from assistant.parser import Parse, Parser, PlanReading
from assistant.plan import Operation, Plan, PlanScope
from assistant.reading import QuestionReading, wants_number
from assistant.scoping import ScopeReading

_OVER_MANY: tuple[Operation, ...] = ("list", "count", "sum", "mean", "median", "top", "breakdown")
_BARE_OPERATIONS: tuple[Operation, ...] = ("mean", "median", "sum", "top", "share", "trend")


def parse_in_conversation(parser: Parser, question: str, previous: Plan | None) -> Parse:
    """Understand a question, completed from the plan before it where it leans on that."""
    parse = parser.parse(question)
    if previous is None:
        return parse
    reading = parse.reading
    metrics = named_metrics(reading, parser.lexicon)
    if not leans_on_previous(reading, metrics):
        return parse
    if parse.readings and previous.scope.bodies:
        readings = tuple(
            PlanReading(r.question, _completed(parser, parse, metrics, previous, r.plan.scope)) for r in parse.readings
        )
        return Parse(readings[0].plan, reading, parse.scope, readings)
    plan = _completed(parser, parse, metrics, previous, parse.scope.scope)
    return Parse(plan, reading, parse.scope)


def leans_on_previous(reading: QuestionReading, metrics: list[NamedMetric]) -> bool:
    """Whether a question is about what was asked before."""
    if any(len(stretch.text) > (2 if stretch.text.isascii() else 1) for stretch in reading.unknown):
        return False
    if reading.has("follow_up", "sources", "second") and not metrics:
        return True
    starts = [tag for tag in reading.tagged("follow_up", "start") if tag.start <= 1]
    ends = reading.text.rstrip("?？。 ").endswith(("呢", "的呢"))
    if metrics or reading.has("aspect"):
        return bool(starts and ends) or (bool(starts) and reading.language == "en" and len(reading.tags) <= 5)
    if reading.has("question", "what", "how", "contact", "called", "mention", "why") and not (starts and ends):
        return reading.has("question", "why") and not reading.bodies and len(reading.text) <= 6
    if reading.has("counter", "reports") or reading.has("checks") or reading.has("definition"):
        return False
    named = bool(reading.bodies or reading.places or reading.years or reading.has("kind") or reading.has("designation"))
    return named or bool(starts or ends) or _bare_operation(reading) is not None


def _completed(parser: Parser, parse: Parse, metrics: list[NamedMetric], previous: Plan, own: PlanScope) -> Plan:
    reading = parse.reading
    if reading.has("follow_up", "sources"):
        return previous.model_copy(update={"language": reading.language})
    if reading.has("question", "why"):
        return _reason(reading, previous)
    scope = _merged_scope(parse.scope, own, previous, reading)
    plan = previous.model_copy(update={"scope": scope, "language": reading.language})
    if metrics:
        plan = _with_metrics(plan, reading, metrics, parser.lexicon)
    operation = _bare_operation(reading)
    if reading.has("follow_up", "second"):
        return plan.model_copy(update={"operation": "top", "limit": 2, "condition": None})
    if operation is not None and plan.metrics:
        return plan.model_copy(
            update={"operation": operation, "condition": None if operation == "top" else plan.condition}
        )
    return _with_fitting_operation(plan, previous, scope)


def _reason(reading: QuestionReading, previous: Plan) -> Plan:
    words = "原因 " + " ".join(previous.words.split()) if previous.words else "原因"
    return Plan(subject="passages", scope=previous.scope, words=words, language=reading.language)


def _merged_scope(scope: ScopeReading, own: PlanScope, previous: Plan, reading: QuestionReading) -> PlanScope:
    """The scope before, with what the question names put in its place."""
    update: dict[str, object] = {}
    before = previous.scope
    if reading.places and not reading.bodies and not before.bodies:
        # 只看山东的, after a question about many: the place narrows, even where it holds a single body.
        update["regions"] = tuple(region for place in reading.places for region in place.regions)
    elif own.bodies:
        update.update(bodies=own.bodies, kinds=(), regions=(), names=(), latest=not (own.years or before.years))
    elif own.regions:
        update.update(regions=own.regions, bodies=())
    if own.kinds or own.names:
        update.update(kinds=own.kinds, names=own.names, bodies=())
    if own.years:
        update.update(years=own.years, latest=False)
    elif own.latest and not own.bodies:
        update.update(years=(), latest=True)
    if not update.get("bodies", before.bodies) and before.bodies and not own.years:
        update.setdefault("latest", before.latest)
    return before.model_copy(update=update)


def _with_metrics(plan: Plan, reading: QuestionReading, metrics: list[NamedMetric], lexicon: Lexicon) -> Plan:
    condition, _ = find_condition(reading, one_body=len(plan.scope.bodies) == 1)
    if plan.subject != "figures":
        return figure_plan(reading, metrics, ScopeReading(plan.scope), plan, lexicon)
    ids = tuple(dict.fromkeys(metric.metric_id for metric in metrics))
    return plan.model_copy(
        update={
            "metrics": ids,
            "denominators": (),
            "condition": condition or plan.condition,
            "operation": "value" if plan.operation in ("share", "breakdown") else plan.operation,
        }
    )


def _bare_operation(reading: QuestionReading) -> Operation | None:
    """平均呢, 中位数呢, 一共多少: only another operation is named."""
    if wants_number(reading) == "bodies":
        return "count"
    if reading.has("operation", "bottom"):
        return "top"
    return next((operation for operation in _BARE_OPERATIONS if reading.has("operation", operation)), None)


def _with_fitting_operation(plan: Plan, previous: Plan, scope: PlanScope) -> Plan:
    """A list turned to one body becomes its figure; one body's figure turned to many becomes a list of figures."""
    if plan.subject != "figures":
        return plan
    if len(scope.bodies) == 1 and not previous.scope.bodies and plan.operation in _OVER_MANY:
        return plan.model_copy(update={"operation": "value", "condition": None, "group_by": None, "limit": None})
    if not scope.bodies and previous.scope.bodies and plan.operation in ("value", "compare", "rank"):
        return plan.model_copy(update={"operation": "sum", "condition": None})
    if len(scope.years) > 1 and len(scope.bodies) == 1 and plan.operation == "value":
        return plan.model_copy(update={"operation": "trend"})
    return plan
