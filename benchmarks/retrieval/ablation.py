"""``ablation``: our search with each of its parts taken away, one at a time."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import fields, replace

from assistant.assistant import Assistant
from benchmarks.retrieval.evaluation import evaluate
from benchmarks.retrieval.measures import MEASURES
from benchmarks.retrieval.options import corpus_of, questions_of, sets_of
from benchmarks.retrieval.systems import FUSED, AssistantSearch, OwnSearch, System
from benchmarks.retrieval.tables import Table, as_cell
from vectorstore.ranking import Ranking

_UNLIMITED = 10_000
_AWAY: dict[str, object] = {"per_report": _UNLIMITED}
"""What a part is set to that isn't gone at False or zero."""
_NO_PART = frozenset({"text", "candidates"})
"""What can't be taken away: without the text's own weight nothing is searched."""


def taken_away() -> Iterator[tuple[str, Ranking]]:
    """Each part's name with the ranking that lacks it: a switch turned off, a weight set to zero."""
    shipped = Ranking()
    for part in fields(Ranking):
        value = getattr(shipped, part.name)
        away = _AWAY.get(part.name, False if isinstance(value, bool) else 0.0 if isinstance(value, float) else None)
        if part.name not in _NO_PART and away is not None and away != value:
            yield part.name, replace(shipped, **{part.name: away})  # type: ignore[arg-type]


def with_given(settings: list[str]) -> Ranking:
    """The ranking with parts set by hand: ``dense=0.7 repeats=false``.

    Raises:
        SystemExit: There is no such part.
    """
    shipped = Ranking()
    given: dict[str, object] = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in {part.name for part in fields(Ranking)}:
            raise SystemExit(f"The ranking has no part called {name!r}; write NAME=VALUE.")
        kind = type(getattr(shipped, name) or 0.0)
        given[name] = value.lower() in ("true", "1", "yes") if kind is bool else kind(value)
    return replace(shipped, **given)  # type: ignore[arg-type]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument(
        "--set",
        dest="settings",
        nargs="+",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="instead of taking parts away: a row for these values together; repeatable",
    )


def run(options: argparse.Namespace) -> int:
    """Evaluate and print; differences are those to the whole, so a part that helps has a negative one."""
    rankings = (
        [(" ".join(settings), with_given(settings)) for settings in options.settings]
        if options.settings
        else [(f"without {name}", ranking) for name, ranking in taken_away()]
    )
    with corpus_of(options) as corpus:
        questions = questions_of(options, corpus)
        assistant = Assistant(corpus.index)
        whole = evaluate(AssistantSearch(assistant), questions)
        table = Table(
            f"Parts of the ranking, sets {', '.join(sets_of(options))}, n={len(whole.questions)}",
            ("ranking", "recall@1", "recall@10", "MRR@10", "nDCG@10", "Δ recall@10", "Δ MRR@10"),
        )
        table.add("as shipped", *(as_cell(whole.interval(name)) for name in table.header[1:5]), "", "")
        systems: list[System] = [AssistantSearch(assistant, name, ranking) for name, ranking in rankings]
        if not options.settings:
            systems = [OwnSearch(corpus.index, "without the plan's scope"), *systems]
            systems.append(AssistantSearch(assistant, "with the bundled vectors", FUSED))
        for system in systems:
            other = evaluate(system, questions)
            table.add(
                other.system,
                *(as_cell(other.interval(each), bare=True) for each in table.header[1:5] if each in MEASURES),
                *(as_cell(other.over(whole, each), signed=True) for each in ("recall@10", "MRR@10")),
            )
    print(table.shown(markdown=options.markdown))
    return 0
