"""The command that keeps what a person found on a check that fails: ``verdict``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import completing
from ui.options import DEFAULT_INDEX, AsJson, IndexFolder, OptionalReportId, find_report, open_index
from vectorstore.errors import NianbaoError
from vectorstore.records import Check, Finding, Scope, Verdict

if TYPE_CHECKING:
    from vectorstore.index import Index


def verdict(
    report_id: OptionalReportId = None,
    rule: Annotated[
        str | None,
        typer.Option("--rule", metavar="RULE", help="The rule of the check.", autocompletion=completing.rules),
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="ID", help="Its metric or part, where the rule fails twice.")
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="The report is wrong.")] = False,
    dismiss: Annotated[bool, typer.Option("--dismiss", help="No fault: there is an explanation.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take the verdict back.")] = False,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="A note, kept with it.")] = "",
    made_by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so.")] = "",
    show: Annotated[bool, typer.Option("--list", help="List the verdicts, on one report or on all.")] = False,
    index: IndexFolder = DEFAULT_INDEX,
    as_json: AsJson = False,
) -> None:
    """Say what you found on a check that fails (`nianbao checks` lists them). Kept, shown, and reversible."""
    if sum((confirm, dismiss, undo, show)) != 1:
        raise typer.BadParameter("Give one of --confirm, --dismiss, --undo and --list.")
    if show:
        with open_index(index) as kept:
            ids = None if report_id is None else [find_report(kept, report_id).report_id]
            _print(kept.verdicts(ids), as_json)
        return
    if report_id is None or rule is None:
        raise typer.BadParameter("Which check? Give the report's id and --rule, as `nianbao checks --json` lists them.")
    finding = Finding.CONFIRMED if confirm else Finding.DISMISSED
    _judge(index, report_id, rule, subject, None if undo else finding, " ".join(why.split()), made_by.strip(), as_json)


def _judge(
    folder: Path,
    report_id: str,
    rule: str,
    subject: str | None,
    finding: Finding | None,
    note: str,
    made_by: str,
    as_json: bool,
) -> None:
    from datetime import date

    from vectorstore.verdicts import stated

    with open_index(folder) as kept, kept.writing() as writer:
        check = _failed_check(kept, find_report(kept, report_id).report_id, rule, subject)
        made = Verdict(
            check.report_id,
            check.rule,
            check.subject,
            finding or Finding.CONFIRMED,
            stated(check.left),
            stated(check.right),
            made_by,
            date.today().isoformat(),
            note,
        )
        if finding is not None:
            writer.record_verdict(made)
        elif not writer.forget_verdict(made):
            raise NianbaoError(f"There is no verdict on this check of report {check.report_id} to take back.")
        now = kept.verdicts([check.report_id])
    _print([v for v in now if (v.rule, v.subject) == (check.rule, check.subject)], as_json)


def _failed_check(kept: Index, report_id: str, rule: str, subject: str | None) -> Check:
    found = [
        check
        for check in kept.failed_checks(Scope(report_ids=(report_id,)))
        if check.rule == rule and subject in (None, check.subject)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NianbaoError(f"No such check of report {report_id} fails; `nianbao checks --json` lists those that do.")
    subjects = ", ".join(dict.fromkeys(check.subject for check in found))
    raise NianbaoError(
        f"The rule {rule} fails {len(found)} times in report {report_id} ({subjects}): say which with --subject, or "
        f"look at them on the page of checks (`nianbao chat`)."
    )


def _print(listed: list[Verdict], as_json: bool) -> None:
    from ui.listing import verdict_record
    from ui.printing import print_json, print_line

    if as_json:
        print_json([verdict_record(verdict) for verdict in listed])
        return
    for one in listed:
        said = " · ".join(part for part in (one.note, one.made_by, one.made_on) if part)
        print_line(f"{one.report_id} {one.rule} {one.subject} [{one.left} / {one.right}] {one.finding.value} · {said}")
