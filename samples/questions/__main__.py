"""Writes the bank's corpus and questions: see the package."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import samples.questions
from samples.questions.bank import write_bank
from samples.questions.corpus import DEFAULT_SEED, bank_corpus, write_bank_corpus


def main() -> None:
    parser = argparse.ArgumentParser(
        description=samples.questions.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--truth", type=Path, help="ask about these reports instead: a file in the form of truth.jsonl")
    options = parser.parse_args()
    if options.truth is None:
        rows = write_bank_corpus(bank_corpus(options.seed), options.out)
    else:
        options.out.mkdir(parents=True, exist_ok=True)
        rows = [json.loads(line) for line in options.truth.read_text(encoding="utf-8").splitlines()]
    count = write_bank(rows, options.out, options.seed)
    print(f"{count} questions over {len(rows)} reports written to {options.out}.")


if __name__ == "__main__":
    main()
