"""Answers questions: from words to a Plan, and from the Plan to a cited Answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.assistant import Assistant
    from assistant.plan import Plan

__all__ = ["Answer", "Assistant", "Plan"]

_HOMES = {"Answer": "assistant.answer", "Assistant": "assistant.assistant", "Plan": "assistant.plan"}


def __getattr__(name: str) -> Any:
    # On first use, so that importing the package stays free: the database alone takes a third of a second.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
