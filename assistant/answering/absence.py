"""What to say when the corpus doesn't say: which reports there are, what they are silent about, and why."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.citations import markers
from assistant.answering.coverage import cover
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.observations import Observation, observe, table_of
from assistant.answering.showing import cite, conflict_in_words, conflict_warnings, quantity, rows_of
from vectorstore.records import Report, Scope

_EXAMPLES = 5


def no_reports(inquiry: Inquiry) -> Draft:
    """No report is in scope: the text names what the corpus does hold, of the bodies asked for if any are known."""
    wording = inquiry.wording
    everything = inquiry.index.reports()
    if not everything:
        return Draft("not_in_corpus", [wording.say("absent.empty")])
    scope = inquiry.plan.scope
    excluded = inquiry.reports_within(scope.model_copy(update={"excluded": ()})) if scope.excluded else []
    if excluded:
        return Draft(
            "not_in_corpus", [wording.say("absent.all_excluded", scope=inquiry.scope_name, count=len(excluded))]
        )
    sentences = [wording.say("absent.no_report", scope=inquiry.scope_name)]
    for body in inquiry.bodies.values():
        years = [r.year for r in inquiry.index.reports(Scope(body_ids=(body.body_id,))) if r.year is not None]
        if years:
            sentences.append(wording.say("absent.body_years", body=body.name, years=wording.years(years)))
        else:
            sentences.append(wording.say("absent.no_own_report", body=body.name))
    if not inquiry.bodies:
        sentences.append(holdings(inquiry, everything))
    return Draft("not_in_corpus", sentences)


def holdings(inquiry: Inquiry, reports: Sequence[Report]) -> str:
    """How many reports the corpus holds, of which years, and some of their bodies."""
    wording = inquiry.wording
    years = wording.years(report.year for report in reports if report.year is not None)
    bodies = list(dict.fromkeys(report.body for report in reports))
    return wording.say("absent.holds", count=len(reports), years=years, bodies=wording.join(bodies[:_EXAMPLES]))


def none_states(inquiry: Inquiry, observations: Sequence[Observation]) -> Draft:
    """There are reports in scope, and none gives a value to use: each is named with its reason, if they are few.

    A report that contradicts itself gives values, and both are told: that is a partial answer.
    """
    wording = inquiry.wording
    metric_ids = list(dict.fromkeys(o.metric_id for o in observations if o.metric_id))
    sentences = []
    contradicting = [o for o in observations if o.values]
    if len(inquiry.reports) > 1 and not contradicting:
        metric = wording.metric(metric_ids, inquiry.plan.combine)
        sentences.append(
            wording.say("absent.none_states", scope=inquiry.scope_name, count=len(inquiry.reports), metric=metric)
        )
    shown = [*contradicting, *(o for o in observations if not o.values)][:_EXAMPLES]
    if shown:
        sentences.append(wording.clauses(reason(inquiry, observation) for observation in shown))
    sentences += other_years(inquiry, metric_ids)
    return Draft(
        "partial" if contradicting else "not_in_corpus",
        sentences,
        rows=rows_of(inquiry, observations),
        coverage=cover(inquiry.reports, observations),
        warnings=conflict_warnings(inquiry, contradicting),
    )


def reason(inquiry: Inquiry, observation: Observation) -> str:
    """Why one value is unknown, as a clause with its citation where there is something to show."""
    wording = inquiry.wording
    if observation.values and observation.value is None:
        return conflict_in_words(inquiry, observation)
    metric = wording.metric([observation.metric_id]) if observation.metric_id else wording.added(inquiry.plan.metrics)
    values = {
        "body": observation.body,
        "year": wording.year(observation.year),
        "metric": metric,
        "cites": markers(cite(inquiry, observation)),
    }
    table = table_of(observation)
    if observation.picture is not None and table is not None:
        return wording.phrase("value.picture", table=wording.table(table), **values)
    if observation.state == "silent":
        return wording.phrase("value.not_said", **values)
    # What the reader noted tells more than the state alone; it is Chinese, as the reports are.
    note = (observation.note or "").rstrip("。") if wording.language == "zh" else ""
    return wording.phrase("value.unknown", state=note or wording.phrase(f"state.{observation.state}"), **values)


def other_years(inquiry: Inquiry, metric_ids: Sequence[str]) -> list[str]:
    """For bodies named with a year that gives nothing: what the body's other years say."""
    if not inquiry.bodies or not metric_ids:
        return []
    wording = inquiry.wording
    sentences = []
    for body in inquiry.bodies.values():
        scope = inquiry.plan.scope.model_copy(update={"bodies": (body.body_id,), "years": (), "latest": False})
        known = [o for o in observe(inquiry, metric_ids[:1], scope) if o.value is not None]
        if known:
            values = wording.join(
                f"{wording.year(o.year)}{'' if wording.language == 'zh' else ': '}{quantity(inquiry, o)}"
                f"{markers(cite(inquiry, o))}"
                for o in known
            )
            sentences.append(wording.say("value.other_years", body=body.name, values=values))
    return sentences
