"""The benchmark's commands; see the package's own description."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks.retrieval import ablation, abstention, checking, cmrc, comparison, gate, pooling, scale
from benchmarks.retrieval.options import common_options
from benchmarks.retrieval.question_files import QuestionError

_COMMANDS = {
    "check": checking,
    "run": comparison,
    "ablation": ablation,
    "scale": scale,
    "cmrc": cmrc,
    "gate": gate,
    "abstention": abstention,
    "pool": pooling,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, module in _COMMANDS.items():
        described = str(module.__doc__).partition(": ")[2]
        described = described[0].upper() + described[1:]
        command = commands.add_parser(
            name,
            parents=[common_options()],
            help=described.splitlines()[0],
            description=described,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
    options = parser.parse_args(arguments)
    try:
        code: int = _COMMANDS[options.command].run(options)
    except QuestionError as error:
        print(error, file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
