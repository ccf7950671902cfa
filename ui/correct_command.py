"""The command that keeps what a person says of a report against what was read from it: ``correct``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.options import DEFAULT_INDEX, AsJson, IndexFolder, find_report, open_index
from vectorstore.errors import CorrectionError
from vectorstore.records import CorrectedField, Correction

if TYPE_CHECKING:
    from vectorstore.index import Index
    from vectorstore.writer import Writer


def correct(
    report_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="The report's id, or its beginning.")] = None,
    body: Annotated[str | None, typer.Option("--body", metavar="NAME", help="Who reports, in full.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="The kind of body, as zone or township.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="Where, as 山东省/威海市/文登区.")] = None,
    year: Annotated[str | None, typer.Option("--year", help="The year of the statistics.")] = None,
    figure: Annotated[
        str | None,
        typer.Option("--figure", metavar="METRIC=VALUE", help="A figure; METRIC= for one that can't be read."),
    ] = None,
    quote: Annotated[
        str | None, typer.Option("--quote", metavar="TEXT", help="The report's words that state the figure.")
    ] = None,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="The reason, kept with it.")] = None,
    made_by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who corrects; your login name by default.")
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="List the corrections, of one report or of all.")] = False,
    undo: Annotated[
        int | None, typer.Option("--undo", metavar="N", help="Take the correction of that number back.")
    ] = None,
    index: IndexFolder = DEFAULT_INDEX,
    as_json: AsJson = False,
) -> None:
    """Correct what was read of a report: its body, kind, region, year or a figure. Kept, shown, and reversible."""
    values = {"body": body, "kind": kind, "region": region, "year": year, "figure": figure}
    wanted = {CorrectedField(name): value for name, value in values.items() if value is not None}
    if sum((bool(wanted), show, undo is not None)) != 1:
        raise typer.BadParameter(
            "Name what to correct (--body, --kind, --region, --year, --figure), or give --list, or --undo N."
        )
    if show:
        _list(index, report_id, as_json)
    elif undo is not None:
        _undo(index, undo, as_json)
    elif report_id is None:
        raise typer.BadParameter("Which report? `nianbao reports` lists their ids.", param_hint="ID")
    elif why is None:
        raise typer.BadParameter("A correction is kept with its reason; say it.", param_hint="--why")
    else:
        _correct(index, report_id, wanted, why=why, made_by=made_by or _login_name(), quote=quote, as_json=as_json)


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user, as in a container
        raise CorrectionError("Your login name can't be found out; say with --by NAME who corrects.") from None


def _correct(
    folder: Path,
    report_id: str,
    wanted: dict[CorrectedField, str],
    *,
    why: str,
    made_by: str,
    quote: str | None,
    as_json: bool,
) -> None:
    from datetime import date

    from ingest.correction_requests import request_correction

    with open_index(folder) as kept, kept.writing() as writer:
        found = find_report(kept, report_id)
        read = kept.contents(found.report_id, uncorrected=True)
        regions = {report.region for report in kept.reports() if report.region}
        requested = [
            request_correction(
                read,
                field,
                value,
                why=why,
                made_by=made_by,
                today=date.today(),
                # Of several fields corrected at once the quote belongs to the figure.
                quote=quote if field is CorrectedField.FIGURE or CorrectedField.FIGURE not in wanted else None,
                known_regions=regions,
            )
            for field, value in wanted.items()
        ]
        made = [writer.record_correction(correction) for correction in requested]
        _lay_over(kept, writer, found.report_id)
    _print(made, as_json)


def _lay_over(kept: Index, writer: Writer, report_id: str) -> None:
    """Put the report again as it was read, with all its corrections, if it is there."""
    from ingest import corrections

    try:
        read = kept.contents(report_id, uncorrected=True)
        now = kept.report(report_id)
    except KeyError:
        return
    # Where it was found and what replaced it may have become known since it was read.
    report = replace(
        read.report,
        source=now.source,
        sources=now.sources,
        url=now.url,
        retrieved_on=now.retrieved_on,
        superseded_by=now.superseded_by,
    )
    corrections.keep(writer, replace(read, report=report), kept.corrections(report_id))
    writer.embed()


def _undo(folder: Path, number: int, as_json: bool) -> None:
    with open_index(folder) as kept, kept.writing() as writer:
        found = next((c for c in kept.corrections() if c.number == number), None)
        if found is None:
            raise CorrectionError(f"There is no correction {number}; `nianbao correct --list` lists them.")
        writer.forget_correction(number)
        _lay_over(kept, writer, found.report_id)
    _print([found], as_json, prefix="Taken back: ")


def _list(folder: Path, report_id: str | None, as_json: bool) -> None:
    from ui.printing import print_line

    with open_index(folder) as kept:
        listed = kept.corrections(find_report(kept, report_id).report_id if report_id else None)
        warnings = _warnings(kept, listed)
    _print(listed, as_json)
    if not as_json:
        for warning in warnings:
            print_line(warning)


def _warnings(kept: Index, listed: list[Correction]) -> list[str]:
    from ingest.corrections import outdated

    warnings: list[str] = []
    for report_id in dict.fromkeys(correction.report_id for correction in listed):
        own = [correction for correction in listed if correction.report_id == report_id]
        try:
            warnings += outdated(kept.contents(report_id, uncorrected=True), own)
        except KeyError:
            numbers = "、".join(str(correction.number) for correction in own)
            warnings.append(f"更正{numbers}所属的报告{report_id}现在不在索引中；它再次收录时更正仍然有效。")
    return warnings


def _print(listed: list[Correction], as_json: bool, prefix: str = "") -> None:
    from ui.listing import correction_line, correction_record
    from ui.printing import print_json, print_line

    if as_json:
        print_json([correction_record(correction) for correction in listed])
        return
    for correction in listed:
        print_line(prefix + correction_line(correction))
