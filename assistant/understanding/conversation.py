"""Follow-up questions: the last Plan with what changed.

那张店呢, 只看山东的, 换成镇, 那2022年呢, 诉讼呢, 平均呢: such a question names only what differs. 原文在哪, 为啥 and
这个数含结转吗 are about the answer itself; 它 and 第二个 mean bodies that it named. A question that stands on its own
starts anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.lexicons import read_lexicon
from assistant.plan import Plan, PlanScope
from assistant.understanding.accounting import accounted
from assistant.understanding.changes import base_years, find_movements
from assistant.understanding.conditions import find_bounds
from assistant.understanding.counterparts import counterpart
from assistant.understanding.follow_ups import changed, narrowed, read_follow_up
from assistant.understanding.linking import fits
from assistant.understanding.metric_words import NamedMetric
from assistant.understanding.parser import Parse, Parser, PlanReading
from assistant.understanding.reading import QuestionReading, asks_for_members, is_noise, tells_language, wants_number
from assistant.understanding.scoping import ScopeReading
from assistant.understanding.yes_or_no import asking_whether
from vectorstore.numerals import parse_chinese

_MOST_NAMED = 12
"""Bodies of an answer that a pronoun is taken to name one by one; of more, what they satisfied says who they are."""
_PLACE = re.compile(r"(?:倒数)?第([一二三四五六七八九十\d]+)(?:个|家|位|名|种)?|最后一?(?:个|家|位|种)|后者|前者")
_ELLIPTIC = re.compile(r"的(?:又|都)?(?:有哪些|有谁|是谁|是哪些|有几个|有几家|有多少个?|哪些|呢)[?？]?$")
_PLACES_EN = {"first one": 0, "second one": 1, "third one": 2, "last one": -1, "former": 0, "latter": -1}


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation as it was understood.

    Attributes:
        bodies: Ids of the bodies of its answer, in the order of its rows; computed only when asked.
        choices: Its readings in the order in which the answer offered them, where it asked which is meant.
        found: Whether anything was found; computed only when asked.
        before: The turn before it.
    """

    plan: Plan
    bodies: Callable[[], Sequence[str]]
    choices: Callable[[], Sequence[PlanReading]] = tuple
    found: Callable[[], bool] = lambda: True
    before: Turn | None = None


def parse_in_conversation(parser: Parser, question: str, last: Turn | None) -> Parse:
    """Understand a question, completed from the turn before it where it leans on that."""
    parse = parser.parse(question)
    if last is None:
        return parse
    if not tells_language(parse.reading) and parse.reading.language != last.plan.language:
        parse = parser.parse(question, last.plan.language)
    if is_noise(parse.reading) and _place_named(parse.reading) is None:
        return parse
    last = replace(last, plan=_continued(last.plan))
    reading, previous = parse.reading, last.plan
    chosen = _chosen(parser, parse, last.choices)
    if chosen is not None:
        return _settled(parse, chosen)
    about_answer = _about_the_answer(parse, previous)
    if about_answer is not None:
        return _settled(parse, about_answer)
    if previous.subject == "passages" and not _points_back(reading) and not last.found():
        # 教育局和住建局, behind words that no report holds, asks no more about them.
        return parse_in_conversation(parser, question, last.before)
    meant = _bodies_meant(reading, last)
    if meant is not None:
        scope = PlanScope(bodies=meant, years=parse.scope.scope.years or previous.scope.years)
        scope = scope.model_copy(update={"latest": not scope.years})
        return _settled(parse, _of_bodies(parser, parse, previous, scope))
    if not leans_on_previous(parse, previous):
        return parse
    if parse.readings and previous.scope.bodies and parse.scope.choices:
        readings = tuple(
            PlanReading(r.question, _completed(parser, parse, previous, r.plan.scope)) for r in parse.readings
        )
        return replace(parse, plan=readings[0].plan, readings=readings, is_empty=False, is_completed=True)
    completed = _completed(parser, parse, previous, parse.scope.scope)
    return _settled(parse, accounted(reading, completed, parser.lexicon, parser.linker))


def _continued(plan: Plan) -> Plan:
    """What a question after this one goes on from: behind 这个数含结转吗 stands the number that it was about."""
    if plan.aspect != "composition":
        return plan
    return plan.model_copy(update={"subject": "figures", "aspect": None, "metrics": plan.metrics[:1]})


def _settled(parse: Parse, plan: Plan) -> Parse:
    return replace(parse, plan=plan, readings=(), fallbacks=(), is_empty=False, is_completed=True)


def _chosen(parser: Parser, parse: Parse, offered: Callable[[], Sequence[PlanReading]]) -> Plan | None:
    """The reading that a reply picks out: by its place (第二种), or by a body, kind or sort of zone only it has."""
    reading, own, place = parse.reading, parse.scope.scope, _place_named(parse.reading)
    picks = place is not None or own.bodies or own.kinds or own.names
    if not picks or _own_metrics(parse) or reading.years:
        return None
    choices = offered()
    if place is not None and -len(choices) <= place < len(choices):
        return choices[place].plan
    bodies = parser.linker.bodies
    fitting = [
        choice.plan
        for choice in choices
        if choice.plan.scope.bodies and all(fits(bodies[b], own) for b in choice.plan.scope.bodies)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _about_the_answer(parse: Parse, previous: Plan) -> Plan | None:
    """原文在哪, 为啥, 这个数含结转吗: the Plan that shows what the last answer rests on; ``None`` for others."""
    reading = parse.reading
    if _names_scope(reading) or reading.quoted:
        return None
    if reading.has("follow_up", "contains") and previous.subject == "figures" and previous.metrics:
        others = _parts_asked(parse)
        if others:
            return previous.model_copy(
                update={
                    "subject": "definition",
                    "aspect": "composition",
                    "metrics": (previous.metrics[0], *others),
                    "language": reading.language,
                    "unplaced": (),
                }
            )
    if reading.has("follow_up", "sources", "which") and not _own_metrics(parse):
        return previous.model_copy(update={"language": reading.language, "shows": "evidence", "unplaced": ()})
    asks_why = reading.has("question", "why") or reading.has("follow_up", "why")
    if asks_why and not _own_metrics(parse) and not reading.has_own_words and len(reading.text) <= _LONGEST_WHY:
        if previous.subject == "figures":
            return previous.model_copy(update={"language": reading.language, "shows": "reasons", "unplaced": ()})
        words = "原因 " + " ".join(previous.words.split()) if previous.words else "原因"
        return Plan(subject="passages", scope=previous.scope, words=words, language=reading.language)
    return None


_LONGEST_WHY = 12
"""Characters of a bare 为什么会这样; a longer question says itself what it asks the reason of."""


def _parts_asked(parse: Parse) -> tuple[str, ...]:
    """The metrics that a number might take in; a word for several of them means all: 结转."""
    data = read_lexicon("compositions")
    text = parse.reading.text
    for word, metrics in data["several"].items():
        if word in text and not any(told in text for told in data["told_apart"]["by"]):
            return tuple(metrics)
    return tuple(metric.metric_id for metric in _own_metrics(parse))


def _bodies_meant(reading: QuestionReading, last: Turn) -> tuple[str, ...] | None:
    """The bodies of the last answer that 它, 它们 or 第二个 means; ``None`` where none is meant, or too many."""
    if _names_scope(reading) and not reading.years:
        return None
    place = _place_named(reading)
    plural = reading.has("follow_up", "plural")
    if place is None and not plural and not reading.has("follow_up", "pronoun"):
        return None
    if place is None and (last.plan.scope.bodies or last.plan.subject not in ("figures", "mentions", "passages")):
        return None
    if place is not None and last.plan.operation == "top" and not _says_more(reading):
        return None
    bodies = tuple(dict.fromkeys(last.bodies()))
    if place is not None:
        return bodies[place : place + 1 or None] if -len(bodies) <= place < len(bodies) else None
    if not plural and last.plan.operation in ("top", "rank"):
        bodies = bodies[:1]
    return bodies if 0 < len(bodies) <= _MOST_NAMED else None


def _place_named(reading: QuestionReading) -> int | None:
    """Which of the bodies named before: 0 for 第一个, -1 for 最后一个."""
    if reading.language == "en":
        return next((place for words, place in _PLACES_EN.items() if words in reading.text), None)
    match = _PLACE.search(reading.text)
    if match is None or reading.has("follow_up", "year_after"):
        return None
    if match[1] is None:
        return 0 if match[0] == "前者" else -1
    number = int(match[1]) if match[1].isdigit() else parse_chinese(match[1])
    if not number:
        return None
    return -number if match[0].startswith("倒数") else number - 1


def _says_more(reading: QuestionReading) -> bool:
    """Whether something is asked of the body at that place; 第二名是谁 asks only who stands there."""
    return bool(reading.has("metric_word") or reading.has("aspect") or wants_number(reading) == "things")


def _of_bodies(parser: Parser, parse: Parse, previous: Plan, scope: PlanScope) -> Plan:
    """What is asked of bodies that the last answer named: its own question, or the last one over again."""
    if _own_metrics(parse) or _asks_for_words(parse.reading):
        return parser.plan_for(parse, ScopeReading(scope))
    return _completed(parser, parse, previous, scope)


def _starts_back(reading: QuestionReading) -> bool:
    return any(tag.start <= 1 for tag in reading.tagged("follow_up", "start"))


def _ends_back(reading: QuestionReading) -> bool:
    return reading.text.rstrip("?？。 ").endswith("呢")


def _points_back(reading: QuestionReading) -> bool:
    """Whether a word says that a question goes on from the one before: 那…, …呢, 它."""
    return _starts_back(reading) or _ends_back(reading) or reading.has("follow_up", "pronoun", "plural")


def leans_on_previous(parse: Parse, previous: Plan) -> bool:
    """Whether a question is about what was asked before."""
    reading = parse.reading
    metrics = _own_metrics(parse)
    if reading.has("follow_up", "second") and not metrics:
        return True
    starts, ends = _starts_back(reading), _ends_back(reading)
    points_back = reading.has("follow_up", "pronoun", "plural")
    anew = reading.has("counter", "reports") or reading.has("checks") or reading.has("definition")
    if (anew or reading.quoted or parse.plan.quoted) and not (points_back or starts or ends):
        return False
    scoped = _names_scope(reading) or reading.has("kind") or reading.has("designation")
    corrects = reading.has("follow_up", "correction")
    if any(len(stretch.text) > (2 if stretch.text.isascii() else 1) for stretch in reading.unknown) and not corrects:
        return points_back and not scoped
    if points_back and not scoped:
        return True
    if metrics or _asks_for_words(reading):
        if len(previous.scope.bodies) == 1 and reading.has("aspect") and not (scoped or reading.has("themes")):
            return True
        # A metric or a topic of its own: it leans only on whom the question before was about, unless it asks of many.
        asks_others = previous.operation in ("list", "count") and not reading.years and not reading.has("body")
        if asks_others and _ELLIPTIC.search(reading.text) and {m.metric_id for m in metrics} <= set(previous.metrics):
            return not scoped  # 收到申请的有哪些, after 哪些开发区没收到申请
        every = ("各", "所有", "全部", "哪些", "which", "all ", "each ", "every ")
        many = reading.has("body") or any(word in reading.text for word in every)
        many = many or reading.has("operation", "trend")  # a metric and its trend are a whole question
        over_many = reading.has("operation", "sum", "mean", "median", "top", "bottom", "list")
        return not scoped and (starts or ends or not (many or (reading.years and over_many)))
    return True


def _names_scope(reading: QuestionReading) -> bool:
    return bool(reading.bodies or reading.places)


def _own_metrics(parse: Parse) -> list[NamedMetric]:
    """The metrics that have a word of their own: 件 alone asks for what was asked before."""
    return [metric for metric in parse.metrics if not metric.is_implied]


def _asks_for_words(reading: QuestionReading) -> bool:
    return reading.has("aspect") or reading.has("question", "what", "how", "contact", "called", "mention")


def _completed(parser: Parser, parse: Parse, previous: Plan, own: PlanScope) -> Plan:
    reading = parse.reading
    own = counterpart(reading, parser.linker, parser.lexicon, own, previous.scope)
    follow_scope = _merged_scope(parse, own, previous)
    scope = follow_scope.scope
    metrics = _own_metrics(parse)
    follow_up = read_follow_up(reading, metrics, previous, follow_scope)
    groups = bool(follow_up.question.groups) and previous.subject == "figures"
    contact = reading.has("question", "contact", "called")
    if contact or (_asks_for_words(reading) and not groups and wants_number(reading) is None):
        # What recurs in many reports is, of one body, simply what its report says.
        one = parse.plan.subject == "themes" and scope.bodies
        subject, operation = ("passages", "value") if one else (parse.plan.subject, parse.plan.operation)
        return parse.plan.model_copy(update={"scope": scope, "subject": subject, "operation": operation})
    if reading.has("follow_up", "second") and not metrics and previous.subject == "figures":
        second = {"operation": "top", "limit": 2, "place": 2, "criteria": ()}
        return previous.model_copy(update={"scope": scope, "language": reading.language, **second})
    if previous.subject != "figures" and not metrics:
        return previous.model_copy(update={"scope": scope, "language": reading.language, "unplaced": ()})
    return asking_whether(follow_up.question, _still_whether(changed(follow_up, previous, parser.lexicon), previous))


def _still_whether(plan: Plan, previous: Plan) -> Plan:
    """那2022年呢, after a yes-or-no question, asks whether; 一共几件 doesn't."""
    if previous.asks_whether is None or plan.operation == previous.operation:
        return plan
    criteria = () if previous.scope.bodies and plan.criteria == previous.criteria else plan.criteria
    return plan.model_copy(update={"asks_whether": None, "criteria": criteria})


def _merged_scope(parse: Parse, own: PlanScope, previous: Plan) -> ScopeReading:
    """The scope before, with what the question names in its place; sides where it sets the two against one another."""
    reading, before = parse.reading, previous.scope
    update: dict[str, object] = {}
    compares = reading.has("operation", "compare")
    if reading.places and not reading.bodies and not before.bodies:
        # 只看山东的, after a question about many: the place narrows, even where it holds a single body.
        update["regions"] = tuple(region for place in reading.places for region in place.regions)
    elif own.bodies:
        beside = before.bodies if compares and not before.kinds else ()
        bodies = tuple(dict.fromkeys((*beside, *own.bodies)))
        update.update(bodies=bodies, kinds=(), regions=(), names=(), latest=not (own.years or before.years))
    elif own.regions:
        update.update(regions=own.regions, bodies=())
    if (own.kinds or own.names) and not own.bodies:
        if reading.has("operation", "rank") and before.bodies:
            update["kinds"] = own.kinds
        else:
            update.update(kinds=own.kinds, names=own.names, bodies=())
    elif before.bodies and _asks_of_all(reading, own, one_body=len(before.bodies) == 1):
        update["bodies"] = ()
    update.update(_years(reading, own, before))
    scope = narrowed(own, before.model_copy(update=update))
    if compares and own.kinds and before.kinds and not own.bodies:
        sides = (PlanScope(kinds=before.kinds, names=before.names), PlanScope(kinds=own.kinds, names=own.names))
        both = scope.model_copy(update={"kinds": (*before.kinds, *own.kinds), "names": ()})
        return ScopeReading(both, sides=sides)
    return ScopeReading(scope, sides=parse.scope.sides)


def _asks_of_all(reading: QuestionReading, own: PlanScope, *, one_body: bool) -> bool:
    """全县呢, 各单位呢, 谁最多: after one body, everyone."""
    if own.bodies or own.kinds or own.regions:
        return False
    ranked = reading.has("operation", "top", "bottom")
    everyone = reading.has("body") or reading.has("follow_up", "everyone")
    return everyone or (one_body and ranked and asks_for_members(reading))


def _years(reading: QuestionReading, own: PlanScope, before: PlanScope) -> dict[str, object]:
    if reading.has("follow_up", "any_year") or reading.has("group", "year") or reading.has("time", "all"):
        return {"years": (), "latest": False}
    # 比上一年少了吗 names that year as what the one before is compared with.
    if find_movements(reading, find_bounds(reading))[0] and own.years:
        is_relative = base_years(reading)[1]
        return {} if is_relative else {"years": tuple(sorted({*before.years, *own.years})), "latest": False}
    beside = _years_beside(reading, before)
    if beside:
        return {"years": beside, "latest": False}
    if own.years and reading.has("operation", "compare") and before.years and not own.bodies:
        return {"years": tuple(sorted({*before.years, *own.years})), "latest": False}
    if own.years:
        return {"years": own.years, "latest": False}
    return {"years": (), "latest": True} if own.latest and not own.bodies else {}


def _years_beside(reading: QuestionReading, before: PlanScope) -> tuple[int, ...]:
    """The year before or after the one that was asked about: 前一年呢, 第二年呢."""
    if len(before.years) != 1:
        return ()
    for tag in reading.tagged("follow_up", "year_before", "year_after"):
        return (before.years[0] + (-1 if "year_before" in tag.values("follow_up") else 1),)
    for mention in reading.years:
        if reading.text[mention.start : mention.end] in ("上一年", "上年度", "previous year"):
            return (before.years[0] - 1,)
    return ()
