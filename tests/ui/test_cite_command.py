"""``nianbao cite``: from an id back to the words, and to the reference in any format."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.cited_places import resolve_place
from assistant.assistant import Assistant
from tests import command_line

pytestmark = pytest.mark.integration

QUESTION = "哪些开发区2023年没有收到申请？"


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, samples_index: Path) -> None:
    monkeypatch.setenv("NIANBAO_INDEX", str(samples_index))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")


run, read = partial(command_line.run, "cite"), partial(command_line.read, "cite")


@pytest.fixture(scope="module")
def cited(samples_index: Path) -> list[Any]:
    """The citations of an answer, of several reports."""
    with Assistant.open(samples_index) as assistant:
        return list(assistant.ask(QUESTION).citations)


def test_what_an_answer_cites_and_a_search_finds_has_an_id_that_leads_to_it(samples_index: Path) -> None:
    with Assistant.open(samples_index) as assistant:
        answers = [
            assistant.ask(question) for question in (QUESTION, "哪些报告提到培训？", "2023年一共收到多少件申请？")
        ]
        cited = [one for answer in answers for one in answer.citations]
        hits = assistant.search("业务培训", k=5)
        assert len(cited) > 20 and len(hits) == 5
        for one in cited:
            found = resolve_place(assistant.index, one.id)
            place = (found.start, found.end, found.quote, found.passage_id, found.section)
            assert place == (one.start, one.end, one.quote, one.passage_id, one.section)
        for hit in hits:
            found = resolve_place(assistant.index, hit.id)
            assert (found.start, found.end, found.quote) == (hit.passage.start, hit.passage.end, hit.passage.text)


def test_an_id_is_shown_with_its_words_its_place_and_its_reference(cited: list[Any]) -> None:
    one = cited[0]
    where, quote, reference = run(one.id).stdout.splitlines()
    assert where == f"{one.id}  {one.body} · {one.year} · {one.section}"
    assert quote.strip() == " ".join(one.quote.split())
    assert reference.startswith(f"{one.body}. {one.title}[R]. ")


def test_as_json_it_has_the_place_and_the_reference(cited: list[Any]) -> None:
    one = cited[0]
    (found,) = read(one.id)
    known = ("id", "report_id", "title", "body", "year", "section", "page", "quote", "start", "end", "passage_id")
    assert {name: found[name] for name in known} == {name: getattr(one, name) for name in known}
    assert (found["given"], found["moved"], found["superseded_by"]) == (one.id, False, None)
    assert found["references"]["csl-json"]["author"] == [{"literal": one.body}] and found["references"][
        "gbt7714"
    ].endswith(".\n")


def test_several_ids_are_cited_each_on_its_own_also_from_standard_input(cited: list[Any]) -> None:
    first, second = cited[0].id, cited[1].id
    assert [one["given"] for one in read(first, second, first)] == [first, second]
    assert read(stdin=f"{first}\n\n{second}\n") == read(first, second) == read("-", stdin=f"{first} {second}")
    assert run(first, second).stdout.count("\n\n") == 1


def test_a_link_and_a_byte_order_mark_are_taken_with_the_id(cited: list[Any]) -> None:
    one = cited[0].id
    assert [found["given"] for found in read(f"http://127.0.0.1:7860/nb/cite?id={one}")] == [one]
    assert [found["given"] for found in read(stdin=f"\ufeff{one}\n")] == [one]


def test_a_reports_id_gives_the_reference_of_the_whole_report(cited: list[Any]) -> None:
    (found,) = read(cited[0].report_id)
    assert (found["id"], found["quote"], found["section"]) == (cited[0].report_id, None, None)
    assert read(cited[0].report_id[:12])[0]["report_id"] == cited[0].report_id
    assert len(run(cited[0].report_id).stdout.splitlines()) == 2


def test_the_beginning_of_several_ids_is_none() -> None:
    ids = [one["report_id"] for one in command_line.read("reports")]
    first = next(letter for letter in "0123456789abcdef" if sum(one.startswith(letter) for one in ids) > 1)
    assert f"Several reports have an id that begins with {first};" in run(first).stderr


@pytest.mark.parametrize(
    ("style", "begins"), [("gbt7714", ""), ("bibtex", "@techreport{"), ("ris", "TY  - RPRT\r\n"), ("csl-json", "[")]
)
def test_a_format_gives_the_references_alone_each_report_once(cited: list[Any], style: str, begins: str) -> None:
    report_id = cited[0].report_id
    printed = run(cited[0].id, report_id, cited[1].id, "--format", style)
    assert printed.exit_code == 0 and printed.stdout_bytes.decode().startswith(begins)
    assert printed.stdout.count(cited[0].title) == 1 and printed.stdout.count(cited[1].title) == 1
    assert cited[0].quote not in printed.stdout


def test_an_id_that_leads_nowhere_is_told_and_the_others_are_cited(cited: list[Any]) -> None:
    result = run("0000000000000000.1-2.k7m2p9qd", cited[0].id)
    assert result.exit_code == 3
    assert "0000000000000000 is not known to this index" in result.stderr and cited[0].quote in result.stdout
    nothing = run("无此报告")
    assert nothing.exit_code == 1 and nothing.stdout == "" and "无此报告" in nothing.stderr
    assert "is no permanent id" in run(cited[0].passage_id).stderr


def test_json_and_a_format_are_not_given_together(cited: list[Any]) -> None:
    assert run(cited[0].id, "--json", "--format", "ris").exit_code == 2
    assert run(stdin="\n").exit_code == 2
