"""A model's failure as a warning for whoever asked, in the language of the answer."""

from __future__ import annotations

from assistant.lexicons import read_lexicon
from assistant.plan import Language
from vectorstore.errors import LanguageModelError


def failure_warning(error: LanguageModelError, language: Language) -> str:
    """What failed, and that the built-in answer stands: no address, and nothing that the server said."""
    said = read_lexicon("planning")["failed"]
    return str(said["sentence"][language].format(reason=failure_reason(error.reason, language)))


def failure_reason(reason: str, language: Language) -> str:
    """What failed, of a `LanguageModelError`'s ``reason``, as a clause."""
    said = read_lexicon("planning")["failed"]
    return str(said.get(reason, said["other"])[language])
