"""Reading report by report in the web chat."""

from __future__ import annotations

import json
import shutil
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.plan import Plan
from tests.language_server import LanguageServer, Reply
from ui.texts import texts
from ui.web.ask.surveying import MOST_RUNNING, Readings
from ui.web.asked import Asked, read_asked
from ui.web.site import Site
from vectorstore.errors import NianbaoError

pytestmark = pytest.mark.integration
QUESTION = Asked("2023年哪些报告提到编制短缺？")
WORDS = texts("zh")
NO = '{"quote": "", "verdict": "no"}'


@pytest.fixture
def assistant(samples_index: Path, tmp_path: Path, language_server: LanguageServer) -> Iterator[Assistant]:
    """Over the samples, where nothing was asked yet, with a scripted model."""
    language_server.script(NO)
    folder = Path(shutil.copytree(samples_index, tmp_path / "index"))
    with Assistant.open(folder) as assistant:
        yield assistant


@pytest.fixture
def site(assistant: Assistant, language_server: LanguageServer) -> Site:
    site = Site(assistant)
    site.answers.answer(QUESTION)  # without the model, whose wording is no matter here
    assistant.language_model = language_server.model(retries=0)
    return site


def offered(readings: Readings, asked: Asked = QUESTION) -> Asked:
    """What the offer's button begins."""
    found = readings.look(asked, WORDS)
    assert found["state"] == "offer"
    import html

    record = html.unescape(found["html"].partition('data-record="')[2].partition('"')[0])
    return read_asked(json.loads(record))


def until_done(readings: Readings, asked: Asked) -> None:
    for _ in range(3000):
        if readings.look(asked, WORDS)["state"] != "running":
            return
        time.sleep(0.01)
    pytest.fail("the reading never ended")


def test_it_is_offered_with_what_it_takes_and_nothing_is_sent(site: Site, language_server: LanguageServer) -> None:
    found = Readings(site).look(QUESTION, WORDS)
    assert found["state"] == "offer"
    assert "让模型逐篇阅读" in found["html"] and "万 tokens" in found["html"]
    assert language_server.url in found["html"]
    assert not language_server.requests


def test_without_a_model_nothing_is_offered(site: Site) -> None:
    site.assistant.language_model = None
    assert Readings(site).look(QUESTION, WORDS) == {"state": "off", "html": ""}


def test_a_question_of_figures_is_offered_nothing(site: Site) -> None:
    asked = Asked("2023年各单位收到多少件申请？", Plan(subject="figures", metrics=("applications_new",)))
    model, site.assistant.language_model = site.assistant.language_model, None
    site.answers.answer(asked)
    site.assistant.language_model = model
    assert Readings(site).look(asked, WORDS)["state"] == "none"


def test_its_result_is_the_answer_to_its_own_plan(site: Site, language_server: LanguageServer) -> None:
    readings = Readings(site)
    survey = offered(readings)
    assert survey.plan is not None and survey.plan.aspect == "survey"
    assert "没有读" in site.answers.answer(survey).text
    assert readings.begin(survey, WORDS)["state"] == "running"
    until_done(readings, survey)
    answer = site.answers.answer(survey)
    assert "在所读文字里没有找到" in answer.text and "没有读" not in answer.text
    assert readings.look(survey, WORDS) == {"state": "none", "html": ""}
    sent = len(language_server.requests)
    # Another program over the same index, later.
    assert Site(site.assistant).answers.answer(survey).text == answer.text
    assert "不用再调用" in Readings(site).look(QUESTION, WORDS)["html"]
    assert len(language_server.requests) == sent == answer.coverage.in_scope


def test_it_stops_and_goes_on(site: Site, language_server: LanguageServer) -> None:
    readings = Readings(site)
    survey = offered(readings)
    waiting = threading.Event()
    language_server.script(lambda request: Reply(NO, delay=0 if waiting.is_set() else 3.0))
    readings.begin(survey, WORDS)
    found = readings.look(survey, WORDS)
    assert found["state"] == "running" and 'data-survey="stop"' in found["html"] and "<progress" in found["html"]
    assert readings.begin(survey, WORDS) == {"state": "running"}  # not a second time
    readings.stop(survey, WORDS)
    until_done(readings, survey)
    assert "接着读" in readings.look(survey, WORDS)["html"]
    waiting.set()
    readings.begin(survey, WORDS)
    until_done(readings, survey)
    assert readings.look(survey, WORDS)["state"] == "none"


def test_only_so_many_run_at_a_time(site: Site, language_server: LanguageServer) -> None:
    language_server.script(lambda request: Reply(NO, delay=3.0))
    readings = Readings(site)
    survey = offered(readings)
    assert survey.plan is not None
    others = [Asked(f"{survey.question}{n}", survey.plan) for n in range(MOST_RUNNING)]
    for other in others:
        readings.begin(other, WORDS)
    with pytest.raises(NianbaoError, match="逐篇阅读"):
        readings.begin(survey, WORDS)
    for other in others:
        readings.stop(other, WORDS)


def test_only_a_survey_can_be_begun(site: Site) -> None:
    with pytest.raises(NianbaoError):
        Readings(site).begin(QUESTION, WORDS)


def test_what_no_page_of_ours_would_send_is_refused(address: str) -> None:
    def status(body: bytes, kind: str, **headers: str) -> int:
        request = urllib.request.Request(f"{address}nb/survey", body, {"content-type": kind} | headers)
        try:
            with urllib.request.urlopen(request) as reply:
                return int(reply.status)
        except urllib.error.HTTPError as error:
            return error.code

    asked = json.dumps({"do": "look", "asked": QUESTION.as_json()}).encode()
    assert status(asked, "application/json") == 200
    assert status(asked, "text/plain") == 415
    assert status(b"[", "application/json") == 400
    assert status(b"[]", "application/json") == 400
    assert status(asked, "application/json", Origin="http://elsewhere.example") == 403
    for nonsense in ({}, {"do": "drop", "asked": {}}, {"do": "look"}, {"do": [], "asked": QUESTION.as_json()}):
        assert status(json.dumps(nonsense).encode(), "application/json") == 200


@pytest.mark.browser
def test_a_reading_is_begun_survives_a_reload_is_stopped_and_ends_as_an_answer(
    assistant: Assistant, visit: Callable[..., Any], language_server: LanguageServer
) -> None:
    from ui.web.serving import serve

    hold = threading.Event()

    def read(request: dict[str, Any]) -> Reply:
        said = str(request["messages"][1]["content"])
        quote = said.partition("<report>\n")[2].partition("一、总体情况\n")[2].partition("。")[0] + "。"
        reply = json.dumps({"quote": quote, "verdict": "yes"}, ensure_ascii=False)
        return Reply(reply, delay=10.0 if hold.is_set() else 0.0)

    blocks, address = serve(assistant)
    try:
        page = visit(at=address)
        page.ask(QUESTION.question)
        assert page.page.locator(".nb-survey").count() == 0
        assistant.language_model = language_server.model(retries=0)
        language_server.script(read)
        hold.set()
        page.page.reload()
        page.page.wait_for_selector("[data-survey=begin]")
        page.page.click("[data-survey=begin]")
        running = '.nb-turn[data-turn="1"] .nb-survey progress'
        page.page.wait_for_selector(running)
        page.page.reload()
        page.page.wait_for_selector(running)
        page.page.click("[data-survey=stop]")
        resume = '.nb-turn[data-turn="1"] [data-survey=begin]'
        page.page.wait_for_selector(resume)
        hold.clear()
        page.page.click(resume)
        page.page.wait_for_selector('.nb-turn[data-turn="1"] .nb-ref')
        page.page.wait_for_selector('.nb-group[data-turn="1"] .nb-card')
        assert "各有原文为证" in page.page.inner_text('.nb-turn[data-turn="1"] .nb-text')
        assert page.accessibility_violations() == ""
        assert not page.scrolls_sideways
    finally:
        blocks.close(verbose=False)
