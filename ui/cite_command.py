"""The command that leads from a permanent id back to the words it stands for, and to the reference: ``cite``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import parse_qs

import typer

from assistant.export.styles import Style
from ui.options import DEFAULT_INDEX, FAILED, SOME_FAILED, AsJson, IndexFolder, open_index
from vectorstore.errors import NianbaoError

if TYPE_CHECKING:
    from assistant.answering.cited_places import Cited

Shown = Literal["text", Style]


def cite(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...", help="Permanent ids of places, links to them, or reports' ids; none or - reads them."
        ),
    ] = None,
    style: Annotated[
        Shown, typer.Option("--format", help="Only the references, in this format; text quotes the places too.")
    ] = "text",
    index: IndexFolder = DEFAULT_INDEX,
    as_json: AsJson = False,
) -> None:
    """Show what a citation's id stands for: the words, where they stand, and the reference to print."""
    if as_json and style != "text":
        raise typer.BadParameter("Choose either --json or --format.")
    from assistant.answering.cited_places import resolve_cited

    asked = _ids(ids or [])
    found: list[Cited] = []
    with open_index(index) as kept:
        for given in asked:
            try:
                found.append(resolve_cited(kept, given))
            except NianbaoError as error:
                typer.echo(str(error), err=True)
    _print(found, style, as_json)
    if len(found) < len(asked):
        raise typer.Exit(SOME_FAILED if found else FAILED)


def _ids(given: list[str]) -> list[str]:
    if not given and sys.stdin.isatty():
        raise typer.BadParameter("Give an id, as `nianbao ask --json` and the web chat show them.")
    if given in ([], ["-"]):
        given = sys.stdin.read().removeprefix("\ufeff").split()
    if not given:
        raise typer.BadParameter("There is no id in what was read.")
    return list(dict.fromkeys(map(_id_in, given)))


def _id_in(given: str) -> str:
    """The id of a permanent link, as the web chat copies it; any other text as it is."""
    _, question_mark, query = given.partition("?")
    return next(iter(parse_qs(query).get("id", [])), given) if question_mark else given


def _print(found: list[Cited], style: Shown, as_json: bool) -> None:
    from ui.listing import cited_record
    from ui.printing import print_json, print_line

    if as_json:
        print_json([{"given": one.given, **cited_record(one)} for one in found])
    elif style == "text":
        for position, one in enumerate(found):
            if position:
                print_line()
            _print_text(one)
    elif found:
        from assistant.export.references import refer_to_cited
        from assistant.export.styles import styled

        # As bytes: RIS has line ends of its own, which a text stream would change.
        sys.stdout.flush()
        sys.stdout.buffer.write(styled([refer_to_cited(one) for one in found], style).encode("utf-8"))
        sys.stdout.buffer.flush()


def _print_text(cited: Cited) -> None:
    from assistant.export.characters import quoted_line
    from assistant.export.gbt7714 import gbt7714
    from assistant.export.references import refer_to_cited
    from ui.printing import print_line
    from ui.texts import terminal_language, texts

    words, place, report = texts(terminal_language()), cited.place, cited.report
    page = words("cite.page", n=place.page) if place is not None and place.page is not None else None
    where = (report.body, report.year, place.section if place is not None else None, page)
    print_line(f"{cited.id}  " + " · ".join(str(part) for part in where if part))
    if place is not None:
        print_line(f"    {quoted_line(place.quote)}")
    print_line(gbt7714(refer_to_cited(cited)))
    if place is not None and place.moved:
        print_line(words("command.warning") + words("cite.moved", id=cited.given))
    if place is None and not report.report_id.startswith(cited.given):
        print_line(words("command.warning") + words("cite.read_again", id=cited.given))
    if report.superseded_by is not None:
        print_line(words("command.warning") + words("cite.superseded", id=report.superseded_by))
