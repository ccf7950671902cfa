"""docs/python.md says what there is, all of it, and its examples run."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from pathlib import Path

import pytest

import nianbao
from tests.documentation import blocks, page, run_program

TEXT = page("python.md")


def test_every_public_name_is_documented_and_no_other() -> None:
    names = TEXT[TEXT.index("\n## Names") :]
    documented = [name for row in re.findall(r"^\| (`.*?) \|", names, re.M) for name in re.findall(r"`(\w+)`", row)]
    assert sorted(documented) == nianbao.__all__


def signatures(source: str) -> dict[str, str]:
    """The public methods of the class in a source text, each with its decorators, arguments and what it returns."""
    (described,) = ast.parse(textwrap.dedent(source)).body
    assert isinstance(described, ast.ClassDef)
    found = {}
    for method in described.body:
        if not isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        decorators = [ast.unparse(decorator) for decorator in method.decorator_list]
        if "property" in decorators or (method.name.startswith("_") and method.name != "__init__"):
            continue
        returned = "" if method.returns is None else ast.unparse(method.returns)
        found[method.name] = f"{decorators} {type(method).__name__} ({ast.unparse(method.args)}) -> {returned}"
    return found


def test_the_documented_signatures_of_the_assistant_are_its_own() -> None:
    (documented,) = blocks(TEXT, "pyi")
    own: dict[str, str] = {}
    for part in nianbao.Assistant.__mro__[:-1]:
        own = signatures(inspect.getsource(part)) | own
    assert signatures(documented) == own


def test_the_documented_attributes_of_the_assistant_are_its_own(samples_index: Path) -> None:
    (documented,) = blocks(TEXT, "pyi")
    attributes = set(re.findall(r"^    (\w+):", documented, re.M))
    with nianbao.open(samples_index) as assistant:
        properties = {name for name, value in vars(nianbao.Assistant).items() if isinstance(value, property)}
        own = {name for name in vars(assistant) | dict.fromkeys(properties) if not name.startswith("_")}
    assert attributes == own


@pytest.mark.integration
@pytest.mark.parametrize("example", blocks(TEXT, "python"))
def test_the_examples_run_as_they_stand(example: str, samples_index: Path, tmp_path: Path) -> None:
    (tmp_path / "samples-index").symlink_to(samples_index)
    assert "栖澜" in run_program(example, tmp_path)
