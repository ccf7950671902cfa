"""The example of docs/reading_at_scale.md, run as it stands against a scripted server."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

from tests.assistant.survey_corpus import make_corpus, read_honestly
from tests.documentation import blocks, page, run_within
from tests.language_server import LanguageServer

PAGE = page("reading_at_scale.md")


def test_the_example_of_the_page_runs(draft: Any, assistant_over: Any, language_server: LanguageServer) -> None:
    (example,) = blocks(PAGE, "python")
    folder: Path = make_corpus(draft, assistant_over, 6).index.folder
    language_server.script(read_honestly)
    assert "http://127.0.0.1:8000/v1" in example and '"nianbao-index"' in example
    example = example.replace("http://127.0.0.1:8000/v1", language_server.url)
    example = example.replace('"nianbao-index"', repr(str(folder)))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        run_within(example)
    lines = printed.getvalue().splitlines()
    assert lines[0].startswith("6 ")
    assert "6 6" in lines
    assert sum(" yes whole" in line for line in lines) == 2
    assert sum(" no whole" in line for line in lines) == 4


def test_the_page_names_what_there_is() -> None:
    from assistant.language_models.surveying.records import OUTCOMES

    assert all(f"| `{outcome}` |" in PAGE for outcome in OUTCOMES)
