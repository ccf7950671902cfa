"""Reading questions and judgements, and which passages they make relevant, over two invented reports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.retrieval.corpus import Corpus, open_corpus
from benchmarks.retrieval.pooling import pool, take
from benchmarks.retrieval.question_files import QuestionError, read_judgements, read_questions
from benchmarks.retrieval.relevance import judge
from benchmarks.retrieval.systems import OwnSearch

TOWN = "town.txt"
REPORTS = {
    TOWN: "云溪县柏井镇人民政府2022年政府信息公开工作年度报告\n\n一、总体情况\n\n"
    "我镇在集市旁设了一间阅览角，赶集的人可以坐下来看文件。阅览角每逢双日开门。\n\n"
    "四、存在的主要问题及改进情况\n\n村里的公开栏换得慢，明年改为每月一换。\n",
    "bureau.txt": "云溪县水务局2022年政府信息公开工作年度报告\n\n一、总体情况\n\n"
    "停水消息提前两天贴到楼道里。\n\n四、存在的主要问题及改进情况\n\n解读材料偏少，明年请工程师来写。\n",
}


def question(**changes: object) -> dict[str, Any]:
    gold = [{"report": TOWN, "quote": "阅览角每逢双日开门"}]
    return {"id": "a1", "question": "阅览角哪天开门", "kind": "named", "gold": gold, "note": ""} | changes


def write_lines(path: Path, *lines: dict[str, Any]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("benchmark")
    (folder / "reports").mkdir()
    for name, text in REPORTS.items():
        (folder / "reports" / name).write_text(text, encoding="utf-8")
    with open_corpus(folder / "reports", cache=folder / "cache") as opened:
        yield opened


def test_the_set_is_the_beginning_of_the_files_name(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", question())
    write_lines(tmp_path / "b_more.jsonl", question(id="b1"))
    assert [each.set_name for each in read_questions(tmp_path)] == ["a", "b"]
    assert [each.id for each in read_questions(tmp_path, ["b"])] == ["b1"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (question(kind="vague"), "the kinds are"),
        (question(gold=[{"report": TOWN}]), "lacks 'quote'"),
        (question(question=" "), "empty"),
    ],
)
def test_a_wrong_line_is_named_with_its_file(tmp_path: Path, line: dict[str, Any], said: str) -> None:
    write_lines(tmp_path / "a.jsonl", question(id="a0"), line)
    with pytest.raises(QuestionError, match=rf"a\.jsonl, line 2.*{said}"):
        read_questions(tmp_path)


def test_an_id_is_given_once(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", question())
    write_lines(tmp_path / "b.jsonl", question())
    with pytest.raises(QuestionError, match="a1"):
        read_questions(tmp_path)


@pytest.mark.integration
def test_the_passage_at_the_gold_quote_is_relevant(tmp_path: Path, corpus: Corpus) -> None:
    write_lines(tmp_path / "a.jsonl", question())
    (judged,) = judge(corpus, read_questions(tmp_path))
    (relevant,) = judged.relevant
    (passage,) = [each for each in corpus.passages(TOWN) if each.passage_id == relevant]
    assert "阅览角每逢双日开门" in passage.text


@pytest.mark.integration
def test_a_quote_that_the_report_lacks_is_named(tmp_path: Path, corpus: Corpus) -> None:
    write_lines(tmp_path / "a.jsonl", question(gold=[{"report": TOWN, "quote": "阅览角每逢单日开门"}]))
    with pytest.raises(QuestionError, match=r"a1.*阅览角每逢单日开门"):
        judge(corpus, read_questions(tmp_path))


@pytest.mark.integration
def test_a_report_that_is_not_there_is_named(tmp_path: Path, corpus: Corpus) -> None:
    write_lines(tmp_path / "a.jsonl", question(gold=[{"report": "city.txt", "quote": "开门"}]))
    with pytest.raises(QuestionError, match=r"city\.txt"):
        judge(corpus, read_questions(tmp_path))


@pytest.mark.integration
def test_what_judges_found_relevant_is_relevant_beside_the_gold(tmp_path: Path, corpus: Corpus) -> None:
    write_lines(tmp_path / "a.jsonl", question(kind="open"))
    questions = read_questions(tmp_path)
    pooled = list(pool(corpus, judge(corpus, questions), [OwnSearch(corpus.index)], 5))
    assert pooled, "the search finds more than the gold passage"
    assert all("system" not in line and "score" not in line for line in pooled)
    said = write_lines(tmp_path / "said.jsonl", *({**line, "relevant": at == 0} for at, line in enumerate(pooled)))
    judgements = tmp_path / "judgements.jsonl"
    assert take(said, judgements) == len(pooled)
    assert take(said, judgements) == 0, "what is known is not added again"
    (before,) = judge(corpus, questions)
    (after,) = judge(corpus, questions, read_judgements(judgements))
    assert len(after.relevant) == len(before.relevant) + 1
    assert len(after.irrelevant) == len(pooled) - 1
    assert not list(pool(corpus, [after], [OwnSearch(corpus.index)], 5)), "nothing is judged twice"


def test_a_passage_that_is_not_judged_yet_is_refused(tmp_path: Path) -> None:
    line = {"id": "a1", "report": TOWN, "start": 0, "end": 5, "quote": "云溪县柏井", "relevant": None}
    with pytest.raises(QuestionError, match="line 1 isn't judged"):
        read_judgements(write_lines(tmp_path / "said.jsonl", line))
