"""Whether what a model quotes is in the report, found whatever became of its width and white space on the way.

What can be looked up is: that the words stand in what the model was given, in one piece, that they aren't cut off from
what denies them or inside a number, and are neither a heading of the form, nor only whose report of which year it is,
nor what every report says. Whether they mean what the model takes them for can't be: the reader has them, and with them
the whole of the sentences that they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple

from assistant.language_models.surveying.excerpts import Excerpt
from assistant.lexicons import read_lexicon
from vectorstore.folding import Folded, fold, fold_label
from vectorstore.records import Report, SectionRole, Span
from vectorstore.sentences import sentences, trimmed

Fault = Literal["no_quote", "not_in_report", "too_short", "too_long", "heading", "boilerplate", "withheld", "cut"]

SHORTEST, LONGEST = 6, 500
"""Characters of a quote without white space."""

# Models set their own quotation marks and stops. One character for one, so that offsets stay.
_ALIKE = str.maketrans(dict.fromkeys("“”„‟«»「」『』‘’‚`´'", '"') | {"。": "."})
_NUMERALS = "〇零一二三四五六七八九十百千万亿"
_NUMBER_BEFORE = re.compile(r"[\d.,，%〇零一二三四五六七八九十百千万亿]$")
_NUMBER_BEHIND = re.compile(r"[\d〇零一二三四五六七八九十百千万亿%]|[.,，]\d")
_SENTENCE_END = re.compile(r"[。！？；!?;]|\n\s*\n")
_LONGEST_HEADING = 20
"""Characters of a line that ends without a stop; a longer one goes on in the next."""
_CLAUSE_END = re.compile(r"[，,：:]")
_DATE = re.compile(r"[\d〇零一二三四五六七八九十]+(?:年度?|月份?|日)")
_AROUND = "\"'.… \n\t"


class Found(NamedTuple):
    """Where a quote stands, or why it doesn't do."""

    span: Span | None
    fault: Fault | None = None


def find_quote(quote: str, report: Report, text: str, excerpt: Excerpt) -> Found:
    """The place of a quote in a report.

    Args:
        text: The report's.
        excerpt: What the model was given of it: only there is it looked for.
    """
    wanted = _comparable(fold_label(quote))
    core = wanted.strip(_AROUND)
    if not core:
        return Found(None, "no_quote")
    if len(core) > LONGEST:
        return Found(None, "too_long")
    faults: list[Fault] = []
    for part in excerpt.spans:
        view = fold(part.of(text), drop_spaces=True, offset=part.start)
        for span in _places(view, wanted, core):
            fault = _fault(span, core, report, text, excerpt)
            if fault is None:
                return Found(span)
            faults.append(fault)
    return Found(None, faults[0] if faults else "not_in_report")


def _comparable(folded: str) -> str:
    return folded.translate(_ALIKE)


def _places(view: Folded, wanted: str, core: str) -> list[Span]:
    """Everywhere that it stands; with the marks at its ends where these are the report's as well."""
    comparable = _comparable(view.text)
    spans = []
    at = comparable.find(core)
    while at >= 0:
        start, end = at, at + len(core)
        lead = len(wanted) - len(wanted.lstrip(_AROUND))
        tail = len(wanted) - len(wanted.rstrip(_AROUND))
        if lead and comparable[start - lead : start] == wanted[:lead]:
            start -= lead
        if tail and comparable[end : end + tail] == wanted[-tail:]:
            end += tail
        spans.append(view.span(start, end))
        at = comparable.find(core, at + 1)
    return spans


def _fault(span: Span, core: str, report: Report, text: str, excerpt: Excerpt) -> Fault | None:
    if any(span.start < held.end and held.start < span.end for held in excerpt.withheld):
        return "withheld"
    if len(re.sub(r"[\W_]", "", core)) < SHORTEST or not _says_something(core, report):
        return "too_short"
    if _is_cut(span, text):
        return "cut"
    if _is_heading(span, report, text):
        return "heading"
    if any(pattern.search(core) for pattern in _boilerplate()):
        return "boilerplate"
    return None


def whole_sentences(span: Span, text: str, excerpt: Excerpt) -> Span:
    """The sentences that a quote stands in, as far as the model was given them; of too long ones the quote alone."""
    given = next((part for part in excerpt.spans if part.start <= span.start and span.end <= part.end), span)
    touched = [s for s in sentences(text, given.start, given.end) if s.start < span.end and span.start < s.end]
    if not touched:
        return span
    whole = Span(min(span.start, touched[0].start), max(span.end, touched[-1].end))
    is_clear = not any(whole.start < held.end and held.start < whole.end for held in excerpt.withheld)
    return whole if is_clear and whole.end - whole.start <= LONGEST else span


def _is_cut(span: Span, text: str) -> bool:
    """Whether what is left of its sentences on either side denies it, 本镇不存在 …, or it ends in a number."""
    before, behind = text[: span.start], text[span.end :]
    first, last = text[span.start], text[span.end - 1]
    if (_is_of_number(first) and _NUMBER_BEFORE.search(before)) or (
        _is_of_number(last) and _NUMBER_BEHIND.match(behind)
    ):
        return True
    denies = read_lexicon("survey")["denials"]
    lines = _SENTENCE_END.split(before[-LONGEST:])[-1].split("\n")
    is_below_heading = len(lines) > 1 and len(lines[-2].strip()) <= _LONGEST_HEADING
    clause = fold_label(_CLAUSE_END.split(lines[-1] if is_below_heading else "".join(lines))[-1])
    # What ends in a stop has said all.
    rest = "" if _SENTENCE_END.match(last) else fold_label(_SENTENCE_END.split(behind[:LONGEST])[0])
    plain = re.sub(denies["plain"], "", clause)
    return bool(re.search(denies["before"], plain) or re.search(denies["behind"], rest))


def _is_of_number(character: str) -> bool:
    return character.isdecimal() or character in _NUMERALS


def _says_something(core: str, report: Report) -> bool:
    """Whether a folded quote holds more than a date and whose report it is."""
    body = fold_label(report.body)
    rest = _DATE.sub("", core)
    for size in range(len(body), 1, -1):
        for at in range(len(body) - size + 1):
            rest = rest.replace(body[at : at + size], "")
    return len(re.sub(r"[\W_]", "", rest)) > 1


def _is_heading(span: Span, report: Report, text: str) -> bool:
    """Whether it is no more than a heading that the form prescribes, or stands above the report's first line of prose.

    Other headings may say what is asked for: （一）专业人员不足.
    """
    for section in report.sections:
        if section.level != 1 or section.role in (None, SectionRole.OTHER):
            continue
        heading = trimmed(text, section.start, min(section.start + len(section.heading), section.end))
        if heading.start <= span.start and span.end <= heading.end:
            return True
    return fold_label(span.of(text)) == fold_label(report.title)


@cache
def _boilerplate() -> Sequence[re.Pattern[str]]:
    return [re.compile(pattern) for pattern in read_lexicon("survey")["boilerplate"]["patterns"]]
