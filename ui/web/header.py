"""The head of every page: the name, the pages, the other language, and the words that the page's script speaks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ui.texts import Texts
from ui.web.markup import escape

if TYPE_CHECKING:
    from assistant.assistant import Assistant

PAGES = {"ask": "./", "reports": "reports", "figures": "figures", "checks": "checks", "adding": "adding"}
"""The pages by name, in their order, with their addresses."""


def corpus_line(assistant: Assistant, words: Texts) -> str:
    """How much the index holds, in one line; years as a range, without reports whose year is unknown."""
    reports = assistant.index.reports()
    years = sorted({report.year for report in reports if report.year is not None})
    span = "" if not years else f"{years[0]}" if len(years) == 1 else f"{years[0]}–{years[-1]}"
    bodies = len({report.body_id for report in reports})
    return words("site.corpus", reports=len(reports), bodies=bodies, years=span).strip(" ·")


def render_header(assistant: Assistant, words: Texts, current: str) -> str:
    """The head of the page of that name."""
    title = escape(words("site.title"))
    links = "".join(
        f'<a href="{address}"{" aria-current=page" if name == current else ""}>{escape(words(f"pages.{name}"))}</a>'
        for name, address in PAGES.items()
    )
    other = "en" if words.language == "zh" else "zh"
    script = escape(json.dumps(words.section("script"), ensure_ascii=False))
    page_title = f"{words(f'pages.{current}')} · {words('site.title')}"
    return (
        f'<header class="nb-bar" data-lang="{words.language}" data-title="{escape(page_title)}" data-words="{script}">'
        f'<a class="nb-name" href="./">{title}</a>'
        f'<nav class="nb-pages" aria-label="{escape(words("site.pages"))}">{links}</nav>'
        f'<p class="nb-corpus">{escape(corpus_line(assistant, words))}</p>'
        f'<button type="button" class="nb-quiet" data-language="{other}" lang="{other}">'
        f"{escape(words('site.other_language'))}</button></header>"
    )
