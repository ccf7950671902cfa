"""One report: the model is asked, its reply read, its quote looked up, and asked once more where that fails."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, NamedTuple

from assistant.language_models.model import LanguageModel
from assistant.language_models.surveying.budget import Budget, BudgetSpentError
from assistant.language_models.surveying.excerpts import Excerpt
from assistant.language_models.surveying.prompts import SCHEMA, Prompts
from assistant.language_models.surveying.quotes import find_quote, whole_sentences
from assistant.language_models.surveying.records import ReportVerdict
from assistant.lexicons import read_lexicon
from vectorstore.folding import fold_label
from vectorstore.records import Report

Said = Literal["yes", "no", "unclear"]


class Reply(NamedTuple):
    """What a reply says."""

    verdict: Said
    quote: str


@dataclass(frozen=True, slots=True)
class Task:
    """One report to be judged."""

    report: Report
    text: str
    excerpt: Excerpt


class Judge:
    """Asks a model about reports. Safe from several threads."""

    def __init__(self, model: LanguageModel, prompts: Prompts, budget: Budget, cancelled: threading.Event) -> None:
        self._model = model
        self._prompts = prompts
        self._budget = budget
        self._cancelled = cancelled

    def judge(self, task: Task) -> ReportVerdict:
        """The verdict on a report.

        Raises:
            LanguageModelError: The server or the model failed.
            BudgetSpentError: Nothing was asked, since too little is left.
        """
        asked = self._prompts.about(task.excerpt)
        begun = blank_verdict(task)
        raw, begun = self._ask(asked, begun)
        reply, why = self._look(task, raw)
        if why is None and reply is not None:
            return self._settled(begun, task, reply)
        try:
            again, begun = self._ask(self._prompts.again(asked, raw, why or "unusable"), begun)
        except BudgetSpentError:
            return self._unsettled(begun, reply, why)
        second, still = self._look(task, again)
        if second is None:
            return self._unsettled(begun, reply, why if reply is not None else still)
        if still is not None:
            return replace(begun, outcome="unverified", why=still)
        if reply is not None and second.verdict == "no":
            # It takes its yes back as it is asked for the words: then neither is certain.
            return replace(begun, outcome="unclear", why="took_back")
        return self._settled(begun, task, second)

    def _ask(self, messages: tuple[Any, ...], begun: ReportVerdict) -> tuple[str, ReportVerdict]:
        sent, most = self._prompts.tokens_of(messages), self._model.settings.reply_tokens
        with self._budget.call(sent, most, self._cancelled) as call:
            raw = self._model.complete(messages, schema=SCHEMA, most_tokens=most, meter=call)
        return raw, replace(
            begun,
            calls=begun.calls + call.attempts,
            tokens_in=begun.tokens_in + call.tokens_in,
            tokens_out=begun.tokens_out + call.tokens_out,
        )

    def _look(self, task: Task, raw: str) -> tuple[Reply | None, str | None]:
        """What a reply says, and what is wrong with it."""
        reply = read_reply(raw)
        if reply is None:
            return None, "unusable"
        if reply.verdict != "yes":
            return reply, None
        return reply, find_quote(reply.quote, task.report, task.text, task.excerpt).fault

    @staticmethod
    def _unsettled(begun: ReportVerdict, reply: Reply | None, why: str | None) -> ReportVerdict:
        if reply is None:
            return replace(begun, outcome="failed", why="unusable")
        return replace(begun, outcome="unverified", why=why or "unusable")

    @staticmethod
    def _settled(begun: ReportVerdict, task: Task, reply: Reply) -> ReportVerdict:
        if reply.verdict != "yes":
            return replace(begun, outcome=reply.verdict)
        return with_quote(begun, task, reply.quote) or replace(begun, outcome="unverified", why="not_in_report")


def blank_verdict(task: Task) -> ReportVerdict:
    """A verdict on a report that says only how much of it is read."""
    excerpt = task.excerpt
    extent: Literal["whole", "part"] = "whole" if excerpt.is_whole else "part"
    return ReportVerdict(
        task.report.report_id,
        "not_read",
        read=extent,
        characters_read=excerpt.characters,
        spans=tuple((span.start, span.end) for span in excerpt.spans),
        digest=excerpt.digest,
        withheld=len(excerpt.withheld),
    )


def with_quote(verdict: ReportVerdict, task: Task, quote: str) -> ReportVerdict | None:
    """A yes with the report's own words, in whole sentences; ``None`` where the quote isn't in it."""
    span = find_quote(quote, task.report, task.text, task.excerpt).span
    if span is None:
        return None
    span = whole_sentences(span, task.text, task.excerpt)
    return replace(verdict, outcome="yes", quote=span.of(task.text), start=span.start, end=span.end)


def read_reply(raw: str) -> Reply | None:
    """What a reply says; ``None`` where it doesn't hold exactly one object of the form asked for.

    Words around the object, and a fence, are passed over, unless they name a verdict themselves: 例如 …，实际 no.
    """
    decoder = json.JSONDecoder(object_pairs_hook=_once)
    found: list[Reply] = []
    around, position = "", 0
    at = raw.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(raw, at)
        except (ValueError, RecursionError):
            value, end = None, at + 1
        if isinstance(value, dict) and (reply := _reply_of(value)) is not None:
            found.append(reply)
            around, position = around + raw[position:at] + " ", end
            at = raw.find("{", end)
        else:
            at = raw.find("{", at + 1)
    if len(found) != 1 or _names_verdict(around + raw[position:]):
        return None
    return found[0]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one that says a thing twice says neither."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("A key stands twice.")
    return dict(pairs)


def _names_verdict(words: str) -> bool:
    """Whether words beside the object say a verdict too; 是 and 有 alone are in every sentence."""
    folded = fold_label(words)
    latin = set(re.findall(r"[a-z]+", folded))
    return any(word in latin if word.isascii() else len(word) > 1 and word in folded for word in _words())


def _reply_of(value: Mapping[str, Any]) -> Reply | None:
    said, quote = value.get("verdict"), value.get("quote")
    if isinstance(said, bool):
        said = "yes" if said else "no"
    if not isinstance(said, str) or not (quote is None or isinstance(quote, str)):
        return None
    verdict = _words().get(fold_label(said).strip("。.!\"'"))
    return None if verdict is None else Reply(verdict, quote or "")


@cache
def _words() -> dict[str, Said]:
    replies = read_lexicon("survey")["replies"]
    kinds: tuple[Said, ...] = ("yes", "no", "unclear")
    return {fold_label(word): kind for kind in kinds for word in replies[kind]}
