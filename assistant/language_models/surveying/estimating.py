"""What is sent about each report, and how many tokens that is: counted once a report, and kept.

The tokens of a call are those of the question around the report and those of the report, so the latter are counted once
for all questions. Only a report that doesn't fit is chosen from, and counted, for the question.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from assistant.language_models.surveying.excerpts import Choice, Excerpt, fitting_excerpt, whole_excerpt
from assistant.language_models.surveying.prompts import prompt_version
from assistant.language_models.surveying.store import JsonLines
from vectorstore.index import Index
from vectorstore.records import PassageExtent, Report, Scope

Advance = Callable[[int, int], None]
"""Called with how many reports are counted, and of how many."""

_AT_ONCE = 200
"""Reports whose texts are read together."""
_PASSAGES_RANKED = 400
_COUNTERS = 8


@dataclass(frozen=True, slots=True)
class Size:
    """What is known of the excerpt that is sent about a report.

    Attributes:
        tokens: Of the excerpt alone.
        digest: The excerpt's.
    """

    tokens: int
    digest: str
    is_whole: bool = True


class Excerpts:
    """The excerpts that are sent about reports for one question.

    Args:
        words: What a report that doesn't fit is searched for.
        room: Tokens that an excerpt may have.
        folder: Where the sizes of whole excerpts are kept; ``None``: nowhere.
    """

    def __init__(
        self, index: Index, choice: Choice, words: str, room: int, count: Callable[[str], int], folder: Path | None
    ) -> None:
        self._index = index
        self._choice = choice
        self._words = words
        self._room = room
        self._count = count
        self._sizes = JsonLines(None if folder is None else folder / "sizes.jsonl")
        self._parts: dict[str, tuple[str, Excerpt, int]] = {}

    def sizes(self, reports: Sequence[Report], advance: Advance = lambda done, of: None) -> dict[str, Size]:
        """The sizes of the excerpts about reports, by id; of what isn't known yet the texts are read."""
        found: dict[str, Size] = {}
        unread: list[Report] = []
        for report in reports:
            kept = self._kept(report)
            if kept is not None and kept.tokens <= self._room:
                found[report.report_id] = kept
            else:
                unread.append(report)
        for at in range(0, len(unread), _AT_ONCE):
            advance(len(found), len(reports))
            some = unread[at : at + _AT_ONCE]
            made = self._measured(some)
            fresh: list[dict[str, object]] = []
            for report in some:
                _, excerpt, tokens = made[report.report_id]
                size = Size(tokens, excerpt.digest, excerpt.is_whole)
                found[report.report_id] = size
                if excerpt.is_whole and self._kept(report) is None:
                    fresh.append({"key": self._key(report), "tokens": size.tokens, "digest": size.digest})
            self._sizes.put(fresh)
        advance(len(reports), len(reports))
        return found

    def read(self, reports: Sequence[Report]) -> dict[str, tuple[str, Excerpt]]:
        """The texts of reports as they are now, by id, and what is sent of them; both are empty where it has gone."""
        return {report_id: (text, excerpt) for report_id, (text, excerpt, _) in self._measured(reports).items()}

    def _measured(self, reports: Sequence[Report]) -> dict[str, tuple[str, Excerpt, int]]:
        """The texts and the excerpts with their tokens."""
        ids = [report.report_id for report in reports]
        extents = self._index.passage_extents(ids)
        texts = self._texts(ids)
        wholes = [
            whole_excerpt(texts[report_id], extents[report_id], self._choice) if report_id in texts else Excerpt("", ())
            for report_id in ids
        ]
        counted = zip(reports, wholes, self._tokens_of_whole(reports, wholes), strict=True)
        return {
            report.report_id: (texts.get(report.report_id, ""), whole, tokens)
            if tokens <= self._room
            else self._part(report, whole, texts[report.report_id], extents[report.report_id])
            for report, whole, tokens in counted
        }

    def _tokens_of_whole(self, reports: Sequence[Report], wholes: Sequence[Excerpt]) -> Iterator[int]:
        known: dict[str, int] = {}
        for report, whole in zip(reports, wholes, strict=True):
            kept = self._kept(report)
            if kept is not None and kept.digest == whole.digest:
                known[whole.digest] = kept.tokens
        uncounted = [whole for whole in wholes if whole.digest not in known]
        if len(uncounted) > 1:
            # The counter works outside of Python's lock.
            with ThreadPoolExecutor(min(_COUNTERS, os.cpu_count() or 1)) as pool:
                counts = list(pool.map(lambda whole: self._count(whole.text), uncounted))
        else:
            counts = [self._count(whole.text) for whole in uncounted]
        known.update((whole.digest, tokens) for whole, tokens in zip(uncounted, counts, strict=True))
        return (known[whole.digest] for whole in wholes)

    def _texts(self, ids: Sequence[str]) -> Mapping[str, str]:
        try:
            return self._index.texts(ids)
        except KeyError:
            present = {report.report_id for report in self._index.reports(Scope(report_ids=tuple(ids)))}
            return self._index.texts([report_id for report_id in ids if report_id in present])

    def _part(
        self, report: Report, whole: Excerpt, text: str, extents: Sequence[PassageExtent]
    ) -> tuple[str, Excerpt, int]:
        """Of a report that doesn't fit, what fits the question best."""
        known = self._parts.get(report.report_id)
        if known is None or known[0] != whole.digest:
            part = fitting_excerpt(text, extents, self._choice, self._ranked(report), self._room, self._count)
            known = self._parts[report.report_id] = (whole.digest, part, self._count(part.text))
        return text, known[1], known[2]

    def _ranked(self, report: Report) -> list[tuple[int, int]]:
        hits = self._index.search(self._words, Scope(report_ids=(report.report_id,)), k=_PASSAGES_RANKED)
        return [(hit.passage.start, hit.passage.end) for hit in hits]

    def _kept(self, report: Report) -> Size | None:
        kept = self._sizes.get(self._key(report))
        return None if kept is None else Size(int(kept["tokens"]), str(kept["digest"]))

    def _key(self, report: Report) -> str:
        # An id is made from the text; where a report is put by other means, its length tells most changes, and what is
        # sent is read anew all the same.
        return f"{report.report_id}:{report.characters}:{self._choice.name}:{prompt_version()}"
