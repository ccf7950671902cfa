"""The corpus that the bank asks about: invented counties, two of them in one city, with reports missing here and there.

A line of truth has, beside what ``samples.truth`` gives, ``prose`` (sentences by topic of ``phrases.toml``), ``words``
(account, telephone, address) and ``counted`` (numbers that no metric of the form covers, with their clauses).
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from samples.composition import Subject, compose
from samples.county import Territory, invent_territories
from samples.deviations import deviate, draw_deviations
from samples.draft import Draft
from samples.formats import extension, writer
from samples.generator import GeneratedReport
from samples.history import Figures, live_through
from samples.truth import state_truth

DEFAULT_SEED = 11
YEARS = (2021, 2022, 2023, 2024)
COUNTIES = 5
MISSING_RATE = 0.05
SILENT = "silent_on_applications"
FOLDER = Path(__file__).parent


@cache
def counted_clauses() -> dict[str, str]:
    """What is counted, and the part of a wording of ``phrases.toml`` that counts it."""
    clauses: dict[str, str] = tomllib.loads((FOLDER / "counted.toml").read_text(encoding="utf-8"))
    return clauses


def territories(seed: int, counties: int) -> Iterator[Territory]:
    """Invented counties: the first two lie in one city, the first three in one province."""
    first: Territory | None = None
    for number, territory in enumerate(itertools.islice(invent_territories(seed), counties)):
        if first is None:
            first = territory
        elif number < 3:
            province, city, _ = first.region.split("/")
            territory = _moved(territory, province, city if number == 1 else territory.region.split("/")[1])
        yield territory


def _moved(territory: Territory, province: str, city: str) -> Territory:
    """The county in another province and city, its addresses with it."""
    old_province, old_city, county = territory.region.split("/")
    bodies = tuple(
        dataclasses.replace(body, address=body.address.replace(old_province + old_city, province + city))
        for body in territory.bodies
    )
    return dataclasses.replace(territory, region=f"{province}/{city}/{county}", bodies=bodies)


def bank_corpus(
    seed: int = DEFAULT_SEED, years: Sequence[int] = YEARS, counties: int = COUNTIES
) -> Iterator[GeneratedReport]:
    """The reports, each with its extended line of truth; a report that a later one tells about is never missing."""
    for territory in territories(seed, counties):
        for body in territory.bodies:
            reports: list[GeneratedReport] = []
            subjects: list[Subject] = []
            before: Figures | None = None
            for year, figures in live_through(body, years, random.Random(f"{seed} {body.slug} history")):
                subject = Subject(territory, body, year, figures, before)
                report = _write(subject, random.Random(f"{seed} {body.slug} {year}"))
                if reports and report.truth["implied"]:
                    reports[-1] = _write(subjects[-1], random.Random(f"{seed} {body.slug} {year - 1}"), SILENT)
                reports.append(report)
                subjects.append(subject)
                before = figures
            yield from _published(reports, random.Random(f"{seed} {body.slug} published"))


def _write(subject: Subject, rng: random.Random, without: str = "") -> GeneratedReport:
    draft = compose(subject, rng)
    deviations = tuple(name for name in _readable(draw_deviations(rng)) if name != without)
    applied = deviate(draft, deviations, rng)
    file = f"{subject.body.slug}-{subject.year}{extension('txt')}"
    truth = state_truth(draft, subject, file, applied) | _told(draft, subject)
    return GeneratedReport(file, writer("txt")(draft, rng), truth)


def _readable(deviations: tuple[str, ...]) -> tuple[str, ...]:
    """Without those that leave it to the reader's skill what is known, or no trace of whose report it is."""
    deviations = tuple(d for d in deviations if d not in ("lost_labels", "dropped_cells"))
    if "body_missing_in_title" in deviations:
        deviations = tuple(d for d in deviations if d not in ("unsigned", "cut_short"))
    return deviations


def _told(draft: Draft, subject: Subject) -> dict[str, Any]:
    prose: dict[str, list[str]] = {}
    counted: dict[str, dict[str, Any]] = {}
    for sentence in draft.sentences():
        prose.setdefault(sentence.topic, []).append(sentence.text())
        for name, clause in counted_clauses().items():
            if clause in sentence.wording and sentence.topic != "traps":
                value = int(clause.format_map(_OnlyNumber(sentence.words)).strip("\0").split("\0")[1])
                counted[name] = {"value": value, "clause": clause.format(**sentence.words)}
    body = subject.body
    words = {"wechat": body.wechat, "phone": body.phone, "address": body.address, "mail": body.mail}
    issued = draft.signature[1] if len(draft.signature) > 1 else ""
    dashed = "-".join(part.zfill(2) for part in re.findall(r"\d+", issued))
    return {"prose": prose, "counted": counted, "words": words, "issued": [issued, dashed] if issued else []}


class _OnlyNumber(dict[str, str]):
    """Fills a clause in so that its number can be told from the rest."""

    def __getitem__(self, key: str) -> str:
        return f"\0{super().__getitem__(key)}\0"


def _published(reports: list[GeneratedReport], rng: random.Random) -> Iterator[GeneratedReport]:
    """All but a few: never one whose numbers the next year's report tells, lest they be known after all."""
    for number, report in enumerate(reports):
        later = reports[number + 1].truth["implied"] if number + 1 < len(reports) else []
        if later or len(reports) < 3 or rng.random() >= MISSING_RATE:
            yield report


def write_bank_corpus(reports: Iterator[GeneratedReport], out: Path) -> list[dict[str, Any]]:
    """Write ``reports/`` and ``truth.jsonl`` under ``out``; return the lines of truth."""
    folder = out / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for report in reports:
        (folder / report.file).write_bytes(report.data)
        rows.append(report.truth)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (out / "truth.jsonl").write_text(lines, encoding="utf-8", newline="\n")
    return rows
