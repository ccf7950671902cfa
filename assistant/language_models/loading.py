"""Language models as LlamaIndex's ``LLM``: the only door to the client libraries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from assistant.language_models.settings import LanguageModelSettings, Provider
from vectorstore.errors import LanguageModelError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

OPENAI_URL = "https://api.openai.com/v1"
OLLAMA_URL = "http://localhost:11434"

Format = Literal["schema", "json", "none"]
"""How a server can be made to reply in JSON: by the schema, as any JSON, or by being asked to in words."""

LONGEST_CONNECTING = 5.0
"""Seconds. Who doesn't pick up within them won't."""


def load(settings: LanguageModelSettings) -> LLM:
    """The model that the settings name; nothing is sent.

    Raises:
        LanguageModelError: The client library takes no such model.
    """
    make = {"openai": _openai_like, "ollama": _ollama}[settings.provider]
    try:
        return make(settings)
    except ValueError as error:
        raise LanguageModelError(f"{settings.provider}:{settings.model} can't be used: {error}") from error


def settings_of(llm: LLM) -> LanguageModelSettings:
    """Settings that tell of a model which was made elsewhere what it tells of itself."""
    told = llm.metadata
    provider: Provider = "ollama" if llm.class_name() == "Ollama_llm" else "openai"
    url = getattr(llm, "api_base", None) or getattr(llm, "base_url", None)
    key = getattr(llm, "api_key", None)
    # It is known only to be left out of what errors say.
    key = key if isinstance(key, str) and key.isascii() and key.isprintable() else None
    settings = LanguageModelSettings(told.model_name or llm.class_name(), provider, url or None, key or None)
    # A model that says of itself that it holds less than a reply mostly says nothing of itself at all.
    return replace(settings, context_tokens=max(told.context_window, 2 * settings.reply_tokens))


def address(settings: LanguageModelSettings) -> str:
    """Where requests go; an address that was copied with the path of a call is taken without it."""
    if settings.url is None:
        return OPENAI_URL if settings.provider == "openai" else OLLAMA_URL
    return settings.url.rstrip("/").removesuffix("/chat/completions")


def _openai_like(settings: LanguageModelSettings) -> LLM:
    import httpx
    import openai.resources.chat.completions  # noqa: F401 - else the first call loads it, which takes a second of its time
    from llama_index.llms.openai_like import OpenAILike

    from assistant.language_models.bounded_transport import BoundedTransport

    url = address(settings)
    transport = BoundedTransport(url, key=settings.key, proxy=settings.proxy, connections=settings.parallel + 1)
    extra = {} if settings.thinking is None else {"chat_template_kwargs": {"enable_thinking": settings.thinking}}
    return OpenAILike(
        model=settings.model,
        api_base=url,
        # The library wants one and would else take the environment's; the transport puts the real one on.
        api_key="none",
        is_chat_model=True,
        context_window=settings.context_tokens,
        temperature=0.0,
        max_retries=0,  # LanguageModel tries again, within one deadline.
        timeout=settings.timeout,
        additional_kwargs={"extra_body": extra} if extra else {},
        http_client=httpx.Client(transport=transport, trust_env=False, follow_redirects=False),
    )


def _ollama(settings: LanguageModelSettings) -> LLM:
    import httpx
    from llama_index.llms.ollama import Ollama
    from ollama import Client

    from assistant.language_models.bounded_transport import BoundedTransport

    url = address(settings).removesuffix("/api").removesuffix("/v1")
    transport = BoundedTransport(url, key=settings.key, proxy=settings.proxy, connections=settings.parallel + 1)
    timeout = httpx.Timeout(settings.timeout, connect=min(LONGEST_CONNECTING, settings.timeout))
    return Ollama(
        model=settings.model,
        base_url=url,
        temperature=0.0,
        context_window=settings.context_tokens,
        request_timeout=settings.timeout,
        additional_kwargs={"num_predict": settings.reply_tokens},
        thinking=settings.thinking,
        client=Client(host=url, timeout=timeout, transport=transport, trust_env=False, follow_redirects=False),
    )


def request_options(
    llm: LLM, *, schema: Mapping[str, Any] | None, format: Format, most_tokens: int, seconds: float
) -> dict[str, Any]:
    """What to pass to ``stream_chat`` beside the messages, in the words of the library behind it."""
    match llm.class_name():
        case "OpenAILike" | "openai_llm":
            import httpx

            timeout = httpx.Timeout(seconds, connect=min(LONGEST_CONNECTING, seconds))
            return {"max_tokens": most_tokens, "timeout": timeout} | _response_format(schema, format)
        case "Ollama_llm" if schema is not None and format != "none":
            return {"format": dict(schema) if format == "schema" else "json"}
        case _:
            return {}


def thought_of(part: Any) -> str:
    """What a model thought aloud in a part of its reply, where its server sends that apart."""
    said = getattr(part, "additional_kwargs", {}).get("thinking_delta")
    return said if isinstance(said, str) else ""


def _response_format(schema: Mapping[str, Any] | None, format: Format) -> dict[str, Any]:
    if schema is None or format == "none":
        return {}
    if format == "json":
        return {"response_format": {"type": "json_object"}}
    named = {"name": str(schema.get("title", "reply")), "schema": dict(schema)}
    return {"response_format": {"type": "json_schema", "json_schema": named}}
