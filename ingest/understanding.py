"""From a Document to everything that the index keeps of it: identity, sections, figures, passages, checks."""

from __future__ import annotations

import hashlib

from ingest.checks import derive, run_checks
from ingest.documents import Document
from ingest.form import read_form
from ingest.identity import identify
from ingest.narrative import read_narrative
from ingest.passages import split_passages
from ingest.sections import find_sections
from vectorstore.records import Body, Figure, Report, ReportContents


def report_id_of(text: str) -> str:
    """Sixteen hex digits made from the text without white space: the same report under another name is one report."""
    return hashlib.sha256("".join(text.split()).encode("utf-8")).hexdigest()[:16]


def understand(document: Document) -> ReportContents:
    """Everything that a report says. Pure: it depends on the document alone."""
    report_id = report_id_of(document.text)
    sections = find_sections(document)
    identity = identify(document, sections)
    body = Body(identity.body_id, identity.name, identity.kind, identity.region, identity.aliases)
    form = read_form(document, sections, report_id=report_id, body_id=body.body_id, year=identity.year)
    narrative = read_narrative(
        document,
        sections,
        report_id=report_id,
        body_id=body.body_id,
        year=identity.year,
        body_name=identity.name,
        stated={figure.metric for figure in form.figures if figure.column is None and figure.value is not None},
    )
    stated = (*form.figures, *narrative.figures)
    figures = (*stated, *derive(stated))
    report = Report(
        report_id=report_id,
        title=identity.title,
        body_id=body.body_id,
        body=body.name,
        kind=body.kind,
        region=body.region,
        year=identity.year,
        period=identity.period,
        issued_on=identity.issued_on,
        source=document.source,
        sources=(document.source,),
        sections=sections,
        pictures=form.pictures,
        tables=tuple(role.value for role in form.tables_found),
        characters=len("".join(document.text.split())),
    )
    return ReportContents(
        report=report,
        text=document.text,
        body=body,
        other_bodies=tuple(narrative.other_bodies),
        passages=split_passages(document, sections, report_id),
        figures=tuple(sorted(figures, key=_place)),
        mentions=tuple(narrative.mentions),
        checks=run_checks(figures, report_id),
    )


def _place(figure: Figure) -> tuple[int, int, int]:
    return figure.start, figure.end, figure.cell.column if figure.cell else -1
