"""What single reports say, deny, contradict or leave unsaid."""

from __future__ import annotations

from samples.questions.drawing import Question
from samples.questions.gold.expectation import ANSWERED, UNKNOWN, Expect, contradicted, need, needed, number, the_report
from samples.questions.truth import metric_value, value
from vectorstore.catalogue import catalogue

FINE_OUTCOMES = tuple(row.id for row in catalogue().application_rows if row.part == "outcome")
_OUTCOME_WORDS = {
    "result_granted": "予以公开",
    "result_partial": "部分公开",
    "denied": "不予公开",
    "unable": "无法提供",
    "unprocessed": "不予处理",
    "other": "其他",
}


def state_value(question: Question) -> Expect:
    row = the_report(question)
    need(not contradicted(question, row), "contradicted")
    expect: Expect = {"status": ANSWERED, "value": number(needed(value(row, question.measure), "unknown"))}
    clauses = [clause for metric in question.measure.metrics for clause in row["evidence"].get(metric, [])]
    ids = {metric.split("__")[0] for metric in question.measure.metrics}
    labels = [form_row.label[-6:] for form_row in catalogue().application_rows if form_row.id in ids]
    if clauses and "approximate" not in row["deviations"]:
        expect["cites"] = [{"file": row["file"], "any": [*clauses, *labels]}]
    return expect


def state_unknown(question: Question) -> Expect:
    """A report that is there and doesn't say."""
    row = the_report(question)
    need(value(row, question.measure) is None, "known")
    need(not contradicted(question, row), "contradicted")
    reason = question.meaning.get("deviation")
    need(reason is None or reason in row["deviations"], "of another reason")
    return {"status": UNKNOWN, "value_null": True}


def state_missing(question: Question) -> Expect:
    """A body that published no report of that year, of which no other tells."""
    year, body = question.year or 0, question.bodies[0]
    need(year in question.truth.years() and question.truth.of(body, year) is None, "it reported")
    others = [str(row["year"]) for row in question.truth.rows if row["body"][0] == body]
    return {"status": ["not_in_corpus"], "value_null": True, "text_any": others}


def state_both(question: Question) -> Expect:
    row = the_report(question)
    readings = row["readings"].get(question.measure.metrics[0])
    need(readings, "no contradiction")
    return {"status": ANSWERED, "text_all": [str(reading["value"]) for reading in readings]}


def describe_fate(question: Question) -> Expect:
    """What became of few applications, in words: the outcomes that occurred."""
    row = the_report(question)
    total, new = metric_value(row, "result_total"), metric_value(row, "applications_new")
    need(total and new and total <= 3 and "identity_broken" not in row["deviations"], "too many or unsure")
    known = {metric: needed(metric_value(row, metric), "unknown") for metric in FINE_OUTCOMES}
    return {"status": ANSWERED, "outcomes": [[_word(metric), metric] for metric, v in known.items() if v]}


def _word(outcome: str) -> str:
    return _OUTCOME_WORDS.get(outcome) or _OUTCOME_WORDS[outcome.partition("_")[0]]


def describe_applicants(question: Question) -> Expect:
    """Who sent few applications, in words."""
    row = the_report(question)
    new = metric_value(row, "applications_new")
    need(new and new <= 5 and not row["readings"], "too many or contradicted")
    expected = [
        [column.label[-2:], f"__{column.id}"]
        for column in catalogue().applicant_columns
        if needed(metric_value(row, f"applications_new__{column.id}"), "unknown")
    ]
    return {"status": ANSWERED, "outcomes": expected}


def locate(question: Question) -> Expect:
    """Where the report says so: a citation of the clause."""
    row = the_report(question)
    clauses = row["evidence"].get(question.measure.metrics[0])
    need(clauses and not row["readings"], "stated in no clause")
    return {"cites": [{"file": row["file"], "any": clauses}]}
