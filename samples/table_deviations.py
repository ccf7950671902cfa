"""How real reports' tables differ from the form: pictures, gaps, other spellings of labels and of numbers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from decimal import Decimal

from samples.composition import phrases
from samples.draft import STROKES, Draft, FormTable, Paragraph, Picture, Sentence, holds_number
from vectorstore.catalogue import catalogue
from vectorstore.records import Kind

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def tables(draft: Draft) -> list[tuple[int, FormTable]]:
    """The tables with their places among the blocks."""
    return [(at, block) for at, block in enumerate(draft.blocks) if isinstance(block, FormTable)]


def table(draft: Draft, name: str) -> FormTable | None:
    return next((found for _, found in tables(draft) if found.name == name), None)


def put_pictures_for_tables(draft: Draft, rng: random.Random) -> bool:
    """The tables are pictures; the heading after one may be glued to it."""
    for at, found in tables(draft):
        label = rng.choice(("图片{}", "表{}截图", f"{rng.getrandbits(48):x}"))
        number = {"proactive_table": 1, "application_table": 2, "dispute_table": 3}[found.name]
        draft.blocks[at] = Picture(label.format(number), glued=rng.random() < 0.3)
    return any(isinstance(block, Picture) for block in draft.blocks)


def leave_tables_out(draft: Draft, rng: random.Random) -> bool:
    """Under the tables' headings stands a sentence, or nothing."""
    wording = rng.choice((None, *phrases()["tables_elsewhere"]["text"]))
    found = tables(draft)
    for at, form_table in reversed(found):
        if wording is None:
            del draft.blocks[at]
        else:
            draft.blocks[at] = Paragraph([Sentence("tables_elsewhere", wording, {}, {})], form_table.name)
    return bool(found)


def use_former_form(draft: Draft, rng: random.Random) -> bool:
    """The tables are those of the 2019 and 2020 reports, which some bodies went on using."""
    proactive, applications = table(draft, "proactive_table"), table(draft, "application_table")
    if proactive is None or applications is None:
        return False
    printed = proactive.cells
    in_force = printed["normative_docs_in_force"]
    cells = {
        "rules_disclosed": printed["rules_issued"],
        "rules_disclosed_total": printed["rules_in_force"],
        "normative_docs_disclosed": printed["normative_docs_issued"],
        "normative_docs_disclosed_total": in_force,
        "procurement_projects": str(rng.randint(0, 40)),
        "procurement_amount": f"{rng.randint(1, 900_000) / 100}万元",
    }
    for service in ("licence", "other_services", "penalty", "coercion", "admin_fee"):
        cells[f"{service}_prev_year_items"] = str(rng.randint(0, 300))
        cells[f"{service}_items_delta"] = rng.choice(("0", "0", f"+{rng.randint(1, 9)}", f"-{rng.randint(1, 9)}"))
    cells["other_services_decisions"] = str(rng.randint(0, 5000))
    proactive.stated["procurement_amount"] = Decimal(cells["procurement_amount"].removesuffix("万元"))
    ids = [cell.id for cell in catalogue().former_proactive_cells]
    proactive.cells = {metric: cells.get(metric, printed.get(metric, "")) for metric in ids}
    reasons = catalogue().metrics["other_subtotal"].sum_of
    for suffix in ("", *(f"__{column.id}" for column in catalogue().applicant_columns)):
        numbers = [int(applications.cells.pop(f"{reason}{suffix}")) for reason in reasons]
        applications.cells[f"other_subtotal{suffix}"] = str(sum(numbers))
    proactive.former = applications.former = True
    return True


def leave_cells_blank(draft: Draft, rng: random.Random) -> bool:
    """Cells of the proactive table are empty or "/"; some zero rows show only their total."""
    proactive, applications = table(draft, "proactive_table"), table(draft, "application_table")
    if proactive is not None:
        for metric in proactive.cells:
            if metric.startswith("rules_"):
                proactive.cells[metric] = "/"
        for metric in ("normative_docs_in_force", "normative_docs_disclosed_total"):
            if metric in proactive.cells:
                proactive.cells[metric] = ""
        proactive.cells["coercion_decisions"] = rng.choice(("", "/"))
    if applications is not None:
        for row in rng.sample(_zero_rows(applications), min(3, len(_zero_rows(applications)))):
            for metric in applications.cells:
                if metric.startswith(f"{row}__"):
                    applications.cells[metric] = ""
    return proactive is not None or applications is not None


def _zero_rows(applications: FormTable) -> list[str]:
    return [metric for metric, printed in applications.cells.items() if "__" not in metric and printed == "0"]


def stroke_cells(draft: Draft, rng: random.Random) -> bool:
    """A stroke stands where nothing applies."""
    found = table(draft, "proactive_table")
    if found is None:
        return False
    stroke = rng.choice(STROKES)
    for metric in found.cells:
        if metric.startswith("rules_"):
            found.cells[metric] = stroke
    return True


def lose_labels(draft: Draft, rng: random.Random) -> bool:
    """Labels of some outcome rows are missing; the numbers stand there without them."""
    found = table(draft, "application_table")
    if found is None:
        return False
    rows = [m for m in found.cells if "__" not in m]
    start = rows.index("result_partial") + rng.randint(0, 1)
    found.lost = found.unlabelled = frozenset(rows[start : start + rng.randint(3, 5)])
    return True


def drop_cells(draft: Draft, rng: random.Random) -> bool:
    """The empty cells of some rows are gone altogether, so that the others can't be placed."""
    found = table(draft, "application_table")
    rows = _zero_rows(found) if found else []
    if found is None or not rows:
        return False
    lost = rng.sample(rows, min(2, len(rows)))
    for row in lost:
        columns = [column.id for column in catalogue().applicant_columns]
        for column in rng.sample(columns, rng.randint(1, 3)):
            found.cells[f"{row}__{column}"] = ""
            found.dropped |= {f"{row}__{column}"}
    found.lost |= set(lost)
    return True


def misspell_labels(draft: Draft, rng: random.Random) -> bool:
    """Some labels are worded or spelt otherwise."""
    known = phrases()["misspelt"]
    chosen = rng.sample(list(known), 5)
    year = draft.sentence_words().get("year", "")
    labels = {official: rng.choice(known[official]).format(year=year) for official in chosen}
    for _, found in tables(draft):
        found.labels = found.labels | labels
    return bool(tables(draft))


def _reprint(draft: Draft, wanted: Callable[[str], bool], printed: Callable[[str, str], str]) -> bool:
    """Print the wanted cells that hold a number otherwise, and remember what they state."""
    changed = False
    for _, found in tables(draft):
        for metric, number in found.cells.items():
            if (
                metric not in found.stated
                and holds_number(number)
                and wanted(metric)
                and printed(metric, number) != number
            ):
                found.stated[metric] = Decimal(number)
                found.cells[metric] = printed(metric, number)
                changed = True
    return changed


def put_units_in_cells(draft: Draft, rng: random.Random) -> bool:
    """Cells of the first table carry their unit."""
    metrics = [cell.id for cell in catalogue().proactive_cells if not cell.id.startswith("rules_")]
    chosen = {"admin_fees_wan_yuan", *rng.sample(metrics, 3)}
    return _reprint(draft, lambda m: m in chosen, lambda m, n: f"{n}万元" if m == "admin_fees_wan_yuan" else f"{n}件")


def print_fees_in_yuan(draft: Draft, rng: random.Random) -> bool:
    """Fees are printed in yuan with the unit in the cell, though the header asks for ten thousands."""
    return _reprint(draft, lambda m: m == "admin_fees_wan_yuan", lambda m, n: f"{(Decimal(n) * 10000).normalize():f}元")


def separate_thousands(draft: Draft, rng: random.Random) -> bool:
    """Large numbers have separators."""
    return _reprint(draft, lambda m: True, lambda m, n: f"{Decimal(n):,}")


def widen_digits(draft: Draft, rng: random.Random) -> bool:
    """The digits of one table are full-width."""
    metrics = {m for _, found in tables(draft) if found.name == "dispute_table" for m in found.cells}
    return _reprint(draft, lambda m: m in metrics, lambda m, n: n.translate(_FULL_WIDTH))


def repeat_merged_cells(draft: Draft, rng: random.Random) -> bool:
    """The text of a merged cell stands in each cell that it covers."""
    for _, found in tables(draft):
        found.repeats_merged = True
    return bool(tables(draft))


def lay_out_as_bars(draft: Draft, rng: random.Random) -> bool:
    """A row a line, with bars between its cells."""
    return _lay_out(draft, "bars", tables(draft))


def lay_out_as_lines(draft: Draft, rng: random.Random) -> bool:
    """A cell a line and nothing else: an empty cell leaves no trace, and its row can't be placed."""
    full = [(at, found) for at, found in tables(draft) if all(found.cells.values()) and not found.unlabelled]
    return _lay_out(draft, "lines", full)


def _lay_out(draft: Draft, layout: str, found: Iterable[tuple[int, FormTable]]) -> bool:
    changed = False
    for _, form_table in found:
        form_table.layout = layout
        changed = True
    return changed


def break_identity(draft: Draft, rng: random.Random) -> bool:
    """A cell of the application table is wrong, so that its row and its column don't add up."""
    found = table(draft, "application_table")
    if found is None:
        return False
    row = rng.choice([row.id for row in catalogue().application_rows if row.id.startswith(("denied_", "unable_"))])
    cell = f"{row}__{rng.choice(catalogue().applicant_columns).id}"
    if cell in found.stated or not holds_number(found.cells[cell]):
        return False
    found.cells[cell] = str(int(found.cells[cell]) + rng.randint(1, 4))
    return True


def give_a_town_rules(draft: Draft, rng: random.Random) -> bool:
    """A town or street, which can issue no rules, lists some."""
    found = table(draft, "proactive_table")
    if found is None or found.former or draft.kind not in (Kind.TOWNSHIP, Kind.SUBDISTRICT):
        return False
    issued = rng.randint(1, 6)
    found.cells.update(rules_issued=str(issued), rules_in_force=str(issued + rng.randint(0, 3)))
    return True
