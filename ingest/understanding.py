"""From a Document to everything that the index keeps of it: identity, sections, figures, passages, checks."""

from __future__ import annotations

import hashlib

from ingest.checking.checks import check_report, derive
from ingest.documents import Document
from ingest.forms.form import read_form
from ingest.identity.identity import identify
from ingest.manifest import ManifestEntry
from ingest.narrative.narrative import read_narrative
from ingest.pictures.form_pictures import confirm, report_picture
from ingest.pictures.recognized_figures import weigh_figures, weigh_mentions
from ingest.structure.passages import split_passages
from ingest.structure.sections import find_sections
from vectorstore.records import Body, Report, ReportContents


def report_id_of(text: str) -> str:
    """Sixteen hex digits made from the text without white space: the same report under another name is one report."""
    return hashlib.sha256("".join(text.split()).encode("utf-8")).hexdigest()[:16]


def understand(document: Document, entry: ManifestEntry | None = None) -> ReportContents:
    """Everything that a report says. Pure: it depends on the document and the manifest's entry alone.

    Args:
        entry: What the manifest says of the file; its body, kind, year and region go before those read.
    """
    report_id = report_id_of(document.text)
    sections = find_sections(document)
    identity = identify(document, sections, entry)
    body = Body(identity.body_id, identity.name, identity.kind, identity.region, identity.aliases)
    form = read_form(document, sections, report_id=report_id, body_id=body.body_id, year=identity.year)
    narrative = read_narrative(
        document,
        sections,
        report_id=report_id,
        issuer=body,
        year=identity.year,
        stated={f.metric: f.value for f in form.figures if f.column is None and f.value is not None},
    )
    told = weigh_figures(document, narrative.figures)
    stated = (*confirm(weigh_figures(document, form.figures), form.picture_reading.unconfirmed, told), *told)
    figures = (*stated, *derive(stated))
    mentions = weigh_mentions(document, narrative.mentions)
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
        retrieved_on=entry.retrieved_on if entry else None,
        sections=sections,
        pictures=form.pictures,
        tables=tuple(role.value for role in form.tables_found),
        characters=len("".join(document.text.split())),
        url=(entry.url if entry else None) or document.metadata.get("url"),
        warnings=identity.warnings,
    )
    return ReportContents(
        report=report,
        text=document.text,
        body=body,
        other_bodies=tuple(narrative.other_bodies),
        passages=split_passages(document, sections, report_id),
        figures=tuple(sorted(figures, key=lambda figure: figure.place)),
        mentions=mentions,
        checks=check_report(report, document.text, figures, mentions),
        pictures=tuple(kept for picture in form.picture_reading.pictures if (kept := report_picture(picture))),
    )
