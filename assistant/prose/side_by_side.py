"""What the prose of several reports has in common and what only one of them says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.answering.inquiry import Inquiry
from assistant.prose.theme_groups import group_texts


def differences(inquiry: Inquiry, said: Mapping[tuple[str, int | None], Sequence[str]]) -> list[str]:
    """Sentences on what all bodies or years say of their problems or measures, and what each says alone.

    Args:
        said: By body and year the items of its report, in order.

    Returns:
        Empty where there are not two to compare.
    """
    if len(said) < 2:
        return []
    wording = inquiry.wording
    labels = _labels(inquiry, said)
    everything = dict.fromkeys(label for own in labels.values() for label in own)
    common = [label for label in everything if all(label in own for own in labels.values())]
    if common:
        lines = [wording.say("passages.in_common", labels=wording.semicolons(common))]
    else:
        lines = [wording.say("passages.nothing_in_common")]
    several_bodies = len({body for body, _ in said}) > 1
    several_years = len({year for _, year in said}) > 1
    for (body, year), own in labels.items():
        others = {label for key, other in labels.items() if key != (body, year) for label in other}
        alone = [label for label in own if label not in others]
        who = wording.body_year(body, year, show_year=several_years) if several_bodies else wording.year(year)
        if alone:
            lines.append(wording.say("passages.only", who=who, labels=wording.semicolons(alone)))
    return lines


def _labels(
    inquiry: Inquiry, said: Mapping[tuple[str, int | None], Sequence[str]]
) -> dict[tuple[str, int | None], list[str]]:
    """By body and year, what its items are about, in their order."""
    aspect = "improvement" if (inquiry.plan.aspect or "").startswith("improvement") else "problems"
    keys = [key for key, items in said.items() for _ in items]
    texts = [text for items in said.values() for text in items]
    label_at: dict[int, str] = {}
    for group in group_texts(texts):
        label = inquiry.wording.quote(group.label(texts, aspect, inquiry.wording.language))
        label_at.update(dict.fromkeys(group.members, label))
    labels: dict[tuple[str, int | None], list[str]] = {key: [] for key in said}
    for position, key in enumerate(keys):
        if label_at[position] not in labels[key]:
            labels[key].append(label_at[position])
    return labels
