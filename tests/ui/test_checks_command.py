from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ui.cli import app
from vectorstore.check_rules import check_rules


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_checks_quote_both_sides_from_the_report_that_states_them(samples_index: Path) -> None:
    found = json.loads(run("checks", "--all", "--json", "--index", samples_index))
    assert {check["rule"] for check in found} <= set(check_rules())
    years = [check for check in found if check["sort"] == "year"]
    assert years and all(c["right"]["citations"][0]["report_id"] != c["report_id"] for c in years)
    for check in found:
        for side in (check["left"], check["right"]):
            for citation in side["citations"]:
                text = (
                    run("report", citation["report_id"], "--text", "--index", samples_index)
                    if check in years[:2]
                    else ""
                )
                assert not text or text[citation["start"] : citation["end"]] == citation["quote"]


def test_checks_may_be_narrowed_to_a_rule_or_a_severity(samples_index: Path) -> None:
    rule = json.loads(run("checks", "--all", "--rule", "carried_over", "--json", "--index", samples_index))
    assert rule and {check["rule"] for check in rule} == {"carried_over"}
    warnings = json.loads(run("checks", "--severity", "warning", "--json", "--index", samples_index))
    assert {check["severity"] for check in warnings} <= {"warning"}
    assert {check["holds"] for check in warnings} <= {False}


@pytest.mark.parametrize("arguments", [("--rule", "nothing"), ("--severity", "grave")])
def test_an_unknown_rule_or_severity_is_a_wrong_usage(samples_index: Path, arguments: tuple[str, str]) -> None:
    result = CliRunner().invoke(app, ["checks", *arguments, "--index", str(samples_index)])
    assert result.exit_code == 2


def test_the_table_of_checks_names_rules_and_quotes(samples_index: Path) -> None:
    shown = run("checks", "--all", "--rule", "balance", "--index", samples_index)
    assert "balance" in shown and "“" in shown
