"""The example of docs/wording.md, run as it stands against a scripted server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.documentation import blocks, page, run_within

if TYPE_CHECKING:
    from tests.language_server import LanguageServer


@pytest.mark.integration
def test_the_example_of_the_page_runs(
    draft: Any, assistant_over: Any, language_server: LanguageServer, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = blocks(page("wording.md"), "python")
    reports = (
        draft("白石开发区", 2023).says("applications_new", 0),
        draft("青川开发区", 2023).says("applications_new", 3),
    )
    folder = assistant_over(*reports).index.folder
    assert "http://127.0.0.1:8000/v1" in example and '"nianbao-index"' in example
    example = example.replace("http://127.0.0.1:8000/v1", language_server.url)
    example = example.replace('"nianbao-index"', repr(str(folder)))
    language_server.script("2023年，白石开发区没有收到申请[1]。")
    run_within(example)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("rules ")
    assert lines[-1].startswith("model 2023年，白石开发区没有收到申请[1]。")
