"""Holds an answer against its gold: what is wrong with it, as short sentences; an empty list for a right one.

Beside the keys of the project's evaluation set (status, bodies, values, value, value_null, silent_min, cites, text_any,
text_all, text_none, options_min) gold may have: ``members`` (exactly the bodies with their years), ``members_min`` and
``bodies_min`` (at least), ``value_any`` (one of several defensible numbers), ``numbers`` (each the value of some row or
in the text), ``cells`` (a row that carries these labels and this value), ``include`` (bodies among the rows),
``outcomes`` (labels in the text, or metric ids of rows above zero), ``quotes_any``, and ``either`` (one of several
golds).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

Answer = Mapping[str, Any]
Expect = Mapping[str, Any]


def squash(text: Any) -> str:
    """Without what a quote may be printed otherwise in: spaces, widths, quotation marks."""
    return re.sub(r"[\s“”\"]+", "", unicodedata.normalize("NFKC", str(text)))


def close(got: Any, wanted: float) -> bool:
    """Shares and means within 0.005, whole numbers exactly."""
    if got is None:
        return False
    tolerance = 0.005 if float(wanted) % 1 else 1e-6
    return abs(float(got) - float(wanted)) <= tolerance


def same_body(body: str, names: list[str]) -> bool:
    return any(squash(name) == squash(body) for name in names)


def misses(expect: Expect, answer: Answer) -> list[str]:
    """Everything that the gold asks for and the answer lacks."""
    return [wrong for key, wanted in expect.items() for wrong in CHECKS[key](wanted, answer)]


def _status(wanted: Any, answer: Answer) -> list[str]:
    allowed = wanted if isinstance(wanted, list) else [wanted]
    return [] if answer["status"] in allowed else [f"status {answer['status']}, not {'/'.join(allowed)}"]


def _members(wanted: list[Any], answer: Answer, exactly: bool = True) -> list[str]:
    got = {(row["body"], row["year"]) for row in answer["rows"]}
    wrong = []
    missing = [
        f"{names[0]} {year}" for names, year in wanted if not any(y == year and same_body(b, names) for b, y in got)
    ]
    extra = [f"{b} {y}" for b, y in got if not any(y == year and same_body(b, names) for names, year in wanted)]
    if missing:
        wrong.append(f"{len(missing)} missing: {missing[:4]}")
    if extra and exactly:
        wrong.append(f"{len(extra)} too many: {extra[:4]}")
    return wrong


def _bodies(wanted: list[list[str]], answer: Answer, exactly: bool = True) -> list[str]:
    got = {row["body"] for row in answer["rows"]}
    missing = [names[0] for names in wanted if not any(same_body(body, names) for body in got)]
    extra = [body for body in got if not any(same_body(body, names) for names in wanted)]
    wrong = [f"{len(missing)} missing: {missing[:4]}"] if missing else []
    return wrong + ([f"{len(extra)} too many: {extra[:4]}"] if extra and exactly else [])


def _values(wanted: list[Any], answer: Answer) -> list[str]:
    lacking = [
        want
        for want in wanted
        if not any(
            same_body(row["body"], want["body"]) and row["year"] == want["year"] and close(row["value"], want["value"])
            for row in answer["rows"]
        )
    ]
    return (
        [f"{len(lacking)} rows lacking: {[(w['body'][0], w['year'], w['value']) for w in lacking[:3]]}"]
        if lacking
        else []
    )


def _value(wanted: float, answer: Answer) -> list[str]:
    return [] if close(answer["value"], wanted) else [f"value {answer['value']}, not {wanted}"]


def _value_any(wanted: list[float], answer: Answer) -> list[str]:
    return [] if any(close(answer["value"], one) for one in wanted) else [f"value {answer['value']}, none of {wanted}"]


def _value_null(wanted: bool, answer: Answer) -> list[str]:
    there = answer["value"] is not None or any(row["value"] is not None for row in answer["rows"])
    return [f"a value where there is none: {answer['value']}"] if wanted and there else []


def _silent_min(wanted: int, answer: Answer) -> list[str]:
    coverage = answer["coverage"]
    told = coverage["silent"] + coverage["blank"] + coverage["unreadable"]
    return [f"{told} without a value, not {wanted}"] if told < wanted else []


def _cites(wanted: list[Any], answer: Answer) -> list[str]:
    return [
        f"no citation of {want['file']}: {want['any'][:2]}"
        for want in wanted
        if not any(
            str(c["source"]).endswith(want["file"]) and any(squash(s) in squash(c["quote"]) for s in want["any"])
            for c in answer["citations"]
        )
    ]


def _everything(answer: Answer) -> str:
    return squash(answer["text"]) + squash(json.dumps(answer["rows"], ensure_ascii=False, default=str))


def _text_any(wanted: list[str], answer: Answer) -> list[str]:
    return [] if any(squash(s) in _everything(answer) for s in wanted) else [f"none of {wanted[:3]} in the text"]


def _text_all(wanted: list[str], answer: Answer) -> list[str]:
    return [f"{s!r} not in the text" for s in wanted if squash(s) not in _everything(answer).replace(",", "")]


def _text_none(wanted: list[str], answer: Answer) -> list[str]:
    return [f"{s!r} in the text" for s in wanted if squash(s) in squash(answer["text"])]


def _options_min(wanted: int, answer: Answer) -> list[str]:
    return ["too few options"] if len(answer["options"]) < wanted else []


def _numbers(wanted: list[float], answer: Answer) -> list[str]:
    stated = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", answer["text"].replace(",", ""))]
    stated += [float(row["value"]) for row in answer["rows"] if row["value"] is not None]
    lacking = [one for one in wanted if not any(abs(number - one) <= 0.01 for number in stated)]
    return [f"no {lacking}"] if lacking else []


def _cells(wanted: list[Any], answer: Answer) -> list[str]:
    rows = [(json.dumps(dict(row), ensure_ascii=False, default=str), row["value"]) for row in answer["rows"]]
    lacking = [
        cell
        for cell in wanted
        if not any(
            close(value, cell["value"]) and all(any(label in text for label in labels) for labels in cell["has"])
            for text, value in rows
        )
    ]
    shown = [(["|".join(labels[:1]) for labels in cell["has"]], cell["value"]) for cell in lacking[:4]]
    return [f"{len(lacking)} of {len(wanted)} cells lacking: {shown}"] if lacking else []


def _outcomes(wanted: list[list[str]], answer: Answer) -> list[str]:
    rows = [r for r in answer["rows"] if r["value"]]
    text = squash(answer["text"])
    lacking = [
        label
        for label, metric in wanted
        if squash(label) not in text and not any(metric in str(row["metric"]) for row in rows)
    ]
    return [f"not told: {lacking}"] if lacking else []


def _quotes_any(wanted: list[str], answer: Answer) -> list[str]:
    quotes = [squash(c["quote"]) for c in answer["citations"]]
    return [] if any(squash(s) in quote for s in wanted for quote in quotes) else [f"none of {wanted[:3]} quoted"]


def _either(wanted: list[Expect], answer: Answer) -> list[str]:
    tried = [misses(expect, answer) for expect in wanted]
    return [] if any(not wrong for wrong in tried) else tried[0]


CHECKS: dict[str, Callable[[Any, Answer], list[str]]] = {
    "status": _status,
    "members": _members,
    "members_min": lambda wanted, answer: _members(wanted, answer, exactly=False),
    "bodies": _bodies,
    "bodies_min": lambda wanted, answer: _bodies(wanted, answer, exactly=False),
    "include": lambda wanted, answer: _bodies(wanted, answer, exactly=False),
    "values": _values,
    "value": _value,
    "value_any": _value_any,
    "value_null": _value_null,
    "silent_min": _silent_min,
    "cites": _cites,
    "text_any": _text_any,
    "text_all": _text_all,
    "text_none": _text_none,
    "options_min": _options_min,
    "numbers": _numbers,
    "cells": _cells,
    "outcomes": _outcomes,
    "quotes_any": _quotes_any,
    "either": _either,
}


def malformed(answer: Answer, text_of: Callable[[str], str]) -> list[str]:
    """What no answer may have, whatever was asked: marks without citations, uncited values, quotes not in the text."""
    numbers = {c["n"] for c in answer["citations"]}
    wrong = [f"[{n}] has no citation" for n in re.findall(r"\[(\d+)\]", answer["text"]) if int(n) not in numbers]
    wrong += [
        f"row without citation: {row['body']} {row['value']}"
        for row in answer["rows"]
        if row["value"] is not None and not set(row["citations"]) & numbers
    ]
    wrong += [
        f"quote [{c['n']}] is not the text"
        for c in answer["citations"]
        if not c["quote"] or text_of(c["report_id"])[c["start"] : c["end"]] != c["quote"]
    ]
    coverage = answer["coverage"]
    parts = ("stated", "derived", "conflicting", "blank", "unreadable", "silent")
    if sum(coverage[part] for part in parts) != coverage["in_scope"]:
        wrong.append("coverage doesn't add up")
    return wrong
