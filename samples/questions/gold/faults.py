"""What the corpus holds, and what is missing from it or wrong in it."""

from __future__ import annotations

from dataclasses import replace

from samples.questions.drawing import Question
from samples.questions.gold.expectation import ANSWERED, Expect, need
from samples.questions.truth import value


def count_reports(question: Question) -> Expect:
    rows = question.truth.select(question.scope)
    need(rows, "none")
    return {"status": ANSWERED, "value": len(rows)}


def list_reports(question: Question) -> Expect:
    rows = question.truth.select(question.scope)
    need(0 < len(rows) < 60, "none or too many")
    return {"status": ANSWERED, "members": [[row["body"], row["year"]] for row in rows]}


def count_bodies(question: Question) -> Expect:
    bodies = {row["body"][0] for row in question.truth.select(question.scope)}
    need(bodies, "none")
    return {"status": ANSWERED, "value": len(bodies)}


def list_missing(question: Question) -> Expect:
    """Bodies of the scope that reported on other years and not on {year}."""

    everyone = {r["body"][0]: r["body"] for r in question.truth.select(replace(question.scope, years=()))}
    reported = {r["body"][0] for r in question.truth.select(question.scope)}
    absent = [names for name, names in everyone.items() if name not in reported]
    need(absent, "nobody")
    return {"status": ANSWERED, "bodies": absent}


def list_deviating(question: Question) -> Expect:
    rows = question.truth.select(question.scope)
    wanted = question.meaning["deviations"]
    unless = set(question.meaning.get("unless", ()))
    found = [r for r in rows if any(name in r["deviations"] for name in wanted) and not unless & set(r["deviations"])]
    need(found or question.meaning.get("may_be_empty"), "nobody")
    exact = not question.meaning.get("at_least")
    members = [[row["body"], row["year"]] for row in found]
    return {"status": ANSWERED, "members" if exact else "members_min": members}


def count_deviating(question: Question) -> Expect:
    return {"status": ANSWERED, "value": len(list_deviating(question)["members"])}


def list_silent(question: Question) -> Expect:
    """Reports that give no reading of a metric and no picture of one."""
    rows = [r for r in question.truth.select(question.scope) if value(r, question.measure) is None]
    rows = [r for r in rows if "pictures_for_tables" not in r["deviations"] and not r["readings"]]
    need(rows, "nobody")
    return {"status": ANSWERED, "members_min": [[row["body"], row["year"]] for row in rows]}


def list_contradictory(question: Question) -> Expect:
    found = [row for row in question.truth.select(question.scope) if row["conflicting"]]
    need(found, "nobody")
    return {"status": ANSWERED, "members_min": [[row["body"], row["year"]] for row in found]}
