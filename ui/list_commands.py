"""The commands that show what an index holds: reports and their figures, bodies, checks, and its state."""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.options import (
    DEFAULT_INDEX,
    AsJson,
    IndexFolder,
    InRegion,
    InYear,
    OfBody,
    OfKind,
    OutputFile,
    find_report,
    open_assistant,
    open_index,
)
from vectorstore.records import Check, Kind, Report, Scope

if TYPE_CHECKING:
    from ui.listing import ReadText
    from ui.texts import Texts

FIGURE_COLUMNS = (
    "report_id", "body", "kind", "region", "year", "metric", "name", "value", "unit", "state", "origin", "readings",
    "start", "end", "quote",
)  # fmt: skip


def scope_of(year: int | None, kind: Kind | None, region: str | None, body: str | None) -> Scope:
    """The scope that the shared options describe."""
    return Scope(
        years=(year,) if year is not None else (),
        kinds=(kind,) if kind is not None else (),
        regions=(region.strip("/"),) if region else (),
        names=(body,) if body else (),
    )


def figures(
    index: IndexFolder = DEFAULT_INDEX,
    metric: Annotated[
        str | None, typer.Option("--metric", metavar="ID", help="Only this metric: applications_new, review_total …")
    ] = None,
    year: InYear = None,
    kind: OfKind = None,
    region: InRegion = None,
    body: OfBody = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
    output: OutputFile = None,
) -> None:
    """List the figures that the reports state, each with the places that state it."""
    if as_json + as_csv + (output is not None) > 1:
        raise typer.BadParameter("Choose one of --json, --csv and --output.")
    from ui.exporting import check_output, write_file
    from ui.listing import figure_record
    from ui.printing import print_csv, print_json, print_table
    from ui.texts import terminal_language, texts
    from vectorstore.catalogue import catalogue

    _check_metric(metric)
    check_output(output)
    with open_assistant(index) as assistant:
        found = assistant.figures(metric=metric, year=year, kind=kind, region=region, body=body)
        # Figures come report by report, so a few texts in memory are enough at any corpus size.
        read_text = lru_cache(maxsize=64)(assistant.index.text)
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
        print_csv(FIGURE_COLUMNS, (_figure_row(record) for record in records))
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
    from vectorstore.catalogue import catalogue

    try:
        catalogue().split(metric)
    except KeyError:
        from difflib import get_close_matches

        near = get_close_matches(metric, list(catalogue().metrics), n=3)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise typer.BadParameter(f"There is no metric {metric}.{hint}", param_hint="--metric") from None


def _readings(record: dict[str, Any]) -> list[str]:
    """The different values that the report states, in the order of its text."""
    from ui.printing import format_number

    return list(dict.fromkeys(format_number(c["value"]) for c in record["citations"] if c["value"] is not None))


def _value_words(record: dict[str, Any]) -> str:
    from ui.printing import format_number

    if record["state"] == "conflicting":
        return " / ".join(_readings(record))
    return format_number(record["value"]) or "—"


def _figure_row(record: dict[str, Any]) -> list[Any]:
    first = record["citations"][0] if record["citations"] else {"start": None, "end": None, "quote": None}
    plain = {**record, **{name: first[name] for name in ("start", "end", "quote")}}
    plain["readings"] = "; ".join(_readings(record))
    return [plain[column] for column in FIGURE_COLUMNS]


def reports(
    index: IndexFolder = DEFAULT_INDEX,
    year: InYear = None,
    kind: OfKind = None,
    region: InRegion = None,
    body: OfBody = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that a later version replaced as well.")] = False,
    as_json: AsJson = False,
    output: OutputFile = None,
) -> None:
    """List the reports."""
    if as_json and output is not None:
        raise typer.BadParameter("Choose either --json or --output.")
    from ui.exporting import check_output, write_file
    from ui.listing import report_record
    from ui.printing import print_json, print_table
    from ui.texts import terminal_language, texts

    check_output(output)
    with open_index(index) as kept:
        found = kept.reports(replace(scope_of(year, kind, region, body), superseded=everything))
    if output is not None:
        from assistant.export.listings import report_document

        write_file(report_document(found, terminal_language()), output)
        return
    if as_json:
        print_json([report_record(report) for report in found])
        return
    words = texts(terminal_language())
    columns = ["report_id", "body", "year", "kind", "region", "source", *(["superseded_by"] if everything else [])]
    rows = [
        [r.report_id, r.body, str(r.year or ""), r.kind.value, r.region or "", r.source, r.superseded_by or ""]
        for r in found
    ]
    print_table([words(f"column.{name}") for name in columns], [row[: len(columns)] for row in rows])


def report(
    report_id: Annotated[str, typer.Argument(metavar="ID", help="The report's id, or its beginning.")],
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
) -> None:
    """List the bodies that report, and the years of their reports."""
    from ui.listing import body_record
    from ui.printing import print_json, print_table
    from ui.texts import terminal_language, texts

    years: dict[str, set[int]] = defaultdict(set)
    with open_index(index) as kept:
        for found in kept.reports():
            if found.year is not None:
                years[found.body_id].add(found.year)
        chosen = [
            body_record(known, sorted(years[known.body_id]))
            for known in kept.bodies(scope_of(None, kind, region, body))
        ]
    if as_json:
        print_json(chosen)
        return
    words = texts(terminal_language())
    header = [words(f"column.{name}") for name in ("body", "kind", "region", "year", "aliases")]
    rows = [
        [b["name"], b["kind"], b["region"] or "", " ".join(map(str, b["years"])), " ".join(b["aliases"])]
        for b in chosen
    ]
    print_table(header, rows)


def checks(
    index: IndexFolder = DEFAULT_INDEX,
    everything: Annotated[bool, typer.Option("--all", help="Those that hold or can't be judged as well.")] = False,
    rule: Annotated[
        str | None, typer.Option("--rule", metavar="RULE", help="Only this rule: row_total, carried_over …")
    ] = None,
    severity: Annotated[
        str | None, typer.Option("--severity", metavar="fault|warning", help="Only faults, or only warnings.")
    ] = None,
    year: InYear = None,
    kind: OfKind = None,
    region: InRegion = None,
    body: OfBody = None,
    found_so: Annotated[
        str | None,
        typer.Option("--verdict", metavar="open|confirmed|dismissed", help="Only those that people found so, or open."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what contradicts itself: identities and comparisons that the reports' figures should satisfy and don't."""
    from ui.listing import check_record
    from ui.printing import print_json, print_table
    from ui.texts import terminal_language, texts
    from ui.verdict_command import judgement_record
    from vectorstore.check_rules import rule_of
    from vectorstore.verdicts import Verdicts
    from vectorstore.year_comparisons import check_years

    _check_rule(rule, severity)
    _check_verdict(found_so)
    scope = scope_of(year, kind, region, body)
    words = texts(terminal_language())
    with open_index(index) as kept:
        by_id = {r.report_id: r for r in kept.reports(scope)}
        found = [*kept.checks(scope), *check_years(kept, scope)] if everything else list(kept.failed_checks(scope))
        verdicts = Verdicts(kept.verdicts())
        found = [
            check
            for check in found
            if check.report_id in by_id
            and (found_so is None or (check.holds is False and verdicts.on(check).standing == found_so))
            and (rule is None or check.rule == rule)
            and (severity is None or rule_of(check.rule).severity == severity)
        ]
        read_text = lru_cache(maxsize=64)(kept.text)
        if as_json:
            records = (
                check_record(check, by_id[check.report_id], read_text)
                | {"verdict": judgement_record(verdicts.on(check))}
                for check in found
            )
            print_json(list(records))
            return
        rows = [_check_row(check, by_id[check.report_id], read_text, words) for check in found]
    header = [words(f"column.{name}") for name in ("body", "year", "rule", "metric", "left", "right", "holds")]
    print_table(header, rows)


def _check_row(check: Check, issuer: Report, read_text: ReadText, words: Texts) -> list[str]:
    """A check for people: whose it is, its rule and metric, both sides, and whether it holds."""
    from ui.listing import side_in_words
    from vectorstore.catalogue import catalogue
    from vectorstore.check_rules import rule_of

    rule = rule_of(check.rule)
    outcome = {None: "null", True: "true", False: rule.severity}[check.holds]
    subject = "" if rule.sort == "layout" else catalogue().name_or_id(check.subject, words.language)
    sides = [side_in_words(side, check, read_text) for side in (check.left, check.right)]
    name = rule.name(words.language)
    return [issuer.body, str(issuer.year or ""), name, subject, *sides, words(f"holds.{outcome}")]


def _check_verdict(found_so: str | None) -> None:
    from vectorstore.records import Finding
    from vectorstore.verdicts import OPEN

    if found_so not in (None, OPEN, *Finding):
        raise typer.BadParameter("It is open, confirmed or dismissed.", param_hint="--verdict")


def _check_rule(rule: str | None, severity: str | None) -> None:
    from vectorstore.check_rules import FAULT, WARNING, check_rules

    if rule is not None and rule not in check_rules():
        names = ", ".join(check_rules())
        raise typer.BadParameter(f"There is no rule {rule}. There are: {names}.", param_hint="--rule")
    if severity not in (None, FAULT, WARNING):
        raise typer.BadParameter("It is either fault or warning.", param_hint="--severity")


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
