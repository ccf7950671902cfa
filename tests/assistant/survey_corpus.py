"""Made-up reports for surveys, and a scripted reader of them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.language_models.survey import Survey
from tests.language_server import LanguageServer, Reply
from vectorstore.records import SectionRole

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "哪些报告把问题归因于人手不足？"
BLAMES = "存在的不足主要是专职人员偏少，股室一人兼管多项事务，更新常有迟缓。"
DOESN_T = "存在的不足主要是栏目设置偏细，群众查找起来不够方便。"


def blames(number: int) -> bool:
    """Whether the report of that number says what is asked for."""
    return number % 3 == 0


def make_corpus(draft: Any, assistant_over: Callable[..., Assistant], count: int, year: int = 2023) -> Assistant:
    """An assistant over ``count`` reports, of which every third blames a want of staff."""
    return assistant_over(*(make_report(draft, number, year) for number in range(count)))


def make_report(draft: Any, number: int, year: int = 2023, more: str = "") -> Any:
    """One made-up report."""
    made = draft(f"第{number}乡人民政府", year)
    made.section("一、总体情况", SectionRole.OVERVIEW, f"本乡编号{number}，全年主动公开信息{number + 7}条。")
    made.section("五、存在的主要问题及改进情况", SectionRole.PROBLEMS, BLAMES if blames(number) else DOESN_T, more)
    return made


def report_in(request: dict[str, Any]) -> str:
    """What a request shows of a report."""
    return str(request["messages"][1]["content"]).partition("<report>\n")[2].partition("</report>")[0]


def number_in(request: dict[str, Any]) -> int:
    """The number of the report that a request is about."""
    found = re.search(r"编号(\d+)", report_in(request))
    assert found is not None
    return int(found[1])


def say(verdict: str, quote: str = "") -> str:
    """A reply of the form asked for."""
    return json.dumps({"quote": quote, "verdict": verdict}, ensure_ascii=False)


def read_honestly(request: dict[str, Any]) -> str:
    """What a model says that reads."""
    return say("yes", BLAMES) if BLAMES in report_in(request) else say("no")


def slowly(seconds: float) -> Callable[[dict[str, Any]], Reply]:
    """The same after a while."""
    return lambda request: Reply(read_honestly(request), delay=seconds)


def survey(
    assistant: Assistant, server: LanguageServer, keep: Path | None = None, question: str = QUESTION, **more: Any
) -> Survey:
    """A survey by the scripted model; ``more`` are its settings."""
    scope = {name: more.pop(name) for name in ("year", "kind", "region", "body", "section", "tables") if name in more}
    assistant.language_model = server.model(**more)
    return Survey(assistant, question, keep=keep, **scope)


def stop_after(stop: threading.Event, count: int) -> Callable[[Any], None]:
    """A progress callback that stops once so many reports are done."""
    return lambda progress: stop.set() if progress.done >= count else None
