"""Which language model is asked, where, and within what limits."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, get_args
from urllib.parse import urlsplit

from vectorstore.errors import LanguageModelError

Provider = Literal["openai", "ollama"]
PROVIDERS: tuple[Provider, ...] = get_args(Provider)

MODEL_VARIABLE, URL_VARIABLE, KEY_VARIABLE = "NIANBAO_LLM", "NIANBAO_LLM_URL", "NIANBAO_LLM_KEY"
PROXY_VARIABLE, THINKING_VARIABLE = "NIANBAO_LLM_PROXY", "NIANBAO_LLM_THINKING"
_YES_OR_NO = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False, "off": False}

_EXAMPLE = "write PROVIDER:MODEL, as openai:qwen3-8b or ollama:qwen3:8b"
_NUMBERS = ("timeout", "retries", "parallel", "context_tokens", "reply_tokens", "rest")
_FRACTIONS = ("timeout", "rest")
_LIMIT_VARIABLES = {f"NIANBAO_LLM_{name.upper()}": name for name in _NUMBERS}
_AT_LEAST = {
    "timeout": 0.001, "retries": 0, "parallel": 1, "context_tokens": 512, "reply_tokens": 1, "rest": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LanguageModelSettings:
    """A language model behind a server, and how it is asked.

    Attributes:
        model: The name that the server knows it by.
        provider: ``openai`` is any server that speaks its protocol: vLLM, llama.cpp, DeepSeek, Qwen, OpenAI.
        url: The server's base address, ``http://127.0.0.1:8000/v1``; ``None`` for the provider's own.
        key: Sent as the bearer token, to ``url`` only; never printed.
        proxy: The address of a proxy to go through. Those that the environment names for other programs aren't used.
        timeout: Seconds for one reply, from asking to its last word, with all that is tried again.
        retries: How often a call that failed for the server's sake is made again.
        parallel: Calls at a time, at most.
        context_tokens: What prompt and reply must fit into.
        reply_tokens: Of one reply, at most.
        rest: Seconds for which a server that could not be reached isn't asked again.
        thinking: Whether a model that can think before it replies is asked to, by the names that vLLM, llama.cpp and
            Ollama know; ``None`` asks for nothing. Thinking is never shown, and takes its tokens from the reply's.

    Raises:
        LanguageModelError: A value that can't be meant; the message says which, and never what the key is.
    """

    model: str
    provider: Provider = "openai"
    url: str | None = None
    key: str | None = field(default=None, repr=False)
    timeout: float = 60.0
    retries: int = 2
    parallel: int = 4
    context_tokens: int = 16_000
    reply_tokens: int = 1_500
    rest: float = 30.0
    thinking: bool | None = None
    proxy: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.provider not in PROVIDERS:
            raise LanguageModelError(f"There is no provider {self.provider!r} of language models; {_EXAMPLE}.")
        if not self.model.strip():
            raise LanguageModelError(f"The language model has no name; {_EXAMPLE}.")
        if self.url is not None:
            _check_address("language model's server", self.url, URL_VARIABLE, f"give a key by ${KEY_VARIABLE}")
        if self.proxy is not None:
            _check_address("proxy", self.proxy, PROXY_VARIABLE, "a proxy that wants them can't be gone through")
        for name, least in _AT_LEAST.items():
            value = getattr(self, name)
            if not (value >= least and value < float("inf")):
                raise LanguageModelError(f"{name} of the language model is {value}; it must be at least {least}.")
        if self.reply_tokens >= self.context_tokens:
            raise LanguageModelError(
                f"A reply of {self.reply_tokens} tokens leaves no room for a question in a context of "
                f"{self.context_tokens}; give fewer reply_tokens or more context_tokens."
            )
        if self.key is not None and not (self.key.isascii() and self.key.isprintable()):
            raise LanguageModelError(
                f"The key of the language model holds a character that no key has; see ${KEY_VARIABLE}."
            )

    @classmethod
    def named(cls, name: str, *, url: str | None = None, key: str | None = None, **others: Any) -> Self:
        """The settings for ``PROVIDER:MODEL``; ``others`` are the other attributes.

        Raises:
            LanguageModelError: The name has no provider that is known, or no model.
        """
        provider, colon, model = name.strip().partition(":")
        if not colon or provider not in PROVIDERS or not model.strip():
            raise LanguageModelError(f"{name!r} names no language model; {_EXAMPLE}.")
        return cls(model.strip(), provider, url=url or None, key=key or None, **others)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self | None:
        """What ``$NIANBAO_LLM`` (``PROVIDER:MODEL``), ``_URL`` and ``_KEY`` say; ``None`` where no model is named.

        ``$NIANBAO_LLM_TIMEOUT``, ``_RETRIES``, ``_PARALLEL``, ``_CONTEXT_TOKENS``, ``_REPLY_TOKENS``, ``_REST``,
        ``_THINKING`` (yes or no) and ``_PROXY`` set the rest. Nothing else in the environment matters, neither
        ``OPENAI_…`` nor ``HTTPS_PROXY``.

        Raises:
            LanguageModelError: One of them can't be meant.
        """
        return cls.chosen(environment.get(MODEL_VARIABLE), environment=environment)

    @classmethod
    def chosen(
        cls, name: str | None, *, url: str | None = None, environment: Mapping[str, str] = os.environ
    ) -> Self | None:
        """As `from_environment`, the name and the address as given where they are; ``none`` is no model.

        The key is only ever the environment's: a command line can be read by others.
        """
        if not name or name.strip() in ("", "none"):
            return None
        limits = {
            limit: _number(variable, environment[variable], whole=limit not in _FRACTIONS)
            for variable, limit in _LIMIT_VARIABLES.items()
            if environment.get(variable, "").strip()
        }
        proxy = environment.get(PROXY_VARIABLE, "").strip() or None
        thinking = _yes_or_no(THINKING_VARIABLE, environment.get(THINKING_VARIABLE, "").strip())
        address = url or environment.get(URL_VARIABLE, "").strip()
        key = environment.get(KEY_VARIABLE, "").strip()
        return cls.named(name, url=address, key=key, proxy=proxy, thinking=thinking, **limits)


def _number(variable: str, text: str, *, whole: bool) -> float:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        kind = "whole number" if whole else "number"
        raise LanguageModelError(f"${variable} is {text[:40]!r}; it must be a {kind}.") from None


def _yes_or_no(variable: str, text: str) -> bool | None:
    if not text:
        return None
    if text.lower() not in _YES_OR_NO:
        raise LanguageModelError(f"${variable} is {text[:40]!r}; it must be yes or no.")
    return _YES_OR_NO[text.lower()]


def _check_address(what: str, url: str, variable: str, instead: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise LanguageModelError(f"The address of the {what} is no http:// or https:// address; see ${variable}.")
    if parts.username or parts.password:
        raise LanguageModelError(
            f"The address of the {what} holds a user or a password; leave them out of ${variable}, and {instead}."
        )
