"""The command that keeps the register of bodies that should report: ``register``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.options import DEFAULT_INDEX, SOME_FAILED, AsJson, IndexFolder, open_index


def register(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="A CSV table of the bodies that should report, in place of an earlier one. Its columns: name, kind, "
            "region, from, to (机关, 类型, 地区, 起, 止); only the name is needed. from and to are the first and "
            "last year of statistics.",
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="List the registered bodies; so does no FILE.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take the register out of the index.")] = False,
    index: IndexFolder = DEFAULT_INDEX,
    as_json: AsJson = False,
) -> None:
    """Keep a register of the bodies that should report, so that "did not report" can be answered."""
    if sum((file is not None, show, remove)) > 1:
        raise typer.BadParameter("Give a FILE, --show or --remove, and only one of them.")
    if file is not None:
        _replace(file, index, as_json)
    elif remove:
        _remove(index, as_json)
    else:
        _show(index, as_json)


def _replace(file: Path, index: Path, as_json: bool) -> None:
    from ingest.register_table import read_register
    from ui.printing import print_json, print_line
    from ui.texts import terminal_language, texts

    words = texts(terminal_language())
    with open_index(index) as kept:
        table = read_register(file, {body.region for body in kept.bodies() if body.region})
        with kept.writing() as writer:
            writer.put_register(table.registered)
        listed = kept.register() or []
    unknown = sum(not entry.bodies for entry in listed)
    doubtful = [entry for entry in listed if len(entry.bodies) > 1]
    if as_json:
        problems = {"problems": list(table.problems), "unused_columns": list(table.unused)}
        print_json({"registered": len(listed), "without_report": unknown, "ambiguous": len(doubtful), **problems})
    else:
        print_line(words("command.registered", n=len(listed), unknown=unknown))
        if table.unused:
            print_line(words("command.unused_columns", columns=words("command.separator").join(table.unused)))
        for entry in doubtful:
            names = words("command.separator").join(f"{b.name} ({b.region or '?'})" for b in entry.bodies)
            print_line(words("command.ambiguous_entry", name=entry.name, names=names))
    for problem in table.problems:
        typer.echo(problem, err=True)
    if table.problems:
        raise typer.Exit(SOME_FAILED)


def _remove(index: Path, as_json: bool) -> None:
    from ui.printing import print_json, print_line
    from ui.texts import terminal_language, texts

    with open_index(index) as kept:
        former = kept.register() or []
        with kept.writing() as writer:
            writer.put_register(())
    if as_json:
        print_json({"removed": len(former)})
    else:
        print_line(texts(terminal_language())("command.register_removed", n=len(former)))


def _show(index: Path, as_json: bool) -> None:
    from ui.listing import registered_record
    from ui.printing import print_json, print_line, print_table
    from ui.texts import terminal_language, texts

    words = texts(terminal_language())
    with open_index(index) as kept:
        listed = kept.register()
        years: dict[str, set[int]] = {}
        for report in kept.reports():
            if report.year is not None:
                years.setdefault(report.body_id, set()).add(report.year)
    records = [registered_record(entry, years) for entry in listed or ()]
    if as_json:
        print_json(records)
    elif listed is None:
        print_line(words("command.no_register"))
    else:
        header = [words(f"column.{name}") for name in ("body", "kind", "region", "from", "to", "reported", "matched")]
        rows = [
            [
                record["name"],
                record["kind"],
                record["region"] or "",
                str(record["from"] or ""),
                str(record["to"] or ""),
                " ".join(map(str, record["years"])),
                " / ".join(body["name"] for body in record["bodies"]),
            ]
            for record in records
        ]
        print_table(header, rows)
