"""Example questions made from what an index holds, so that a newcomer's first question has an answer."""

from __future__ import annotations

from collections import Counter

from assistant.plan import Language
from vectorstore.catalogue import KIND_NAMES
from vectorstore.index import Index
from vectorstore.records import Kind, Scope, State

_KIND_WORDS: dict[Kind, str] = {
    Kind.ZONE: "开发区",
    Kind.TOWNSHIP: "镇",
    Kind.SUBDISTRICT: "街道",
    Kind.DEPARTMENT: "部门",
    Kind.COUNTY: "区县",
    Kind.CITY: "市",
}


def example_questions(index: Index, language: Language) -> list[str]:
    """Questions that the index can answer, the most telling first; empty for an empty index."""
    reports = index.reports()
    years = Counter(report.year for report in reports if report.year is not None)
    if not years:
        return []
    # The latest year that has about as many reports as the fullest one.
    year = max(y for y, count in years.items() if 2 * count >= max(years.values()))
    figures = index.figures(Scope(years=(year,)), ["applications_new"])
    zeros = Counter(f.kind for f in figures if f.value == 0 and f.kind in _KIND_WORDS)
    questions: list[str] = []
    zh = language == "zh"
    # Zones first where they have zeros: whether a development zone hears from anyone is the newcomer's question.
    for kind, _ in sorted(zeros.items(), key=lambda item: (item[0] != Kind.ZONE, -item[1]))[:1]:
        questions.append(
            f"哪些{_KIND_WORDS[kind]}{year}年没有收到政府信息公开申请？"
            if zh
            else f"Which {KIND_NAMES[kind][1]} received no applications in {year}?"
        )
    if any(f.value for f in figures):
        questions.append(f"{year}年收到申请最多的5家单位" if zh else f"Top five bodies by applications in {year}")
        questions.append(
            f"{year}年一共收到多少件申请？" if zh else f"How many applications were received in total in {year}?"
        )
    readable = {r.report_id for r in reports if "application_table" in r.tables}
    handled = [f for f in figures if f.value and f.report_id in readable]
    if handled:
        busiest = max(handled, key=lambda f: f.value or 0)
        questions.append(
            f"{busiest.body}{year}年的申请都是怎么处理的？"
            if zh
            else f"What happened to the applications of {busiest.body} in {year}?"
        )
    if any(f.state is State.CONFLICTING for f in index.figures(Scope(), ["applications_new", "proactive_total"])):
        questions.append("哪些报告前后数字自相矛盾？" if zh else "Which reports contradict themselves?")
    questions.append("这些报告里常见的问题有哪些？" if zh else "What problems recur in these reports?")
    return questions
