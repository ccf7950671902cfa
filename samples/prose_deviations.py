"""How real reports' prose differs from what a reader hopes for: contradictions, silence, rounding, other numbers."""

from __future__ import annotations

import random
from collections.abc import Callable

from samples.composition import phrases
from samples.draft import Draft, Heading, Number, Paragraph, Quantity, Sentence, placeholders
from samples.table_deviations import table, tables
from vectorstore.records import Kind

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def _first(draft: Draft, metric: str) -> Sentence | None:
    """The first sentence that prints the metric's number."""
    return next((s for s in draft.sentences() if metric in s.quantities), None)


def _paragraphs(draft: Draft, *roles: str) -> list[Paragraph]:
    return [block for block in draft.blocks if isinstance(block, Paragraph) and block.role in roles]


def keep_silent_on_applications(draft: Draft, rng: random.Random) -> bool:
    """Neither prose nor table says how many applications there were."""
    told = {"applications_channels", "applications_handled", "outcomes"}
    for block in _paragraphs(draft, "applications"):
        block.sentences = [
            s
            for s in block.sentences
            if s.topic not in told and not any(metric.startswith("applications_") for metric, _ in s.readings())
        ]
        if not block.sentences:
            wording = rng.choice([t for t in phrases()["applications_practice"]["text"] if "{" not in t])
            block.sentences = [Sentence("applications_practice", wording, {}, {})]
    draft.implied.clear()
    for at, found in tables(draft):
        if found.name == "application_table":
            wording = rng.choice(phrases()["tables_elsewhere"]["text"])
            draft.blocks[at] = Paragraph([Sentence("tables_elsewhere", wording, {}, {})], found.name)
    return True


def contradict_table(draft: Draft, rng: random.Random) -> bool:
    """The prose gives another number of applications than the table."""
    sentence, found = _first(draft, "applications_new"), table(draft, "application_table")
    if sentence is None or found is None or draft.implied or sentence.topic == "applications_carried":
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


def approximate(draft: Draft, rng: random.Random) -> bool:
    """The number of items disclosed is round: 300余."""
    sentence = _first(draft, "proactive_total")
    if sentence is None or sentence.topic != "proactive_total":
        return False
    exact = int(sentence.quantities["proactive_total"].value)
    step = 10 if exact < 200 else 100
    sentence.quantities["proactive_total"] = Quantity(exact // step * step, after=rng.choice(("余", "多")))
    return True


def set_traps(draft: Draft, rng: random.Random) -> bool:
    """Sentences with numbers and denials that are about something else."""
    for paragraph in _paragraphs(draft, "applications", "platform", "supervision", "further"):
        for wording in rng.sample(phrases()["traps"]["text"], rng.randint(1, 3)):
            trap = _unasked("traps", wording, draft, rng)
            paragraph.sentences.insert(rng.randint(1, len(paragraph.sentences)), trap)
    return True


def quote_upstream(draft: Draft, rng: random.Random) -> bool:
    """A town or street tells its county's number."""
    paragraphs = _paragraphs(draft, "applications")
    if draft.kind not in (Kind.TOWNSHIP, Kind.SUBDISTRICT) or not paragraphs:
        return False
    wording = rng.choice(phrases()["quoted_upstream"]["text"])
    paragraphs[0].sentences.append(_unasked("quoted_upstream", wording, draft, rng))
    return True


def _unasked(topic: str, wording: str, draft: Draft, rng: random.Random) -> Sentence:
    drawn = {"few": str(rng.randint(2, 9)), "some": str(rng.randint(11, 60)), "many": str(rng.randint(100, 900))}
    return Sentence(topic, wording, {}, draft.sentence_words() | drawn)


def separate_thousands_in_prose(draft: Draft, rng: random.Random) -> bool:
    """Large numbers of the prose have separators."""
    return _reprint(draft, lambda value: f"{value:,}" if value >= 1000 else None)


def widen_digits_in_prose(draft: Draft, rng: random.Random) -> bool:
    """The digits of the prose's figures are full-width."""
    return _reprint(draft, lambda value: str(value).translate(_FULL_WIDTH))


def count_in_ten_thousands(draft: Draft, rng: random.Random) -> bool:
    """The number of items disclosed is told in 万; only a number that stays exact is."""
    sentence = _first(draft, "proactive_total")
    if sentence is None or sentence.topic != "proactive_total":
        return False
    value = int(sentence.quantities["proactive_total"].value) * 100
    sentence.quantities["proactive_total"] = Quantity(value, printed=f"{value / 10000:g}万")
    return True


def _reprint(draft: Draft, printed: Callable[[Number], str | None]) -> bool:
    changed = False
    for sentence in draft.sentences():
        for metric, quantity in sentence.quantities.items():
            in_words = f"{{{metric}.chinese}}" in sentence.wording
            if metric in placeholders(sentence.wording) and not in_words and quantity.printed is None:
                quantity.printed = printed(quantity.value)
                changed = changed or quantity.printed is not None
    return changed


def cut_short(draft: Draft, rng: random.Random) -> bool:
    """The capture ends in the middle: what follows is not there, and not zero."""
    last = next(i for i, b in enumerate(draft.blocks) if isinstance(b, Heading) and b.role == "problems")
    if not isinstance(draft.blocks[last + 1], Paragraph):
        return False
    del draft.blocks[last + 2 :]
    paragraph = draft.blocks[last + 1]
    paragraph.sentences = paragraph.sentences[:2]
    paragraph.sentences[-1].wording = paragraph.sentences[-1].wording[: rng.randint(8, 30)]
    draft.signature = ()
    return True
