"""What real reports do that the form doesn't foresee. Each deviation changes a sound draft, and with it the truth.

A deviation is a function of the draft and a source of chance that tells whether it found something to change.
``DEVIATIONS`` names them, ``RATES`` says how often a generated report has each, ``TEXT_ONLY`` which of them only
flattened text can have: they are about how a converter writes tables down.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from samples import heading_deviations, prose_deviations, table_deviations
from samples.draft import Draft

Deviation = Callable[[Draft, random.Random], bool]


def leave_bookmarks(draft: Draft, rng: random.Random) -> bool:
    draft.noise.add("bookmarks")
    return True


def wrap_labels(draft: Draft, rng: random.Random) -> bool:
    draft.noise.add("wrapped_labels")
    return True


def pad_cells(draft: Draft, rng: random.Random) -> bool:
    draft.noise.add("padded_cells")
    return True


DEVIATIONS: dict[str, Deviation] = {
    "prose_against_table": prose_deviations.contradict_table,
    "prose_against_prose": prose_deviations.contradict_prose,
    "silent_on_applications": prose_deviations.keep_silent_on_applications,
    "pictures_for_tables": table_deviations.put_pictures_for_tables,
    "tables_left_out": table_deviations.leave_tables_out,
    "former_form": table_deviations.use_former_form,
    "identity_broken": table_deviations.break_identity,
    "rules_in_a_town": table_deviations.give_a_town_rules,
    "blank_cells": table_deviations.leave_cells_blank,
    "strokes_in_cells": table_deviations.stroke_cells,
    "lost_labels": table_deviations.lose_labels,
    "dropped_cells": table_deviations.drop_cells,
    "misspelt_labels": table_deviations.misspell_labels,
    "fees_in_yuan": table_deviations.print_fees_in_yuan,
    "units_in_cells": table_deviations.put_units_in_cells,
    "thousands_separated": table_deviations.separate_thousands,
    "wide_digits": table_deviations.widen_digits,
    "merged_cells_repeated": table_deviations.repeat_merged_cells,
    "bars": table_deviations.lay_out_as_bars,
    "cells_as_lines": table_deviations.lay_out_as_lines,
    "approximate": prose_deviations.approximate,
    "ten_thousands": prose_deviations.count_in_ten_thousands,
    "thousands_separated_in_prose": prose_deviations.separate_thousands_in_prose,
    "wide_digits_in_prose": prose_deviations.widen_digits_in_prose,
    "traps": prose_deviations.set_traps,
    "quoted_upstream": prose_deviations.quote_upstream,
    "cut_short": prose_deviations.cut_short,
    "misnumbered": heading_deviations.misnumber,
    "numbered_twice": heading_deviations.number_twice,
    "first_number_missing": heading_deviations.leave_first_number_out,
    "circled_numbers": heading_deviations.circle_numbers,
    "period_cut_short": heading_deviations.shorten_period,
    "title_reworded": heading_deviations.reword_title,
    "unsigned": heading_deviations.leave_unsigned,
    "body_missing_in_title": heading_deviations.leave_body_out,
    "year_missing_in_title": heading_deviations.leave_year_out,
    "stray_word_in_title": heading_deviations.stray_into_title,
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
    "former_form": 0.05,
    "identity_broken": 0.03,
    "rules_in_a_town": 0.03,
    "blank_cells": 0.05,
    "strokes_in_cells": 0.03,
    "lost_labels": 0.02,
    "dropped_cells": 0.02,
    "misspelt_labels": 0.15,
    "fees_in_yuan": 0.05,
    "units_in_cells": 0.05,
    "thousands_separated": 0.05,
    "wide_digits": 0.03,
    "merged_cells_repeated": 0.05,
    "bars": 0.04,
    "cells_as_lines": 0.04,
    "approximate": 0.1,
    "ten_thousands": 0.04,
    "thousands_separated_in_prose": 0.05,
    "wide_digits_in_prose": 0.03,
    "traps": 0.25,
    "quoted_upstream": 0.06,
    "cut_short": 0.02,
    "misnumbered": 0.12,
    "numbered_twice": 0.03,
    "first_number_missing": 0.02,
    "circled_numbers": 0.03,
    "period_cut_short": 0.04,
    "title_reworded": 0.1,
    "unsigned": 0.15,
    "body_missing_in_title": 0.02,
    "year_missing_in_title": 0.03,
    "stray_word_in_title": 0.02,
    "bookmarks": 0.3,
    "wrapped_labels": 0.3,
    "padded_cells": 0.05,
}
TEXT_ONLY = frozenset(("dropped_cells", "bars", "cells_as_lines", "bookmarks", "wrapped_labels", "padded_cells"))


def deviate(draft: Draft, names: tuple[str, ...], rng: random.Random) -> tuple[str, ...]:
    """Apply the named deviations in the given order; return those that found something to change."""
    return tuple(name for name in names if DEVIATIONS[name](draft, rng))


def draw_deviations(rng: random.Random) -> tuple[str, ...]:
    """Which deviations a generated report has, by their rates."""
    return tuple(name for name, rate in RATES.items() if rng.random() < rate)
