"""The questions over the bundled sample county, chosen by hand for what its scenario holds, with brute-force gold.

    python -m samples.questions.county samples      reads truth.jsonl there, writes questions.jsonl beside it

The format is that of the project's evaluation set: an id, the question, its kind and language, and what is expected.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from statistics import median

from samples.questions.gold.expectation import ANSWERED, Expect, number
from samples.questions.truth import Condition, Measure, Row, Scope, Truth, completed, metric_value, readings, satisfies
from vectorstore.catalogue import catalogue

APPLICATIONS = "applications_new"


def _select(truth: Truth, year: int, *kinds: str) -> list[Row]:
    return truth.select(Scope(kinds=kinds, years=(year,)))


def _one(truth: Truth, name: str, year: int) -> Row:
    """The report of that year of the body whose name contains ``name``; ValueError unless there is just one."""
    (row,) = [r for r in _select(truth, year) if any(name in n for n in r["body"])]
    return row


def _values(rows: Iterable[Row], metric: str) -> list[Fraction]:
    return [value for row in rows if (value := metric_value(row, metric)) is not None]


def _ranked(rows: Iterable[Row], metric: str) -> list[Row]:
    """Reports with a value, the largest first; of equal ones the earlier in the corpus."""
    known = [(value, row) for row in rows if (value := metric_value(row, metric)) is not None]
    return [row for _, row in sorted(known, key=lambda pair: -pair[0])]


def _matching(rows: Iterable[Row], condition: Condition, *metrics: str) -> list[Row]:
    return [row for row in rows if all(satisfies(row, Measure((metric,)), condition) for metric in metrics)]


def _bodies(rows: Iterable[Row]) -> list[list[str]]:
    return list({row["body"][0]: row["body"] for row in rows}.values())


def _listed(rows: list[Row], members: list[Row], *metrics: str) -> Expect:
    return {
        "status": ANSWERED,
        "bodies": _bodies(members),
        "value": len(members),
        "silent_min": sum(any(not readings(row, metric) for metric in metrics) for row in rows),
    }


def _plain(row: Row, metric: str) -> int | float | None:
    value = metric_value(row, metric)
    return None if value is None else number(value)


def _row(row: Row, metric: str) -> Expect:
    return {"body": row["body"], "year": row["year"], "value": _plain(row, metric)}


def _stated(row: Row, metric: str) -> Expect:
    """One report's value, with the clause or table row that states it."""
    label = {r.id: r.label for r in catalogue().application_rows}.get(metric)
    places = [*row["evidence"].get(metric, []), *([label] if label else [])]
    expect: Expect = {"status": "answered", "value": _plain(row, metric)}
    return expect | ({"cites": [{"file": row["file"], "any": places}]} if places else {})


def _compared(rows: list[Row], metric: str) -> Expect:
    best = _ranked(rows, metric)[0]
    return {"status": "answered", "values": [_row(r, metric) for r in rows], "text_any": best["body"][-1:]}


def _topped(rows: list[Row], metric: str, count: int) -> Expect:
    first = _ranked(rows, metric)[:count]
    return {"status": ANSWERED, "values": [_row(row, metric) for row in first], "text_any": first[0]["body"]}


def _share(row: Row, part: str, whole: str) -> Expect:
    return {
        "status": "answered",
        "value": float((metric_value(row, part) or 0) / (metric_value(row, whole) or Fraction())),
    }


def _both(row: Row, metric: str, unit: str) -> Expect:
    return {"status": ANSWERED, "text_all": [f"{r['value']}{unit}" for r in row["readings"][metric]]}


def _zeros(truth: Truth) -> Iterator[tuple[str, str, Expect]]:
    applications = APPLICATIONS

    def zero(kind: str, question: str, rows: list[Row], *metrics: str) -> tuple[str, str, Expect]:
        return kind, question, _listed(rows, _matching(rows, lambda value: value == 0, *metrics), *metrics)

    yield zero("zh", "哪些开发区2023年没有收到政府信息公开申请？", _select(truth, 2023, "zone"), applications)
    yield zero("en", "which zones received no applications in 2022", _select(truth, 2022, "zone"), applications)
    yield zero("zh", "2021年零申请的乡镇有哪些", _select(truth, 2021, "township"), applications)
    yield zero("zh", "2023年一件申请都没收到的单位有哪些", _select(truth, 2023), applications)
    yield zero("en", "Which towns received no applications in 2023?", _select(truth, 2023, "township"), applications)
    towns = _select(truth, 2023, "township")
    yield zero("zh", "2023年没有行政复议也没有行政诉讼的乡镇", towns, "review_total", "litigation_total")
    yield zero("zh", "2023年没有收取信息处理费的部门", _select(truth, 2023, "department"), "info_fee_yuan")
    yield zero("zh", "2021年没制发行政规范性文件的开发区", _select(truth, 2021, "zone"), "normative_docs_issued")


def _thresholds(truth: Truth) -> Iterator[tuple[str, str, Expect]]:
    def over(
        language: str, question: str, rows: list[Row], condition: Condition, metric: str
    ) -> tuple[str, str, Expect]:
        return language, question, _listed(rows, _matching(rows, condition, metric), metric)

    everyone, towns = _select(truth, 2023), _select(truth, 2022, "township")
    applications = APPLICATIONS
    yield over("zh", "2023年申请超过20件的单位", everyone, lambda v: v > 20, applications)
    yield over("en", "Which bodies received more than 5 applications in 2023?", everyone, lambda v: v > 5, applications)
    yield over("zh", "2022年收到过申请的乡镇有哪些", towns, lambda v: v > 0, applications)
    licences = "licence_decisions"
    yield over("zh", "2022年行政许可超过500件的部门", _select(truth, 2022, "department"), lambda v: v > 500, licences)
    yield over("zh", "2021年有申请结转下年的单位", _select(truth, 2021), lambda v: v > 0, "applications_carried_out")
    middle = median(_values(everyone, "proactive_wechat"))
    bound = int(middle // 50 * 50)
    yield over("zh", f"2023年微信公众号公开超过{bound}条的单位", everyone, lambda v: v > bound, "proactive_wechat")


def _lookups(truth: Truth) -> Iterator[tuple[str, str, Expect]]:
    for language, question, name, year, metric in (
        ("zh", "枫屿镇2023年收到几件申请", "枫屿镇", 2023, APPLICATIONS),
        ("en", "How many applications did Fengyu town get in 2021?", "枫屿镇", 2021, APPLICATIONS),
        ("zh", "栖澜高新区2021年主动公开了多少条信息", "高新", 2021, "proactive_total"),
        ("zh", "望霁街道22年微信公众号发了多少条", "望霁", 2022, "proactive_wechat"),
        ("zh", "栖澜县自然资源局2022年上年结转几件", "自然资源局", 2022, "applications_carried_in"),
        ("zh", "栖澜县教育和体育局2023年行政许可多少件", "教育和体育局", 2023, "licence_decisions"),
        ("zh", "栖澜县住建局2023年办了几场政务公开培训", "住房", 2023, "training_sessions"),
        ("zh", "县自然资源局2021年不予公开一共几件", "自然资源局", 2021, "denied_subtotal"),
    ):
        yield language, question, _stated(_one(truth, name, year), metric)


def _aggregates(truth: Truth) -> Iterator[tuple[str, str, str, Expect]]:
    applications = APPLICATIONS
    zones, towns, departments = (_select(truth, 2023, kind) for kind in ("zone", "township", "department"))

    def told(kind: str, language: str, question: str, value: Fraction | int) -> tuple[str, str, str, Expect]:
        return kind, language, question, {"status": ANSWERED, "value": number(Fraction(value))}

    none = _matching(zones, lambda v: v == 0, applications)
    yield told("count", "zh", "2023年有几个开发区没收到申请", len(none))
    some = _matching(_select(truth, 2021, "township"), lambda v: v > 0, applications)
    yield told("count", "en", "How many towns received applications in 2021?", len(some))
    yield told("count", "zh", "2022年一共有多少份报告", len(_select(truth, 2022)))
    yield told("sum", "zh", "2023年县直部门合计收到多少件申请", sum(_values(departments, applications)))
    first_year = _select(truth, 2021, "zone")
    question = "How many applications did the zones receive in total in 2021?"
    yield told("sum", "en", question, sum(_values(first_year, applications)))
    enterprise = f"{applications}__enterprise"
    yield told("sum", "zh", "2023年各局收到的商业企业申请合计多少件", sum(_values(departments, enterprise)))
    counts = _values(towns, applications)
    yield told("mean", "zh", "2023年平均每个乡镇收到几件申请", sum(counts) / len(counts))
    counts = _values(departments, applications)
    yield told("mean", "en", "average number of applications per department in 2023", sum(counts) / len(counts))


def _rankings(truth: Truth) -> Iterator[tuple[str, str, str, Expect]]:
    applications = APPLICATIONS
    yield "top", "zh", "2023年哪个单位收到的申请最多", _topped(_select(truth, 2023), applications, 1)
    yield "top", "zh", "2021年申请最多的三家单位", _topped(_select(truth, 2021), applications, 3)
    zones = _select(truth, 2021, "zone")
    yield "top", "en", "Which zone disclosed the most items in 2021?", _topped(zones, "proactive_total", 1)
    pair = [_one(truth, "枫屿镇", 2023), _one(truth, "松萤镇", 2023)]
    yield "compare", "zh", "枫屿镇和松萤镇2023年哪个收到的申请多", _compared(pair, applications)
    pair = [_one(truth, "经济开发区", 2021), _one(truth, "高新", 2021)]
    yield "compare", "zh", "栖澜经开区和栖澜高新区2021年谁主动公开的多", _compared(pair, "proactive_total")
    resources, office = _one(truth, "自然资源局", 2023), _one(truth, "人民政府办公室", 2022)
    question = "县自然资源局2023年予以公开占办理结果总数的比例"
    yield "share", "zh", question, _share(resources, "result_granted", "result_total")
    question = "县政府办2022年收到的申请中自然人占比多少"
    yield "share", "zh", question, _share(office, f"{applications}__natural_person", applications)


def _doubts(truth: Truth) -> Iterator[tuple[str, str, str, Expect]]:
    hightech, songying = _one(truth, "高新", 2022), _one(truth, "松萤镇", 2022)
    question = "栖澜高新区2022年主动公开政府信息多少条"
    yield "conflict", "zh", question, _both(hightech, "proactive_total", "条")
    yield "conflict", "zh", "松萤镇2022年到底收到几件申请", _both(songying, APPLICATIONS, "件")
    contradictory = [row for row in truth.rows if row["conflicting"]]
    question = "哪些报告前后数字自相矛盾"
    yield "conflict", "zh", question, {"status": "answered", "bodies": _bodies(contradictory)}
    pictures = [row for row in truth.rows if "pictures_for_tables" in row["deviations"]]
    question = "哪些报告的表格是图片"
    yield "missing", "zh", question, {"status": "answered", "bodies": _bodies(pictures)}
    unknown = {"status": ["not_in_corpus", "partial"], "value_null": True}
    yield "missing", "zh", "鹭鸣湖旅游度假区2023年行政许可多少件", unknown
    yield "missing", "zh", "苔溪镇2022年收到几件申请", unknown
    yield "missing", "en", "How many applications did Yinshan township receive in 2022?", unknown
    later = _one(truth, "农业农村局", 2022)
    (before,) = later["implied"]
    cites = [{"file": later["file"], "any": [f"减少{before['value'] - later['figures']['applications_new']}件"]}]
    question = "县农业农村局2021年收到几件申请"
    yield "missing", "zh", question, {"status": ANSWERED, "value": before["value"], "cites": cites}


def ask_all(truth: Truth) -> Iterator[Row]:
    """Every question with its gold, in a fixed order."""
    asked: list[tuple[str, str, str, Expect]] = [
        *(("list-zero", *rest) for rest in _zeros(truth)),
        *(("list-threshold", *rest) for rest in _thresholds(truth)),
        *(("lookup", *rest) for rest in _lookups(truth)),
        *_aggregates(truth),
        *_rankings(truth),
        *_doubts(truth),
    ]
    for place, (kind, language, question, expect) in enumerate(asked, 1):
        yield {"id": f"s{place:02d}", "question": question, "kind": kind, "language": language, "expect": expect}


def write_questions(folder: Path) -> int:
    """Write ``questions.jsonl`` from ``truth.jsonl`` of the same folder; return how many questions there are."""
    lines = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    questions = list(ask_all(Truth(completed(json.loads(line) for line in lines))))
    text = "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
    (folder / "questions.jsonl").write_text(text, encoding="utf-8", newline="\n")
    return len(questions)


if __name__ == "__main__":
    write_questions(Path(sys.argv[1]))
