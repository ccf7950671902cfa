"""The command that keeps what a person says of a report against what was read from it: ``correct``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ui import completing
from ui.options import DEFAULT_INDEX, AsJson, IndexFolder, OptionalReportId, find_report, open_index
from vectorstore.errors import CorrectionError
from vectorstore.records import CorrectedField, Correction


def correct(
    report_id: OptionalReportId = None,
    body: Annotated[str | None, typer.Option("--body", metavar="NAME", help="Who reports, in full.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="The kind of body, as zone or township.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="Where, as 山东省/威海市/文登区.")] = None,
    year: Annotated[str | None, typer.Option("--year", help="The year of the statistics.")] = None,
    figure: Annotated[
        str | None,
        typer.Option(
            "--figure",
            metavar="METRIC=VALUE",
            help="A figure; METRIC= for one that can't be read.",
            autocompletion=completing.figures,
        ),
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
    from ingest import correcting

    with open_index(folder) as kept, _with_options():
        found = find_report(kept, report_id)
        made = correcting.correct(kept, found.report_id, wanted, why=why, made_by=made_by, quote=quote)
    _print(made, as_json)


_OPTIONS = {
    "no_place": "--quote TEXT",
    "quote_missing": "`nianbao report ID --text` prints it",
    "quote_without_figure": "--quote goes with --figure",
    "no_correction": "`nianbao correct --list` lists them",
}


@contextmanager
def _with_options() -> Iterator[None]:
    """What can't be corrected is told with the option that it was, or has to be, written with."""
    try:
        yield
    except CorrectionError as error:
        option = _OPTIONS.get(error.reason) or {"why": "--why", "made_by": "--by", "quote": "--quote"}.get(error.about)
        if option is None:
            raise
        raise CorrectionError(
            f"{str(error).removesuffix('.')} ({option}).", error.about, error.reason, **error.values
        ) from error


def _undo(folder: Path, number: int, as_json: bool) -> None:
    from ingest import correcting

    with open_index(folder) as kept, _with_options():
        found = correcting.undo(kept, number)
    _print([found], as_json, prefix="Taken back: ")


def _list(folder: Path, report_id: str | None, as_json: bool) -> None:
    from ingest import correcting
    from ui.printing import print_line

    with open_index(folder) as kept:
        listed = kept.corrections(find_report(kept, report_id).report_id if report_id else None)
        warnings = correcting.warnings(kept, listed)
    _print(listed, as_json)
    if not as_json:
        for warning in warnings:
            print_line(warning)


def _print(listed: list[Correction], as_json: bool, prefix: str = "") -> None:
    from ui.listing import correction_line, correction_record
    from ui.printing import print_json, print_line

    if as_json:
        print_json([correction_record(correction) for correction in listed])
        return
    for correction in listed:
        print_line(prefix + correction_line(correction))
