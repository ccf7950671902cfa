"""The command that tries the language model which is set: ``llm``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.options import AsJson, AtModel, WithModel, open_language_model

if TYPE_CHECKING:
    from assistant.language_models.trial import Trial


def llm(llm: WithModel = None, llm_url: AtModel = None, as_json: AsJson = False) -> None:
    """Try the language model that is set: whether it replies, streams and drafts plans. Nothing of yours is sent."""
    from ui.printing import print_json, print_line
    from ui.texts import terminal_language, texts

    words = texts(terminal_language())
    model = open_language_model(llm, llm_url)
    if model is None:
        if as_json:
            print_json({"model": None})
        else:
            print_line(words("llm.none"))
        return
    from assistant.language_models.trial import try_out

    trial = try_out(model)
    if as_json:
        print_json(trial._asdict())
        return
    for line in _lines(trial):
        print_line(line)


def _lines(trial: Trial) -> list[str]:
    from ui.texts import terminal_language, texts

    words = texts(terminal_language())
    secret = words("llm.with_key" if trial.has_key else "llm.without_key")
    said = [
        words("llm.model", provider=trial.provider, model=trial.model, address=trial.address, secret=secret),
        words("llm.replied", seconds=trial.seconds),
    ]
    if trial.pieces > 1:
        said.append(words("llm.streamed", n=trial.pieces, seconds=trial.streaming_seconds))
    else:
        said.append(words("llm.one_piece"))
    said.append(words({"schema": "llm.by_schema", "json": "llm.as_json", "none": "llm.in_words"}[trial.format]))
    said.append(words("llm.follows") if not trial.problem else words("llm.fails_plan", problem=trial.problem))
    return said
