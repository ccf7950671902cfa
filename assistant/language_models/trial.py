"""A language model tried out: whether it replies, streams, and drafts a plan of a made-up question."""

from __future__ import annotations

import time
from typing import NamedTuple

from assistant.language_models.drafting.choices import Choices
from assistant.language_models.drafting.draft import read_draft, schema_for
from assistant.language_models.drafting.problems import DraftError
from assistant.language_models.drafting.prompting import instructions, question_message
from assistant.language_models.loading import Format, address
from assistant.language_models.model import LanguageModel, Message
from vectorstore.catalogue import catalogue

_COUNT = (Message("system", "Follow the request; nothing else."), Message("user", "从1数到20，用逗号隔开。"))
_QUESTION = "2021年有几个乡镇一份申请也没等来？"
_METRICS = ("applications_new", "result_granted", "denied_subtotal")


class Trial(NamedTuple):
    """What came of it.

    Attributes:
        seconds: For the first reply.
        pieces: In which a streamed reply came.
        format: How the server can be made to reply in JSON.
        problem: What was wrong with its plan; empty where nothing was.
    """

    provider: str
    model: str
    address: str
    has_key: bool
    seconds: float
    pieces: int
    streaming_seconds: float
    format: Format
    problem: str


def try_out(model: LanguageModel) -> Trial:
    """Make three calls.

    Raises:
        LanguageModelError: One of them got no reply.
    """
    begun = time.monotonic()
    model.complete(_COUNT, most_tokens=100)
    replied = time.monotonic()
    pieces = sum(1 for _ in model.stream(_COUNT, most_tokens=100))
    streamed = time.monotonic()
    problem = _plan_problem(model)
    return Trial(
        model.settings.provider,
        model.settings.model,
        address(model.settings),
        model.settings.key is not None,
        round(replied - begun, 1),
        pieces,
        round(streamed - replied, 1),
        model.format,
        problem,
    )


def _plan_problem(model: LanguageModel) -> str:
    choices = Choices({metric: catalogue().name(metric) for metric in _METRICS}, {}, (), (), ())
    asked = question_message(_QUESTION, choices, "zh", {"years_held": [2021, 2022], "understood": {"years": [2021]}})
    reply = model.complete([*instructions("en"), asked], schema=schema_for(choices))
    try:
        draft = read_draft(reply)
    except DraftError as error:
        return error.problems[0]
    meant = (draft.subject, draft.metrics, draft.years)
    return "" if meant == ("figures", ("applications_new",), (2021,)) else "it says another question"
