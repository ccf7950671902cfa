"""Numbers of the prose outside the official form: who states which, their sum, their order, who says there was none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from statistics import median

from assistant.answer import Row
from assistant.answering.citations import markers
from assistant.answering.coverage import cover_found
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.report_rows import report_row
from assistant.answering.wording import MEMBERS_NAMED, Exact, as_number
from assistant.plan import Criterion, Operation
from assistant.prose.asked_words import as_asked, topic_of
from assistant.prose.containment import is_unheard_of, named_in_texts
from assistant.prose.counted_topics import CountedTopic, common_unit, counted_topic, unit_sort
from assistant.prose.passages import answer_passages
from assistant.prose.relevance import answer_types_of
from assistant.prose.statements import Statement, find_statements
from assistant.prose.translation import is_chinese
from vectorstore.folding import fold_text

_ASKS_NUMBER = re.compile(r"(?:多少|几)[名位个件条次份篇家起项场期宗例处通封人]|how many")
_ASKS_AMOUNT = re.compile(r"多少|how (?:many|much)", re.IGNORECASE)
_DONE = Criterion(comparison=">", value=Decimal(0))


def answer_mentions(inquiry: Inquiry) -> Draft:
    """What the reports state of a number outside the form, or what the question does with such numbers."""
    if not inquiry.reports:
        return named_in_texts(inquiry)
    return _stated(inquiry) or _fall_back(inquiry)


def answer_words(inquiry: Inquiry) -> Draft:
    """The answer to a question about passages: where it asks how many, the clause that says so before any other."""
    plan = inquiry.plan
    asks_number = plan.operation == "value" and _ASKS_NUMBER.search(fold_text(plan.words))
    if asks_number and inquiry.reports:
        draft = _stated(inquiry)
        if draft is not None:
            return draft
    draft = answer_passages(inquiry)
    asks_amount = plan.operation == "value" and _ASKS_AMOUNT.search(plan.words) and not answer_types_of(plan.words)
    if asks_amount and not _tells_number(inquiry, draft):
        # A sentence that shares words with 有多少职工 and tells no number answers nothing; 电话多少 asks for no amount.
        return _unmentioned(inquiry) or draft
    return draft


def _stated(inquiry: Inquiry) -> Draft | None:
    """The answer from the clauses that state such a number; ``None`` where no report in scope states one."""
    topic = counted_topic(inquiry.plan.words) or counted_topic(inquiry.question)
    statements = find_statements(inquiry, topic) if topic else []
    if topic and not statements and len(inquiry.reports) == 1:
        statements = find_statements(inquiry, replace(topic, is_loose=True))
    if not topic or not statements:
        return None
    plan = inquiry.plan
    condition = plan.condition or (_DONE if plan.operation == "count" else None)
    if condition is not None and plan.operation in ("list", "count"):
        draft = _members(inquiry, topic, statements, condition)
    else:
        draft = _ANSWERS.get(plan.operation, _each)(inquiry, topic, statements)
    draft.coverage = cover_found(inquiry.reports, {s.report.report_id for s in statements})
    wording = inquiry.wording
    draft.sentences.append(wording.say("mentions.outside"))
    if len(inquiry.reports) > 1:
        draft.sentences.append(_coverage_in_words(inquiry, draft))
    if plan.scope.latest:
        years = {r.year for r in inquiry.reports if r.year is not None}
        draft.sentences.append(wording.say("value.latest", years=wording.years(years)))
    return draft


def _coverage_in_words(inquiry: Inquiry, draft: Draft) -> str:
    wording, coverage = inquiry.wording, draft.coverage
    named = {"scope": inquiry.scope_name, "count": coverage.in_scope}
    if not coverage.without_value:
        return wording.say("mentions.all_state", **named)
    names = wording.members([wording.body_year(w.body, w.year) for w in coverage.without_value])
    return wording.say("mentions.unmentioned", silent=coverage.silent, names=names, **named)


def _row(inquiry: Inquiry, statement: Statement) -> Row:
    mention = statement.mention
    return report_row(
        statement.report,
        statement.cite(inquiry),
        label=mention.counted,
        value=as_number(mention.value),
        unit=mention.unit,
        note=inquiry.wording.phrase("mentions.part_note") if statement.is_part else mention.qualifier,
    )


def _each(inquiry: Inquiry, topic: CountedTopic, statements: Sequence[Statement]) -> Draft:
    """The clauses one by one; ``value`` is the number where one body states exactly one."""
    wording = inquiry.wording
    whole = [s for s in statements if not s.is_part] or list(statements)
    single = whole[0] if len(inquiry.reports) == 1 and len(whole) == 1 else None
    if single is not None and len(statements) == 1:
        value = wording.quantity(single.value, single.mention.unit, single.mention.qualifier)
        sentences = [wording.say("mentions.one", value=value, **_named(inquiry, single))]
    else:
        shown = [
            wording.phrase("mentions.part" if s.is_part else "mentions.several", **_named(inquiry, s))
            for s in statements[:MEMBERS_NAMED]
        ]
        sentences = [wording.clauses(shown)]
        if len(statements) > MEMBERS_NAMED:
            sentences.append(wording.say("mentions.more", count=len(statements)))
    return Draft(
        "answered",
        sentences,
        value=as_number(single.value) if single else None,
        unit=single.mention.unit if single else None,
        rows=[_row(inquiry, s) for s in statements],
    )


def _named(inquiry: Inquiry, statement: Statement) -> dict[str, str]:
    wording, report = inquiry.wording, statement.report
    return {
        "body": report.body,
        "year": wording.year(report.year),
        "clause": wording.quote(statement.clause),
        "cites": markers(statement.cite(inquiry)),
    }


def _members_in_words(inquiry: Inquiry, statements: Sequence[Statement]) -> str:
    """Whose number is which, enumerated; with the year where the scope holds several."""
    wording = inquiry.wording
    several_years = len({r.year for r in inquiry.reports}) > 1
    return wording.members(
        [
            wording.phrase(
                "mentions.member",
                body=wording.body_year(s.report.body, s.report.year, show_year=several_years),
                value=wording.quantity(s.mention.value, s.mention.unit, s.mention.qualifier),
                cites=markers(s.cite(inquiry)),
            )
            for s in statements
        ]
    )


def _aggregate(inquiry: Inquiry, topic: CountedTopic, statements: Sequence[Statement]) -> Draft:
    """The sum, mean or median of what the reports state, for each counting word apart; parts of numbers aside."""
    wording, operation = inquiry.wording, inquiry.plan.operation
    whole = [s for s in statements if not s.is_part]
    of_unit: dict[str, list[Statement]] = defaultdict(list)
    for statement in whole:
        of_unit[common_unit(statement.mention.unit or topic.unit)].append(statement)
    if not of_unit:
        return _each(inquiry, topic, statements)
    computed = {unit: _COMPUTED[operation](_by_report(same)) for unit, same in of_unit.items()}
    values = [_with_unit(inquiry, value, unit, len(computed) > 1) for unit, value in computed.items()]
    members = _members_in_words(inquiry, whole)
    named = {"scope": inquiry.scope_name, "words": topic.parts[0][0], "members": members}
    reports = len({s.report.report_id for s in whole})
    unit, value = next(iter(computed.items()))
    is_one = len(computed) == 1
    if is_one or operation != "sum":
        sentence = wording.say(f"mentions.{operation}", value=wording.semicolons(values), count=reports, **named)
    else:
        sentence = wording.say("mentions.sums", values=wording.semicolons(values), **named)
    several = [wording.report(same[0].report) for same in _of_each_report(whole).values() if len(same) > 1]
    sentences = [sentence]
    if several:
        sentences.append(wording.say("mentions.several_addends", members=wording.some_of(several)))
    rows = [_row(inquiry, s) for s in whole]
    return Draft("answered", sentences, as_number(value) if is_one else None, unit if is_one else None, rows)


def _with_unit(inquiry: Inquiry, value: Exact, unit: str, several: bool) -> str:
    """A number with its counting word; in English only where there are several to tell apart."""
    words = inquiry.wording.quantity(value, unit)
    return f"{words} ({unit})" if several and inquiry.wording.language == "en" else words


def _of_each_report(statements: Sequence[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        found[statement.report.report_id].append(statement)
    return found


def _by_report(statements: Sequence[Statement]) -> list[Decimal]:
    return [sum((s.value for s in same), Decimal(0)) for same in _of_each_report(statements).values()]


_COMPUTED: dict[Operation, Callable[[Sequence[Decimal]], Exact]] = {
    "sum": lambda values: sum(values, Decimal(0)),
    "mean": lambda values: Fraction(sum(values, Decimal(0))) / len(values),
    "median": lambda values: Fraction(median(values)),
}


def _ordered(inquiry: Inquiry, topic: CountedTopic, statements: Sequence[Statement]) -> Draft:
    """Who states the highest or the lowest number, among those that count in the same sort of unit."""
    plan, wording = inquiry.plan, inquiry.wording
    whole = [s for s in statements if not s.is_part] or list(statements)
    sorts: dict[str | None, list[Statement]] = defaultdict(list)
    for statement in whole:
        sorts[unit_sort(statement.mention.unit or topic.unit)].append(statement)
    alike = max(sorts.values(), key=len)
    falling = plan.order == "descending"
    ranked = sorted(alike, key=lambda s: -s.value if falling else s.value)
    limit = plan.limit or 1
    last = ranked[min(limit, len(ranked)) - 1].value
    leading = [s for s in ranked if (s.value >= last if falling else s.value <= last)]
    others = [s for s in whole if s not in alike]
    sentences = [
        wording.say(
            "mentions.most" if falling else "mentions.fewest",
            scope=inquiry.scope_name,
            words=topic.parts[0][0],
            members=_members_in_words(inquiry, leading),
        )
    ]
    if others:
        named = _members_in_words(inquiry, others)
        sentences.append(wording.say("mentions.other_units", members=named))
    only = leading[0] if len(leading) == 1 else None
    return Draft(
        "answered",
        sentences,
        value=as_number(only.value) if only else None,
        unit=only.mention.unit if only else None,
        rows=[_row(inquiry, s) for s in leading],
    )


def _members(inquiry: Inquiry, topic: CountedTopic, statements: Sequence[Statement], condition: Criterion) -> Draft:
    """The bodies that state a number that satisfies a condition; a report that states none is no member of any list."""
    wording = inquiry.wording
    asks_none = condition.holds(Decimal(0)) and not condition.holds(Decimal(1))
    whole = [s for s in statements if not s.is_part]
    held = [s for s in whole if condition.holds(s.value)]
    if asks_none:
        # Who denies one sort and states another (没有举办讲座, 培训3次) isn't without.
        doing = {s.report.report_id for s in whole if s.value > 0}
        held = [s for s in held if s.report.report_id not in doing]
    bodies = {s.report.body_id for s in held}
    named = {"scope": inquiry.scope_name, "words": topic.parts[0][0]}
    if condition == _DONE:
        key = "mentions.doing"
    elif asks_none:
        key = "mentions.denied" if held else "mentions.none_denied"
    else:
        key = "mentions.conditioned" if held else "mentions.none_conditioned"
        named["condition"] = wording.condition(condition, topic.unit or (whole[0].mention.unit if whole else ""))
    members = _members_in_words(inquiry, held)
    sentence = wording.say(key, count=len(bodies), members=members, **named)
    rows = [_row(inquiry, s) for s in held]
    return Draft("answered", [sentence], value=len(bodies), unit=wording.phrase("unit.bodies"), rows=rows)


_ANSWERS: dict[Operation, Callable[[Inquiry, CountedTopic, Sequence[Statement]], Draft]] = {
    "sum": _aggregate,
    "mean": _aggregate,
    "median": _aggregate,
    "top": _ordered,
}


def _tells_number(inquiry: Inquiry, draft: Draft) -> bool:
    """Whether a sentence quoted has a number with the counting word that was asked for: 几处, 24处."""
    topic = counted_topic(inquiry.question) or counted_topic(inquiry.plan.words)
    if topic is None or not topic.unit:
        return False
    number = re.compile(rf"\d\s*[余多]?{re.escape(topic.unit)}")
    quotes = [inquiry.citations.quote(n) for row in draft.rows for n in row.citations]
    return any(number.search(fold_text(quote)) for quote in quotes)


def _topic(inquiry: Inquiry) -> str:
    words = inquiry.plan.words or inquiry.question
    counted = counted_topic(words) if is_chinese(words) else None
    return as_asked(counted.parts[0][0] if counted else topic_of(words) or words, inquiry.question)


def _unmentioned(inquiry: Inquiry) -> Draft | None:
    """That no report in scope mentions the topic at all; ``None`` where one does, or where that can't be told."""
    topic, wording = _topic(inquiry), inquiry.wording
    if not is_unheard_of(inquiry, topic):
        return None
    key = "passages.not_mentioned" if len(inquiry.reports) > 1 else "passages.not_mentioned_one"
    nothing = wording.say(key, scope=inquiry.scope_name, count=len(inquiry.reports), words=topic)
    return Draft("not_in_corpus", [nothing], coverage=cover_found(inquiry.reports, set()))


def _fall_back(inquiry: Inquiry) -> Draft:
    """No number matches: the sentences nearest to the question, if any, said to be no number."""
    wording, plan = inquiry.wording, inquiry.plan
    unmentioned = _unmentioned(inquiry)
    if unmentioned is not None:
        return unmentioned
    named = {"scope": inquiry.scope_name, "count": len(inquiry.reports), "words": _topic(inquiry)}
    nothing = wording.say("mentions.nothing", **named)
    draft = answer_passages(inquiry.with_plan(plan.model_copy(update={"operation": "value", "aspect": None})))
    if draft.status == "not_in_corpus":
        return Draft("not_in_corpus", [nothing], coverage=draft.coverage)
    if _tells_number(inquiry, draft):
        return draft
    draft.sentences = [nothing, *draft.sentences]
    draft.status = "partial"
    return draft
