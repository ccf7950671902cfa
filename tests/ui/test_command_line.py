"""What holds for the whole command line: its page, exit codes, failures, and how it is spoken to by other programs."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ui import question_commands
from ui.cli import COMMANDS, app
from vectorstore.errors import NianbaoError

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "from ui.start import main; main()"
QUESTION = "哪些开发区2023年没有收到政府信息公开申请？"
NAMES = [name for name, _, _ in COMMANDS]
ARGUMENTS = {
    "ask": ["q"], "search": ["q"], "report": ["x"], "remove": ["x"], "cite": ["x"], "verdict": ["--list"],
    "correct": ["--list"], "survey": ["q", "--llm", "openai:none"], "reembed": ["--embedding", "bundled"],
}  # fmt: skip
NEED_AN_INDEX = [name for name in NAMES if name not in ("ingest", "chat", "completion", "llm")]


def run(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    """The program itself, on pipes, heeding an interruption also where the tests run in the background."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
    piped = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *map(str, arguments)],
        **(piped | options | {"env": kept | {"PYTHONPATH": str(ROOT)} | options.get("env", {})}),
        encoding="utf-8",
    )


# --- the page, and exit codes


def test_the_page_of_the_command_line_says_what_the_program_has() -> None:
    specification = importlib.util.spec_from_file_location("made", ROOT / "docs" / "make_command_line.py")
    assert specification is not None and specification.loader is not None
    made = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(made)
    page = (ROOT / "docs" / "command_line.md").read_text(encoding="utf-8")
    assert page.partition(made.MARKER)[2] == "\n" + made.render(), "run `python docs/make_command_line.py`"


@pytest.mark.parametrize("command", NAMES)
def test_an_option_that_there_is_not_is_wrong_usage(command: str) -> None:
    result = run(command, "--no-such-option")
    assert result.exit_code == 2
    assert "No such option" in result.stderr and result.stdout == ""


@pytest.mark.parametrize("command", NEED_AN_INDEX)
def test_without_an_index_a_command_fails_in_one_sentence(command: str, tmp_path: Path) -> None:
    result = run(command, *ARGUMENTS.get(command, []), "--index", tmp_path / "none")
    assert result.exit_code == 1, result.output
    assert re.fullmatch(r"[^\n]*nianbao ingest[^\n]*\n", result.stderr)


@pytest.mark.parametrize("year", ["0", "-5", "99999999999999999999999", "next"])
def test_a_year_that_there_cannot_be_is_wrong_usage(samples_index: Path, year: str) -> None:
    assert run("figures", "--year", year, "--index", samples_index).exit_code == 2


def test_what_is_no_text_is_refused_in_a_sentence(samples_index: Path) -> None:
    for arguments in (["search", "a\udcffb"], ["figures", "--body", "\udcff"], ["report", "\udcff"]):
        result = run(*arguments, "--index", samples_index)
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1), result.stderr


def fail(error: BaseException) -> Any:
    def opening(*_: object) -> Any:
        raise error

    return opening


def test_an_error_that_nobody_foresaw_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_commands, "open_assistant", fail(ZeroDivisionError("by\nzero")))
    result = run("ask", "q")
    assert result.exit_code == 1
    assert re.fullmatch(r"[^\n]*ZeroDivisionError: by zero[^\n]*NIANBAO_TRACEBACK[^\n]*\n", result.stderr)
    monkeypatch.setenv("NIANBAO_TRACEBACK", "1")
    assert isinstance(run("ask", "q").exception, ZeroDivisionError)


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_commands, "open_assistant", fail(KeyboardInterrupt()))
    assert run("ask", "q").exit_code == 130


def test_an_interruption_while_modules_load_is_130_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import start as entry

    loading = types.ModuleType("ui.cli")
    monkeypatch.setitem(sys.modules, "ui.cli", loading)
    monkeypatch.setattr(loading, "main", fail(KeyboardInterrupt()), raising=False)
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 130


def test_a_closed_standard_output_is_no_failure(samples_index: Path) -> None:
    command = f'"$0" -c "{SCRIPT}" reports --index "$1" >&-'
    ended = subprocess.run(["sh", "-c", command, sys.executable, samples_index], cwd=ROOT, capture_output=True)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full to write to")
def test_a_full_disk_is_told(samples_index: Path) -> None:
    with Path("/dev/full").open("w") as full, start("status", "--index", samples_index, stdout=full) as process:
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.count("\n") == 1 and "space" in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full to write to")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["ask", "--help"]])
def test_help_that_can_t_be_written_is_a_sentence_too(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full, start(*arguments, stdout=full) as process:
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said.count("\n")) == (1, 1), said


@pytest.mark.parametrize("arguments", [["ask", ""], ["ask", "   "], ["search", ""], ["mcp", "--port", "9000"]])
def test_what_can_t_be_meant_is_wrong_usage(samples_index: Path, arguments: list[str]) -> None:
    assert run(*arguments, "--index", samples_index).exit_code == 2


def test_a_server_for_everybody_without_a_token_is_wrong_usage(
    samples_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIANBAO_TOKEN", raising=False)
    for arguments in (["serve"], ["mcp", "--http"]):
        assert run(*arguments, "--host", "0.0.0.0", "--index", samples_index).exit_code == 2


# --- comma-separated values


@pytest.mark.parametrize("command", ["figures", "reports", "bodies", "checks"])
def test_a_list_as_csv_has_a_line_for_each_record_of_the_json(samples_index: Path, command: str) -> None:
    records = json.loads(run(command, "--json", "--index", samples_index).stdout)
    rows = list(csv.DictReader(io.StringIO(run(command, "--csv", "--index", samples_index).stdout)))
    assert len(rows) == len(records) > 0
    for row, record in zip(rows, records, strict=True):
        assert None not in row and None not in row.values()
        for name in row.keys() & record.keys():
            if isinstance(record[name], str | int | float | None) and not isinstance(record[name], bool):
                assert row[name] == ("" if record[name] is None else str(record[name]))
    assert run(command, "--csv", "--json", "--index", samples_index).exit_code == 2


# --- questions from elsewhere


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "-"]])
def test_a_question_can_come_from_standard_input(samples_index: Path, arguments: list[str]) -> None:
    result = run(*arguments, "--json", "--index", samples_index, stdin=f"\ufeff{QUESTION}\n")
    assert json.loads(result.stdout)["question"] == QUESTION


@pytest.mark.parametrize("given", [b"", b" \n\n", b"\xff\xfe"])
def test_nothing_that_can_be_asked_is_wrong_usage(samples_index: Path, given: bytes) -> None:
    result = run("ask", "--index", samples_index, stdin=given)
    assert result.exit_code == 2
    assert "QUESTION" in result.stderr


def test_two_lines_are_no_question_and_the_batch_is_named(samples_index: Path) -> None:
    result = run("ask", "--index", samples_index, stdin=f"{QUESTION}\n那2022年呢\n")
    assert result.exit_code == 2 and result.stdout == ""
    assert "--batch -" in result.stderr


def test_a_line_that_cannot_be_asked_costs_no_other_its_answer(samples_index: Path) -> None:
    lines = [QUESTION.encode(), b'{"question": 1}', b"", b"\xff", "问".encode() * 3000, QUESTION.encode(), b"", b""]
    result = run("ask", "--batch", "-", "--json", "--index", samples_index, stdin=b"\n".join(lines))
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 3
    assert [record.get("line") for record in records] == [None, 2, 3, 4, 5, None]
    assert ["error" in record for record in records] == [False, True, True, True, True, False]
    assert re.findall(r"^Line (\d)", result.stderr, re.MULTILINE) == ["2", "3", "4", "5"]


def test_a_batch_without_one_answer_has_failed(samples_index: Path, tmp_path: Path) -> None:
    batch = tmp_path / "batch.txt"
    batch.write_text("问" * 3000, encoding="utf-8")
    assert run("ask", "--batch", batch, "--index", samples_index).exit_code == 1


def test_each_line_of_a_pipe_is_answered_before_the_next_is_written(samples_index: Path) -> None:
    # A shell in the background ignores interruptions, and what it starts would too.
    heeds = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    with start("ask", "--batch", "-", "--json", "--index", samples_index, **heeds) as process:
        assert process.stdin is not None and process.stdout is not None
        for question in (QUESTION, "2023年有几份报告？"):
            process.stdin.write(question + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr is not None and process.stderr.read() == ""


# --- a terminal


pty = pytest.importorskip("pty", reason="there are no terminals to open here")


def take_terminal() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.setsid()
    # Only whose terminal it is gets an interruption from its keyboard.
    importlib.import_module("fcntl").ioctl(0, importlib.import_module("termios").TIOCSCTTY, 0)


def talk(typed: list[tuple[str, bytes]], *arguments: str | Path, **variables: str) -> tuple[str, int]:
    """What the program shows on a terminal, where each text is typed once the words before it were shown anew."""
    ours, theirs = pty.openpty()
    environment = {"TERM": "xterm", "LANG": "C.UTF-8", "COLUMNS": "60"} | variables
    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs, "env": environment}
    with start(*arguments, **streams, preexec_fn=take_terminal) as process:
        os.close(theirs)
        shown, since = b"", 0
        waiting = list(typed)
        while select.select([ours], [], [], 60)[0]:
            try:
                read = os.read(ours, 65536)
            except OSError:  # what Linux has for the end of a terminal
                break
            if not read:
                break
            shown += read
            if waiting and waiting[0][0] in shown[since:].decode(errors="replace"):
                since = len(shown)
                os.write(ours, waiting.pop(0)[1])
        else:
            process.kill()
        process.wait(30)
    os.close(ours)
    return shown.decode(), process.returncode


def test_without_a_question_a_terminal_begins_a_conversation(samples_index: Path) -> None:
    typed = [
        ("? ", "2023年有几份报告？\n".encode()),
        ("\n? ", "那2022年呢\n".encode()),
        ("\n? ", b"never asked\x03"),
        ("\n? ", b"\x04"),
    ]
    shown, code = talk(typed, "ask", "--index", samples_index)
    assert code == 0, shown
    assert "14" in shown and "2022年" in shown.partition("那2022年呢")[2]
    assert "Traceback" not in shown


def test_a_terminal_is_coloured_unless_it_must_not_be(samples_index: Path) -> None:
    shown, code = talk([], "ask", QUESTION, "--index", samples_index)
    assert code == 0 and "\x1b[36m[1]" in shown
    for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert "\x1b[36m" not in talk([], "ask", QUESTION, "--index", samples_index, **variables)[0]
    assert "\x1b" not in run("ask", QUESTION, "--index", samples_index).stdout


MODEL = ("--llm", "openai:made-up", "--llm-url", "http://127.0.0.1:9/v1")


def test_an_interruption_at_a_question_is_130_too(samples_index: Path) -> None:
    shown, code = talk([("Begin?", b"\x03")], "survey", QUESTION, "--index", samples_index, *MODEL)
    assert code == 130 and "Aborted" not in shown, shown


def test_a_survey_of_nothing_says_so_and_what_it_takes_needs_a_model(samples_index: Path) -> None:
    nothing = run("survey", QUESTION, "--year", "1999", "--estimate", "--index", samples_index, *MODEL)
    assert nothing.exit_code == 0 and "asked before" not in nothing.output and "都问过" not in nothing.output
    assert run("survey", QUESTION, "--estimate", "--index", samples_index).exit_code == 2


def test_an_id_is_never_broken_on_a_narrow_terminal(samples_index: Path) -> None:
    shown, code = talk([], "reports", "--index", samples_index, COLUMNS="40")
    ids = [one["report_id"] for one in json.loads(run("reports", "--json", "--index", samples_index).stdout)]
    assert code == 0 and ids and all(one in shown for one in ids)


def test_what_a_text_begins_with_is_no_warning_below_it(samples_index: Path) -> None:
    said = run("ask", "哪些开发区2023年202没有收到申请", "--index", samples_index).stdout
    assert said.count("没有考虑“202”") == 1


def test_references_of_nothing_overwrite_no_file(samples_index: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.csl.json"
    kept.write_text("[1]", encoding="utf-8")
    result = run("ask", "明天天气怎么样", "-o", kept, "--index", samples_index)
    assert (result.exit_code, kept.read_text(encoding="utf-8")) == (1, "[1]")


# --- completion


def complete(words: str, shell: str = "bash") -> list[str]:
    """What a shell is told of the last of some words."""
    script = (
        f"import sys\nsys.argv[0] = 'nianbao'\ntry:\n    {SCRIPT}\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )
    variables = {
        "_NIANBAO_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, env=os.environ | variables, capture_output=True, encoding="utf-8", timeout=60)
    loaded = set(ended.stderr.split())
    assert "ui.cli" in loaded
    assert not {"sqlalchemy", "rich", "numpy", "starlette", "mcp"} & loaded
    return ended.stdout.split()


@pytest.fixture(scope="module")
def bash(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a real bash offers for the last of some words, with the script that `nianbao completion bash` prints."""
    found = shutil.which("bash")
    if found is None:
        pytest.skip("there is no bash")
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "nianbao"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" "{folder}/nianbao.py" "$@"\n')
    (folder / "nianbao.py").write_text(f"import sys; sys.argv[0] = 'nianbao'\n{SCRIPT}\n")
    program.chmod(0o755)
    printed = run("completion", "bash").stdout
    (folder / "completion.sh").write_text(printed)

    def offer(*words: str) -> list[str]:
        script = (
            'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))\n'
            "function=$(complete -p nianbao | sed 's/.*-F \\([^ ]*\\).*/\\1/')\n"
            '$function nianbao; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        command = [found, "--norc", "-c", script, "bash", str(folder / "completion.sh"), *words]
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        ended = subprocess.run(
            command, env=os.environ | {"PATH": path}, capture_output=True, encoding="utf-8", timeout=60
        )
        assert ended.stderr == "", ended.stderr
        return ended.stdout.split()

    return offer


def test_bash_completes_commands_options_and_values(bash: Any, samples_index: Path) -> None:
    assert bash("nianbao", "regi") == ["register"]
    assert bash("nianbao", "checks", "--sev") == ["--severity"]
    assert bash("nianbao", "reports", "--kind", "town") == ["township"]
    assert "applications_new" in bash("nianbao", "figures", "--metric", "applications")
    assert "applications_new__enterprise" in bash("nianbao", "figures", "--metric", "applications_new__e")
    ids = bash("nianbao", "report", "--index", str(samples_index), "")
    assert len(ids) == 40


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell", "pwsh"])
def test_there_is_a_script_for_every_shell(shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "_NIANBAO_COMPLETE" in run("completion", shell).stdout
    if shell in ("bash", "zsh", "fish"):
        told = run("completion", shell, "--install")
        assert told.exit_code == 0
        assert Path(told.stdout.split(" completes ")[0]).is_relative_to(tmp_path)


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh")
def test_zsh_takes_the_script(tmp_path: Path) -> None:
    script = tmp_path / "_nianbao"
    script.write_text(run("completion", "zsh").stdout)
    check = f"autoload -U compinit; compinit -u -D; source {script}; print $_comps[nianbao]"
    ended = subprocess.run(["zsh", "-f", "-c", check], capture_output=True, encoding="utf-8", timeout=60)
    assert ended.stdout.strip() == "_nianbao_completion", ended.stderr


def test_completing_loads_little() -> None:
    assert "register" in complete("nianbao re")
    assert "row_total" in complete("nianbao checks --rule row")
    assert complete("nianbao ask --js") == ["--json"]


def test_a_shell_that_is_not_known_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import shellingham

    monkeypatch.setattr(shellingham, "detect_shell", lambda: ("elvish", "/bin/elvish"))
    result = run("completion")
    assert result.exit_code == 1 and "bash, zsh" in result.stderr


def test_sentences_of_the_program_are_errors_of_its_own() -> None:
    from ui.failures import sentence_of

    assert sentence_of(NianbaoError("Say it so.")) == "Say it so."
    assert "/there" in sentence_of(FileNotFoundError(2, "No such file", "/there"))
    assert "memory" in sentence_of(MemoryError())
