"""The columns that several tables have, by name."""

from __future__ import annotations

from assistant.export.document import Column, ColumnKind
from assistant.export.words import say

_KINDS: dict[str, ColumnKind] = {
    **dict.fromkeys(("n", "year", "value", "page", "start", "end"), "number"),
    "state": "state",
    "evidence": "citations",
}
_IDS = frozenset(("n", "year", "page", "start", "end", "metric_id", "report_id"))


def column(name: str, language: str) -> Column:
    """The column of a name of ``column`` in ``assistant/lexicons/export.toml``."""
    return Column(say(language, f"column.{name}"), _KINDS.get(name, "text"), name in _IDS)
