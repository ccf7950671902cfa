"""What stands under an answer about reading its reports one by one, as HTML: the offer, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui.survey_words import progress_parts
from ui.texts import Texts
from ui.web.markup import escape
from ui.web.site import data

if TYPE_CHECKING:
    from assistant.language_models.survey import Survey
    from assistant.language_models.surveying.records import Estimate, Progress

_MINUTE = 60


def render_offer(
    survey: Survey, estimate: Estimate, record: dict[str, Any], words: Texts, *, is_rest: bool, problem: str
) -> str:
    """What reading them takes, and the button that begins it.

    Args:
        record: The survey's turn, as `Asked.as_json` gives it.
        is_rest: Whether the answer above is the survey's own, and not all was read.
        problem: Why it ended early.
    """
    key = "rest" if is_rest else "offer" if estimate.calls else "offer_known"
    said = words(
        f"survey.{key}",
        reports=estimate.reports,
        calls=estimate.calls,
        tokens=tokens_in_words(estimate.tokens_in, words),
    )
    label = words("survey.resume" if is_rest else "survey.begin" if estimate.calls else "survey.show")
    title = escape(words("survey.offer_title", model=survey.model_name, address=survey.address))
    told = f'<p class="nb-error" role="alert">{escape(problem)}</p>' if problem else ""
    return (
        f'{told}<p class="nb-soft"><span title="{title}">{escape(said)}</span> '
        f'<button type="button" class="nb-button" data-survey="begin" data-record="{data(record)}" title="{title}">'
        f"{escape(label)}</button></p>"
    )


def render_running(progress: Progress | None, of: int, words: Texts) -> str:
    """How far it is, and the button that stops it."""
    done = 0 if progress is None else progress.done
    said = words("survey.running", done=done, of=of)
    parts = [] if progress is None else progress_parts(progress, words)
    if progress is not None and progress.remaining is not None:
        parts.append(words("survey.remaining", time=_time(progress.remaining, words)))
    return (
        f'<p>{escape(said)} <button type="button" class="nb-button" data-survey="stop">{escape(words("survey.stop"))}'
        f'</button></p><progress max="{max(of, 1)}" value="{done}" aria-label="{escape(said)}"></progress>'
        f'<p class="nb-soft">{escape(" · ".join(parts))}</p>'
    )


def tokens_in_words(tokens: int, words: Texts) -> str:
    """A number of tokens as people say it: 6.3万, 63,000."""
    if tokens < 10_000:
        return str(tokens)
    return f"{tokens / 10_000:.1f}万" if words.language == "zh" else f"{round(tokens, -3):,}"


def _time(seconds: float, words: Texts) -> str:
    if seconds < 2 * _MINUTE:
        return words("survey.seconds", n=round(seconds))
    return words("survey.minutes", n=round(seconds / _MINUTE))
