"""Reports read one by one by a language model: what it takes, what comes of each, and that nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import anyio
import pytest

from assistant.assistant import Assistant
from assistant.language_models.survey import known_answer
from tests.assistant.survey_corpus import (
    BLAMES,
    QUESTION,
    ROOT,
    blames,
    make_corpus,
    make_report,
    number_in,
    read_honestly,
    report_in,
    slowly,
    survey,
)
from tests.language_server import LanguageServer, Reply
from vectorstore.errors import LanguageModelError, QuestionError

COUNT = 15
YES, NO = 5, 10


@pytest.fixture(scope="module")
def corpus(draft: Any, assistant_over: Any) -> Assistant:
    return make_corpus(draft, assistant_over, COUNT)


def test_what_it_takes_is_known_exactly_before_anything_is_sent(
    corpus: Assistant, language_server: LanguageServer
) -> None:
    language_server.script(read_honestly)
    asked = survey(corpus, language_server)
    estimate = asked.estimate
    assert not language_server.requests
    assert (estimate.reports, estimate.calls, estimate.known) == (COUNT, COUNT, 0)
    assert estimate.tokens_out_most == COUNT * 1500
    result = asked.run()
    assert len(language_server.requests) == estimate.calls == result.calls
    count = asked._needed_model.count_tokens
    sent = sum(count(message["content"]) for request in language_server.requests for message in request["messages"])
    assert estimate.tokens_in == result.tokens_in == sent


def test_every_yes_is_a_row_with_the_reports_own_words(corpus: Assistant, language_server: LanguageServer) -> None:
    language_server.script(read_honestly)
    answer = survey(corpus, language_server).run().answer
    assert {row.body for row in answer.rows} == {f"第{n}乡人民政府" for n in range(COUNT) if blames(n)}
    assert answer.value == len(answer.rows) == YES
    for row in answer.rows:
        (citation,) = [c for c in answer.citations if c.n in row.citations]
        assert citation.quote == BLAMES == corpus.index.text(citation.report_id)[citation.start : citation.end]
    assert answer.status == "answered"
    assert (answer.coverage.in_scope, answer.coverage.stated, answer.coverage.silent) == (COUNT, YES, NO)
    assert answer.plan["aspect"] == "survey"
    assert "语言模型scripted" in answer.text and "不等于报告否认" in answer.text


def test_the_questions_words_and_the_filters_narrow_what_is_read(
    draft: Any, assistant_over: Any, language_server: LanguageServer
) -> None:
    language_server.script(read_honestly)
    both = assistant_over(*(make_report(draft, n, year) for n in range(3) for year in (2022, 2023)))
    assert survey(both, language_server).estimate.reports == 6
    assert survey(both, language_server, question="2022年哪些报告把问题归因于人手不足？").estimate.reports == 3
    assert survey(both, language_server, year=2023).estimate.reports == 3
    assert survey(both, language_server, year=2023, body="第2乡").run().answer.coverage.in_scope == 1
    with pytest.raises(QuestionError):
        survey(both, language_server, kind="village")


def test_calls_are_made_side_by_side_and_no_more_than_allowed(
    corpus: Assistant, language_server: LanguageServer
) -> None:
    language_server.script(slowly(0.05))
    survey(corpus, language_server, parallel=3).run()
    assert language_server.most_at_once == 3


def test_a_second_run_asks_nothing_and_says_the_same(
    corpus: Assistant, language_server: LanguageServer, tmp_path: Path
) -> None:
    language_server.script(read_honestly)
    first = survey(corpus, language_server, tmp_path).run()
    language_server.script(Reply(status=500))
    again = survey(corpus, language_server, tmp_path)
    assert (again.estimate.known, again.estimate.calls, again.estimate.tokens_in) == (COUNT, 0, 0)
    second = again.run()
    assert not language_server.requests
    assert second.answer == first.answer
    assert [v.outcome for v in second.verdicts] == [v.outcome for v in first.verdicts]


def test_another_question_or_another_model_is_asked_anew(
    corpus: Assistant, language_server: LanguageServer, tmp_path: Path
) -> None:
    language_server.script(read_honestly)
    survey(corpus, language_server, tmp_path).run()
    assert survey(corpus, language_server, tmp_path, "哪些报告提到场地不够？").estimate.known == 0
    assert survey(corpus, language_server, tmp_path, model="another").estimate.known == 0
    assert survey(corpus, language_server, tmp_path).measure(fresh=True).known == 0


def test_stopping_gives_at_once_what_is_known_and_the_next_run_goes_on(
    corpus: Assistant, language_server: LanguageServer, tmp_path: Path
) -> None:
    hanging, stop = threading.Event(), threading.Event()
    hung: list[int] = []

    def reply(request: dict[str, Any]) -> Reply:
        if not hanging.is_set():
            return Reply(read_honestly(request))
        hung.append(number_in(request))
        if len(hung) == 3:  # All that are made at a time: none comes later.
            stop.set()
        return Reply(hang=True)

    language_server.script(reply)

    def progress(step: Any) -> None:
        if step.done == 4:
            hanging.set()

    result = survey(corpus, language_server, tmp_path, timeout=60.0, retries=0, parallel=3).run(
        stop=stop, progress=progress
    )
    done = [v for v in result.verdicts if v.outcome != "not_read"]
    assert {v.outcome for v in done} == {"yes", "no"}  # Waited for, the calls under way would have failed.
    assert 4 <= len(done) < COUNT
    assert result.ended == "stopped"
    assert result.answer.status == "partial"
    assert result.answer.coverage.unreadable == COUNT - len(done)
    assert any("中途停止" in warning for warning in result.answer.warnings)
    language_server.script(read_honestly)
    whole = survey(corpus, language_server, tmp_path).run()
    assert len(language_server.requests) == COUNT - len(done)
    assert whole.answer.status == "answered"
    assert whole.answer.value == YES


def test_a_stop_before_the_beginning_sends_nothing(corpus: Assistant, language_server: LanguageServer) -> None:
    stop = threading.Event()
    stop.set()
    result = survey(corpus, language_server).run(stop=stop)
    assert not language_server.requests
    assert result.answer.value is None
    assert {v.outcome for v in result.verdicts} == {"not_read"}


def test_a_limit_of_tokens_is_never_exceeded(corpus: Assistant, language_server: LanguageServer) -> None:
    language_server.script(slowly(0.01))
    asked = survey(corpus, language_server, reply_tokens=200)
    one = asked.estimate.tokens_in // COUNT
    most = 5 * one
    result = asked.run(most_tokens=most)
    assert result.tokens_in + result.tokens_out <= most
    assert result.ended == "budget"
    assert 0 < len(language_server.requests) < COUNT
    assert result.answer.status == "partial"
    assert any("token" in warning for warning in result.answer.warnings)


def test_a_limit_too_small_for_one_call_sends_nothing(corpus: Assistant, language_server: LanguageServer) -> None:
    result = survey(corpus, language_server).run(most_tokens=10)
    assert not language_server.requests
    assert result.answer.value is None and result.answer.status == "partial"


def test_a_server_that_dies_leaves_what_was_read_and_the_rest_unread(
    corpus: Assistant, language_server: LanguageServer, tmp_path: Path
) -> None:
    seen: list[int] = []

    def die_after_five(request: dict[str, Any]) -> Reply:
        seen.append(number_in(request))
        return Reply(read_honestly(request)) if len(seen) <= 5 else Reply("gone", status=503)

    language_server.script(die_after_five)
    result = survey(corpus, language_server, tmp_path, retries=0, parallel=2).run()
    outcomes = [v.outcome for v in result.verdicts]
    assert outcomes.count("yes") + outcomes.count("no") == 5
    assert outcomes.count("failed") >= 3
    assert outcomes.count("not_read") > 2  # The others weren't tried one by one.
    assert result.ended == "server"
    assert result.answer.status == "partial"
    assert result.answer.coverage.silent == outcomes.count("no")
    language_server.script(read_honestly)
    whole = survey(corpus, language_server, tmp_path).run()
    assert len(language_server.requests) == COUNT - 5
    assert whole.answer.value == YES


def test_a_report_whose_call_fails_is_named_and_costs_only_itself(
    corpus: Assistant, language_server: LanguageServer
) -> None:
    def fail_for_seven(request: dict[str, Any]) -> Reply:
        return Reply("nonsense", status=400) if number_in(request) == 7 else Reply(read_honestly(request))

    language_server.script(fail_for_seven)
    result = survey(corpus, language_server, retries=0).run()
    (failed,) = [v for v in result.verdicts if v.outcome == "failed"]
    assert corpus.index.report(failed.report_id).body == "第7乡人民政府"
    assert result.answer.status == "partial" and result.answer.value == YES
    assert any("第7乡人民政府" in warning for warning in result.answer.warnings)
    assert "原因：语言模型的服务器拒绝了请求。" in result.answer.warnings
    told = str(result.as_json())
    assert failed.problem == "refused" and "nonsense" not in told and language_server.url not in told


def test_a_server_that_asks_for_a_pause_is_given_it(corpus: Assistant, language_server: LanguageServer) -> None:
    refused: list[float] = []

    def busy_at_first(request: dict[str, Any]) -> Reply:
        if len(refused) < 6:
            refused.append(time.monotonic())
            return Reply("slow down", status=429, headers={"Retry-After": "0.05"})
        return Reply(read_honestly(request))

    language_server.script(busy_at_first)
    result = survey(corpus, language_server, parallel=2, retries=0).run()
    assert {v.outcome for v in result.verdicts} == {"yes", "no"}
    assert len(language_server.requests) < COUNT + 20


def test_progress_tells_how_far_it_is(corpus: Assistant, language_server: LanguageServer, tmp_path: Path) -> None:
    language_server.script(read_honestly)
    steps = list(survey(corpus, language_server, tmp_path).read())
    assert [step.done for step in steps] == list(range(COUNT + 1))
    assert steps[0].remaining is None and steps[-1].remaining == 0
    assert (steps[-1].yes, steps[-1].no, steps[-1].of) == (YES, NO, COUNT)
    assert steps[-1].tokens_in > 0
    (only,) = survey(corpus, language_server, tmp_path).read()
    assert only.done == only.known == COUNT


def test_a_changed_report_is_asked_about_anew(
    draft: Any, assistant_over: Any, language_server: LanguageServer, tmp_path: Path
) -> None:
    language_server.script(read_honestly)
    survey(assistant_over(*(make_report(draft, n) for n in range(5))), language_server, tmp_path).run()
    changed = assistant_over(*(make_report(draft, n, more="新增一句。" if n == 2 else "") for n in range(5)))
    language_server.script(read_honestly)
    asked = survey(changed, language_server, tmp_path)
    assert asked.estimate.known == 4
    asked.run()
    assert [number_in(request) for request in language_server.requests] == [2]


# A client library of its own would take each process seconds to load.
PROGRAM = """
import json, sys, urllib.request
from assistant.assistant import Assistant
from assistant.language_models.model import LanguageModel
from assistant.language_models.settings import LanguageModelSettings
from assistant.language_models.survey import Survey

class Model(LanguageModel):
    def complete(self, messages, **limits):
        asked = {"model": "scripted", "messages": [{"role": m.role, "content": m.text} for m in messages]}
        request = urllib.request.Request(sys.argv[2] + "/chat/completions", json.dumps(asked).encode())
        with urllib.request.urlopen(request) as reply:
            return json.load(reply)["choices"][0]["message"]["content"]

with Assistant.open(sys.argv[1]) as a:
    a.language_model = Model(None, LanguageModelSettings("scripted", url=sys.argv[2], parallel=2))
    print(Survey(a, sys.argv[4], keep=sys.argv[3]).run().answer.value)
"""


def test_two_processes_keep_what_they_find_side_by_side(
    corpus: Assistant, language_server: LanguageServer, tmp_path: Path
) -> None:
    begun = threading.Event()

    def reply(request: dict[str, Any]) -> Reply:
        begun.set()
        return Reply(read_honestly(request), delay=0.02)

    language_server.script(reply)
    command = [sys.executable, "-c", PROGRAM, str(corpus.index.folder), language_server.url, str(tmp_path), QUESTION]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert begun.wait(60)
        assert survey(corpus, language_server, tmp_path, parallel=2).run().answer.value == YES
        assert process.communicate(timeout=60)[0].strip() == str(YES)
    language_server.script(Reply(status=500))
    assert survey(corpus, language_server, tmp_path).run().answer.value == YES
    assert not language_server.requests


def test_without_a_model_the_built_in_answer_is_given_and_says_so(corpus: Assistant) -> None:
    corpus.language_model = None
    asked = corpus.survey(QUESTION)
    assert asked.estimate.calls == 0
    result = asked.run()
    assert result.verdicts == () and result.model is None
    assert any("没有配置语言模型" in warning for warning in result.answer.warnings)
    assert result.answer.text == corpus.ask(QUESTION).text


def test_what_doesn_t_fit_is_read_where_it_fits_the_question_best(
    draft: Any, assistant_over: Any, language_server: LanguageServer
) -> None:
    filler = [f"第{n}件事项的办理情况已经按月在网站公布，并由经办股室逐条核对。" for n in range(200)]
    long = make_report(draft, 3).section("六、其他", None, *filler)
    short = make_report(draft, 1)
    asked = survey(assistant_over(long, short), language_server, context_tokens=3000, reply_tokens=300)
    language_server.script(read_honestly)
    assert (asked.estimate.whole, asked.estimate.part) == (1, 1)
    result = asked.run()
    by_body = {asked._assistant.index.report(v.report_id).body: v for v in result.verdicts}
    assert by_body["第3乡人民政府"].read == "part" and by_body["第3乡人民政府"].outcome == "yes"
    assert by_body["第1乡人民政府"].read == "whole"
    assert result.tokens_in == asked.estimate.tokens_in
    assert "（略）" in max(map(report_in, language_server.requests), key=len)
    assert "太长" in result.answer.text


def test_a_context_too_small_for_any_report_is_told(corpus: Assistant, language_server: LanguageServer) -> None:
    with pytest.raises(LanguageModelError, match="context"):
        _ = survey(corpus, language_server, context_tokens=1200, reply_tokens=500).estimate


def test_a_folder_that_cannot_be_written_costs_only_the_keeping(
    corpus: Assistant, language_server: LanguageServer, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    language_server.script(read_honestly)
    result = survey(corpus, language_server, file / "surveys").run()
    assert result.answer.value == YES
    assert any("没能保存" in warning for warning in result.answer.warnings)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_it_can_be_run_beside_other_tasks_and_cancelled(
    corpus: Assistant, language_server: LanguageServer, backend: str
) -> None:
    pytest.importorskip(backend, reason=f"{backend} isn't installed")
    language_server.script(slowly(0.01))

    async def cancelled() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(survey(corpus, language_server, timeout=60.0, retries=0, parallel=2).arun)
            while len(language_server.requests) < 2:
                await anyio.sleep(0.01)
            group.cancel_scope.cancel()

    language_server.script(read_honestly)
    assert anyio.run(survey(corpus, language_server).arun, backend=backend).answer.value == YES
    language_server.script(Reply(hang=True))
    anyio.run(cancelled, backend=backend)
    assert len(language_server.requests) == 2


def test_before_it_is_read_nothing_is_known(corpus: Assistant, language_server: LanguageServer) -> None:
    result = survey(corpus, language_server).result
    assert {v.outcome for v in result.verdicts} == {"not_read"} and len(result.verdicts) == COUNT
    assert result.answer.value is None and result.calls == 0


def test_a_text_is_read_once_to_recall_it_and_once_to_ask_about_it(
    corpus: Assistant, language_server: LanguageServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    language_server.script(read_honestly)
    asked = survey(corpus, language_server, tmp_path)
    read: list[str] = []
    texts, text = corpus.index.texts, corpus.index.text
    monkeypatch.setattr(corpus.index, "texts", lambda ids: read.extend(ids) or texts(ids))
    monkeypatch.setattr(corpus.index, "text", lambda one: read.append(one) or text(one))
    for _ in asked.read():
        pass
    assert set(Counter(read).values()) == {2}
    read.clear()
    for _ in asked.read():
        pass
    assert set(Counter(read).values()) == {1}


def test_what_is_answered_by_search_after_a_survey_says_so(corpus: Assistant) -> None:
    corpus.language_model = None
    plan = corpus.survey(QUESTION).plan
    for answer in (corpus.answer(plan), corpus.ask("那2023年呢？", [plan])):
        assert any("没有由语言模型逐份读过" in warning for warning in answer.warnings)
    assert not any("语言模型" in warning for warning in corpus.ask(QUESTION).warnings)
    told = known_answer(corpus, plan, QUESTION).warnings
    assert [warning for warning in told if "语言模型" in warning] == [told[-1]] and "没有配置" in told[-1]


def test_only_the_asked_section_is_read(corpus: Assistant, language_server: LanguageServer) -> None:
    language_server.script(read_honestly)
    result = survey(corpus, language_server, section="problems").run()
    assert result.answer.value == YES
    assert not any("总体情况" in report_in(request) for request in language_server.requests)


def test_an_english_question_is_answered_in_english(corpus: Assistant, language_server: LanguageServer) -> None:
    language_server.script(read_honestly)
    answer = survey(corpus, language_server, question="Which reports blame a shortage of staff?").run().answer
    assert answer.language == "en"
    assert f"read {COUNT} one by one: {YES} say so" in answer.text


def test_an_empty_scope_needs_no_model(corpus: Assistant, language_server: LanguageServer) -> None:
    result = survey(corpus, language_server, year=1999).run()
    assert result.answer.status == "not_in_corpus" and not language_server.requests


def test_its_json_is_the_answers_with_each_verdict(corpus: Assistant, language_server: LanguageServer) -> None:
    language_server.script(read_honestly)
    result = survey(corpus, language_server).run()
    written = result.as_json()
    assert {name: written[name] for name in written if name != "survey"} == result.answer.model_dump(mode="json")
    assert len(written["survey"]["verdicts"]) == COUNT
    assert written["survey"]["verdicts"][0]["spans"]
