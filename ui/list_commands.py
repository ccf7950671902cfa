"""The commands that show what an index holds: reports and their figures, bodies, checks, and its state."""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.filters import filtered_scope, known_metric
from ui import completing
from ui.options import (
    DEFAULT_INDEX,
    AsCsv,
    AsJson,
    IndexFolder,
    InRegion,
    InYear,
    OfBody,
    OfKind,
    OutputFile,
    ReportId,
    find_report,
    open_assistant,
    open_index,
)
from vectorstore.errors import QuestionError

REPORT_COLUMNS = (
    "report_id", "title", "body", "body_id", "kind", "region", "year", "issued_on", "source", "url", "retrieved_on",
    "tables", "pictures", "characters", "superseded_by", "warnings",
)  # fmt: skip
BODY_COLUMNS = ("body_id", "name", "aliases", "kind", "region", "years")


def one_of(as_json: bool, as_csv: bool, output: Path | None = None) -> None:
    """Wrong usage where more than one way of printing is wanted."""
    if as_json + as_csv + (output is not None) > 1:
        raise typer.BadParameter("Choose one of --json, --csv and --output.")


def figures(
    index: IndexFolder = DEFAULT_INDEX,
    metric: Annotated[
        str | None,
        typer.Option(
            "--metric",
            metavar="ID",
            help="Only this metric: applications_new, review_total …",
            autocompletion=completing.metrics,
        ),
    ] = None,
    year: InYear = None,
    kind: OfKind = None,
    region: InRegion = None,
    body: OfBody = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    output: OutputFile = None,
) -> None:
    """List the figures that the reports state, each with the places that state it."""
    one_of(as_json, as_csv, output)
    from ui.exporting import check_output, write_file
    from ui.listing import FIGURE_COLUMNS, figure_record, figure_row, text_reader
    from ui.printing import print_csv, print_json, print_table
    from ui.texts import terminal_language, texts
    from vectorstore.catalogue import catalogue

    _check_metric(metric)
    check_output(output)
    with open_assistant(index) as assistant:
        found = assistant.figures(metric=metric, year=year, kind=kind, region=region, body=body)
        read_text = text_reader(assistant.index)
        if output is not None:
            from assistant.answering.by_id import reports_by_id
            from assistant.export.listings import figure_document

            reports = reports_by_id(assistant.index)
            write_file(figure_document(found, reports, read_text, terminal_language()), output)
            return
        records = [figure_record(figure, read_text) for figure in found]
    if as_json:
        print_json(records)
    elif as_csv:
        print_csv(FIGURE_COLUMNS, (figure_row(record) for record in records))
    else:
        words = texts(terminal_language())
        header = [words(f"column.{name}") for name in ("body", "year", "metric", "value", "unit", "state")]
        rows = [
            [
                record["body"],
                str(record["year"] or ""),
                catalogue().name_or_id(record["metric"], words.language),
                _value_words(record),
                record["unit"],
                words("state.corrected" if record["origin"] == "corrected" else f"state.{record['state']}"),
            ]
            for record in records
        ]
        print_table(header, rows, right=(3,))


def _check_metric(metric: str | None) -> None:
    if metric is None:
        return
    try:
        known_metric(metric)
    except QuestionError as error:
        raise typer.BadParameter(str(error), param_hint="--metric") from None


def _value_words(record: dict[str, Any]) -> str:
    from ui.listing import format_number, readings_of

    if record["state"] == "conflicting":
        return " / ".join(readings_of(record))
    return format_number(record["value"]) or "—"


def reports(
    index: IndexFolder = DEFAULT_INDEX,
    year: InYear = None,
    kind: OfKind = None,
    region: InRegion = None,
    body: OfBody = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that a later version replaced as well.")] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    output: OutputFile = None,
) -> None:
    """List the reports."""
    one_of(as_json, as_csv, output)
    from ui.exporting import check_output, write_file
    from ui.listing import report_record
    from ui.printing import print_json, print_records, print_table
    from ui.texts import terminal_language, texts

    check_output(output)
    with open_index(index) as kept:
        found = kept.reports(replace(filtered_scope(year, kind, region, body), superseded=everything))
    if output is not None:
        from assistant.export.listings import report_document

        write_file(report_document(found, terminal_language()), output)
        return
    if as_json:
        print_json([report_record(report) for report in found])
        return
    if as_csv:
        print_records(REPORT_COLUMNS, map(report_record, found))
        return
    words = texts(terminal_language())
    columns = ["report_id", "body", "year", "kind", "region", "source", *(["superseded_by"] if everything else [])]
    rows = [
        [r.report_id, r.body, str(r.year or ""), r.kind.value, r.region or "", r.source, r.superseded_by or ""]
        for r in found
    ]
    print_table([words(f"column.{name}") for name in columns], [row[: len(columns)] for row in rows])


def report(
    report_id: ReportId,
    index: IndexFolder = DEFAULT_INDEX,
    text: Annotated[bool, typer.Option("--text", help="Print the report's text, exactly as offsets count it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one report: what it is, or its text."""
    if text and as_json:
        raise typer.BadParameter("Choose either --text or --json.")
    from ui.listing import correction_line, correction_record, report_record, section_record
    from ui.printing import print_json, print_line

    with open_index(index) as kept:
        found = find_report(kept, report_id)
        canonical = kept.text(found.report_id)
        corrections = kept.corrections(found.report_id)
    if text:
        # Bytes, because a text stream would turn newlines into \r\n on Windows and shift every offset.
        sys.stdout.flush()
        sys.stdout.buffer.write(canonical.encode("utf-8"))
        sys.stdout.buffer.flush()
        return
    record = report_record(found)
    if as_json:
        listed = [correction_record(correction) for correction in corrections]
        print_json({**record, "corrections": listed, "sections": section_record(found)})
        return
    for name, value in record.items():
        shown = " ".join(str(part) for part in value) if isinstance(value, list) else value
        print_line(f"{name:14}{'' if shown is None else shown}".rstrip())
    for correction in corrections:
        print_line(correction_line(correction))
    for section in found.sections:
        print_line(f"{'  ' * section.level}{section.heading}")


def bodies(
    index: IndexFolder = DEFAULT_INDEX,
    kind: OfKind = None,
    region: InRegion = None,
    body: OfBody = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the bodies that report, and the years of their reports."""
    one_of(as_json, as_csv)
    from ui.listing import body_record
    from ui.printing import print_json, print_records, print_table
    from ui.texts import terminal_language, texts

    years: dict[str, set[int]] = defaultdict(set)
    with open_index(index) as kept:
        for found in kept.reports():
            if found.year is not None:
                years[found.body_id].add(found.year)
        chosen = [
            body_record(known, sorted(years[known.body_id]))
            for known in kept.bodies(filtered_scope(None, kind, region, body))
        ]
    if as_json:
        print_json(chosen)
        return
    if as_csv:
        print_records(BODY_COLUMNS, chosen)
        return
    words = texts(terminal_language())
    header = [words(f"column.{name}") for name in ("body", "kind", "region", "year", "aliases")]
    rows = [
        [b["name"], b["kind"], b["region"] or "", " ".join(map(str, b["years"])), " ".join(b["aliases"])]
        for b in chosen
    ]
    print_table(header, rows)


def status(index: IndexFolder = DEFAULT_INDEX, as_json: AsJson = False) -> None:
    """Show what the index holds, and which files could not be read."""
    from ui.printing import print_json, print_line
    from ui.texts import terminal_language, texts

    with open_index(index) as kept:
        held = kept.reports()
        problems = [source for source in kept.sources() if source.problem]
        summary: dict[str, Any] = {
            "index": str(Path(index).resolve()),
            "reports": len(held),
            "bodies": len({r.body_id for r in held}),
            "years": sorted({r.year for r in held if r.year is not None}),
            "passages": sum(len(kept.passages(r.report_id)) for r in held),
            "model": kept.model_name,
            "next_model": kept.next_model_name,
            "fingerprint": kept.fingerprint,
            "problems": [{"path": source.path, "problem": source.problem} for source in problems],
        }
    if as_json:
        print_json(summary)
        return
    words = texts(terminal_language())
    for name in ("index", "reports", "bodies", "years", "passages", "model", "next_model", "fingerprint"):
        if summary[name] is None:
            continue
        value = " ".join(map(str, summary[name])) if name == "years" else summary[name]
        print_line(f"{words(f'command.{name}')}: {value}")
    if problems:
        print_line(f"{words('command.problems')}: {len(problems)}")
    for source in problems:
        print_line(f"  {source.path}: {source.problem}")
