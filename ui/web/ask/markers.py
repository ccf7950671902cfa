"""The links from what an answer says to the evidence cards."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.answering.citations import MARKER
from ui.texts import Texts
from ui.web.markup import escape

MARKERS = re.compile(f"(?:{MARKER.pattern})+")
LONG_RUN, SHOWN_OF_RUN = 5, 3
MARKERS_IN_CELL = 40
"""Of the citations behind a sum, so many are drawn in its row's cell; the others are among the cards."""


def reference(turn: int, n: int, shown: str, words: Texts) -> str:
    """A value that leads to the card of citation ``n``."""
    label = escape(f"{shown} {words('ask.marker', n=n)}")
    return (
        f'<a class="nb-ref nb-valued" href="#nb-card-{turn}-{n}" data-turn="{turn}" data-n="{n}" aria-label="{label}">'
        f"{escape(shown)}</a>"
    )


def marker(turn: int, n: int, words: Texts) -> str:
    """The link from a claim to its evidence card."""
    label = escape(words("ask.marker", n=n))
    return (
        f'<a class="nb-ref" href="#nb-card-{turn}-{n}" data-turn="{turn}" data-n="{n}" aria-label="{label}">[{n}]</a>'
    )


def marker_run(turn: int, numbers: Sequence[int], words: Texts, most: int | None = None) -> str:
    """Markers side by side; of a long run only the first few, the others behind a button.

    Args:
        most: Draw no more than so many of them, and say how many there are besides.
    """
    links = [marker(turn, n, words) for n in numbers[:most]]
    if len(links) <= LONG_RUN:
        return "".join(links)
    hidden = len(numbers) - SHOWN_OF_RUN
    label = escape(words("ask.more_markers", n=hidden))
    besides = f" {escape(words('answer.and_more', n=len(numbers) - len(links)))}" if len(numbers) > len(links) else ""
    return (
        f"{''.join(links[:SHOWN_OF_RUN])}"
        f'<button type="button" class="nb-more" aria-expanded="false" aria-label="{label}">'
        f"+{hidden}</button><span hidden>{''.join(links[SHOWN_OF_RUN:])}{besides}</span>"
    )


def link_markers(text: str, turn: int, is_known: Callable[[int], bool], words: Texts) -> str:
    """Escaped text in which every ``[n]`` of a known citation is a link; any other stays what it is."""
    rendered: list[str] = []
    position = 0
    for run in MARKERS.finditer(text):
        numbers = [int(n) for n in MARKER.findall(run.group())]
        if not all(map(is_known, numbers)):
            continue
        rendered.append(escape(text[position : run.start()]))
        rendered.append(marker_run(turn, numbers, words))
        position = run.end()
    rendered.append(escape(text[position:]))
    return "".join(rendered)


def render_text(text: str, turn: int, is_known: Callable[[int], bool], words: Texts) -> str:
    """The answer's text: a paragraph a line, lines that begin with a dash or bullet as a list."""
    rendered: list[str] = []
    items: list[str] = []
    for line in [*text.splitlines(), ""]:
        stripped = line.strip()
        bullet = re.match(r"[-•·]\s+", stripped)
        if bullet:
            items.append(f"<li>{link_markers(stripped[bullet.end() :], turn, is_known, words)}</li>")
            continue
        if items:
            rendered.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if stripped:
            rendered.append(f"<p>{link_markers(stripped, turn, is_known, words)}</p>")
    return "".join(rendered)
