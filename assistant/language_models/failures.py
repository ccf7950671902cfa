"""What went wrong with a call: read from the client library's error, said in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from time import time
from typing import Literal, NamedTuple

from assistant.language_models.settings import LanguageModelSettings
from vectorstore.errors import LanguageModelError

Reason = Literal[
    "unreachable", "timeout", "cut", "key", "model", "rate", "server", "refused", "too_long", "empty", "busy", "broken"
]

_SENTENCES: Mapping[Reason, str] = {
    "unreachable": "The server of {model} could not be reached at {address}; see whether it runs there.",
    "timeout": "{model} did not answer within {seconds:g} seconds.",
    "cut": "The connection to {model} broke off in the middle of its reply.",
    "key": "The server of {model} refuses the key; see $NIANBAO_LLM_KEY.",
    "model": "The server at {address} doesn't know the model {model}, or isn't the address of a model; see "
    "$NIANBAO_LLM and $NIANBAO_LLM_URL.",
    "rate": "The server of {model} takes no more calls for now.",
    "server": "The server of {model} failed.",
    "refused": "The server of {model} refused the call.",
    "too_long": "What {model} was to read doesn't fit into its context of {context} tokens.",
    "empty": "{model} replied with nothing. A model that thinks first may need more reply_tokens, or thinking off.",
    "busy": "{model} is answering {parallel} other calls, and none ended in time.",
    "broken": "What the server of {model} sent is no reply of a language model.",
}
_AGAIN: frozenset[Reason] = frozenset({"unreachable", "timeout", "cut", "rate", "server", "broken"})
_LASTING: frozenset[Reason] = frozenset({"unreachable", "key", "model"})
"""What won't be otherwise a moment later."""
_LONGEST_DETAIL = 200
_TOO_LONG = ("context length", "context_length", "context size", "context window", "maximum context")


class Failure(NamedTuple):
    """One call that failed.

    Attributes:
        detail: What the server or the library said, in one short line; nothing that is to be believed.
        wait: Seconds that the server asks to be left alone for.
    """

    reason: Reason
    detail: str = ""
    status: int | None = None
    wait: float | None = None

    @property
    def may_pass(self) -> bool:
        """Whether the same call may succeed a moment later."""
        return self.reason in _AGAIN

    @property
    def lasts(self) -> bool:
        """Whether it is no use to ask anything else now."""
        return self.reason in _LASTING

    @property
    def blames_format(self) -> bool:
        """Whether asking for JSON may be what the server refused."""
        named = any(word in self.detail.casefold() for word in ("grammar", "schema", "format"))
        return self.reason == "refused" or (self.reason == "server" and named)

    def error(self, settings: LanguageModelSettings, address: str, more: str = "") -> LanguageModelError:
        """As a sentence. It never holds the key, even where the server says it."""
        sentence = _SENTENCES[self.reason].format(
            model=settings.model,
            address=address,
            seconds=settings.timeout,
            context=settings.context_tokens,
            parallel=settings.parallel,
        )
        said = " ".join(filter(None, [str(self.status or ""), self.detail]))
        whole = f"{sentence} ({said})" if said else sentence
        return LanguageModelError(f"{_without(settings.key, whole)} {more}".rstrip(), self.reason, self.wait)


def read_failure(error: BaseException, *, started: bool, key: str | None) -> Failure:
    """What an error of any client library means.

    Args:
        started: Whether a part of the reply had come.
        key: Which the server may have said, and the failure never does.
    """
    if isinstance(error, LanguageModelError):
        return Failure("broken", _line(error, key))
    chain = _causes(error)
    status = next((code for each in chain if isinstance(code := getattr(each, "status_code", None), int)), None)
    if status is not None and status > 0:
        return _of_status(status, error, key)
    names = {kind.__name__ for each in chain for kind in type(each).__mro__}
    detail = _line(error, key)
    if names & {"TimeoutException", "APITimeoutError", "TimeoutError"}:
        connecting = "ConnectTimeout" in names
        return Failure("unreachable" if connecting else "timeout", detail)
    if "DecodingError" in names:
        return Failure("broken", _line(chain[-1], key))
    if names & {"RemoteProtocolError", "ReadError"}:
        return Failure("cut", detail)
    if names & {"ConnectError", "ConnectionError", "APIConnectionError", "ProxyError", "UnsupportedProtocol"}:
        return Failure("cut" if started else "unreachable", detail)
    return Failure("broken", detail)


def _of_status(status: int, error: BaseException, key: str | None) -> Failure:
    detail = _line(error, key)
    match status:
        case 401 | 403:
            return Failure("key", detail, status)
        case 404 | 405:
            return Failure("model", detail, status)
        case 408:
            return Failure("timeout", detail, status)
        case 429:
            return Failure("rate", detail, status, _wait(error))
        case _ if status >= 500:
            return Failure("server", detail, status, _wait(error))
        case _ if 300 <= status < 400:
            return Failure("model", detail, status)
        case _ if any(words in detail.casefold() for words in _TOO_LONG):
            return Failure("too_long", detail, status)
        case _:
            return Failure("refused", detail, status)


def _causes(error: BaseException) -> list[BaseException]:
    """The error and those that it came from."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or at.__context__
    return chain


def _line(error: BaseException, key: str | None) -> str:
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, dict) else getattr(error, "error", None)
    # Before it is cut: of a key across the cut nothing would be known any more, and half of it be told.
    text = " ".join(_without(key, str(said if isinstance(said, str) and said else error)).split())
    return text if len(text) <= _LONGEST_DETAIL else text[:_LONGEST_DETAIL] + "…"


def _without(key: str | None, text: str) -> str:
    return text.replace(key, "…") if key else text


def _wait(error: BaseException) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    said = headers.get("retry-after") if hasattr(headers, "get") else None
    if not said:
        return None
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time())
    except ValueError:
        return None
