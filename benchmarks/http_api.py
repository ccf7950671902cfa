"""How soon the HTTP API answers many clients at a time, and whether it keeps what it should let go.

    python benchmarks/http_api.py INDEX [--requests 500] [--at-once 500] [--rounds 3]

Starts ``nianbao serve`` over an index and asks it through httpx, each question as often as the others, all at a time;
before that each once alone. After each round: the memory, threads and open files of the server. Linux only. Nothing
here is a test: machines vary.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx

QUESTIONS = {
    "list": "哪些开发区2023年没有收到申请？",
    "top five": "2022年申请最多的五个县是哪些？",
    "count": "2022年有多少个乡镇没有收到申请",
    "one body": "2023年省人民政府办公厅收到多少件申请",
    "prose": "征地补偿的信息怎么公开",
}


def of_process(number: int) -> str:
    """What a process holds."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{number}/status").read_text().splitlines())
    files = len(list(Path(f"/proc/{number}/fd").iterdir()))
    return f"{int(status['VmRSS'].split()[0]) // 1024} MB, {status['Threads'].strip()} threads, {files} files"


async def measure(address: str, requests: int, at_once: int, rounds: int, server: int) -> None:
    """Print the times of each question alone, then of all together."""
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=300) as client:

        async def ask(question: str) -> tuple[float, int, int]:
            began = time.perf_counter()
            response = await client.post("/v1/ask", json={"question": question})
            return (time.perf_counter() - began) * 1000, response.status_code, len(response.content)

        for name, question in QUESTIONS.items():
            first, again = await ask(question), sorted([await ask(question) for _ in range(11)])[5]
            print(f"{name}: first {first[0]:.0f} ms, again {again[0]:.1f} ms, {again[2] / 1024:.0f} kB")
        for _ in range(rounds):
            began = time.perf_counter()
            asked = [list(QUESTIONS.values())[position % len(QUESTIONS)] for position in range(requests)]
            found = await asyncio.gather(*map(ask, asked))
            seconds = time.perf_counter() - began
            times = sorted(one[0] for one in found)
            statuses = dict(Counter(one[1] for one in found))
            print(
                f"{requests} at a time: {requests / seconds:.0f} a second; median {times[len(times) // 2]:.0f} ms, "
                f"95% {times[int(len(times) * 0.95)]:.0f} ms, longest {times[-1]:.0f} ms; {statuses}; "
                f"{of_process(server)}"
            )


def main() -> None:
    """Start the server, measure, end it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("index")
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    limits = ["--rate", "0", "--at-once", str(given.at_once)]
    command = [sys.executable, "-c", "from ui.cli import main; main()", "serve", "--port", "0", *limits]
    root = Path(__file__).resolve().parents[1]
    with subprocess.Popen(
        [*command, "--index", str(Path(given.index).resolve())], stdout=subprocess.PIPE, text=True, cwd=root
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split(" at ")[1].split("/v1")[0]
        try:
            asyncio.run(measure(address, given.requests, given.at_once, given.rounds, server.pid))
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
