"""Follow-up questions: the last Plan with what changed.

那张店呢, 只看山东的, 换成镇, 那2022年呢, 诉讼呢, 平均呢: such a question names only what differs. All else is taken
from the question before. A question that stands on its own starts anew.
"""

from __future__ import annotations

from assistant.plan import Operation, Plan, PlanScope
from assistant.understanding.conditions import find_condition, own_criteria
from assistant.understanding.figure_plans import figure_plan
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.metric_words import NamedMetric, columns, expand_column
from assistant.understanding.parser import Parse, Parser, PlanReading
from assistant.understanding.reading import QuestionReading, wants_number
from assistant.understanding.scoping import ScopeReading
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue

_OVER_MANY: tuple[Operation, ...] = ("list", "count", "sum", "mean", "median", "top", "breakdown")
_BARE_OPERATIONS: tuple[Operation, ...] = ("rank", "mean", "median", "sum", "top", "trend")


def parse_in_conversation(parser: Parser, question: str, previous: Plan | None) -> Parse:
    """Understand a question, completed from the plan before it where it leans on that."""
    parse = parser.parse(question)
    if previous is None:
        return parse
    reading = parse.reading
    metrics = list(parse.metrics)
    if not leans_on_previous(reading, metrics, previous):
        return parse
    if parse.readings and previous.scope.bodies and parse.scope.choices:
        readings = tuple(
            PlanReading(r.question, _completed(parser, parse, metrics, previous, r.plan.scope)) for r in parse.readings
        )
        return Parse(readings[0].plan, reading, parse.metrics, parse.scope, readings)
    plan = _completed(parser, parse, metrics, previous, parse.scope.scope)
    return Parse(plan, reading, parse.metrics, parse.scope)


def leans_on_previous(reading: QuestionReading, metrics: list[NamedMetric], previous: Plan) -> bool:
    """Whether a question is about what was asked before."""
    if reading.has("follow_up", "sources", "second") and not _named(metrics):
        return True
    starts = any(tag.start <= 1 for tag in reading.tagged("follow_up", "start"))
    ends = reading.text.rstrip("?？。 ").endswith("呢")
    points_back = reading.has("follow_up", "pronoun")
    scoped = bool(reading.bodies or reading.places or reading.has("kind") or reading.has("designation"))
    if reading.has("counter", "reports") or reading.has("checks") or reading.has("definition"):
        return False
    if any(len(stretch.text) > (2 if stretch.text.isascii() else 1) for stretch in reading.unknown):
        return points_back and not scoped
    if points_back and not scoped:
        return True
    if _named(metrics) or _asks_for_words(reading):
        if len(previous.scope.bodies) == 1 and reading.has("aspect") and not (scoped or reading.has("themes")):
            return True
        # A metric or a topic of its own: it leans only on whom the question before was about, unless it asks of many.
        every = ("各", "所有", "全部", "哪些", "which", "all ")
        many = reading.has("body") or any(word in reading.text for word in every)
        over_many = reading.has("operation", "sum", "mean", "median", "top", "bottom", "list")
        return not scoped and (starts or ends or not (many or (reading.years and over_many)))
    if reading.has("question", "why") and not reading.bodies and len(reading.text) <= 6:
        return True
    other = bool(metrics) or _bare_operation(reading) is not None or reading.has("operation", "share")
    return scoped or bool(reading.years) or starts or ends or other


def _named(metrics: list[NamedMetric]) -> list[NamedMetric]:
    """The metrics that have a word of their own: 件 alone asks for what was asked before."""
    return [metric for metric in metrics if not metric.is_implied]


def _asks_for_words(reading: QuestionReading) -> bool:
    return reading.has("aspect") or reading.has("question", "what", "how", "contact", "called", "mention")


def _completed(parser: Parser, parse: Parse, metrics: list[NamedMetric], previous: Plan, own: PlanScope) -> Plan:
    reading = parse.reading
    if reading.has("follow_up", "sources"):
        return previous.model_copy(update={"language": reading.language})
    if reading.has("question", "why"):
        return _reason(reading, previous)
    scope = _merged_scope(parse.scope, own, previous, reading)
    plan = previous.model_copy(update={"scope": scope, "language": reading.language, "unplaced": ()})
    group = reading.has("group", "column", "outcome") and plan.subject == "figures"
    contact = reading.has("question", "contact", "called")
    if contact or (_asks_for_words(reading) and not group and wants_number(reading) is None):
        # What recurs in many reports is, of one body, simply what its report says.
        one = parse.plan.subject == "themes" and scope.bodies
        subject, operation = ("passages", "value") if one else (parse.plan.subject, parse.plan.operation)
        return parse.plan.model_copy(update={"scope": scope, "subject": subject, "operation": operation})
    if reading.has("follow_up", "second"):
        return plan.model_copy(update={"operation": "top", "limit": 2, "criteria": ()})
    if group:
        asked = [NamedMetric(metric, 0, ()) for metric in plan.metrics[:1]]
        return figure_plan(reading, asked, ScopeReading(scope), plan, parser.lexicon)
    if columns(reading) and plan.subject == "figures" and plan.metrics:
        return _of_columns(plan, reading)
    if _named(metrics):
        plan = _with_metrics(plan, reading, _named(metrics), parser.lexicon)
        return _with_fitting_operation(plan, previous, scope)
    of_members = previous.condition is not None and not scope.bodies and len(plan.metrics) == 1
    if reading.has("operation", "share") and plan.subject == "figures" and of_members:
        return plan.model_copy(update={"operation": "share"})
    if plan.metrics and reading.has("operation", "share") and plan.subject == "figures":
        asked = [NamedMetric(metric, 0, ()) for metric in plan.metrics]
        share = figure_plan(reading, asked, ScopeReading(scope), plan, parser.lexicon)
        return share if share.denominators else plan
    return _with_operation(plan, previous, reading, scope)


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
    if (own.kinds or own.names) and not own.bodies:
        update.update(kinds=own.kinds, names=own.names, bodies=())
    years = _years_beside(reading, before) or own.years
    if years:
        update.update(years=years, latest=False)
    elif own.latest and not own.bodies:
        update.update(years=(), latest=True)
    return before.model_copy(update=update)


def _years_beside(reading: QuestionReading, before: PlanScope) -> tuple[int, ...]:
    """The year before or after the one that was asked about: 前一年呢, 第二年呢."""
    for tag in reading.tagged("follow_up", "year_before", "year_after"):
        if len(before.years) == 1:
            return (before.years[0] + (-1 if "year_before" in tag.values("follow_up") else 1),)
    for mention in reading.years:
        if (
            reading.text[mention.start : mention.end] in ("上一年", "上年度", "previous year")
            and len(before.years) == 1
        ):
            return (before.years[0] - 1,)
    return ()


def _of_columns(plan: Plan, reading: QuestionReading) -> Plan:
    """其中个人的有几件: the metric before, of the applicant types named."""
    bases = [metric.partition(COLUMN_SEPARATOR)[0] for metric in plan.metrics]
    split = [base for base in bases if catalogue().metrics[base].has_columns]
    metrics = tuple(
        f"{base}{COLUMN_SEPARATOR}{one}"
        for base in split
        for column_id, _ in columns(reading)
        for one in expand_column(column_id)
    )
    return plan.model_copy(update={"metrics": metrics or plan.metrics, "group_by": ()})


def _with_metrics(plan: Plan, reading: QuestionReading, metrics: list[NamedMetric], lexicon: Lexicon) -> Plan:
    own = figure_plan(reading, metrics, ScopeReading(plan.scope), plan, lexicon)
    if plan.subject != "figures" or own.operation in ("share", "breakdown"):
        return own.model_copy(update={"quoted": (), "aspect": own.aspect if own.aspect == "silent" else None})
    condition, _ = find_condition(reading, one_body=len(plan.scope.bodies) == 1)
    keeps = plan.operation not in ("share", "breakdown")
    return plan.model_copy(
        update={
            "metrics": own.metrics,
            "denominators": (),
            "criteria": own_criteria(condition) or plan.criteria,
            "operation": plan.operation if keeps else own.operation,
            "group_by": plan.group_by if keeps else (),
        }
    )


def _with_operation(plan: Plan, previous: Plan, reading: QuestionReading, scope: PlanScope) -> Plan:
    """Another bound or operation on what was asked: 超过10件的呢, 平均呢, 最少的呢, 排第几."""
    condition, limit = find_condition(reading, one_body=len(scope.bodies) == 1)
    operation = _bare_operation(reading)
    if reading.numbers and condition is not None and plan.metrics:
        return plan.model_copy(
            update={"operation": "count" if operation == "count" else "list", "criteria": own_criteria(condition)}
        )
    if operation is None or not plan.metrics:
        return _with_fitting_operation(plan, previous, scope)
    update: dict[str, object] = {"operation": operation, "group_by": ()}
    if operation in ("top", "rank", "share", "sum", "mean", "median"):
        update["criteria"] = ()
    if operation == "top":
        update.update(limit=limit or 1, order="ascending" if reading.has("operation", "bottom") else "descending")
    if operation == "rank" and not scope.bodies:
        update["operation"] = "top"
    return plan.model_copy(update=update)


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
        return plan.model_copy(update={"operation": "value", "criteria": (), "group_by": (), "limit": None})
    if not scope.bodies and previous.scope.bodies and plan.operation in ("value", "compare", "rank"):
        return plan.model_copy(update={"operation": "sum", "criteria": ()})
    if len(scope.years) > 1 and len(scope.bodies) == 1 and plan.operation == "value":
        return plan.model_copy(update={"operation": "trend"})
    return plan
