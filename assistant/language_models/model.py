"""One language model, asked within limits: the only way that anything here speaks to one."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from assistant.language_models import tokens
from assistant.language_models.background import DeadlineError, pieces_until, wait_with_beats
from assistant.language_models.failures import Failure, read_failure
from assistant.language_models.loading import Format, address, load, request_options, settings_of, thought_of
from assistant.language_models.remembering import PlanMemory
from assistant.language_models.settings import LanguageModelSettings
from assistant.language_models.thinking import reply_after_thinking, without_thinking
from vectorstore.errors import LanguageModelError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

FIRST_WAIT = 0.5
"""Seconds before a call is made again where the server doesn't say how long; twice as long before each next."""

_FRAME_TOKENS = 8
"""Of one message, beside its text: its role and the marks around it."""
_COUNTED_AT_ONCE = 200
"""Characters of a reply that are counted together: piece by piece would count too many tokens."""
_FORMATS: tuple[Format, ...] = ("schema", "json", "none")


class Message(NamedTuple):
    """A message of a prompt. What reports and people say is never in a ``system`` message."""

    role: Literal["system", "user", "assistant"]
    text: str


class Meter(Protocol):
    """Told what a call takes, which may be several attempts."""

    def sent(self) -> None:
        """The messages are about to be sent, again after an attempt that failed. What it raises ends the call."""

    def heard(self, tokens: int) -> None:
        """So many tokens of this attempt's reply came, what the model thought aloud included."""


class LanguageModel:
    """A LlamaIndex ``LLM`` with time-outs, retries and limits. Safe from several threads.

    Attributes:
        remembered: The plans that it made.
    """

    def __init__(self, llm: LLM, settings: LanguageModelSettings) -> None:
        self.settings = settings
        self.remembered = PlanMemory()
        self._llm = llm
        self._free = threading.BoundedSemaphore(settings.parallel)
        self._lock = threading.Lock()
        self._format: Format = "schema"
        self._failures = 0
        self._rest: tuple[float, Failure] | None = None

    @classmethod
    def open(cls, settings: LanguageModelSettings) -> LanguageModel:
        """The model that the settings name; nothing is sent yet.

        Raises:
            LanguageModelError: The client library takes no such model.
        """
        return cls(load(settings), settings)

    @classmethod
    def of(cls, model: LanguageModelSettings | LLM | LanguageModel) -> LanguageModel:
        """The model that settings name, or a LlamaIndex ``LLM`` that was made elsewhere, within the usual limits.

        Raises:
            LanguageModelError: As `open`.
        """
        if isinstance(model, LanguageModel):
            return model
        if isinstance(model, LanguageModelSettings):
            return cls.open(model)
        return cls(model, settings_of(model))

    @property
    def name(self) -> str:
        """As the answers name it."""
        return self.settings.model

    @property
    def format(self) -> Format:
        """How its server can be made to reply in JSON, as far as was tried."""
        return self._format

    def count_tokens(self, text: str) -> int:
        """By tiktoken's o200k_base; another model's own count may differ."""
        return tokens.count_tokens(text)

    def room(self, messages: Sequence[Message] = (), most_tokens: int | None = None) -> int:
        """How many tokens of text still fit beside these messages and a reply; below 0 where they don't fit."""
        taken = sum(self.count_tokens(message.text) + _FRAME_TOKENS for message in messages)
        return self.settings.context_tokens - self._most(most_tokens) - taken - _FRAME_TOKENS

    def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, Any] | None = None,
        most_tokens: int | None = None,
        meter: Meter | None = None,
    ) -> str:
        """The whole reply, without what the model thought aloud before it.

        Args:
            schema: A JSON schema that the reply is asked to follow; whether it does is for the caller to see.
            most_tokens: Of the reply; by default, and at most, the settings' ``reply_tokens``.
            meter: Told of every attempt.

        Raises:
            LanguageModelError: No usable reply within the limits.
        """

        def whole(pieces: Iterator[str]) -> Iterator[str]:
            # Streamed all the same: a reply that never ends, or that nobody could use any more, is left at the limit.
            yield reply_after_thinking("".join(pieces))

        return "".join(self._ask(messages, schema, self._most(most_tokens), whole, meter))

    def stream(
        self, messages: Sequence[Message], *, most_tokens: int | None = None, beat: float | None = None
    ) -> Generator[str]:
        """The reply, piece by piece; it ends at the limits, whatever the server would go on to say.

        What the model thinks aloud isn't part of it. Closing the iterator hangs up.

        Args:
            beat: Seconds after which an empty piece comes again and again, whatever the server does meanwhile.

        Raises:
            LanguageModelError: As `complete`, possibly after some pieces.
        """
        return self._ask(messages, None, self._most(most_tokens), without_thinking, beat=beat)

    def _most(self, most_tokens: int | None) -> int:
        return max(1, min(most_tokens or self.settings.reply_tokens, self.settings.reply_tokens))

    def _ask(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any] | None,
        most: int,
        read: Callable[[Iterator[str]], Iterator[str]],
        meter: Meter | None = None,
        beat: float | None = None,
    ) -> Generator[str]:
        """The pieces that ``read`` makes of a reply; asked for again as long as none was given out."""
        self._check_rest()
        fitting = _chat_messages(self._fit(messages, most))
        deadline = time.monotonic() + self.settings.timeout
        wait, again = FIRST_WAIT, self.settings.retries
        format: Format = self._format if schema is not None else "none"
        while True:
            given = False
            if meter is not None:
                meter.sent()
            try:
                for piece in read(self._call(fitting, schema, format, most, deadline, meter, beat)):
                    given = given or bool(piece)
                    if piece or beat is not None:
                        yield piece
                if given:
                    self._succeeded(format if schema is not None else None)
                    return
                failure = Failure("empty")
            except Exception as error:  # Whatever a client library raises, it is a reply that didn't come.
                failure = self._failure(error, given)
            if not given and format != "none" and failure.blames_format:
                # Many servers know no schema, some no JSON at all; which is known only by trying.
                format = _FORMATS[_FORMATS.index(format) + 1]
                continue
            pause = failure.wait if failure.wait is not None else wait
            if given or not failure.may_pass or again <= 0 or time.monotonic() + pause >= deadline:
                raise self._failed(failure)
            again, wait = again - 1, wait * 2
            yield from wait_with_beats(pause, beat, _sleep)

    def _call(
        self,
        messages: list[Any],
        schema: Mapping[str, Any] | None,
        format: Format,
        most: int,
        deadline: float,
        meter: Meter | None,
        beat: float | None,
    ) -> Generator[str]:
        """What the server says to one request, up to the deadline and to so many tokens, its thoughts included."""
        most_wait = max(0.001, deadline - time.monotonic())
        if not (yield from wait_with_beats(most_wait, beat, lambda part: self._free.acquire(timeout=part))):
            raise LanguageModelError("", "busy")
        seconds = max(0.001, deadline - time.monotonic())

        thoughts: deque[str] = deque()

        def source() -> Iterator[str]:
            options = request_options(self._llm, schema=schema, format=format, most_tokens=most, seconds=seconds)
            for part in self._llm.stream_chat(messages, **options):
                thoughts.append(thought_of(part))
                yield part.delta or ""

        counted, uncounted = 0, ""
        try:
            for piece in pieces_until(deadline, source, self._free.release, beat):
                if piece is None:
                    yield ""
                    continue
                uncounted += thoughts.popleft() + piece
                if piece:
                    yield piece
                if len(uncounted) >= min(_COUNTED_AT_ONCE, most):
                    counted, uncounted = counted + self.count_tokens(uncounted), ""
                    if counted >= most:
                        return
        finally:
            if meter is not None:
                meter.heard(counted + self.count_tokens(uncounted))

    def _fit(self, messages: Sequence[Message], most: int) -> list[Message]:
        """The messages as far as they fit: the longest that isn't the system's is cut.

        Raises:
            LanguageModelError: They don't fit without it either.
        """
        over = -self.room(messages, most)
        if over <= 0:
            return list(messages)
        sizes = [0 if message.role == "system" else self.count_tokens(message.text) for message in messages]
        longest = max(range(len(sizes)), key=sizes.__getitem__, default=None)
        if longest is None or sizes[longest] <= over:
            raise self._error(Failure("too_long"))
        text = tokens.cut(messages[longest].text, sizes[longest] - over)
        return [message._replace(text=text) if at == longest else message for at, message in enumerate(messages)]

    def _check_rest(self) -> None:
        with self._lock:
            rest = self._rest
            left = rest[0] - time.monotonic() if rest is not None else 0.0
            if rest is None or left <= 0:
                self._rest = None
                return
        raise self._error(rest[1], f"It isn't asked again for {left:.0f} seconds.")

    def _succeeded(self, format: Format | None) -> None:
        with self._lock:
            self._failures, self._rest = 0, None
            self._format = format or self._format

    def _failed(self, failure: Failure) -> LanguageModelError:
        """The error to raise; a server that won't do better a moment later is left alone for a while."""
        with self._lock:
            self._failures += failure.may_pass
            if failure.lasts or failure.wait is not None or (failure.may_pass and self._failures > 1):
                rest = max(self.settings.rest, min(failure.wait or 0.0, 10 * self.settings.rest))
                self._rest = (time.monotonic() + rest, failure)
        return self._error(failure)

    def _error(self, failure: Failure, more: str = "") -> LanguageModelError:
        return failure.error(self.settings, address(self.settings), more)

    def _failure(self, error: Exception, given: bool) -> Failure:
        if isinstance(error, DeadlineError):
            return Failure("timeout")
        if isinstance(error, LanguageModelError) and error.reason == "busy":
            return Failure("busy")
        return read_failure(error, started=given, key=self.settings.key)


def _chat_messages(messages: Sequence[Message]) -> list[Any]:
    from llama_index.core.llms import ChatMessage

    return [ChatMessage(role=message.role, content=message.text) for message in messages]


def _sleep(seconds: float) -> bool:
    """Wait; nothing ends it early."""
    time.sleep(seconds)
    return False
