"""Writes the made-up corpus, and as much more of the like as a test or benchmark needs.

    python -m samples.generator OUT                        the sample county, as it is bundled
    python -m samples.generator OUT --reports 10000        other fictional counties, over five years
    python -m samples.generator OUT --reports 10000 --seed 7
    python -m samples.generator OUT --reports 60 --formats html docx pdf

OUT gets the ``reports`` and ``truth.jsonl``; the sample county also ``questions.jsonl``. The same seed gives the
same bytes. Reports are made one at a time, so that memory does not grow with their number.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samples.composition import Subject, compose
from samples.county import SAMPLE_YEARS, Territory, invent_territories, sample_county
from samples.deviations import TEXT_ONLY, deviate, draw_deviations
from samples.formats import FORMATS, extension, writer
from samples.history import Figures, live_through
from samples.scenario import SCENARIO, Scene
from samples.truth import state_truth

DEFAULT_SEED = 2024
GENERATED_YEARS = (2021, 2022, 2023, 2024, 2025)


@dataclass(frozen=True, slots=True)
class GeneratedReport:
    """A report's file name, the file's bytes, and its line of truth (see ``samples.truth``)."""

    file: str
    data: bytes
    truth: dict[str, Any]

    @property
    def text(self) -> str:
        """Of a text file."""
        return self.data.decode("utf-8")


def sample_corpus(seed: int = DEFAULT_SEED) -> Iterator[GeneratedReport]:
    """The bundled corpus: the sample county over three years, with the events of ``scenario``."""
    yield from _reports_of(sample_county(), SAMPLE_YEARS, seed, SCENARIO, itertools.repeat("txt"))


def generate(
    reports: int,
    seed: int = DEFAULT_SEED,
    years: Sequence[int] = GENERATED_YEARS,
    formats: Sequence[str] = ("txt",),
) -> Iterator[GeneratedReport]:
    """That many reports of invented counties, one at a time; ValueError if there are not as many.

    Args:
        formats: Names of ``samples.formats``; the reports take turns.
    """
    turns = itertools.cycle(formats)
    endless = itertools.chain.from_iterable(
        _reports_of(territory, years, seed, None, turns) for territory in invent_territories(seed)
    )
    made = 0
    for report in itertools.islice(endless, reports):
        made += 1
        yield report
    if made < reports:
        raise ValueError(f"Place names suffice for {made} reports, not {reports}; ask for more years.")


def _reports_of(
    territory: Territory,
    years: Sequence[int],
    seed: int,
    scenario: Mapping[tuple[str, int], Scene] | None,
    formats: Iterator[str],
) -> Iterator[GeneratedReport]:
    for body in territory.bodies:
        scenes = {year: (scenario or {}).get((body.slug, year), Scene()) for year in years}
        demanded = {year: scene.applications for year, scene in scenes.items() if scene.applications is not None}
        before: Figures | None = None
        for year, figures in live_through(body, years, random.Random(f"{seed} {body.slug} history"), demanded):
            scene = scenes[year]
            if not scene.missing:
                subject = Subject(territory, body, year, figures, before, scene.wording, scene.channels)
                rng = random.Random(f"{seed} {body.slug} {year}")
                deviations = scene.deviations if scenario is not None else draw_deviations(rng)
                yield write_report(subject, deviations, rng, next(formats))
            before = figures


def write_report(
    subject: Subject, deviations: tuple[str, ...], rng: random.Random, format_name: str = "txt"
) -> GeneratedReport:
    """One report with the deviations that its format can have."""
    if format_name != "txt":
        deviations = tuple(name for name in deviations if name not in TEXT_ONLY)
    draft = compose(subject, rng)
    applied = deviate(draft, deviations, rng)
    file = f"{subject.body.slug}-{subject.year}{extension(format_name)}"
    return GeneratedReport(file, writer(format_name)(draft, rng), state_truth(draft, subject, file, applied))


def write_corpus(reports: Iterator[GeneratedReport], out: Path) -> int:
    """Write ``reports/`` and ``truth.jsonl`` under ``out``; return how many reports there were."""
    folder = out / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (out / "truth.jsonl").open("w", encoding="utf-8", newline="\n") as truth:
        for report in reports:
            (folder / report.file).write_bytes(report.data)
            truth.write(json.dumps(report.truth, ensure_ascii=False) + "\n")
            count += 1
    return count


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--reports", type=int, help="this many reports of other fictional counties")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=["txt"], help="with --reports: in turns")
    options = parser.parse_args(arguments)
    if options.reports is None:
        from samples.questions.county import write_questions

        count = write_corpus(sample_corpus(options.seed), options.out)
        write_questions(options.out)
    else:
        count = write_corpus(generate(options.reports, options.seed, formats=options.formats), options.out)
    print(
        f"{count} made-up reports written to {options.out / 'reports'}, their figures to {options.out / 'truth.jsonl'}."
    )


if __name__ == "__main__":
    main()
