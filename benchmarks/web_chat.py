"""How soon a person sees what they asked for: the web chat in a real browser, over generated reports.

    python benchmarks/web_chat.py [--reports 10000] [--runs 7] [--turns 200] [--keep FOLDER]

Measured in Chromium at 1440 by 900, by the browser's own clock: until the first paint and until the content stands, of
each page, in a browser that was never there and in one that was; from the press of Enter until two frames after the
answer stands on the page; and a conversation of many turns: until a reload shows it, until the next answer, and how
large the page is. Nothing here is a test: machines vary. With ``--keep`` the corpus and index stay in a folder.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.asking import kept_in, pace, prepare

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PAGES = {
    "Ask": ("", ".nb-welcome .nb-question"),
    "Reports": ("reports", "#nb-reports a[href^='reports?id=']"),
    "Figures": ("figures", "#nb-figures .nb-grid tbody tr"),
    "Checks": ("checks", "article.nb-check"),
    "Add reports": ("adding", "#nb-adding button"),
}
QUESTIONS = {
    "count": "2022年有多少个乡镇没有收到申请",
    "list": "2022年哪些开发区没有收到申请",
    "list of most bodies": "2022年哪些单位收到了申请",
    "sum": "2022年一共收到多少件申请",
    "top five": "2022年主动公开最多的5家",
    "trend, with a chart": "2021到2025年申请总数的变化趋势",
    "prose": "征地补偿的信息怎么公开",
}

# From the press of Enter until the turn's text stands and two frames have been drawn.
_ASK = """([question, turn]) => new Promise((resolve) => {
  const box = document.querySelector('#nb-box textarea, #nb-box input');
  box.value = question;
  box.dispatchEvent(new Event('input', {bubbles: true}));
  const start = performance.now();
  const stands = () => document.querySelector(`.nb-turn[data-turn="${turn}"] .nb-text`);
  const observer = new MutationObserver(() => {
    if (!stands()) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
  });
  observer.observe(document.body, {childList: true, subtree: true});
  requestAnimationFrame(() => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true})));
})"""
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
_SIZE = "({nodes: document.querySelectorAll('*').length, heap: performance.memory?.usedJSHeapSize ?? 0})"


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The web chat over an index, in a process of its own; its address."""
    command = [str(Path(sys.executable).with_name("nianbao")), "chat", "--index", str(folder), "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield next(word for word in process.stdout.readline().split() if word.startswith("http"))
    finally:
        process.terminate()
        process.wait()


def opened(browser: Any, address: str, visible: str, context: Any = None) -> tuple[float, float]:
    """Milliseconds until the first paint and until ``visible`` stands, in a new browser unless one is given."""
    visit = context or browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = visit.new_page()
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(visible, timeout=60_000)
    stood = (time.perf_counter() - start) * 1000
    painted = page.evaluate(_PAINTED)
    page.close()
    if context is None:
        visit.close()
    return float(painted or 0), stood


def time_pages(browser: Any, address: str, runs: int) -> Iterator[str]:
    """A row for each page: medians over the runs."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    for name, (path, visible) in PAGES.items():
        new = [opened(browser, address + path, visible) for _ in range(runs)]
        again = [opened(browser, address + path, visible, context) for _ in range(runs + 1)][1:]
        cells = [statistics.median(run[which] for run in kind) for kind in (new, again) for which in (0, 1)]
        yield f"| {name} | " + " | ".join(f"{cell:.0f}" for cell in cells) + " |"
    context.close()


def time_answers(browser: Any, address: str, runs: int) -> Iterator[str]:
    """A row for each question: the first time, and the median of the times after it."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page.goto(address)
    page.wait_for_selector(".nb-welcome .nb-question")
    turn = 0
    for name, question in QUESTIONS.items():
        taken = []
        for _ in range(runs + 1):
            taken.append(page.evaluate(_ASK, [question, turn]))
            turn += 1
        yield f"| {name} | {taken[0]:.0f} | {statistics.median(taken[1:]):.0f} | {max(taken[1:]):.0f} |"
    page.close()


def time_conversation(browser: Any, address: str, turns: int) -> Iterator[str]:
    """A line for what a long conversation costs: its reload, its next answer, its size."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".nb-welcome .nb-question")
    asked = [{"q": list(QUESTIONS.values())[n % len(QUESTIONS)], "p": None, "follows": False} for n in range(turns)]
    kept = json.dumps({"at": int(time.time() * 1000), "revision": "benchmark", "turns": asked})
    page.evaluate(
        """kept => {
            localStorage.setItem('nianbao.conversation.1.benchmark', kept);
            sessionStorage.setItem('nianbao.here.1', JSON.stringify({id: 'benchmark', address: location.search}));
        }""",
        kept,
    )
    start = time.perf_counter()
    page.reload(wait_until="commit")
    page.wait_for_selector(f'.nb-turn[data-turn="{turns - 1}"] .nb-text', timeout=120_000)
    stood = (time.perf_counter() - start) * 1000
    yield f"A conversation of {turns} turns: its last answer stands {stood:.0f} ms after a reload;"
    page.wait_for_timeout(2000)
    taken = [page.evaluate(_ASK, [question, turns + n]) for n, question in enumerate(QUESTIONS.values())]
    size = page.evaluate(_SIZE)
    yield (
        f"the next answers: {statistics.median(taken):.0f} ms (longest {max(taken):.0f}); "
        f"{size['nodes']} elements, {size['heap'] / 1e6:.0f} MB of scripts' memory."
    )
    context.close()


def main() -> None:
    """Generate, ingest, serve, visit; print what each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--index", type=Path, help="an index to use in place of generated reports")
    parser.add_argument("--keep", type=Path, help="a folder for the corpora and indexes")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    chromium = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
    with kept_in(options.keep) as folder, contextlib.ExitStack() as stack:
        address = stack.enter_context(served(options.index or prepare(options.reports, folder)))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        print(f"A million turns of an empty loop: {pace():.0f} ms.\n")
        first = opened(browser, address, PAGES["Ask"][1])
        print(f"The first visit after the start: painted after {first[0]:.0f} ms, examples after {first[1]:.0f} ms.\n")
        print("| page | new browser: painted, ms | content, ms | again: painted, ms | content, ms |")
        print("|---|--:|--:|--:|--:|")
        for line in time_pages(browser, address, options.runs):
            print(line, flush=True)
        print("\n| question | first, ms | again, ms | longest, ms |\n|---|--:|--:|--:|")
        for line in time_answers(browser, address, options.runs):
            print(line, flush=True)
        print()
        for line in time_conversation(browser, address, options.turns):
            print(line, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
