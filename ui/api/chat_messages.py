"""What a chat front end sends, as OpenAI's protocol has it, and what of it is a question."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from assistant.assistant import LONGEST_QUESTION
from ui.http_serving.problems import ProblemError

MODEL = "nianbao"
_MOST_HISTORY = 20
"""Earlier questions that are read: a follow-up leans on the last few, and each costs time."""


class Ignoring(BaseModel):
    """Front ends send much that says nothing here: temperature, tools, penalties."""

    model_config = ConfigDict(extra="ignore")


class Part(Ignoring):
    type: str
    text: str | None = None


class ChatMessage(Ignoring):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def words(self) -> str:
        """Its text; ProblemError where it holds something else."""
        if self.content is None or isinstance(self.content, str):
            return (self.content or "").strip()
        other = next((part.type for part in self.content if part.type not in ("text", "input_text")), None)
        if other is not None:
            raise ProblemError("invalid_request", f"Only text can be asked, not {other[:40]!r}.", param="messages")
        return "\n".join(part.text or "" for part in self.content).strip()


class StreamOptions(Ignoring):
    include_usage: StrictBool | None = None


class ChatRequest(Ignoring):
    """A conversation; its last message is the question. Parameters that aren't named here are ignored."""

    model: str = Field(max_length=200, description=f"`{MODEL}`, as `/v1/models` lists it.")
    messages: list[ChatMessage] = Field(min_length=1, max_length=2000)
    stream: StrictBool | None = None
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = Field(default=None, description="A question has one answer.")
    nianbao: StrictBool | None = Field(
        default=None, description="Whether a stream's last piece brings the whole Answer and all of its citations too."
    )

    def question(self) -> tuple[str, list[str]]:
        """The question and the earlier ones of the conversation, oldest first.

        Only what people said is read: a system message would be an instruction, and no model that could follow one
        is between the question and the answer.

        Raises:
            ProblemError: There is no question, or something is asked for that there isn't.
        """
        if self.model != MODEL:
            raise ProblemError(
                "not_found",
                f"There is no model {self.model[:80]!r}; there is {MODEL!r}.",
                param="model",
                openai_code="model_not_found",
            )
        last = self.messages[-1]
        if last.role != "user" or not last.words:
            raise ProblemError(
                "invalid_request", "The last message must be the user's, with the question.", param="messages"
            )
        if len(last.words) > LONGEST_QUESTION:
            raise ProblemError(
                "question_refused",
                f"The question has {len(last.words)} characters; ask in at most {LONGEST_QUESTION}.",
                param="messages",
            )
        said = [_said(message) for message in self.messages[:-1] if message.role == "user"]
        return last.words, [words for words in said if words][-_MOST_HISTORY:]

    def prompt_text(self) -> str:
        """All that was sent, for counting its tokens."""
        return "\n".join(_said(message) for message in self.messages)


def _said(message: ChatMessage) -> str:
    """An earlier message's text; empty where it holds what can't be read, or is too long for a question."""
    try:
        words = message.words
    except ProblemError:
        return ""
    return words if len(words) <= LONGEST_QUESTION or message.role != "user" else ""


def completion(identity: dict[str, Any], text: str, usage: dict[str, int], extra: dict[str, Any]) -> dict[str, Any]:
    """A whole completion. ``extra`` are fields of ours beside OpenAI's."""
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return identity | {"object": "chat.completion", "choices": [choice], "usage": usage} | extra


def chunk(identity: dict[str, Any], delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    """A piece of a streamed completion."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return identity | {"object": "chat.completion.chunk", "choices": [choice]}
