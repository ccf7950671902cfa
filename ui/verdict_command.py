"""The command that keeps what a person found on a check that fails: ``verdict``; and verdicts as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.options import DEFAULT_INDEX, AsJson, IndexFolder, find_report, open_index
from vectorstore.errors import NianbaoError
from vectorstore.records import Check, Finding, Scope, Verdict

if TYPE_CHECKING:
    from vectorstore.index import Index
    from vectorstore.verdicts import Judgement


def verdict(
    report_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="The report's id, or its beginning.")] = None,
    rule: Annotated[str | None, typer.Option("--rule", metavar="RULE", help="The rule of the check.")] = None,
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


def verdict_record(verdict: Verdict) -> dict[str, Any]:
    """One element of ``verdict --list --json``."""
    return {
        "report_id": verdict.report_id,
        "rule": verdict.rule,
        "subject": verdict.subject,
        "finding": verdict.finding.value,
        "left": verdict.left,
        "right": verdict.right,
        "made_by": verdict.made_by,
        "made_on": verdict.made_on,
        "note": verdict.note,
        "former_id": verdict.former_id,
    }


def judgement_record(judgement: Judgement) -> dict[str, Any] | None:
    """``verdict`` of an element of ``checks --json``; ``current`` is false where the values have changed since."""
    if judgement.verdict is None:
        return None
    record = verdict_record(judgement.verdict)
    kept = ("finding", "left", "right", "made_by", "made_on", "note")
    return {"current": judgement.is_current} | {name: record[name] for name in kept}


def _print(listed: list[Verdict], as_json: bool) -> None:
    from ui.printing import print_json, print_line

    if as_json:
        print_json([verdict_record(verdict) for verdict in listed])
        return
    for one in listed:
        said = " · ".join(part for part in (one.note, one.made_by, one.made_on) if part)
        print_line(f"{one.report_id} {one.rule} {one.subject} [{one.left} / {one.right}] {one.finding.value} · {said}")
