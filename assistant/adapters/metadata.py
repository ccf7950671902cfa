"""What a framework's document carries beside its text: where it stands, and how it is cited."""

from __future__ import annotations

from typing import Any

from assistant.answer import Citation
from vectorstore.records import Hit


def hit_metadata(hit: Hit) -> dict[str, Any]:
    """Of a passage that a search found; JSON values only."""
    passage, report = hit.passage, hit.report
    return {
        "id": hit.id,
        "report_id": report.report_id,
        "title": report.title,
        "body": report.body,
        "kind": str(report.kind),
        "region": report.region,
        "year": report.year,
        "section": passage.section,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "source": report.source,
        "citation": cite(hit),
        "sentences": [{"start": span.start, "end": span.end, "text": passage.quote(span)} for span in hit.sentences],
        "repeats": list(hit.repeats),
        "scores": dict(hit.scores),
        "likelihood": hit.likelihood,
    }


def citation_metadata(citation: Citation) -> dict[str, Any]:
    """Of a place that an answer cites; JSON values only."""
    return citation.model_dump(mode="json")


def cite(hit: Hit) -> str:
    """Where a passage stands, in words: body, title, section, page or characters."""
    passage, report = hit.passage, hit.report
    place = f"p. {passage.page}" if passage.page is not None else f"{passage.start}–{passage.end}"
    return "，".join(part for part in (report.body, f"《{report.title}》", passage.section, place) if part)
