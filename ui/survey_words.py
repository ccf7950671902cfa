"""What is said of a survey before and while it runs, in the words of the interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ui.texts import Texts

if TYPE_CHECKING:
    from assistant.language_models.survey import Survey
    from assistant.language_models.surveying.records import Estimate, Progress


def thousands(number: int) -> str:
    """A number as sentences write it: 12,345."""
    return f"{number:,}"


def estimate_lines(asked: Survey, estimate: Estimate, words: Texts, most_tokens: int | None) -> Iterator[str]:
    """What a survey takes, in sentences."""
    yield words(
        "survey.estimate",
        scope=asked.scope_name,
        reports=estimate.reports,
        model=asked.model_name,
        calls=estimate.calls,
        tokens_in=thousands(estimate.tokens_in),
        tokens_out=thousands(estimate.tokens_out_most),
    )
    for name, n in (("known", estimate.known), ("part", estimate.part), ("without_text", estimate.without_text)):
        if n:
            yield words(f"survey.{name}", n=n)
    if not estimate.calls:
        yield words("survey.nothing_to_ask" if estimate.known else "survey.nothing_to_read")
        return
    yield words("survey.again")
    if most_tokens is not None:
        yield words("survey.limit", n=thousands(most_tokens))
    yield words("survey.sent_to", address=asked.address)


def progress_parts(progress: Progress, words: Texts) -> list[str]:
    """What was found so far and what it took, in a few words."""
    counts = {"yes": progress.yes, "no": progress.no, "unclear": progress.unclear}
    counts |= {"unverified": progress.unverified, "failed": progress.failed}
    parts = [words(f"survey.{name}", n=n) for name, n in counts.items() if n or name == "yes"]
    return [*parts, words("survey.spent", tokens=thousands(progress.tokens_in + progress.tokens_out))]
