"""The command that shows what contradicts itself: ``checks``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.filters import filtered_scope
from ui import completing
from ui.list_commands import one_of
from ui.options import DEFAULT_INDEX, AsCsv, AsJson, IndexFolder, InRegion, InYear, OfBody, OfKind, open_index
from vectorstore.records import Check, Report

if TYPE_CHECKING:
    from ui.listing import ReadText
    from ui.texts import Texts

CHECK_COLUMNS = (
    "report_id", "body", "year", "rule", "name", "sort", "severity", "subject", "holds", "left_label", "left_value",
    "left_quote", "right_label", "right_value", "right_quote", "verdict",
)  # fmt: skip


def checks(
    index: IndexFolder = DEFAULT_INDEX,
    everything: Annotated[bool, typer.Option("--all", help="Those that hold or can't be judged as well.")] = False,
    rule: Annotated[
        str | None,
        typer.Option(
            "--rule",
            metavar="RULE",
            help="Only this rule: row_total, carried_over …",
            autocompletion=completing.rules,
        ),
    ] = None,
    severity: Annotated[
        str | None,
        typer.Option(
            "--severity",
            metavar="fault|warning",
            help="Only faults, or only warnings.",
            autocompletion=completing.severities,
        ),
    ] = None,
    year: InYear = None,
    kind: OfKind = None,
    region: InRegion = None,
    body: OfBody = None,
    found_so: Annotated[
        str | None,
        typer.Option(
            "--verdict",
            metavar="open|confirmed|dismissed",
            help="Only those that people found so, or open.",
            autocompletion=completing.verdicts,
        ),
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List what contradicts itself: identities and comparisons that the reports' figures should satisfy and don't."""
    one_of(as_json, as_csv)
    from ui.check_list import listed_checks
    from ui.listing import text_reader
    from ui.printing import print_json, print_records, print_table
    from ui.texts import terminal_language, texts

    _check_rule(rule, severity)
    _check_verdict(found_so)
    scope = filtered_scope(year, kind, region, body)
    words = texts(terminal_language())
    with open_index(index) as kept:
        found = listed_checks(kept, scope, everything=everything, rule=rule, severity=severity, verdict=found_so)
        read_text = text_reader(kept)
        if as_json or as_csv:
            records = [listed.record(read_text) for listed in found]
            if as_json:
                print_json(records)
            else:
                print_records(CHECK_COLUMNS, map(_flat, records))
            return
        rows = [_check_row(listed.check, listed.report, read_text, words) for listed in found]
    header = [words(f"column.{name}") for name in ("body", "year", "rule", "metric", "left", "right", "holds")]
    print_table(header, rows)


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """A check as a line of a table: each side in fields of its own, and of the verdict what was found."""
    flat = dict(record)
    for side in ("left", "right"):
        told = flat.pop(side)
        flat |= {f"{side}_{name}": told[name] for name in ("label", "value")}
        flat[f"{side}_quote"] = [citation["quote"] for citation in told["citations"]]
    verdict = flat["verdict"]
    return flat | {"verdict": verdict["finding"] if verdict and verdict["current"] else None}


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
