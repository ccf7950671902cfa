"""Which language model the environment names, and what can't be meant."""

from __future__ import annotations

import re

import pytest

from assistant.language_models.settings import LanguageModelSettings
from vectorstore.errors import LanguageModelError

KEY = "sk-made-up-0123456789"


def test_no_name_is_no_model() -> None:
    assert LanguageModelSettings.from_environment({}) is None
    assert LanguageModelSettings.from_environment({"NIANBAO_LLM": " ", "NIANBAO_LLM_KEY": KEY}) is None
    assert LanguageModelSettings.from_environment({"OPENAI_API_KEY": KEY}) is None
    assert LanguageModelSettings.from_environment({"NIANBAO_LLM": "none"}) is None


def test_the_environment_names_provider_model_address_key_and_limits() -> None:
    settings = LanguageModelSettings.from_environment(
        {
            "NIANBAO_LLM": "ollama:qwen3:8b",
            "NIANBAO_LLM_URL": "http://10.0.0.5:11434",
            "NIANBAO_LLM_KEY": KEY,
            "NIANBAO_LLM_TIMEOUT": "12.5",
            "NIANBAO_LLM_RETRIES": "0",
            "NIANBAO_LLM_CONTEXT_TOKENS": "8000",
            "NIANBAO_LLM_THINKING": "no",
        }
    )
    assert settings is not None
    assert (settings.provider, settings.model, settings.url) == ("ollama", "qwen3:8b", "http://10.0.0.5:11434")
    assert (settings.timeout, settings.retries, settings.context_tokens) == (12.5, 0, 8000)
    assert settings.thinking is False


def test_a_command_s_name_and_address_outrank_the_environment_s_but_the_key_is_the_environment_s() -> None:
    environment = {"NIANBAO_LLM_URL": "http://a:1/v1", "NIANBAO_LLM_KEY": KEY}
    settings = LanguageModelSettings.chosen("openai:m", url="http://b:2/v1", environment=environment)
    assert settings == LanguageModelSettings("m", url="http://b:2/v1", key=KEY)


def test_the_key_is_in_no_representation() -> None:
    settings = LanguageModelSettings("m", key=KEY, proxy="http://proxy:3128")
    assert KEY not in repr(settings)
    assert KEY not in str(settings)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("qwen3", "PROVIDER:MODEL"),
        ("azure:gpt", "PROVIDER:MODEL"),
        ("openai:", "PROVIDER:MODEL"),
    ],
)
def test_a_name_that_names_no_model_is_answered_with_an_example(name: str, says: str) -> None:
    with pytest.raises(LanguageModelError, match=says):
        LanguageModelSettings.named(name)


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "127.0.0.1:8000"},
        {"url": "ftp://host/v1"},
        {"url": "http://"},
        {"url": f"http://user:{KEY}@host/v1"},
        {"timeout": 0},
        {"timeout": float("inf")},
        {"timeout": float("nan")},
        {"retries": -1},
        {"parallel": 0},
        {"reply_tokens": 0},
        {"context_tokens": 1000, "reply_tokens": 1000},
        {"key": "sk-\nInjected: header"},
        {"key": "钥匙"},
        {"proxy": "socks"},
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence_without_the_key(changes: dict[str, object]) -> None:
    with pytest.raises(LanguageModelError) as caught:
        LanguageModelSettings("m", **({"key": KEY} | changes))  # type: ignore[arg-type]
    assert str(caught.value).endswith(".")
    assert KEY not in str(caught.value)
    assert "Injected" not in str(caught.value)


@pytest.mark.parametrize(
    ("limit", "text"), [("TIMEOUT", "soon"), ("RETRIES", "inf"), ("RETRIES", "1.5"), ("PARALLEL", "nan")]
)
def test_a_limit_that_is_no_number_names_its_variable(limit: str, text: str) -> None:
    with pytest.raises(LanguageModelError, match=f"NIANBAO_LLM_{limit}"):
        LanguageModelSettings.from_environment({"NIANBAO_LLM": "openai:m", f"NIANBAO_LLM_{limit}": text})


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("URL", "127.0.0.1:8000"),
        ("URL", f"http://user:{KEY}@host/v1"),
        ("PROXY", "socks"),
        ("PROXY", f"http://user:{KEY}@proxy:3128"),
        ("THINKING", "maybe"),
    ],
)
def test_what_is_wrong_in_the_environment_is_told_with_its_own_variable_alone(variable: str, text: str) -> None:
    with pytest.raises(LanguageModelError) as caught:
        LanguageModelSettings.from_environment({"NIANBAO_LLM": "openai:m", f"NIANBAO_LLM_{variable}": text})
    told = set(re.findall(r"NIANBAO_LLM_(\w+)", str(caught.value)))
    assert told - ({"KEY"} if variable == "URL" else set()) == {variable}
    assert KEY not in str(caught.value)
