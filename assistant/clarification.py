"""A question that can be understood in several ways: every reading with its answer, to choose from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from assistant.answer import Answer, Corpus, Coverage, Option
from assistant.answering.wording import Wording
from assistant.understanding.parser import Parse
from vectorstore.index import Index

_COUNTS = ("in_scope", "stated", "derived", "conflicting", "blank", "unreadable", "silent")


def clarify(question: str, answers: Sequence[tuple[str, Answer]]) -> Answer:
    """Ask back, or answer where only one reading has an answer or all have the same.

    Args:
        answers: Each reading's own question and its answer; at least one.
    """
    within = [(reading, answer) for reading, answer in answers if answer.coverage.in_scope]
    known = within or list(answers)
    if len(known) == 1 or not within:
        reading, answer = known[0]
        return answer.model_copy(update={"question": question, "resolved": reading})
    first = known[0][1]
    wording = Wording(first.language)
    agreed = _agreed(known, wording)
    lead = (
        wording.say("clarification.choose", count=len(known))
        if agreed is None
        else wording.say("clarification.agree", count=len(known), value=agreed)
    )
    told = _numbered_on([answer for _, answer in known])
    lines = [lead]
    for (reading, _), answer in zip(known, told, strict=True):
        says = _first_sentence(answer.text)
        lines.append(wording.phrase("clarification.reading", question=reading.rstrip("?？"), answer=says))
    return Answer(
        question=question,
        language=first.language,
        status="needs_clarification" if agreed is None else first.status,
        text="\n".join(lines),
        value=None if agreed is None else first.value,
        unit=None if agreed is None else first.unit,
        rows=tuple(row for answer in told for row in answer.rows),
        citations=tuple(citation for answer in told for citation in answer.citations),
        coverage=_joined([answer.coverage for _, answer in known]),
        plan=first.plan,
        options=tuple(Option(question=reading) for reading, _ in known),
        warnings=tuple(dict.fromkeys(warning for _, answer in known for warning in answer.warnings)),
        corpus=first.corpus,
    )


def one_after_the_other(question: str, answers: Sequence[Answer]) -> Answer | None:
    """The answers to questions that were asked in one; value, plan and chart are the first's.

    ``None`` where one of them isn't answered. What says the same as the first is left out.
    """
    first, *others = answers
    if any(answer.status not in ("answered", "partial") for answer in answers):
        return None
    others = [a for a in others if not a.rows or (a.value, a.unit) not in ((None, None), (first.value, first.unit))]
    told = _numbered_on([first, *others])
    return first.model_copy(
        update={
            "question": question,
            "status": "partial" if any(answer.status == "partial" for answer in told) else "answered",
            "text": "\n".join(answer.text for answer in told),
            "rows": tuple(row for answer in told for row in answer.rows),
            "citations": tuple(citation for answer in told for citation in answer.citations),
            "warnings": tuple(dict.fromkeys(warning for answer in told for warning in answer.warnings)),
        }
    )


def _numbered_on(answers: Sequence[Answer]) -> list[Answer]:
    """The answers with their citations numbered on, each behind those of the answers before it."""
    numbered: list[Answer] = []
    shift = 0
    for answer in answers:
        citations = tuple(c.model_copy(update={"n": c.n + shift}) for c in answer.citations)
        rows = tuple(
            row.model_copy(update={"citations": tuple(n + shift for n in row.citations)}) for row in answer.rows
        )
        text = _renumbered(answer.text, shift)
        numbered.append(answer.model_copy(update={"text": text, "rows": rows, "citations": citations}))
        shift += len(citations)
    return numbered


def _agreed(known: Sequence[tuple[str, Answer]], wording: Wording) -> str | None:
    """The value that all readings have, with its unit; ``None`` where they differ or one of them has none."""
    first = known[0][1]
    same = {(answer.value, answer.unit, answer.status) for _, answer in known}
    if len(same) > 1 or first.value is None or first.status not in ("answered", "partial"):
        return None
    return wording.quantity(Decimal(str(first.value)), first.unit or "")


def ask_what_is_meant(question: str, parse: Parse, index: Index) -> Answer:
    """Ask what is wanted to be known of the bodies, places or years that a question only names."""
    reading = parse.reading
    wording = Wording(reading.language)
    kinds = [(t.start, t.end) for t in reading.tags if t.means("kind") or t.means("designation")]
    named = [reading.text[start:end] for start, end in sorted([*reading.scope_spans(), *kinds])]
    named = [wording.year(int(name)) if name.isdecimal() else name for name in named]
    scope = ("" if reading.language == "zh" else " ").join(named) or wording.phrase("clarification.these_bodies")
    options = tuple(
        Option(question=wording.phrase(f"clarification.{form}", scope=scope))
        for form in ("applications", "disclosed", "problems")
    )
    text = wording.phrase("clarification.incomplete")
    return Answer(
        question=question,
        language=reading.language,
        status="needs_clarification",
        text="\n".join([text, *(f"- {option.question}" for option in options)]),
        options=options,
        plan=parse.plan.model_dump(mode="json"),
        corpus=Corpus(reports=len(index.reports()), fingerprint=index.fingerprint),
    )


def with_remarks(answer: Answer, parse: Parse) -> Answer:
    """The answer with what was done to the question: typos that were read as other words, names taken together."""
    wording = Wording(answer.language)
    remarks = [
        wording.say("warning.read_as", typed=wording.quoted([typed]), read=wording.quoted([read]))
        for typed, read in parse.reading.corrections
    ]
    if parse.scope.together:
        remarks.append(wording.say("warning.together", count=parse.scope.together))
    return answer.model_copy(update={"warnings": (*remarks, *answer.warnings)}) if remarks else answer


def _first_sentence(text: str) -> str:
    """Up to the first full stop outside a decimal number."""
    match = re.match(r".*?(?:。|\.(?=\s|$)|\n|$)", text, flags=re.S)
    return match[0].strip() if match else text


def _renumbered(text: str, shift: int) -> str:
    return re.sub(r"\[(\d+)\]", lambda match: f"[{int(match[1]) + shift}]", text)


def _joined(parts: Sequence[Coverage]) -> Coverage:
    sums = {name: sum(getattr(part, name) for part in parts) for name in _COUNTS}
    return Coverage(**sums, without_value=tuple(w for part in parts for w in part.without_value))
