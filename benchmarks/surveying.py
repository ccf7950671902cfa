"""Reading at scale against a scripted server: what was estimated beside what was sent, and how many reports a minute.

    python benchmarks/surveying.py [--reports 500] [--delay 0.2] [--keep FOLDER]

The server replies after a fixed delay, on the same machine: what is measured is what Nianbao adds to a model's time.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.assistant import Assistant
from assistant.language_models.survey import Survey
from ingest.pipeline import ingest
from samples.generator import generate, write_corpus
from tests.language_server import LanguageServer, Reply
from vectorstore.index import Index

QUESTION = "哪些报告提到专业人才不足？"


def read_nothing(request: dict[str, Any]) -> str:
    """No report says so."""
    return json.dumps({"quote": "", "verdict": "no"})


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--delay", type=float, default=0.2, help="seconds that the server takes for a reply")
    parser.add_argument("--keep", type=Path, help="a folder in which corpus and index stay")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = options.keep or Path(scratch)
        folder = home / f"index{options.reports}"
        if not folder.exists():
            write_corpus(generate(options.reports, seed=1), home / "corpus")
            with Index.open(folder, create=True) as index:
                ingest([home / "corpus" / "reports"], index)
        with Assistant.open(folder) as assistant, LanguageServer() as server:
            _measure(assistant, server, options.delay, Path(scratch))


def _measure(assistant: Assistant, server: LanguageServer, delay: float, scratch: Path) -> None:
    kept = scratch / "surveys"
    assistant.language_model = server.model()
    assistant.language_model.count_tokens("年")
    server.script(read_nothing)
    assistant.language_model.complete([])  # the client library loads with the first call
    for name in ("the first estimate over the index", "the estimate of another question"):
        began = time.perf_counter()
        estimate = Survey(assistant, f"{QUESTION}{name[4:9]}", keep=kept).estimate
        print(f"{name}: {time.perf_counter() - began:.2f} s, {estimate.calls} calls, {estimate.tokens_in:,} tokens")
    server.script(lambda request: Reply(read_nothing(request), delay=delay))
    for parallel in (1, 4, 16):
        shutil.rmtree(kept)
        assistant.language_model = server.model(parallel=parallel)
        asked = Survey(assistant, QUESTION, keep=kept)
        estimated = asked.estimate.tokens_in
        server.requests.clear()
        began = time.perf_counter()
        result = asked.run()
        seconds = time.perf_counter() - began
        count = assistant.language_model.count_tokens
        sent = sum(count(str(m["content"])) for request in server.requests for m in request["messages"])
        least = delay * len(server.requests) / parallel
        print(
            f"{parallel} at a time: {seconds:.1f} s for {len(server.requests)} reports, "
            f"{60 * len(server.requests) / seconds:.0f} a minute; the server alone {least:.1f} s; "
            f"estimated {estimated:,} tokens, sent {sent:,}; {sum(v.outcome == 'no' for v in result.verdicts)} verdicts"
        )
    server.requests.clear()
    began = time.perf_counter()
    Survey(assistant, QUESTION, keep=kept).run()
    print(f"all known: {time.perf_counter() - began:.2f} s, {len(server.requests)} calls")


if __name__ == "__main__":
    main()
