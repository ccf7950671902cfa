"""From a question to a Plan.

The built-in parser: no model, the same each time. It tags the question (``reading``), decides what sort of thing is
asked for, and composes the Plan; words that it cannot place make it fall back to numbers in prose or to passages, so
that a restriction in the question is never dropped in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.plan import Operation, Plan
from assistant.understanding.figure_plans import figure_plan
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.linking import Linker
from assistant.understanding.metric_words import NamedMetric, named_metrics
from assistant.understanding.reading import QuestionReading, asks_for_members, read_question, wants_number
from assistant.understanding.scoping import ScopeReading, read_scope
from vectorstore.catalogue import catalogue
from vectorstore.records import Body


@dataclass(frozen=True, slots=True)
class PlanReading:
    """One way to understand a question: a wording of it that is unambiguous, and its Plan."""

    question: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Parse:
    """What a question was understood as.

    Attributes:
        readings: Where the question can be understood in several ways: all of them. ``plan`` is then the first.
        fallbacks: Plans to try, in order, where ``plan`` finds nothing.
        metrics: Those that the question itself names.
        scope: What the question itself says of its scope, before anything is carried over from the conversation.
        is_empty: The question says at most whom or when it is about, and not what is asked.
    """

    plan: Plan
    reading: QuestionReading
    metrics: tuple[NamedMetric, ...]
    scope: ScopeReading
    readings: tuple[PlanReading, ...] = ()
    is_empty: bool = False
    fallbacks: tuple[Plan, ...] = ()


class Parser:
    """Makes Plans from questions.

    Args:
        bodies: All bodies of the index.
        years: The statistics years of its reports.
        today: What 去年 is counted from.
    """

    def __init__(self, lexicon: Lexicon, bodies: list[Body], years: set[int], today: date) -> None:
        generic = {
            term
            for term in lexicon.terms()
            if any(c in ("kind", "designation", "body") for c, _ in lexicon.meanings(term))
        }
        self.lexicon = lexicon
        self.linker = Linker(bodies, generic)
        self.years = years
        self.today = today

    def read(self, question: str) -> QuestionReading:
        """Take a question apart."""
        return read_question(question, self.lexicon, self.linker, self.today, self.years)

    def parse(self, question: str) -> Parse:
        """Understand a question on its own, without a conversation."""
        reading = self.read(question)
        metrics = named_metrics(reading, self.lexicon)
        scope = read_scope(reading, self.linker, self.lexicon, wants_group=_wants_group(reading))
        named = tuple(metrics)
        plan, fallbacks = self._plan(reading, metrics, scope)
        if _says_nothing(reading, metrics):
            return Parse(plan, reading, named, scope, is_empty=True)
        ratios = self._ratio_readings(reading, plan)
        if ratios:
            return Parse(plan, reading, named, scope, readings=ratios)
        if plan.subject in ("definition", "out_of_scope") or not scope.choices:
            return Parse(plan, reading, named, scope, fallbacks=fallbacks)
        readings = tuple(
            PlanReading(choice.question, self._plan(reading, metrics, scope.chosen(choice))[0])
            for choice in scope.choices
        )
        return Parse(readings[0].plan, reading, named, scope, readings=readings if len(readings) > 1 else ())

    def _of_the_last_report(self, plan: Plan) -> Plan:
        """What is planned for 2024 stands in the report of 2023: no report is of a year that has none yet."""
        years = plan.scope.years
        if plan.aspect != "improvement" or not years or min(years) <= max(self.years, default=0):
            return plan
        return plan.model_copy(update={"scope": plan.scope.model_copy(update={"years": (), "latest": True})})

    def _ratio_readings(self, reading: QuestionReading, plan: Plan) -> tuple[PlanReading, ...]:
        """Each way to compute a ratio of which several are in use, as a question that says which."""
        if plan.subject != "figures" or plan.operation not in ("share", "top"):
            return ()
        for tag in reading.tagged("ratio"):
            ways = self.lexicon.ratios[tag.values("ratio")[0]]
            if len(ways) > 1:
                return tuple(
                    PlanReading(
                        reading.text[: tag.start]
                        + (way.name_zh if reading.language == "zh" else way.name_en)
                        + reading.text[tag.end :],
                        plan.model_copy(update={"metrics": way.numerators, "denominators": way.denominators}),
                    )
                    for way in ways
                )
        return ()

    def _plan(
        self, reading: QuestionReading, metrics: list[NamedMetric], scope: ScopeReading
    ) -> tuple[Plan, tuple[Plan, ...]]:
        base = Plan(
            subject="passages",
            scope=scope.scope,
            words=reading.without_scope(),
            quoted=reading.quoted,
            language=reading.language,
        )
        special = _special_subject(reading, metrics, base)
        if special is not None:
            return special, ()
        passages = self._of_the_last_report(_passage_plan(reading, base))
        one_body = len(scope.scope.bodies) == 1
        mentions = base.model_copy(update={"subject": "mentions", "operation": "value" if one_body else "list"})
        unplaced = _unplaced(reading, scope)
        if reading.has("question", "contact", "called"):
            return passages, ()
        if _counts_people(reading, metrics):
            metrics = []
        if not metrics and not reading.has("ratio"):
            if wants_number(reading) in ("things", "bodies") or _states_number(reading):
                return mentions, (passages,)
            return passages, ()
        if _asks_for_words(reading, metrics):
            return passages, ()
        figures = figure_plan(reading, metrics, scope, base, self.lexicon)
        if reading.has("unsupported", "channel"):
            return mentions, (figures,)
        if not unplaced:
            return figures, ()
        told = figures.model_copy(update={"unplaced": (*figures.unplaced, *unplaced)})
        if unplaced == reading.excluded or (all(word.isascii() for word in unplaced) and reading.quoted == ()):
            # An English word that nobody knows is rarely in a Chinese text: looking for it would find nothing.
            return told, (passages,)
        if wants_number(reading) == "things":
            return mentions, (told,)
        quoted = reading.quoted or (unplaced if _asks_who(reading) else ())
        return passages.model_copy(update={"quoted": quoted}), (told,)


def _wants_group(reading: QuestionReading) -> bool:
    """Whether the question is about many bodies rather than one: 各单位, 哪些, 一共, 平均, 最多."""
    if wants_number(reading) in ("bodies", "reports") or reading.has("body") or asks_for_members(reading):
        return True
    many = ("list", "sum", "mean", "median", "top", "bottom", "breakdown")
    return reading.has("operation", *many) or any(
        word in reading.text for word in ("各", "所有", "全部", "每个", "all ")
    )


def _says_nothing(reading: QuestionReading, metrics: list[NamedMetric]) -> bool:
    """Whether nothing is asked: 文登的数据, 那2022年呢, 界石镇排第几."""
    if metrics or wants_number(reading) or reading.has_own_words or reading.quoted:
        return False
    asked = ("aspect", "themes", "checks", "reports", "out_of_scope", "definition", "ratio", "column", "metric_word")
    if any(reading.has(category) for category in asked) or reading.has("question"):
        return False
    return not (_names_reports(reading) or (reading.has("operation", "list") and _names_kind(reading)))


def _counts_people(reading: QuestionReading, metrics: list[NamedMetric]) -> bool:
    """培训了多少人次 asks for people, and no metric counts people."""
    people = any(word in reading.text for word in ("多少人", "几人", "多少名", "人次", "how many people"))
    return bool(metrics) and people


def _states_number(reading: QuestionReading) -> bool:
    return bool(reading.numbers) and reading.has("counter", "things") and not reading.has("operation", "list")


def _asks_who(reading: QuestionReading) -> bool:
    return reading.has("operation", "list") or reading.has("question", "mention")


def _unplaced(reading: QuestionReading, scope: ScopeReading) -> tuple[str, ...]:
    """Words that nothing accounts for and that may restrict what is asked: two Han characters, or a Latin word."""
    names = set(scope.name_spans)
    return reading.excluded + tuple(
        stretch.original
        for stretch in reading.unknown
        if (stretch.start, stretch.end) not in names and len(stretch.text) >= (3 if stretch.text.isascii() else 2)
    )


def _asks_for_words(reading: QuestionReading, metrics: list[NamedMetric]) -> bool:
    """Whether the answer is text although a metric is named: 公众号叫什么, 申请都涉及什么内容, 为什么申请少了."""
    if reading.has("question", "contact", "called", "why", "mention"):
        return True
    only_implied = all(metric.is_implied for metric in metrics)
    if reading.has("aspect", "problems", "improvement") and (only_implied or not wants_number(reading)):
        return True
    outcome_or_applicant = reading.has("group", "outcome", "column") or reading.has("column")
    about_applications = any(catalogue().split(m.metric_id)[0].has_columns for m in metrics)
    asks_what = any(tag.surface in ("是什么", "是啥") for tag in reading.tagged("definition"))
    if (asks_what or reading.has("question", "what", "how")) and reading.language == "zh":
        return not (outcome_or_applicant and about_applications) and not _counts(reading)
    if reading.has("question", "how") and not reading.has("question", "how_many"):
        return not (outcome_or_applicant and about_applications) and not _counts(reading)
    return False


def _counts(reading: QuestionReading) -> bool:
    return wants_number(reading) is not None or reading.has("operation", "share", "rank", "trend")


def _special_subject(reading: QuestionReading, metrics: list[NamedMetric], base: Plan) -> Plan | None:
    """Questions neither about a metric nor about passages: definitions, checks, reports, what no report can say."""
    for aspect in ("personal", "task", "opinion", "prediction"):
        if reading.has("out_of_scope", aspect):
            return base.model_copy(update={"subject": "out_of_scope", "aspect": aspect})
    if reading.has("out_of_scope", "whole_country") and metrics:
        return base.model_copy(update={"subject": "out_of_scope", "aspect": "whole_country"})
    for aspect in ("conflicts", "failed_checks"):
        if reading.has("checks", aspect) and not (reading.has("definition") and not base.scope.bodies):
            return base.model_copy(update={"subject": "checks", "aspect": aspect, "operation": "list"})
    if _asks_for_definition(reading) and not (base.scope.bodies or base.scope.years or reading.places):
        return base.model_copy(update={"subject": "definition"})
    counted = wants_number(reading)
    only_weak = all(catalogue().split(m.metric_id)[0].id == "proactive_total" for m in metrics)
    no_metric = not metrics or (only_weak and reading.language == "en")
    if no_metric and _names_reports(reading) and reading.has("polarity", "none"):
        # did not publish a report: publish is a word of the proactive total elsewhere.
        return base.model_copy(update={"subject": "reports", "aspect": "missing", "operation": "list"})
    for aspect in ("picture_tables", "no_tables", "missing", "issued_on"):
        if reading.has("reports", aspect) and (aspect != "missing" or not metrics):
            operation: Operation = "count" if counted in ("reports", "bodies") else "list"
            if aspect == "issued_on":
                operation = "value"
            return base.model_copy(update={"subject": "reports", "aspect": aspect, "operation": operation})
    if not metrics and counted in ("reports", "bodies") and not reading.has_own_words:
        subject = "reports" if counted == "reports" or _names_reports(reading) else "bodies"
        return base.model_copy(update={"subject": subject, "operation": "count"})
    own_topic = reading.has("aspect") or reading.has("ratio")
    if not metrics and not reading.has_own_words and not own_topic and reading.has("operation", "list"):
        if _names_reports(reading):
            scope = base.scope.model_copy(update={"latest": False})
            return base.model_copy(update={"subject": "reports", "operation": "list", "scope": scope})
        if _names_kind(reading):
            return base.model_copy(update={"subject": "bodies", "operation": "list"})
    return None


def _asks_for_definition(reading: QuestionReading) -> bool:
    """Whether a word is to be explained; what is the grant rate asks for a number."""
    words = {tag.surface for tag in reading.tagged("definition")}
    if not words or reading.has("question", "how_many"):
        return False
    return not (reading.has("ratio") and words <= {"what is", "what are", "what's"})


def _names_reports(reading: QuestionReading) -> bool:
    return reading.has("counter", "reports")


def _names_kind(reading: QuestionReading) -> bool:
    return reading.has("kind") or reading.has("designation") or reading.has("body")


def _passage_plan(reading: QuestionReading, base: Plan) -> Plan:
    aspect = next((v for tag in reading.tagged("aspect") for v in tag.values("aspect")), None)
    if aspect in ("problems", "improvement") and reading.has("aspect", "improvement"):
        # 针对问题怎么改进 asks for the improvement.
        aspect = "improvement"
    whole_corpus = not base.scope.bodies
    if aspect in ("problems", "improvement") and whole_corpus and not reading.has_own_words:
        return base.model_copy(update={"subject": "themes", "operation": "list", "aspect": aspect})
    words = _content_words(reading)
    if aspect in ("management", "platform", "supervision") and _asks_who(reading) and words:
        aspect = None
    update: dict[str, object] = {"aspect": aspect}
    if reading.has("question", "mention") or (_asks_who(reading) and whole_corpus and not aspect):
        update["operation"] = "list"
        update["quoted"] = reading.quoted or _literal(reading, words)
    return base.model_copy(update=update)


def _content_words(reading: QuestionReading) -> tuple[str, ...]:
    """The unknown words, each with the known ones that it is grown together with: 社会监督员."""
    pieces = [(s.start, s.end, True) for s in reading.unknown]
    pieces += [(t.start, t.end, False) for t in reading.tags if t.means("aspect") or t.means("metric_word")]
    words: list[str] = []
    start = end = -1
    has_unknown = False
    for piece_start, piece_end, unknown in [*sorted(pieces), (len(reading.text) + 1, len(reading.text) + 1, False)]:
        if piece_start != end:
            if has_unknown and end - start >= 2:
                words.append(reading.text[start:end])
            start, has_unknown = piece_start, False
        end = piece_end
        has_unknown = has_unknown or unknown
    return tuple(words)


def _literal(reading: QuestionReading, words: tuple[str, ...]) -> tuple[str, ...]:
    """What must be literally in a passage: all that stands behind 提到, known to the vocabulary or not."""
    mentions = reading.tagged("question", "mention")
    if not mentions:
        return words
    rest = reading.text[mentions[-1].end :].strip(" 了过的吗呢?？。“”\"'")
    return (rest,) if 2 <= len(rest) <= 30 else words
