"""Reads drawn tables of known content back from their pictures, and counts what was certified right and wrong.

    python -m benchmarks.table_pictures                       240 tables, measured as docs/table_pictures.md says
    python -m benchmarks.table_pictures --tables 24 --seed 7  other ones
    python -m benchmarks.table_pictures --keep FOLDER         keeps the pictures that weren't read whole, to look at

Needs the extra ``nianbao[ocr]`` and a Chinese font. Prints one line a table to stderr, then the result as Markdown.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

from ingest.pictures.optical_recognition import is_available
from ingest.pictures.table_pictures import PicturedTable, read_table_picture
from samples.county import Territory, invent_territories
from samples.draft import FormTable
from samples.history import live_through
from samples.picture_writing import (
    FAMILIES,
    PictureStyle,
    draw_style,
    form_tables,
    installed_fonts,
    write_table_picture,
)
from vectorstore.records import SectionRole, State

_DEMANDS = (None, 0, 1, 2, 7, 11, 37, 99, 153, 1431)
_NAMES = {"proactive_table": "T2", "application_table": "T3", "dispute_table": "T4"}
_OUTCOMES = ("right", "unreadable", "wrong")
Case = tuple[str, FormTable, PictureStyle, bytes]


def draw_cases(seed: int) -> Iterator[Case]:
    """Endless tables, each with its family of styles, style and picture.

    Of seven tables four are of disputes, which a single identity holds, two of applications, which take the longest,
    and one of proactive disclosure, which none holds. The families take turns within each.
    """
    rng = random.Random(seed)
    drawn = itertools.chain.from_iterable(_tables(rng, territory) for territory in invent_territories(seed))
    turns = {name: itertools.cycle(FAMILIES) for name in _NAMES}
    for number, (proactive, applications, disputes) in enumerate(drawn):
        chosen = [disputes, *([applications] if number % 2 == 0 else []), *([proactive] if number % 4 == 1 else [])]
        for table in chosen:
            family = next(turns[table.name])
            _deviate(table, rng)
            style = draw_style(rng, family)
            yield family, table, style, write_table_picture(table, style, rng)


def _tables(rng: random.Random, territory: Territory) -> Iterator[tuple[FormTable, ...]]:
    for body in territory.bodies:
        demand = rng.choice(_DEMANDS)
        demanded = {} if demand is None else {2022: demand, 2023: demand}
        *_, (_, figures) = live_through(body, (2022, 2023), rng, demanded)
        yield form_tables(figures)


def _deviate(table: FormTable, rng: random.Random) -> None:
    """What real tables do: zeros left blank or stroked, all or a few of them; a number that is wrong in print."""
    chance = rng.random()
    zeros = [metric for metric, printed in table.cells.items() if printed == "0"]
    if chance < 0.1:
        table.cells.update(dict.fromkeys(zeros, ""))
    elif chance < 0.16:
        table.cells.update(dict.fromkeys(rng.sample(zeros, len(zeros) // 3), ""))
    elif chance < 0.2:
        table.cells.update(dict.fromkeys(zeros, "/"))
    elif chance < 0.25:
        metric = rng.choice(sorted(table.cells))
        table.cells[metric] = str(rng.randint(1, 40))


def compare(table: FormTable, read: PicturedTable | None) -> Counter[str]:
    """The table's cells counted by outcome; a state other than what is printed counts as wrong like a value."""
    counts: Counter[str] = Counter()
    for metric, printed in table.cells.items():
        cell = read.cells.get(metric) if read else None
        if cell is None or cell.state is State.UNREADABLE:
            counts["unreadable"] += 1
        elif printed in ("", "/"):
            expected = State.NOT_APPLICABLE if printed else State.BLANK
            counts["right" if cell.state is expected else "wrong"] += 1
        else:
            counts["right" if cell.state is State.STATED and cell.value == Decimal(printed) else "wrong"] += 1
    return counts


def run(tables: int, seed: int, keep: Path | None) -> dict[tuple[str, str], Counter[str]]:
    """Outcomes by family and table, with the number of tables and the processor milliseconds they took."""
    totals: dict[tuple[str, str], Counter[str]] = {}
    # Interrupted, it still tells what there was to tell.
    with suppress(KeyboardInterrupt):
        _run(tables, seed, keep, totals)
    return totals


def _run(tables: int, seed: int, keep: Path | None, totals: dict[tuple[str, str], Counter[str]]) -> None:
    for number, (family, table, style, image) in enumerate(itertools.islice(draw_cases(seed), tables)):
        start = time.process_time()
        read = read_table_picture(image, SectionRole(table.name))
        took = round((time.process_time() - start) * 1000)
        counts = compare(table, read)
        total = totals.setdefault((family, _NAMES[table.name]), Counter())
        total.update(counts, tables=1, milliseconds=took)
        print(number, family, _NAMES[table.name], dict(counts), took, style, file=sys.stderr, flush=True)
        if keep is not None and (counts["wrong"] or (counts["unreadable"] and table.name != "proactive_table")):
            suffix = "png" if style.quality is None else "jpg"
            (keep / f"{seed}-{number}-{_NAMES[table.name]}.{suffix}").write_bytes(image)


def as_markdown(totals: dict[tuple[str, str], Counter[str]]) -> str:
    """The result as a table, with a line for each table of the form over all styles."""
    rows = sorted(totals.items(), key=lambda item: (item[0][1], FAMILIES.index(item[0][0])))
    for name in sorted({name for _, name in totals}):
        overall: Counter[str] = Counter()
        for (_, own), counts in totals.items():
            overall.update(counts if own == name else {})
        rows.append((("all", name), overall))
    lines = [
        "| table | style | tables | cells | right | unreadable | wrong | s/table |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for (family, name), counts in rows:
        cells = sum(counts[outcome] for outcome in _OUTCOMES)
        right, unreadable = (f"{counts[outcome] / cells:.1%}" for outcome in _OUTCOMES[:2])
        seconds = counts["milliseconds"] / counts["tables"] / 1000
        columns = (name, family, counts["tables"], cells, right, unreadable, counts["wrong"], f"{seconds:.1f}")
        lines.append(f"| {' | '.join(map(str, columns))} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=240)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--keep", type=Path, help="a folder for the pictures that were not read whole")
    options = parser.parse_args(arguments)
    if not is_available() or not installed_fonts():
        parser.exit(1, "Drawing and reading pictures needs the extra nianbao[ocr] and a Chinese font.\n")
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    print(as_markdown(run(options.tables, options.seed, options.keep)))


if __name__ == "__main__":
    main()
