"""What a shell is offered for an option's value, when Tab is pressed. Each loads little: a person waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_MOST = 50
"""Reports that are offered at a time; of more, nobody would read the list."""


def metrics(incomplete: str) -> Iterator[tuple[str, str]]:
    """Ids of metrics; those with a column only once the metric itself is written, for there are hundreds."""
    from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue

    for full in catalogue().metric_ids():
        metric_id = full.partition(COLUMN_SEPARATOR)[0]
        if full.startswith(incomplete) and (full == metric_id or incomplete.startswith(metric_id)):
            yield full, catalogue().name_or_id(full)


def figures(incomplete: str) -> Iterator[tuple[str, str]]:
    """``METRIC=`` of a correction."""
    return ((f"{metric_id}=", name) for metric_id, name in metrics(incomplete) if "=" not in incomplete)


def rules(incomplete: str) -> Iterator[tuple[str, str]]:
    """Rules of checks."""
    from vectorstore.check_rules import check_rules

    return ((name, rule.name_zh) for name, rule in check_rules().items() if name.startswith(incomplete))


def severities(incomplete: str) -> list[str]:
    """Of a check that fails."""
    return [severity for severity in ("fault", "warning") if severity.startswith(incomplete)]


def verdicts(incomplete: str) -> list[str]:
    """What people found on a check."""
    return [verdict for verdict in ("open", "confirmed", "dismissed") if verdict.startswith(incomplete)]


def reports(ctx: Any, incomplete: str) -> list[tuple[str, str]]:
    """Ids of the index's reports that begin so; none where there is no index to look in."""
    from ui.options import DEFAULT_INDEX, open_index

    try:
        with open_index(ctx.params.get("index") or DEFAULT_INDEX) as kept:
            found = [report for report in kept.reports() if report.report_id.startswith(incomplete)]
    except Exception:  # whatever is wrong is told by the command itself, and not into the line that is being typed
        return []
    return [(report.report_id, f"{report.body} {report.year or ''}".strip()) for report in found[:_MOST]]
