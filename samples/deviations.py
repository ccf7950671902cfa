"""What real reports do that the form doesn't foresee. Each deviation changes a sound draft, and with it the truth.

A deviation is a function of the draft and a source of chance that tells whether it found something to change.
``DEVIATIONS`` names them, ``RATES`` says how often a generated report has each.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from samples.composition import phrases
from samples.draft import Draft, FormTable, Heading, Paragraph, Picture, Quantity, Sentence


def _tables(draft: Draft) -> list[tuple[int, FormTable]]:
    return [(at, block) for at, block in enumerate(draft.blocks) if isinstance(block, FormTable)]


def _table(draft: Draft, name: str) -> FormTable | None:
    return next((table for _, table in _tables(draft) if table.name == name), None)


def _first(draft: Draft, metric: str) -> Sentence | None:
    """The first sentence that prints the metric's number."""
    return next((s for s in draft.sentences() if metric in s.quantities), None)


def put_pictures_for_tables(draft: Draft, rng: random.Random) -> bool:
    """The tables are pictures; the heading after one may be glued to it."""
    for at, table in _tables(draft):
        label = rng.choice(("图片{}", "表{}截图", f"{rng.getrandbits(48):x}"))
        number = {"proactive_table": 1, "application_table": 2, "dispute_table": 3}[table.name]
        draft.blocks[at] = Picture(label.format(number), glued=rng.random() < 0.3)
    return any(isinstance(block, Picture) for block in draft.blocks)


def leave_tables_out(draft: Draft, rng: random.Random) -> bool:
    """Under the tables' headings stands a sentence, or nothing."""
    wording = rng.choice((None, *phrases()["tables_elsewhere"]["text"]))
    tables = _tables(draft)
    for at, table in reversed(tables):
        if wording is None:
            del draft.blocks[at]
        else:
            draft.blocks[at] = Paragraph([Sentence("tables_elsewhere", wording, {}, {})], table.name)
    return bool(tables)


def keep_silent_on_applications(draft: Draft, rng: random.Random) -> bool:
    """Neither prose nor table says how many applications there were."""
    told = {"applications_channels", "applications_handled", "outcomes"}
    for block in draft.blocks:
        if isinstance(block, Paragraph) and block.role == "applications":
            block.sentences = [
                s
                for s in block.sentences
                if s.topic not in told and not any(metric.startswith("applications_") for metric, _ in s.readings())
            ]
            if not block.sentences:
                wording = rng.choice([t for t in phrases()["applications_practice"]["text"] if "{" not in t])
                block.sentences = [Sentence("applications_practice", wording, {}, {})]
    draft.implied.clear()
    for at, table in _tables(draft):
        if table.name == "application_table":
            wording = rng.choice(phrases()["tables_elsewhere"]["text"])
            draft.blocks[at] = Paragraph([Sentence("tables_elsewhere", wording, {}, {})], table.name)
    return True


def contradict_table(draft: Draft, rng: random.Random) -> bool:
    """The prose gives another number of applications than the table."""
    sentence, table = _first(draft, "applications_new"), _table(draft, "application_table")
    if sentence is None or table is None or draft.implied or sentence.topic == "applications_carried":
        return False
    sentence.quantities["applications_new"].value += rng.randint(1, 3)
    for block in draft.blocks:
        if isinstance(block, Paragraph):
            block.sentences = [s for s in block.sentences if s.topic != "applications_channels"]
    return True


def contradict_prose(draft: Draft, rng: random.Random) -> bool:
    """The second part tells another number of items disclosed than the first."""
    first = _first(draft, "proactive_total")
    if first is None or first.topic != "proactive_channels":
        return False
    wording = rng.choice(phrases()["section_two_conflict"]["text"])
    website, wechat = rng.randint(2, 9), rng.randint(2, 9)
    values = {"proactive_total": website + wechat, "proactive_website": website, "proactive_wechat": wechat}
    again = Sentence("section_two_conflict", wording, {m: Quantity(v) for m, v in values.items()}, first.words)
    at = next(i for i, b in enumerate(draft.blocks) if isinstance(b, Heading) and b.role == "proactive_table")
    draft.blocks.insert(at + 1, Paragraph([again], "proactive_table"))
    return True


def leave_cells_blank(draft: Draft, rng: random.Random) -> bool:
    """Cells of the proactive table are empty or "/"; some zero rows show only their total."""
    proactive, applications = _table(draft, "proactive_table"), _table(draft, "application_table")
    if proactive is not None:
        for column in ("issued", "repealed", "in_force"):
            proactive.cells[f"rules_{column}"] = "/"
        proactive.cells["normative_docs_in_force"] = ""
        proactive.cells["coercion_decisions"] = rng.choice(("", "/"))
    if applications is not None:
        empty = [m for m, printed in applications.cells.items() if "__" not in m and printed == "0"]
        for row in rng.sample(empty, min(3, len(empty))):
            for metric in applications.cells:
                if metric.startswith(f"{row}__"):
                    applications.cells[metric] = ""
    return proactive is not None or applications is not None


def lose_labels(draft: Draft, rng: random.Random) -> bool:
    """Labels of some outcome rows are missing; the numbers stand there without them."""
    table = _table(draft, "application_table")
    if table is None:
        return False
    rows = [m for m in table.cells if "__" not in m]
    start = rows.index("result_partial") + rng.randint(0, 1)
    table.lost = frozenset(rows[start : start + rng.randint(3, 5)])
    return True


def approximate(draft: Draft, rng: random.Random) -> bool:
    """The number of items disclosed is round: 300余."""
    sentence = _first(draft, "proactive_total")
    if sentence is None or sentence.topic != "proactive_total":
        return False
    exact = int(sentence.quantities["proactive_total"].value)
    step = 10 if exact < 200 else 100
    sentence.quantities["proactive_total"] = Quantity(exact // step * step, after=rng.choice(("余", "多")))
    return True


def misnumber(draft: Draft, rng: random.Random) -> bool:
    """Some headings of the first level are numbered "2、 " instead of 二、."""
    headings = [b for b in draft.blocks if isinstance(b, Heading) and b.level == 1 and b.number > 1]
    for heading in rng.sample(headings, rng.randint(1, len(headings))):
        heading.arabic = True
    return True


def leave_unsigned(draft: Draft, rng: random.Random) -> bool:
    """No body and no date below the text."""
    draft.signature = ()
    return True


def stray_into_title(draft: Draft, rng: random.Random) -> bool:
    """A word that doesn't belong there stands before the title."""
    draft.title = rng.choice(("附件", "加强", "正文")) + draft.title
    return True


def leave_bookmarks(draft: Draft, rng: random.Random) -> bool:
    draft.noise.add("bookmarks")
    return True


def wrap_labels(draft: Draft, rng: random.Random) -> bool:
    draft.noise.add("wrapped_labels")
    return True


def pad_cells(draft: Draft, rng: random.Random) -> bool:
    draft.noise.add("padded_cells")
    return True


Deviation = Callable[[Draft, random.Random], bool]

DEVIATIONS: dict[str, Deviation] = {
    "pictures_for_tables": put_pictures_for_tables,
    "tables_left_out": leave_tables_out,
    "silent_on_applications": keep_silent_on_applications,
    "prose_against_table": contradict_table,
    "prose_against_prose": contradict_prose,
    "blank_cells": leave_cells_blank,
    "lost_labels": lose_labels,
    "approximate": approximate,
    "misnumbered": misnumber,
    "unsigned": leave_unsigned,
    "stray_word_in_title": stray_into_title,
    "bookmarks": leave_bookmarks,
    "wrapped_labels": wrap_labels,
    "padded_cells": pad_cells,
}
# In the order in which they are applied.
RATES: dict[str, float] = {
    "prose_against_table": 0.02,
    "prose_against_prose": 0.02,
    "silent_on_applications": 0.02,
    "pictures_for_tables": 0.06,
    "tables_left_out": 0.04,
    "blank_cells": 0.05,
    "lost_labels": 0.02,
    "approximate": 0.1,
    "misnumbered": 0.15,
    "unsigned": 0.15,
    "stray_word_in_title": 0.02,
    "bookmarks": 0.3,
    "wrapped_labels": 0.3,
    "padded_cells": 0.05,
}


def deviate(draft: Draft, names: tuple[str, ...], rng: random.Random) -> tuple[str, ...]:
    """Apply the named deviations in the given order; return those that found something to change."""
    return tuple(name for name in names if DEVIATIONS[name](draft, rng))


def draw_deviations(rng: random.Random) -> tuple[str, ...]:
    """Which deviations a generated report has, by their rates."""
    return tuple(name for name, rate in RATES.items() if rng.random() < rate)
