"""A question that can be understood in several ways: every reading with its answer, to choose from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer import Answer, Citation, Corpus, Coverage, Option, Row
from assistant.understanding.parser import Parse
from vectorstore.index import Index

_COUNTS = ("in_scope", "stated", "derived", "conflicting", "blank", "unreadable", "silent")


def clarify(question: str, answers: Sequence[tuple[str, Answer]]) -> Answer:
    """Ask back, or answer where only one reading has an answer.

    Args:
        answers: Each reading's own question and its answer; at least one.
    """
    within = [(reading, answer) for reading, answer in answers if answer.coverage.in_scope]
    known = within or list(answers)
    if len(known) == 1 or not within:
        reading, answer = known[0]
        return answer.model_copy(update={"question": question, "resolved": reading})
    first = known[0][1]
    rows: list[Row] = []
    citations: list[Citation] = []
    lines: list[str] = []
    warnings: list[str] = []
    for reading, answer in known:
        shift = len(citations)
        citations.extend(c.model_copy(update={"n": c.n + shift}) for c in answer.citations)
        rows.extend(r.model_copy(update={"citations": tuple(n + shift for n in r.citations)}) for r in answer.rows)
        text = _renumbered(answer.text, shift)
        arrow = "：" if first.language == "zh" else ": "
        lines.append(f"- {reading.rstrip('？?')}{arrow}{_first_sentence(text)}")
        warnings.extend(w for w in answer.warnings if w not in warnings)
    lead = (
        f"这个问题有{len(known)}种理解，请选择其中一种："
        if first.language == "zh"
        else f"This question can be read in {len(known)} ways; please choose one:"
    )
    return Answer(
        question=question,
        language=first.language,
        status="needs_clarification",
        text="\n".join([lead, *lines]),
        rows=tuple(rows),
        citations=tuple(citations),
        coverage=_joined([answer.coverage for _, answer in known]),
        plan=first.plan,
        options=tuple(Option(question=reading) for reading, _ in known),
        warnings=tuple(warnings),
        corpus=first.corpus,
    )


_COMPLETIONS = {
    "zh": ("{scope}收到多少件政府信息公开申请？", "{scope}主动公开了多少条政府信息？", "{scope}存在的主要问题有哪些？"),
    "en": (
        "How many applications did {scope} receive?",
        "How many items did {scope} proactively disclose?",
        "What problems did {scope} report?",
    ),
}


def ask_what_is_meant(question: str, parse: Parse, index: Index) -> Answer:
    """Ask what is wanted to be known of the bodies, places or years that a question only names."""
    reading = parse.reading
    kinds = [(t.start, t.end) for t in reading.tags if t.means("kind") or t.means("designation")]
    named = [reading.text[start:end] for start, end in sorted([*reading.scope_spans(), *kinds])]
    scope = ("" if reading.language == "zh" else " ").join(named)
    options = tuple(
        Option(question=form.format(scope=scope or ("这些单位" if reading.language == "zh" else "these bodies")))
        for form in _COMPLETIONS[reading.language]
    )
    text = (
        "没有看出要问什么。请把问题说完整，例如："
        if reading.language == "zh"
        else "The question doesn't say what is asked. Please complete it, for instance:"
    )
    return Answer(
        question=question,
        language=reading.language,
        status="needs_clarification",
        text="\n".join([text, *(f"- {option.question}" for option in options)]),
        options=options,
        plan=parse.plan.model_dump(mode="json"),
        corpus=Corpus(reports=len(index.reports()), fingerprint=index.fingerprint),
    )


def _first_sentence(text: str) -> str:
    """Up to the first full stop outside a decimal number."""
    match = re.match(r".*?(?:。|\.(?=\s|$)|\n|$)", text, flags=re.S)
    return match[0].strip() if match else text


def _renumbered(text: str, shift: int) -> str:
    return re.sub(r"\[(\d+)\]", lambda match: f"[{int(match[1]) + shift}]", text)


def _joined(parts: Sequence[Coverage]) -> Coverage:
    sums = {name: sum(getattr(part, name) for part in parts) for name in _COUNTS}
    return Coverage(**sums, without_value=tuple(w for part in parts for w in part.without_value))
