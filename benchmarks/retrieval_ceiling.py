"""How many list and count questions a perfect reader of retrieved passages could answer exactly, and how many we do.

    python benchmarks/retrieval_ceiling.py [--reports 50 500 5000] [--questions 60] [--seed 11]

What is retrieved is retrieved as LlamaIndex's starter tutorial does it: ``SimpleDirectoryReader``, the default
``SentenceSplitter``, a Chroma collection, the question as the query, here with the same embedding model that Nianbao
bundles. Who is a member, and where a report states a figure, is known from the truth of the generated drafts, which no
reading code has a part in. Two ceilings, both generous:

- decided: for each report in scope that states the figure, some retrieved passage states it, so that the reader can
  tell of each whether it is a member (what a silent report doesn't say, the reader is given);
- found: only of each member, as if the reader knew that there are no others.

Nianbao's answer is exact if its rows are the members, neither more nor less, or its count is theirs.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, Protocol

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.answer import Answer
from assistant.assistant import Assistant
from ingest.pipeline import ingest
from samples.generator import GENERATED_YEARS, GeneratedReport, generate, write_corpus
from samples.questions.truth import Scope, Truth, readings
from vectorstore.catalogue import catalogue
from vectorstore.index import Index

Line = dict[str, Any]
"""A report's line of truth."""

DEPTHS = (5, 10, 20, 50)
"""How many passages the reader reads."""

KINDS = {"zone": "开发区", "township": "乡镇", "subdistrict": "街道", "department": "部门", "county": "县政府"}

_VALUES_AFTER_LABEL = 6
"""Characters that must follow a row's label in a passage for it to hold the row's values, or the first of them."""


@dataclass(frozen=True, slots=True)
class Form:
    """How questions about one metric are put: a wording for lists, one for counts, each of ``{year}`` and ``{kind}``.

    Attributes:
        members: Who is asked for: those that have ``none``, those that have ``some``, or those that have at least
            ``{n}``, which is the ``median`` of the scope.
    """

    metric: str
    members: Literal["none", "some", "median"]
    lists: str
    counts: str


FORMS = (
    Form(
        "applications_new",
        "none",
        "{year}年哪些{kind}没有收到政府信息公开申请？",
        "{year}年有多少个{kind}没有收到申请？",
    ),
    Form(
        "applications_new",
        "some",
        "{year}年哪些{kind}收到了政府信息公开申请？",
        "{year}年收到申请的{kind}有多少个？",
    ),
    Form(
        "applications_new",
        "median",
        "{year}年哪些{kind}新收申请不少于{n}件？",
        "{year}年新收申请不少于{n}件的{kind}有几个？",
    ),
    Form(
        "proactive_total",
        "median",
        "{year}年主动公开信息不少于{n}条的{kind}有哪些？",
        "{year}年有多少个{kind}主动公开不少于{n}条？",
    ),
    Form(
        "proactive_wechat",
        "median",
        "{year}年微信公开不少于{n}条的{kind}有哪些？",
        "{year}年有多少个{kind}微信公开不少于{n}条？",
    ),
    Form(
        "training_sessions",
        "median",
        "{year}年培训不少于{n}次的{kind}有哪些？",
        "{year}年有几个{kind}培训不少于{n}次？",
    ),
    Form("review_total", "some", "{year}年哪些{kind}发生了行政复议？", "{year}年有几个{kind}发生了行政复议？"),
    Form("review_total", "none", "{year}年哪些{kind}没有行政复议？", "{year}年有多少个{kind}没有行政复议？"),
    Form(
        "result_granted",
        "median",
        "{year}年哪些{kind}予以公开的申请不少于{n}件？",
        "{year}年予以公开不少于{n}件的{kind}有几个？",
    ),
    Form(
        "penalty_decisions",
        "median",
        "{year}年行政处罚不少于{n}件的{kind}有哪些？",
        "{year}年有几个{kind}行政处罚不少于{n}件？",
    ),
    Form(
        "normative_docs_issued",
        "none",
        "{year}年哪些{kind}没有制发行政规范性文件？",
        "{year}年有几个{kind}没有制发规范性文件？",
    ),
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gold.

    Attributes:
        stating: The reports in scope that state the figure.
        members: Those of them of which every reading satisfies the condition.
        undecided: Those whose readings contradict one another about it, or whose row is damaged: either answer counts.
    """

    text: str
    is_list: bool
    metric: str
    stating: frozenset[str]
    members: frozenset[str]
    undecided: frozenset[str]


def put_questions(lines: Sequence[Line], count: int, seed: int) -> list[Question]:
    """Questions over a corpus, lists and counts in turns, of scopes of two reports or more with a member or more."""
    truth = Truth(lines)
    drawn = [
        (form, kind, year)
        for form in FORMS
        for kind in KINDS
        for year in GENERATED_YEARS
        if len(truth.select(Scope(kinds=(kind,), years=(year,)))) > 1
    ]
    random.Random(seed).shuffle(drawn)
    questions: list[Question] = []
    for form, kind, year in drawn:
        if len(questions) < count:
            question = _question(
                form,
                truth.select(Scope(kinds=(kind,), years=(year,))),
                KINDS[kind],
                year,
                is_list=len(questions) % 2 == 0,
            )
            questions += [question] if question.members else []
    return questions


def _question(form: Form, scope: Sequence[Line], kind: str, year: int, *, is_list: bool) -> Question:
    known = {line["file"]: values for line in scope if (values := readings(line, form.metric))}
    least = max(1, round(statistics.median(values[0] for values in known.values()))) if known else 1
    least = 1 if form.members == "some" else least

    def satisfies(value: float) -> bool:
        return value == 0 if form.members == "none" else value >= least

    verdicts = {file: {satisfies(value) for value in values} for file, values in known.items()}
    damaged = {line["file"] for line in scope if form.metric in line["allowed"]}
    wording = form.lists if is_list else form.counts
    return Question(
        wording.format(year=year, kind=kind, n=least),
        is_list,
        form.metric,
        frozenset(known),
        frozenset(file for file, verdict in verdicts.items() if verdict == {True}) - damaged,
        frozenset(file for file, verdict in verdicts.items() if len(verdict) > 1) | damaged,
    )


class Retrieval(Protocol):
    """The passages for a query, best first: each its report's file and its text."""

    def __call__(self, query: str, count: int) -> list[tuple[str, str]]: ...


def build_tutorial(folder: Path) -> Retrieval:
    """The starter tutorial's index over a folder of reports, in a Chroma collection of its own."""
    import chromadb
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from vectorstore.llama_index_embedding import NianbaoEmbedding

    client = chromadb.EphemeralClient(chromadb.Settings(anonymized_telemetry=False))
    client.delete_collection("reports") if client.list_collections() else None
    collection = client.create_collection("reports", embedding_function=None, metadata={"hnsw:space": "cosine"})
    index = VectorStoreIndex.from_documents(
        SimpleDirectoryReader(str(folder)).load_data(),
        storage_context=StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection)),
        embed_model=NianbaoEmbedding.load(embed_batch_size=100),
        transformations=[SentenceSplitter()],
    )
    retriever = index.as_retriever(similarity_top_k=max(DEPTHS))

    def retrieve(query: str, count: int) -> list[tuple[str, str]]:
        return [
            (found.node.metadata["file_name"], found.node.get_content()) for found in retriever.retrieve(query)[:count]
        ]

    return retrieve


def passages_of(index: Index) -> Retrieval:
    """Nianbao's own passage search, with nothing told of the scope."""
    return lambda query, count: [
        (Path(hit.report.source).name, hit.passage.text) for hit in index.search(query, k=count)
    ]


class Reports:
    """The reports of a corpus as the perfect reader knows them: where each states a figure."""

    def __init__(self, folder: Path, lines: Sequence[Line]) -> None:
        self._lines = {line["file"]: line for line in lines}
        self._texts = {file: bare((folder / file).read_text("utf-8")) for file in self._lines}

    def state(self, file: str, metric: str, passage: str) -> bool:
        """Whether a passage of a report states its figure: by a clause of its prose, or by its table row."""
        plain = bare(passage)
        if any(bare(clause) in plain for clause in self._lines[file]["evidence"].get(metric, ())):
            return True
        return any(
            0 <= plain.rfind(label) <= len(plain) - len(label) - _VALUES_AFTER_LABEL
            for label in self._labels(file, metric)
        )

    def _labels(self, file: str, metric: str) -> list[str]:
        """The label of the metric's row; where the report prints another, that of any row of its table will do."""
        labels = next((rows for rows in row_labels() if metric in rows), {})
        printed = labels.get(metric)
        return [printed] if printed and printed in self._texts[file] else list(labels.values())


def bare(text: str) -> str:
    """A text without what parts the cells of a table: blanks, line ends and bars."""
    return "".join(text.replace("|", "").split())


@cache
def row_labels() -> tuple[dict[str, str], ...]:
    """Of each table of the form the label before each metric's values."""
    form = catalogue()
    before_disputes = "".join(result.label for result in form.dispute_results[-2:])
    return (
        {row.id: bare(row.label) for row in form.application_rows},
        {cell.id: bare(cell.row) for cell in form.proactive_cells},
        {
            f"{group.id}_{result.id}": before_disputes
            for group in form.dispute_groups
            for result in form.dispute_results
        },
    )


def ceilings(question: Question, passages: Sequence[tuple[str, str]], reports: Reports) -> tuple[bool, bool]:
    """Whether the passages decide each report in scope, and whether they hold each member."""
    stated = {
        file for file, text in passages if file in question.stating and reports.state(file, question.metric, text)
    }
    return stated == question.stating, stated >= question.members


def is_exact(question: Question, answer: Answer, file_of: Mapping[str, str]) -> bool:
    """Whether an answer's rows are the members, or its value their number; of the undecided either way will do."""
    if answer.status not in ("answered", "partial"):
        return False
    least, most = len(question.members), len(question.members) + len(question.undecided)
    if not question.is_list:
        return answer.value is not None and least <= answer.value <= most
    listed = {file_of[row.report_id] for row in answer.rows if row.report_id and row.value is not None}
    return question.members <= listed <= question.members | question.undecided


@dataclass(slots=True)
class Result:
    """What one corpus showed.

    Attributes:
        tutorial, own: By depth, how many questions the passages decide, and of how many they hold the members.
        exact: Questions that Nianbao answers exactly; ``wrong`` are the others.
    """

    reports: int
    questions: list[Question]
    tutorial: dict[int, tuple[int, int]]
    own: dict[int, tuple[int, int]]
    exact: int
    wrong: list[str]
    seconds: tuple[float, float]


def measure(count: int, questions: int, seed: int, folder: Path) -> Result:
    """Generate so many reports, index them both ways, and put the questions."""
    truth = list[Line]()
    write_corpus(_noting(generate(count, seed=seed), truth), folder)
    put = put_questions(truth, questions, seed)
    reports = Reports(folder / "reports", truth)
    start = time.perf_counter()
    tutorial = build_tutorial(folder / "reports")
    built = time.perf_counter()
    with Index.open(folder / "index", create=True) as index:
        ingest([folder / "reports"], index)
        ingested = time.perf_counter()
        with Assistant(index) as assistant:
            file_of = {report.report_id: Path(report.source).name for report in index.reports()}
            right = [is_exact(question, assistant.ask(question.text), file_of) for question in put]
            own = _by_depth(put, passages_of(index), reports)
    wrong = [question.text for question, is_right in zip(put, right, strict=True) if not is_right]
    return Result(
        count, put, _by_depth(put, tutorial, reports), own, sum(right), wrong, (built - start, ingested - built)
    )


def _noting(reports: Iterator[GeneratedReport], truth: list[Line]) -> Iterator[GeneratedReport]:
    for report in reports:
        truth.append(report.truth)
        yield report


def _by_depth(questions: Sequence[Question], retrieve: Retrieval, reports: Reports) -> dict[int, tuple[int, int]]:
    tally = {depth: [0, 0] for depth in DEPTHS}
    for question in questions:
        passages = retrieve(question.text, max(DEPTHS))
        for depth in DEPTHS:
            for at, holds in enumerate(ceilings(question, passages[:depth], reports)):
                tally[depth][at] += holds
    return {depth: (decided, found) for depth, (decided, found) in tally.items()}


def as_markdown(results: Sequence[Result]) -> str:
    """Two tables: the ceilings beside ours, and what was asked."""
    depths = " | ".join(f"top {depth}" for depth in DEPTHS)
    lines = [f"| reports | passages of | reader must see | {depths} | Nianbao's answers |"]
    lines.append("|--:|---|---|" + "--:|" * (len(DEPTHS) + 1))
    for result in results:
        of = len(result.questions)
        for name, tallies in (("LlamaIndex tutorial", result.tutorial), ("Nianbao's search", result.own)):
            for at, must in enumerate(("each report", "each member")):
                shares = " | ".join(f"{tallies[depth][at] / of:.0%}" for depth in DEPTHS)
                lines.append(f"| {result.reports} | {name} | {must} | {shares} | {result.exact / of:.0%} |")
    lines += [
        "",
        "| reports | questions | of them lists | reports in scope, median (most) | indexing, s: tutorial, Nianbao |",
    ]
    lines.append("|--:|--:|--:|--:|--:|")
    for result in results:
        scopes = [len(question.stating) for question in result.questions]
        lists, (theirs, ours) = sum(question.is_list for question in result.questions), result.seconds
        row = (len(scopes), lists, f"{statistics.median(scopes):.0f} ({max(scopes)})", f"{theirs:.0f}, {ours:.0f}")
        lines.append(f"| {result.reports} | {' | '.join(map(str, row))} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, nargs="*", default=[50, 500, 5000])
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    results = []
    for count in options.reports:
        with tempfile.TemporaryDirectory() as folder:
            results.append(measure(count, options.questions, options.seed, Path(folder)))
        for question in results[-1].wrong:
            print(f"{count} reports, not answered exactly: {question}", file=sys.stderr, flush=True)
    print(as_markdown(results))
    names = ("llama-index-core", "llama-index-vector-stores-chroma", "chromadb")
    print("\n" + ", ".join(f"{name} {version(name)}" for name in names))


if __name__ == "__main__":
    main()
