"""甲2023年的报告写明“…”: a cited place's own sentences."""

from __future__ import annotations

import re

from assistant.language_models.wording.figures.claims import Claim
from assistant.language_models.wording.figures.slots import Slots
from assistant.language_models.wording.verdicts import RefusedError, Why
from vectorstore.folding import fold_label

_ENDS = re.compile(r"[。！？；!?;\n]")


def check_quote(slots: Slots, claim: Claim) -> None:
    """甲2023年的报告写明“…”: whole sentences of a cited place of just that body and year."""
    why: Why = "quote"
    if claim.kinds - {"states"} or claim.of("number", "metric", "label") or len(claim.of("quote")) != 1:
        raise RefusedError(why, claim.tokens[0].text)
    said = claim.of("quote")[0].text[1:-1]
    markers = claim.markers or slots.all_markers
    holding = {n for n in markers if is_whole(said, slots.quotes.get(n, ""))}
    cited = [slots.facts.citations[n] for n in holding if n in slots.facts.citations]
    if not cited or len(slots.bodies) != 1 or len(slots.years) != 1:
        raise RefusedError(why, said)
    if any(c.body != slots.bodies[0] or c.year != slots.years[0] for c in cited):
        raise RefusedError(why, said)
    if any(fact.state == "conflicting" for fact in slots.facts.rows):
        raise RefusedError("contradiction", said)
    slots.used |= holding


def is_whole(said: str, quote: str) -> bool:
    """Whether the words are one or several whole sentences of a running text, and no cells of a table."""
    if "\t" in quote or "|" in quote or "｜" in quote:
        return False
    wanted = fold_label(said).rstrip("。！？；.!?;")
    sentences = [fold_label(part) for part in _ENDS.split(quote)]
    return bool(wanted) and wanted in [sentence for sentence in sentences if sentence]
