"""Faithful wordings of answers and what a careless model makes of them: made from rows and quotes, never by the checks.

A faithful wording says of a body and year just what its row says; a spoilt one differs in a single thing that makes it
false: a number, a name, a year, a unit, a citation, a denial, a direction, or something added.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.answer import Answer, Row
from assistant.answering.membership_wording import metric_name
from assistant.assistant import Assistant

QUESTIONS = (
    "2023年哪些镇没有收到申请",
    "2023年申请最多的前三个单位",
    "各镇2023年收到多少件申请",
    "自然资源局2023年收到多少件申请",
    "2022年收到过申请的单位有哪些",
    "哪些单位2023年主动公开超过100条",
    "住建局2023年和2022年的申请数量",
    "2023年行政复议有几件",
    "高新区2022年主动公开多少条",
    "松萤镇2022年收到几件申请",
    "枫屿镇2021到2023年申请数量",
    "2023年各局收到多少件申请",
    "石螺镇2023年存在什么问题",
    "住建局2023年的改进措施是什么",
    "谁提到了培训",
    "自然资源局2022年的主要问题",
    "望霁街道2023年存在的问题",
    "教体局2022年打算怎么改进",
    "松萤镇2023年公众号叫什么",
    "农业农村局2023年有哪些不足",
    "which townships received no applications in 2023",
    "How many applications did the Natural Resources Bureau receive in 2023?",
    "Which bodies received more than 10 applications in 2023?",
    "2023年没有行政诉讼的镇有哪些",
    "2021年零申请的乡镇有哪些",
)
_ZH = (
    "{year}年，{body}的{metric}为{value}{unit}{cites}。",
    "在{year}年度，{body}的{metric}共{value}{unit}{cites}。",
    "根据报告，{body}{year}年的{metric}数量是{value}{unit}{cites}。",
    "{body}在{year}年的{metric}{cites}为{value}{unit}。",
)
_EN = (
    "In {year}, {body} had {value} {metric} {cites}.",
    "{body} reported {value} {metric} for {year} {cites}.",
    "According to its report, the number of {metric} of {body} in {year} was {value} {cites}.",
)
_PROSE = (
    "{body}{year}年的报告指出，{quote}{cites}。",
    "{body}{year}年：“{quote}”{cites}。",
    "根据{body}{year}年的报告，{quote}{cites}。",
)
_CAUSES_ZH = (
    "，主要原因是人手不足",
    "，说明群众满意度较高",
    "，在全省处于领先水平",
    "，比上年大幅增加",
    "，并获得了上级表彰",
)
_CAUSES_EN = (
    " because of staff shortages",
    ", which shows great trust",
    ", a record high",
    ", far above the national average",
)
_DENIALS = ("不", "未", "没有")


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence of a model.

    Attributes:
        kind: ``faithful``, or in what way it is false.
    """

    sentence: str
    kind: str


def cases(answer: Answer, assistant: Assistant, rng: random.Random) -> Iterator[Case]:
    """Sentences about an answer, true and spoilt."""
    if answer.plan.get("subject") == "figures":
        for row in answer.rows:
            yield from _of_row(row, answer, assistant, rng)
    elif answer.language == "zh":
        for citation in answer.citations:
            if _is_plain(citation.quote):
                yield from _of_quote(citation.n, answer, rng)


def _of_row(row: Row, answer: Answer, assistant: Assistant, rng: random.Random) -> Iterator[Case]:
    bodies = {body.name: body for body in assistant.index.bodies()}
    is_plain = row.state in ("stated", "derived") and row.value is not None and row.year and row.body in bodies
    if (
        not is_plain
        or not row.metric
        or "__" in row.metric
        or (row.label and row.label != row.body)
        or not row.citations
    ):
        return
    if re.search(rf"{row.value}[余多]|[约近超]{row.value}(?!\d)", answer.text):
        return  # the templates would tell it as exact
    own = {r.value for r in answer.rows if r.body == row.body and r.year == row.year}
    aliases = [a for a in bodies[row.body].aliases if not a.isascii() and len(a) > 3 and _is_own(a, bodies)]
    templates = _ZH if answer.language == "zh" else _EN
    fields = {
        "year": row.year,
        "body": row.body,
        "metric": metric_name(row.metric, answer.language),
        "value": row.value,
        "unit": row.unit or "",
        "cites": "".join(f"[{n}]" for n in row.citations),
    }
    for template in templates:
        yield Case(template.format(**fields), "faithful")
        if aliases:
            yield Case(template.format(**fields | {"body": rng.choice(aliases)}), "faithful")
    template = rng.choice(templates)
    number = Decimal(str(row.value))
    for other in (number + rng.randint(1, 9), number * 10 + 3, number + Decimal("0.5")):
        if other not in own:
            yield Case(template.format(**fields | {"value": other}), "number")
    for known in (r.value for r in answer.rows if r.value is not None and r.value not in own):
        yield Case(template.format(**fields | {"value": known}), "number of another row")
    yield (
        Case(template.format(**fields | {"year": row.year - rng.choice((1, 2))}), "year")
        if _only(row, answer)
        else Case(template.format(**fields | {"year": 2015}), "year")
    )
    for name in rng.sample(sorted(bodies), min(3, len(bodies))):
        values = {r.value for r in answer.rows if r.body == name and r.year == row.year}
        if name != row.body and row.value not in values:
            yield Case(template.format(**fields | {"body": name}), "body")
    foreign = [c.n for c in answer.citations if c.body != row.body]
    if foreign:
        yield Case(template.format(**fields | {"cites": f"[{rng.choice(foreign)}]"}), "citation of another body")
    yield Case(
        template.format(**fields | {"cites": f"[{len(answer.citations) + rng.randint(1, 50)}]"}), "no such citation"
    )
    yield Case(template.format(**fields | {"cites": ""}), "no citation")
    stop = "。" if answer.language == "zh" else "."
    causes = _CAUSES_ZH if answer.language == "zh" else _CAUSES_EN
    whole = template.format(**fields).rstrip(stop)
    yield Case(f"{whole}{rng.choice(causes)}{stop}", "something added")
    if answer.language == "zh":
        unit = rng.choice([u for u in ("条", "件", "人次", "万元") if u != row.unit])
        yield Case(template.format(**fields | {"unit": unit}), "unit")
        yield (
            Case(f"{row.year}年，{row.body}的{fields['metric']}最多{fields['cites']}。", "superlative")
            if not _is_most(row, answer)
            else Case(f"{row.year}年，{row.body}的{fields['metric']}最少{fields['cites']}。", "superlative")
        )
    if row.value:
        none = (
            "{year}年，{body}没有{metric}{cites}。"
            if answer.language == "zh"
            else "{body} had no {metric} in {year} {cites}."
        )
        yield Case(none.format(**fields), "none for some")
    elif answer.language == "zh":
        yield Case(
            f"{row.year}年，{row.body}收到了{fields['metric'].removeprefix('新收')}{fields['cites']}。", "some for none"
        )


def _of_quote(n: int, answer: Answer, rng: random.Random) -> Iterator[Case]:
    citation = answer.citations[n - 1]
    quote = re.sub(r"\s+", "", citation.quote).rstrip("。；，.;")
    fields = {"body": citation.body, "year": citation.year, "quote": quote, "cites": f"[{n}]"}
    for template in _PROSE:
        yield Case(template.format(**fields), "faithful")
    template = rng.choice(_PROSE)
    at = rng.randint(1, len(quote) - 1)
    yield Case(template.format(**fields | {"quote": quote[:at] + rng.choice(_DENIALS) + quote[at:]}), "denial put in")
    denied = re.search(r"不|未|没有", quote)
    if denied:
        turned = quote[: denied.start()] + quote[denied.end() :]
        yield Case(template.format(**fields | {"quote": turned}), "denial left out")
    digits = re.search(r"\d+", quote)
    if digits:
        other = quote[: digits.start()] + str(int(digits[0]) + rng.randint(1, 7)) + quote[digits.end() :]
        yield Case(template.format(**fields | {"quote": other}), "number")
    yield Case(template.format(**fields | {"year": 2015}), "year")
    foreign = [c for c in answer.citations if c.body != citation.body]
    if foreign:
        yield Case(template.format(**fields | {"body": rng.choice(foreign).body}), "body")
        yield Case(template.format(**fields | {"cites": f"[{rng.choice(foreign).n}]"}), "citation of another body")
    yield Case(template.format(**fields | {"cites": ""}), "no citation")
    yield Case(_PROSE[0].format(**fields | {"quote": quote + rng.choice(_CAUSES_ZH)}), "something added")


def _is_plain(quote: str) -> bool:
    return "\t" not in quote and 8 < len(quote) < 200 and not re.search(r"[“”\[\]｜|]", quote)


def _is_own(alias: str, bodies: object) -> bool:
    """Whether no other body goes by the name."""
    assert isinstance(bodies, dict)
    return sum(alias in body.aliases or alias == body.name for body in bodies.values()) == 1


def _only(row: Row, answer: Answer) -> bool:
    """Whether no row of another year could bear the sentence."""
    return not any(r.body == row.body and r.value == row.value and r.year != row.year for r in answer.rows)


def _is_most(row: Row, answer: Answer) -> bool:
    values = [r.value for r in answer.rows if r.value is not None]
    if len(set(values)) == 1:  # those that share the first place of a top question are all that it lists
        return bool(answer.plan.get("operation") == "top" and answer.plan.get("order", "descending") == "descending")
    return row.value == max(values)


def of_questions(
    assistant: Assistant, questions: Sequence[str], rng: random.Random, answered: list[Answer] | None = None
) -> Iterator[tuple[Answer, Case]]:
    """All cases of some questions, each with its answer."""
    for question in questions:
        answer = assistant.ask(question)
        if answered is not None:
            answered.append(answer)
        for case in cases(answer, assistant, rng):
            yield answer, case
