"""A small assistant with made-up reports and answers: the interfaces tested without the parts below them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.answer import Answer, Citation, CitedCell, Corpus, Coverage, Option, Row, WithoutValue
from vectorstore.errors import QuestionError
from vectorstore.records import (
    Body,
    CellReference,
    Correction,
    Figure,
    Hit,
    Kind,
    Origin,
    Passage,
    Report,
    ResolvedFigure,
    Scope,
    Section,
    SectionRole,
    SourceFile,
    State,
)

ROOT = Path(__file__).resolve().parents[2]

HOSTILE = (
    '<script>window.pwned = 1</script><img src=x onerror="window.pwned = 1"> '
    "[点我](javascript:alert(1)) $x^2$ ${7*7} {{value}}"
)

TABLE = (
    "\t本年新收政府信息公开申请数量\n\t3\n\t0\n\t3\n\n"
    "\t三、本年度办理结果\n\t（一）予以公开\n\t2\n\t\n\t2\n\n"
    "\t（二）部分公开\n\t1\n\t0\n\t1\n"
)


def _text(name: str, body: str, year: int, sentence: str) -> str:
    filler = "\n".join(f"这一段是{name}的第{i}段说明，只为让正文长到需要滚动。" * 3 for i in range(1, 16))
    return (
        f"{name}{year}年政府信息公开工作年度报告\n\n本报告由{body}编制。\n一、总体情况\n{filler}\n（一）依申请公开\n"
        f"{sentence}\n二、主动公开情况\n{filler}\n三、收到和处理申请情况\n{TABLE}\n四、其他\n{HOSTILE}\n{filler}\n"
    )


@dataclass(frozen=True)
class Kept:
    report: Report
    text: str
    body: Body
    passages: tuple[Passage, ...]


def _keep(number: int, name: str, kind: Kind, year: int, sentence: str) -> Kept:
    body_name = f"{name}管理委员会" if kind is Kind.ZONE else f"{name}人民政府"
    text = _text(name, body_name, year, sentence)
    report_id = f"{number:x}a{number:x}b{year}"
    heads = [
        ("一、总体情况", 1, SectionRole.OVERVIEW),
        ("（一）依申请公开", 2, SectionRole.APPLICATIONS),
        ("二、主动公开情况", 1, SectionRole.PROACTIVE),
        ("三、收到和处理申请情况", 1, SectionRole.APPLICATION_TABLE),
        ("四、其他", 1, SectionRole.OTHER),
    ]
    sections = tuple(Section(heading, level, role, text.index(heading), len(text)) for heading, level, role in heads)
    body = Body(f"b{number}", body_name, kind, "云山省/青溪市/白石县", (name,))
    report = Report(
        report_id, f"{name}{year}年政府信息公开工作年度报告", body.body_id, body.name, kind, body.region, year,
        period=(f"{year}-01-01", f"{year}-12-31"), issued_on=f"{year + 1}-01-20", source=f"{name}{year}.txt",
        sources=(f"{name}{year}.txt",), sections=sections, tables=("application_table",), characters=len(text),
    )  # fmt: skip

    def passage(section: str, role: SectionRole, words: str, is_table: bool = False) -> Passage:
        start = text.index(words)
        end = start + len(words)
        return Passage(f"{report_id}:{start}-{end}", report_id, section, role, words, start, end, 20, None, is_table)

    passages = (
        passage("一、总体情况 / （一）依申请公开", SectionRole.APPLICATIONS, sentence),
        passage("三、收到和处理申请情况", SectionRole.APPLICATION_TABLE, TABLE.strip("\n"), True),
    )
    return Kept(report, text, body, passages)


KEPT = (
    _keep(1, "白石经济开发区", Kind.ZONE, 2023, "全年未收到政府信息公开申请。"),
    _keep(2, "青溪高新区", Kind.ZONE, 2023, "2023年共收到政府信息公开申请3件，均已办结。"),
    _keep(3, "柳河镇", Kind.TOWNSHIP, 2023, f"柳河镇收到申请1件。{HOSTILE}"),
    _keep(4, "白石经济开发区", Kind.ZONE, 2022, "本年收到申请2件。"),
    _keep(5, "松岭工业园区", Kind.ZONE, 2023, "我区开展了政策解读。"),
)


@dataclass
class FakeIndex:
    kept: tuple[Kept, ...] = KEPT
    fingerprint: str = "f00d"
    model_name: str = "fake-model"
    closed: bool = False

    def reports(self, scope: Scope = Scope()) -> list[Report]:  # noqa: B008  frozen
        return [
            k.report
            for k in self.kept
            if (not scope.years or k.report.year in scope.years)
            and (not scope.kinds or k.report.kind in scope.kinds)
            and (not scope.names or any(name in k.report.body for name in scope.names))
        ]

    def corrections(self, report_id: str | None = None) -> list[Correction]:
        return []

    def _find(self, report_id: str) -> Kept:
        found = [k for k in self.kept if k.report.report_id.startswith(report_id)]
        if len(found) != 1:
            raise KeyError(report_id)
        return found[0]

    def report(self, report_id: str) -> Report:
        return self._find(report_id).report

    def text(self, report_id: str) -> str:
        return self._find(report_id).text

    def passages(self, report_id: str) -> list[Passage]:
        return list(self._find(report_id).passages)

    def bodies(self) -> list[Body]:
        return sorted({k.body.body_id: k.body for k in self.kept}.values(), key=lambda body: body.name)

    def checks(self, scope: Scope = Scope(), holds: object = ...) -> list[object]:  # noqa: B008  frozen
        return []

    def sources(self, report_id: str | None = None, paths: Collection[str] | None = None) -> list[SourceFile]:
        return [SourceFile("/data/空.txt", 0, 0, "", "1", None, "空.txt is empty.")]

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> FakeIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def cite(n: int, kept: Kept, words: str, section: str, cell: str | None = None) -> Citation:
    start = kept.text.index(words)
    end = start + len(words)
    cited_cell = None
    if cell is not None:
        at = kept.text.index(cell, start)
        cited_cell = CitedCell(row=0, column=3, start=at, end=at + len(cell))
    return Citation(
        n=n, report_id=kept.report.report_id, passage_id=kept.passages[0].passage_id, title=kept.report.title,
        body=kept.report.body, year=kept.report.year, section=section, quote=words, start=start, end=end,
        cell=cited_cell, source=kept.report.source,
    )  # fmt: skip


def _row(kept: Kept, value: float | None, citations: tuple[int, ...], state: str = "stated", **more: object) -> Row:
    return Row(
        report_id=kept.report.report_id, body=kept.report.body, kind=kept.report.kind, region=kept.report.region,
        year=kept.report.year, metric="applications_new", value=value, unit="件", state=state, citations=citations,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


ROW_QUOTE = "\t本年新收政府信息公开申请数量\n\t3\n\t0\n\t3".strip("\t")


@dataclass
class FakeAssistant:
    index: FakeIndex = field(default_factory=FakeIndex)
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    language_model: None = None

    def example_questions(self, language: str = "zh") -> list[str]:
        if language == "en":
            return ["Which zones received no applications in 2023?", "How many applications were there in 2023?"]
        return ["哪些开发区2023年没有收到申请？", "2023年各单位收到多少件申请？", "开发区的申请数"]

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        if question == "太长":
            raise QuestionError("这个问题太长了，请缩短后再问。")
        if question == "崩溃":
            raise RuntimeError("not on purpose")
        one, two, three, _, silent = KEPT
        first = cite(1, one, "全年未收到政府信息公开申请。", "一、总体情况 / （一）依申请公开")
        table = cite(2, two, ROW_QUOTE, "三、收到和处理申请情况", cell="3\n".strip())
        prose = cite(3, two, "2023年共收到政府信息公开申请3件，均已办结。", "一、总体情况 / （一）依申请公开")
        hostile = cite(4, three, f"柳河镇收到申请1件。{HOSTILE}", "一、总体情况 / （一）依申请公开")
        language = "zh" if any("一" <= c <= "鿿" for c in question) else "en"
        shared = {"question": question, "language": language, "corpus": Corpus(reports=5, fingerprint="f00d")}
        if "的申请数" in question:
            options = tuple(Option(question=f"{year}年开发区收到多少件申请？") for year in (2022, 2023))
            return Answer(**shared, status="needs_clarification", text="您问的是哪一年？", options=options)  # type: ignore[arg-type]
        if "各单位" in question:
            nothing = WithoutValue(
                report_id=silent.report.report_id, body=silent.report.body, year=2023, state="silent"
            )
            return Answer(
                **shared,  # type: ignore[arg-type]
                status="partial",
                value=4,
                unit="件",
                text=f"2023年共收到4件申请[2][3][4]。\n- 青溪高新区：3件[2]\n- 柳河镇：1件[4]\n{HOSTILE}[9]",
                rows=(
                    _row(one, 0, (1,)),
                    _row(two, 3, (2, 3)),
                    _row(three, 1, (4,)),
                    _row(silent, None, (), "silent"),
                    _row(silent, None, (2,), "conflicting", readings=(153, 9)),
                ),
                citations=(first, table, prose, hostile),
                coverage=Coverage(in_scope=4, stated=3, silent=1, without_value=(nothing,)),
                warnings=("松岭工业园区的报告没有提到申请数量。",),
            )
        text = (
            "2023年有1个开发区未收到政府信息公开申请：白石经济开发区管理委员会[1]。"
            if language == "zh"
            else "In 2023, 1 zone received no applications: 白石经济开发区管理委员会[1]."
        )
        return Answer(
            **shared, status="answered", value=1, unit="个", text=text, rows=(_row(one, 0, (1,)),), citations=(first,),  # type: ignore[arg-type]
            coverage=Coverage(in_scope=3, stated=2, silent=1),
        )  # fmt: skip

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:
        yield self.ask(question, history)

    def search(self, query: str, **scope: object) -> list[Hit]:
        return [Hit(k.passages[0], k.report, 0.5, {"lexical": 1.5}) for k in KEPT if query in k.passages[0].text]

    def figures(self, metric: str | None = None, **scope: object) -> list[ResolvedFigure]:
        _, two, three, *_ = KEPT
        start = two.text.index(ROW_QUOTE)
        at = two.text.index("\t3\n\n", start) + 1
        cell = CellReference(0, 3, at, at + 1)
        row = Figure(two.report.report_id, "b2", "applications_new", None, 2023, Decimal(3), State.STATED, "件",
                     Origin.TABLE, start, start + len(ROW_QUOTE), None, cell)  # fmt: skip
        sentence = three.passages[0]
        readings = tuple(
            Figure(
                three.report.report_id,
                "b3",
                "proactive_total",
                None,
                2023,
                Decimal(value),
                State.STATED,
                "条",
                Origin.NARRATIVE,
                sentence.start,
                sentence.start + 5,
            )
            for value in (153, 9)
        )
        found = [
            ResolvedFigure(two.report.report_id, "b2", two.body.name, two.body.kind, two.body.region, 2023,
                           "applications_new", Decimal(3), "件", State.STATED, Origin.TABLE, (row,)),
            ResolvedFigure(three.report.report_id, "b3", three.body.name, three.body.kind, three.body.region, 2023,
                           "proactive_total", None, "条", State.CONFLICTING, Origin.NARRATIVE, readings),
        ]  # fmt: skip
        return [f for f in found if metric in (None, f.metric_id)]


@pytest.fixture
def assistant() -> FakeAssistant:
    """An assistant that knows the questions of `FakeAssistant.ask`."""
    return FakeAssistant()


@pytest.fixture
def kept() -> tuple[Kept, ...]:
    """The made-up reports: two zones of 2023, a hostile township, a zone of 2022, a silent zone."""
    return KEPT


@pytest.fixture
def hostile() -> str:
    """What a report might hold that a web page must not believe."""
    return HOSTILE


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the bundled sample reports."""
    return ROOT / "samples" / "reports"


@pytest.fixture(scope="session")
def samples_index(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder over the bundled samples."""
    from ingest.pipeline import ingest
    from vectorstore.index import Index

    folder = tmp_path_factory.mktemp("index") / "samples"
    with Index.open(folder, create=True) as index:
        ingest([samples], index)
    return folder


@pytest.fixture(scope="session")
def silent_zones(samples: Path) -> list[str]:
    """The sample zones without applications in 2023, as the generator knows them (not as anything here reads them)."""
    truth = [json.loads(line) for line in (samples.parent / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        report["body"][0]
        for report in truth
        if report["kind"] == "zone" and report["year"] == 2023 and report["figures"].get("applications_new") == 0
    ]
