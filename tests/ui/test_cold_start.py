"""What a cold shell has to load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = [
    "torch", "transformers", "sentence_transformers", "gradio", "chromadb", "llama_index", "jieba", "numpy",
    "langchain_core", "langsmith", "openai", "ollama", "httpx", "anyio", "fastapi", "starlette", "uvicorn", "mcp",
]  # fmt: skip

pytestmark = pytest.mark.integration


def run(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False, timeout=60)


def test_importing_the_packages_loads_nothing_heavy() -> None:
    script = (
        "import sys, nianbao, assistant.assistant, ingest.pipeline, vectorstore.index, ui.cli\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    result = run(script)
    assert result.stdout == "[]\n", result.stderr


def test_the_tools_for_agents_load_nothing_heavy_before_they_search(samples_index: Path) -> None:
    script = (
        "import sys, nianbao\n"
        "with nianbao.open(sys.argv[1]) as assistant:\n"
        "    toolbox = nianbao.Toolbox(assistant)\n"
        "    assert toolbox.ask('2023年一共收到多少件申请？').value\n"
        "    assert toolbox.figures('applications_new', year=2023).rows\n"
        "    assert [model.model_json_schema() for model in toolbox.arguments.values()]\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    result = run(script, samples_index)
    assert result.stdout == "[]\n", result.stderr


def test_a_figure_question_loads_nothing_heavy(samples_index: Path) -> None:
    script = (
        "import sys\n"
        "from ui.cli import main\n"
        "try:\n    main()\n"
        f"finally:\n    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    result = run(script, "ask", "2023年一共收到多少件申请？", "--index", samples_index)
    assert result.returncode == 0, result.stderr
    assert result.stderr == "[]\n"


def test_the_output_is_utf8_in_any_locale(samples_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    result = run("from ui.cli import main; main()", "reports", "--index", samples_index)
    assert result.returncode == 0, result.stderr
    assert "栖澜" in result.stdout


def test_a_reader_that_has_enough_ends_the_command_quietly(samples_index: Path) -> None:
    script = "from ui.cli import main; main()"
    command = [sys.executable, "-c", script, "figures", "--json", "--index", str(samples_index)]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
