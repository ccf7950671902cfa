"""这个数含结转吗: whether a number of the form takes another one in, and what the other one is."""

from __future__ import annotations

from assistant.answering.coverage import cover
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.named_bodies import observe_named
from assistant.answering.showing import rows_of
from assistant.figures.values import describe
from assistant.lexicons import read_lexicon
from vectorstore.catalogue import catalogue


def answer_composition(inquiry: Inquiry) -> Draft:
    """Whether the plan's first metric contains its others: what the form says, then all as the reports give them.

    Where the entries say nothing of the two, the catalogue's own sums do: a subtotal contains its addends.
    """
    plan, wording = inquiry.plan, inquiry.wording
    whole, *parts = plan.metrics
    answers = [_contains(inquiry, whole, part) for part in parts]
    if len(parts) > 1:
        answers = [
            wording.say("composition.of", part=wording.metric([p]), answer=a)
            for p, a in zip(parts, answers, strict=True)
        ]
    sentences = [*answers, wording.say("definition.ours")]
    observations = observe_named(inquiry, plan.metrics) if inquiry.bodies else []
    if observations:
        sentences.append(wording.clauses(describe(inquiry, observation) for observation in observations))
    return Draft(
        "answered",
        sentences,
        rows=rows_of(inquiry, observations),
        coverage=cover(inquiry.reports if observations else [], [o for o in observations if o.is_own]),
    )


def _contains(inquiry: Inquiry, whole: str, part: str) -> str:
    said = _entry(whole, part, inquiry.plan.language)
    if said is not None:
        return said
    is_addend = part in catalogue().split(whole)[0].sum_of
    named = {"whole": inquiry.wording.metric([whole]), "part": inquiry.wording.metric([part])}
    return inquiry.wording.say("composition.contains" if is_addend else "composition.unknown", **named)


def _entry(whole: str, part: str, language: str) -> str | None:
    entries = read_lexicon("compositions")["composition"]
    found = next((e for e in entries if e["metric"] == whole and e.get("other") == part), None)
    return None if found is None else str(found[language])
