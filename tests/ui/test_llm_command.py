"""The command that tries the language model, and the options that name one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from tests.language_server import Reply, oracle
from ui.cli import app

if TYPE_CHECKING:
    from tests.language_server import LanguageServer

KEY = "sk-made-up-0123456789"
PLAN = (
    '{"subject":"figures","operation":"count","metrics":["applications_new"],"kinds":["township"],"years":[2021],'
    '"conditions":[{"comparison":"=","value":0}]}'
)


@pytest.fixture(autouse=True)
def _no_model_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NIANBAO_LLM", "NIANBAO_LLM_URL", "NIANBAO_LLM_KEY"):
        monkeypatch.delenv(name, raising=False)


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"} | environment)


def reply(request: dict[str, Any]) -> str:
    return PLAN if request.get("response_format") or request.get("format") else "1，2，3，4，5，6，7，8，9，10"


def test_without_a_model_it_says_how_to_set_one() -> None:
    result = run("llm")
    assert result.exit_code == 0
    assert "NIANBAO_LLM" in result.stdout


@pytest.mark.integration
@pytest.mark.parametrize("provider", ["openai", "ollama"])
def test_a_model_that_works_is_told_line_by_line(language_server: LanguageServer, provider: str) -> None:
    language_server.script(reply)
    url = language_server.url if provider == "openai" else language_server.root
    result = run("llm", "--llm", f"{provider}:scripted", "--llm-url", url, NIANBAO_LLM_KEY=KEY)
    assert result.exit_code == 0, result.output
    assert f"{provider}:scripted at {url}" in result.stdout
    assert "a usable plan" in result.stdout
    assert KEY not in result.output
    assert language_server.headers[-1]["authorization"] == f"Bearer {KEY}"


@pytest.mark.integration
def test_the_environment_names_the_model_and_none_turns_it_off(language_server: LanguageServer) -> None:
    language_server.script(reply)
    environment = {"NIANBAO_LLM": "openai:scripted", "NIANBAO_LLM_URL": language_server.url}
    told = json.loads(run("llm", "--json", **environment).stdout)
    assert (told["model"], told["format"], told["problem"]) == ("scripted", "schema", "")
    assert json.loads(run("llm", "--llm", "none", "--json", **environment).stdout) == {"model": None}


@pytest.mark.integration
def test_a_model_that_plans_badly_is_told(language_server: LanguageServer) -> None:
    language_server.script("你好")
    result = run("llm", "--llm", "openai:scripted", "--llm-url", language_server.url)
    assert result.exit_code == 0
    assert "no usable plan" in result.stdout


@pytest.mark.integration
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Reply(f"Incorrect API key: {KEY}", status=401), "NIANBAO_LLM_KEY"),
        (Reply("no such model", status=404), "doesn't know the model"),
    ],
)
def test_a_model_that_fails_is_one_sentence_and_exit_code_1(
    language_server: LanguageServer, answer: Reply, says: str
) -> None:
    language_server.script(answer)
    result = run("llm", "--llm", "openai:scripted", "--llm-url", language_server.url, NIANBAO_LLM_KEY=KEY)
    assert result.exit_code == 1
    assert says in result.stderr
    assert KEY not in result.output
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.integration
def test_a_name_that_can_t_be_meant_is_one_sentence(samples_index: Path) -> None:
    for command in (["llm"], ["ask", "2023年哪些镇没有收到申请？", "--index", str(samples_index)]):
        for name, url in (("gpt", ""), ("openai:", ""), ("openai:x", "ftp://a")):
            result = run(*command, "--llm", name, "--llm-url", url)
            assert result.exit_code == 2
            assert len(result.stderr.strip().splitlines()) == 1, result.stderr
            assert "http" in result.stderr if url else "PROVIDER:MODEL" in result.stderr
        assert run(*command, "--llm-url", "http://127.0.0.1:9/v1").exit_code == 2


@pytest.mark.integration
def test_ask_answers_by_the_model_s_plan_and_says_so(samples_index: Path, language_server: LanguageServer) -> None:
    language_server.script(oracle(PLAN.replace("2021", "2023")))
    question = "2023年有几个镇没人搭理？"
    given = ["ask", question, "--index", str(samples_index), "--json", "--today", "2024-06-01"]
    answer = json.loads(run(*given, "--llm", "openai:scripted", "--llm-url", language_server.url).stdout)
    assert answer["plan"]["made_by"] == "model"
    assert answer["warnings"][0].startswith("这样理解由语言模型给出：2023年")
    built_in = json.loads(run(*given).stdout)
    assert "made_by" not in built_in["plan"]


@pytest.mark.integration
def test_ask_answers_by_itself_where_the_server_is_dead(samples_index: Path) -> None:
    given = ["ask", "2023年有几个镇没人搭理？", "--index", str(samples_index), "--json"]
    built_in = json.loads(run(*given).stdout)
    result = run(*given, "--llm", "openai:scripted", "--llm-url", "http://127.0.0.1:9/v1", NIANBAO_LLM_RETRIES="0")
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert answer["text"] == built_in["text"]
    assert any("连接不上" in warning for warning in answer["warnings"])
