"""What passes between the parts of a survey: what it will take, how far it is, and what was found of each report."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal["yes", "no", "unclear", "unverified", "failed", "not_read"]
"""``no``: the model found nothing in what it read. ``unverified``: it said yes, without the report's own words.
``failed``: no usable reply. ``not_read``: it was never asked."""
OUTCOMES: tuple[Outcome, ...] = ("yes", "no", "unclear", "unverified", "failed", "not_read")
Extent = Literal["whole", "part", "nothing"]
"""How much of a report was read: all of its prose, those passages that fit the question best, or nothing."""


@dataclass(frozen=True, slots=True)
class ReportVerdict:
    """What a model found of one report.

    Attributes:
        quote: Of a yes, the report's own characters, its text's ``[start:end]``; else empty.
        read: How much of the report's prose the model was given.
        characters_read: Of the report, in what it was given.
        spans: Where in the report's text these stand, start and end.
        digest: Of what it was given: another one where the report has changed.
        withheld: How many sentences it wasn't given, since they read like instructions to it.
        calls: How often it was asked for this; 0 where it was known from before.
        tokens_in, tokens_out: Of these calls, as tiktoken counts, failed attempts and what was thought aloud included.
        why: Why it is unverified, failed or not read: a word of ``lexicons/wording.toml``, ``survey.why_…``.
        problem: What failed, in one word, where a call did: the ``reason`` of its `LanguageModelError`, or ``other``.
    """

    report_id: str
    outcome: Outcome
    quote: str = ""
    start: int | None = None
    end: int | None = None
    read: Extent = "nothing"
    characters_read: int = 0
    spans: tuple[tuple[int, int], ...] = ()
    digest: str = ""
    withheld: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    why: str = ""
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a survey will take, known before anything is sent.

    Attributes:
        reports: In scope.
        known: Of these, such as were read before with the same words, model and question: nothing is sent for them.
        calls: That will be made, one a report; a yes without a quote is asked again once, so at most twice as many.
        tokens_in: Of the texts of these calls, exactly, as tiktoken's o200k_base counts them. Another model's own
            count, and what a server adds around each message, may differ.
        tokens_out_most: Of their replies, at most.
        whole, part: Of the calls, how many give all of a report's prose, and how many only what fits.
        without_text: Reports whose prose is empty, so that there is nothing to ask about.
    """

    reports: int = 0
    known: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out_most: int = 0
    whole: int = 0
    part: int = 0
    without_text: int = 0

    def as_json(self) -> dict[str, int]:
        """As JSON takes it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a survey is.

    Attributes:
        done: Reports with a verdict, those known from before and the failed ones included.
        of: Reports in scope.
        calls: Made so far.
        seconds: Since it began.
        remaining: Seconds that the rest will take at the pace so far; ``None`` before any reply.
    """

    done: int
    of: int
    yes: int = 0
    no: int = 0
    unclear: int = 0
    unverified: int = 0
    failed: int = 0
    known: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    remaining: float | None = None

    def as_json(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)
