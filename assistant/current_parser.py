"""The parser for an index as it is now, while other threads ask and other processes ingest."""

from __future__ import annotations

from datetime import date
from threading import Lock

from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parser
from vectorstore.index import Index


class CurrentParser:
    """The parser for an index: it knows the bodies and years, so a change makes it anew. Safe from several threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._made: tuple[str, date, Parser] | None = None
        self._making = Lock()

    def of_day(self, today: date) -> Parser:
        """The parser for the index as it is, counting relative years from a day."""
        return self._kept(today) or self._make(today)

    def _kept(self, today: date) -> Parser | None:
        made = self._made
        return made[2] if made is not None and made[:2] == (self._index.fingerprint, today) else None

    def _make(self, today: date) -> Parser:
        # Of many threads that find it out of date one makes it: over 10,000 reports that takes most of a second.
        with self._making:
            if (kept := self._kept(today)) is not None:
                return kept
            fingerprint = self._index.fingerprint
            years = {report.year for report in self._index.reports() if report.year is not None}
            parser = Parser(lexicon(), self._index.bodies(), years, today)
            self._made = (fingerprint, today, parser)
            return parser
