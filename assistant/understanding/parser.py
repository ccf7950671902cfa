"""From a question to a Plan.

The built-in parser: no model, the same each time. It tags the question (``reading``), decides what sort of thing is
asked for, and composes the Plan; words that it cannot place make it fall back to numbers in prose or to passages, so
that a restriction in the question is never dropped in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from assistant.lexicons import read_lexicon
from assistant.plan import Language, Plan, PlanScope
from assistant.understanding.accounting import accounted
from assistant.understanding.alternatives import alternatives
from assistant.understanding.changes import base_years
from assistant.understanding.conditions import asks_for_bodies
from assistant.understanding.corpus_questions import check_plan, names_kind, names_reports, report_plan, singles_out
from assistant.understanding.dispute_results import asks_for_results, results_of
from assistant.understanding.figure_plans import asks_reasons, figure_plan
from assistant.understanding.grouping_words import read_groups
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.linking import Linker
from assistant.understanding.mention_plans import mention_plan, sets_against, unmentioned_plan
from assistant.understanding.metric_words import NamedMetric, named_metrics
from assistant.understanding.passage_plans import asks_who, passage_plan
from assistant.understanding.reading import QuestionReading, read_question, wants_number
from assistant.understanding.scoping import ScopeReading, read_scope
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_text
from vectorstore.records import Body

_NUMBER_WITH_UNIT = re.compile(r"(?:\d+|[一二三四五六七八九十百]+)[件条次份起宗项个家%]?|一半|半数|本数|该数|此数|本身")
"""5件以上（不含5件） takes nothing out of the scope."""
_DURATION = re.compile(
    "多久|多长时间|(?:多少|几)个?(?:天|日|工作日|小时|分钟)|how long|how many (?:working )?(?:days|hours)"
)
"""平均多少天办完: no metric is a length of time, and only prose tells one."""
_CHANNELS = frozenset({"proactive_website", "proactive_wechat"})
"""Named beside a word of the prose they say whose it is: 公众号粉丝最多."""
_WHAT_ABOUT = re.compile(r"\bwhat (?!about\b)(?:[^,?]+ )?about\b")
"""What were the applications in 2023 about."""
_OUTCOMES_WITH_REASONS = frozenset({"denied_subtotal", "unable_subtotal", "unprocessed_subtotal", "other_subtotal"})


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
        is_completed: The conversation has supplied what the question leaves out.
        is_empty: The question says at most whom or when it is about, and not what is asked.
    """

    plan: Plan
    reading: QuestionReading
    metrics: tuple[NamedMetric, ...]
    scope: ScopeReading
    readings: tuple[PlanReading, ...] = ()
    is_empty: bool = False
    is_completed: bool = False
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

    def read(self, question: str, language: Language | None = None) -> QuestionReading:
        """Take a question apart; ``language`` is that of a question whose words don't tell theirs."""
        reading = read_question(question, self.lexicon, self.linker, self.today, self.years)
        return reading if language is None else replace(reading, language=language)

    def narrow(self, query: str) -> tuple[PlanScope, str]:
        """What the bodies, kinds, places and years that a search names narrow it to, and the words beside them.

        Where there are no words beside them, they are what is looked for. What was taken for a typo is looked for as
        it was typed as well: a word that the vocabulary doesn't know may still be the report's.
        """
        reading = self.read(query)
        scope = read_scope(reading, self.linker, self.lexicon, wants_group=_wants_group(reading))
        words = reading.without_scope()
        typed = [typed for typed, read in reading.corrections if read in words]
        return scope.scope, " ".join((words, *typed)).strip() or query

    def parse(self, question: str, language: Language | None = None) -> Parse:
        """Understand a question on its own, without a conversation; ``language`` as for `read`."""
        reading = self.read(question, language)
        metrics = named_metrics(reading, self.lexicon)
        scope = read_scope(reading, self.linker, self.lexicon, wants_group=_wants_group(reading))
        named = tuple(metrics)
        plan, fallbacks = self._plan(reading, metrics, scope)
        if plan.scope.whole:
            # Where a place's government doesn't say, the bodies in it may.
            each = plan.scope.model_copy(update={"whole": False})
            fallbacks = (plan.model_copy(update={"scope": each}), *fallbacks)
        if _is_small_talk(question) or (plan.subject != "checks" and _says_nothing(reading, metrics)):
            return Parse(plan, reading, named, scope, is_empty=True)
        others = self._ratio_readings(reading, plan) or tuple(
            PlanReading(*alternative) for alternative in alternatives(reading, plan)
        )
        if others:
            return Parse(plan, reading, named, scope, readings=others)
        if plan.subject in ("definition", "out_of_scope") or not scope.choices:
            return Parse(plan, reading, named, scope, fallbacks=fallbacks)
        readings = tuple(
            PlanReading(choice.question, self._plan(reading, metrics, scope.chosen(choice))[0])
            for choice in scope.choices
        )
        return Parse(readings[0].plan, reading, named, scope, readings=readings if len(readings) > 1 else ())

    def plan_for(self, parse: Parse, scope: ScopeReading) -> Plan:
        """What a question asks, of another scope than its own: of bodies that the conversation has named."""
        return self._plan(parse.reading, list(parse.metrics), scope)[0]

    def _of_the_last_report(self, plan: Plan) -> Plan:
        """What is planned for 2024 stands in the report of 2023: no report is of a year that has none yet."""
        years = plan.scope.years
        if plan.aspect != "improvement" or not years or min(years) <= max(self.years, default=0):
            return plan
        return plan.model_copy(update={"scope": plan.scope.model_copy(update={"years": (), "latest": True})})

    def _until_the_last_year(self, reading: QuestionReading, plan: Plan) -> Plan:
        """比2021年多了几件, with no year that is set against it: up to the corpus' last."""
        base, relative = base_years(reading)
        years, last = plan.scope.years, max(self.years, default=0)
        only_base = len(reading.years) == len(base) == 1 and not relative
        if plan.change is not None and only_base and years == (base[0] + 1,):
            scope = plan.scope.model_copy(update={"years": (max(last, *years),)})
            return plan.model_copy(update={"scope": scope, "since": None if last <= years[0] else base[0]})
        if plan.operation != "trend" or relative or years != base or not base or last <= max(base):
            return plan
        return plan.model_copy(update={"scope": plan.scope.model_copy(update={"years": (*years, last)})})

    def _ratio_readings(self, reading: QuestionReading, plan: Plan) -> tuple[PlanReading, ...]:
        """Each way to compute a ratio of which several are in use, as a question that says which."""
        if plan.subject != "figures" or plan.operation not in ("share", "top", "compare"):
            return ()
        for tag in reading.tagged("ratio"):
            ways = self.lexicon.ratios[tag.values("ratio")[0]]
            said = {metric.metric_id for metric in named_metrics(reading, self.lexicon)}
            if any(said & set(way.numerators) == set(way.numerators) for way in ways):
                continue  # 公开率（只算予以公开）
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
        """The Plan and those to try where it finds nothing, each with the words that it doesn't express."""
        plan, fallbacks = self._routed(reading, metrics, scope)
        others = tuple(accounted(reading, other, self.lexicon, self.linker) for other in fallbacks)
        return accounted(reading, plan, self.lexicon, self.linker), others

    def _routed(
        self, reading: QuestionReading, metrics: list[NamedMetric], scope: ScopeReading
    ) -> tuple[Plan, tuple[Plan, ...]]:
        base = Plan(
            subject="passages",
            scope=scope.scope,
            words=reading.without_scope(),
            quoted=reading.quoted,
            language=reading.language,
        )
        unmentioned = None if metrics else unmentioned_plan(reading, base)
        if unmentioned is not None:
            return unmentioned, ()
        special = _special_subject(reading, metrics, base)
        if special is not None:
            return special, ()
        passages = self._of_the_last_report(passage_plan(reading, base))
        mentions = mention_plan(reading, base)
        unplaced = _unplaced(reading, scope)
        if reading.has("question", "contact", "called") or _DURATION.search(reading.question.lower()):
            return passages, ()
        if _counts_people(reading, metrics):
            metrics = []
        if not metrics and not reading.has("ratio"):
            counts = wants_number(reading) in ("things", "bodies") or reading.has("operation", "share")
            if counts or _states_number(reading) or _ranks_own_words(reading) or _denies_own_words(reading):
                return mentions, () if reading.nouns else (passages,)
            return passages, ()
        if asks_for_results(reading, metrics):
            metrics = results_of(metrics)
        elif _asks_for_words(reading, metrics):
            return passages, ()
        figures = self._until_the_last_year(reading, figure_plan(reading, metrics, scope, base, self.lexicon))
        if reading.has("unsupported", "channel"):
            return mentions, (figures,)
        if not unplaced:
            return figures, ()
        told = figures.model_copy(update={"unplaced": (*figures.unplaced, *unplaced)})
        if unplaced == scope.unplaced or (all(word.isascii() for word in unplaced) and reading.quoted == ()):
            # An English word that nobody knows is rarely in a Chinese text: looking for it would find nothing.
            return told, (passages,)
        says_whose = all(metric.is_implied or metric.metric_id in _CHANNELS for metric in metrics)
        ranks = says_whose and _ranks_own_words(reading)
        if ranks or wants_number(reading) == "things" or (reading.nouns and reading.has("ratio")):
            return mentions, (told,)
        quoted = reading.quoted or (unplaced if asks_who(reading) else ())
        return passages.model_copy(update={"quoted": quoted}), (told,)


def _wants_group(reading: QuestionReading) -> bool:
    """Whether the question is about many bodies rather than one: 各单位, 哪些, 一共, 平均, 最多."""
    if wants_number(reading) in ("bodies", "reports") or reading.has("body") or asks_for_bodies(reading):
        return True
    if reading.has("reports", "holdings"):
        return True
    groups = read_groups(reading, about_applications=True)
    if groups.asked in ("kind", "region") or {"kind", "region", "body"} & set(groups.by):
        return True
    many = ("list", "sum", "mean", "median", "top", "bottom", "breakdown")
    return reading.has("operation", *many) or any(
        word in reading.text for word in ("各", "所有", "全部", "每个", "all ")
    )


@cache
def _small_talk() -> frozenset[str]:
    return frozenset(read_lexicon("subjects")["small_talk"]["terms"])


def _is_small_talk(question: str) -> bool:
    """Whether a message asks nothing at all: 继续; hi, who are you?"""
    pieces = [piece.strip() for piece in re.split(r"[,，.。!！?？;；~～\n]+", fold_text(question))]
    return any(pieces) and all(piece in _small_talk() for piece in pieces if piece)


def _says_nothing(reading: QuestionReading, metrics: list[NamedMetric]) -> bool:
    """Whether nothing is asked: 文登的数据, 那2022年呢, 界石镇排第几."""
    if metrics or wants_number(reading) or reading.has_own_words or reading.quoted or reading.has("polarity", "silent"):
        return False
    asked = ("aspect", "themes", "checks", "reports", "out_of_scope", "definition", "ratio", "column", "metric_word")
    if any(reading.has(category) for category in asked) or reading.has("question"):
        return False
    return not (names_reports(reading) or (reading.has("operation", "list") and names_kind(reading)))


def _counts_people(reading: QuestionReading, metrics: list[NamedMetric]) -> bool:
    """培训了多少人次 asks for people, and no metric counts people."""
    people = any(word in reading.text for word in ("多少人", "几人", "多少名", "人次", "how many people "))
    return bool(metrics) and people


def _states_number(reading: QuestionReading) -> bool:
    return bool(reading.numbers) and reading.has("counter", "things") and not reading.has("operation", "list")


def _ranks_own_words(reading: QuestionReading) -> bool:
    """Whether bodies are ranked by something that no metric is: 粉丝最多的是谁."""
    ranks = reading.has("operation", "top", "bottom", "mean", "median", "sum")
    return reading.has_own_words and (ranks or (bool(reading.nouns) and sets_against(reading)))


def _denies_own_words(reading: QuestionReading) -> bool:
    """Whether it is asked who did none of what only texts count: 谁没开发布会."""
    return bool(reading.nouns) and reading.has("polarity", "none") and asks_for_bodies(reading)


def _unplaced(reading: QuestionReading, scope: ScopeReading) -> tuple[str, ...]:
    """Words that nothing accounts for and that may restrict what is asked: two Han characters, or a Latin word."""
    names = set(scope.name_spans)
    excluded = tuple(words for words in scope.unplaced if not _NUMBER_WITH_UNIT.fullmatch(words))
    return excluded + tuple(
        stretch.original
        for stretch in reading.unknown
        if (stretch.start, stretch.end) not in names and len(stretch.text) >= (3 if stretch.text.isascii() else 2)
    )


def _asks_for_words(reading: QuestionReading, metrics: list[NamedMetric]) -> bool:
    """Whether the answer is text although a metric is named: 公众号叫什么, 申请都涉及什么内容, 为什么申请少了."""
    if reading.has("question", "contact", "called", "mention", "subjects") or _WHAT_ABOUT.search(reading.text):
        return True
    if reading.has("question", "why"):
        # Why applications fell is told in words; why they were refused is a row of the form.
        return not all(catalogue().split(m.metric_id)[0].id in _OUTCOMES_WITH_REASONS for m in metrics)
    if _asks_for_reasons(reading, metrics):
        return False
    only_implied = all(metric.is_implied for metric in metrics)
    if reading.has("aspect", "problems", "improvement") and (only_implied or not wants_number(reading)):
        return True
    outcome_or_applicant = reading.has("group", "outcome", "column") or reading.has("column")
    about_applications = any(catalogue().split(m.metric_id)[0].has_columns or _has_results(m) for m in metrics)
    asks_what = any(tag.surface in ("是什么", "是啥") for tag in reading.tagged("definition"))
    if (asks_what or reading.has("question", "what", "how")) and reading.language == "zh":
        return not (outcome_or_applicant and about_applications) and not _counts(reading)
    if reading.has("question", "how") and not reading.has("question", "how_many"):
        return not (outcome_or_applicant and about_applications) and not _counts(reading)
    return False


def _has_results(metric: NamedMetric) -> bool:
    """Whether it is a total of reviews or lawsuits, which the form splits by result."""
    return metric.metric_id in ("review_total", "lit_direct_total", "lit_post_review_total")


def _asks_for_reasons(reading: QuestionReading, metrics: list[NamedMetric]) -> bool:
    outcomes = all(catalogue().split(m.metric_id)[0].id in _OUTCOMES_WITH_REASONS for m in metrics)
    return outcomes and asks_reasons(reading)


def _counts(reading: QuestionReading) -> bool:
    return wants_number(reading) is not None or reading.has("operation", "share", "rank", "trend")


def _special_subject(reading: QuestionReading, metrics: list[NamedMetric], base: Plan) -> Plan | None:
    """Questions neither about a metric nor about passages: definitions, checks, reports, what no report can say."""
    for aspect in ("personal", "task", "opinion", "prediction", "other"):
        carried = aspect == "prediction" and any(m.metric_id == "applications_carried_out" for m in metrics)
        about_reports = aspect == "other" and (bool(metrics) or reading.has("question", "mention"))
        if reading.has("out_of_scope", aspect) and not (carried or about_reports):
            return base.model_copy(update={"subject": "out_of_scope", "aspect": aspect})
    if reading.has("out_of_scope", "whole_country") and metrics:
        return base.model_copy(update={"subject": "out_of_scope", "aspect": "whole_country"})
    checks = check_plan(reading, metrics, base)
    if checks is not None:
        return checks
    if _asks_what_recurs(reading, base):
        return passage_plan(reading, base)
    reports = report_plan(reading, metrics, base)
    is_scoped = base.scope.bodies or base.scope.years or reading.places
    reasons = bool(metrics) and _asks_for_reasons(reading, metrics)
    if _asks_for_definition(reading) and not reasons and not (is_scoped or singles_out(reports)):
        return base.model_copy(update={"subject": "definition"})
    return reports


def _asks_what_recurs(reading: QuestionReading, base: Plan) -> bool:
    """各家年报里反复出现的短板是什么 defines no word."""
    recurs = reading.has("themes") and reading.has("aspect", "problems", "improvement")
    return recurs and reading.has("definition") and not (base.scope.bodies or reading.has_own_words)


def _asks_for_definition(reading: QuestionReading) -> bool:
    """Whether a word is to be explained; what is the grant rate asks for a number."""
    words = {tag.surface for tag in reading.tagged("definition")}
    if not words or reading.has("question", "how_many"):
        return False
    return not (reading.has("ratio") and words <= {"what is", "what are", "what's"})
