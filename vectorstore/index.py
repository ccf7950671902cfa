"""The one door to what is kept: reports, figures, mentions, checks, passages and the search over them.

Everything lives in one folder: the database (the source of truth), the Chroma collection (vectors, made from the
database) and the lock that keeps writers apart.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence, Sized
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import EllipsisType, TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from sqlalchemy import Connection, Engine, select

from vectorstore import database, prefilter, rows, schema
from vectorstore.departures import read_departure, read_heirs
from vectorstore.embedding_settings import EmbeddingSettings
from vectorstore.errors import IndexBusyError, IndexFolderError
from vectorstore.full_text import Frequencies
from vectorstore.passage_places import passage_at, read_passage_extents, read_passage_ids_at, read_passages
from vectorstore.ranking import DEFAULT, Ranking
from vectorstore.reading import (
    FigureReader,
    read_bodies,
    read_cells,
    read_checks,
    read_contents,
    read_corrections,
    read_fingerprint,
    read_mentions,
    read_pictures,
    read_register,
    read_report_key,
    read_reports,
    read_sources,
    read_texts,
    read_verdicts,
)
from vectorstore.records import (
    Body,
    Check,
    Correction,
    Departure,
    Figure,
    Hit,
    Mention,
    MissingReports,
    Passage,
    PassageExtent,
    RegisteredBody,
    Report,
    ReportContents,
    ReportPicture,
    ResolvedFigure,
    Scope,
    SectionRole,
    SourceFile,
    Span,
    State,
    Verdict,
)
from vectorstore.register import Register
from vectorstore.remembered import Remembered
from vectorstore.scope import body_conditions, report_conditions, subject_conditions
from vectorstore.suspected_years import suspected_years
from vectorstore.tallies import CheckTally, tally_checks, tally_failures, tally_states, told_of_year_before
from vectorstore.vectors import Vectors
from vectorstore.writer import Writer
from vectorstore.year_comparisons import check_years

if TYPE_CHECKING:
    from vectorstore.reranking import Reranker

_EVERYTHING = Scope()
_REMEMBERED = 500_000
"""Items worked out from the index: references to reports, and figures, of some 1 kB with their readings."""

S = TypeVar("S", bound=Sized)


class Index:
    """An open index folder. Reading is safe from several threads, and beside a writer in this or another process.

    Opening loads neither Chroma nor an embedding model: the first search does.
    """

    def __init__(self, folder: Path, engine: Engine, vectors: Vectors, reranker: str | Path | None = None) -> None:
        self.folder = folder
        self._reranker_name = reranker
        self._engine = engine
        self._vectors = vectors
        self._reports: tuple[int, dict[int, Report]] | None = None
        self._bodies: tuple[int, dict[int, Body]] | None = None
        self._register: tuple[int, Register | None] | None = None
        self._figures = FigureReader()
        self._remembered = Remembered(_REMEMBERED)
        self._frequencies = Frequencies()
        self._pinned = threading.local()
        self._is_closed = False

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        create: bool = False,
        embedding: str | EmbeddingSettings | None = None,
        reranker: str | Path | None = None,
    ) -> Self:
        """Open the index in a folder.

        Args:
            create: Make an index if there is none, in a folder that is new or empty.
            embedding: The name or path of a sentence-transformers model, or that with its prompts; ``None`` for the
                model that the index records, or the bundled one.
            reranker: The name or folder of a cross-encoder that orders what searches find, ``none`` for none; ``None``
                for that of ``$NIANBAO_RERANKER``.

        Raises:
            IndexMissingError, IndexTooNewError, IndexFolderError: As `database.open_database` says.
            ModelMismatchError: ``embedding`` is given, and another model made the vectors that are there.
        """
        path = Path(folder).expanduser()
        engine = database.open_database(path, create=create)
        try:
            return cls(path, engine, Vectors(path, engine, embedding), reranker)
        except BaseException:
            engine.dispose()
            raise

    def close(self) -> None:
        """Let go of the database and the collection. Whoever then asks is told that it is closed."""
        self._is_closed = True
        self._vectors.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the writer's lock and write.

        Raises:
            IndexBusyError: Someone else is writing.
        """
        from filelock import FileLock, Timeout

        self._check_open()
        lock = FileLock(self.folder / database.LOCK_NAME, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexBusyError(
                f"Another process is writing to the index in {self.folder}. Wait until it is done, and try again."
            ) from error
        try:
            database.renew_full_text(self._engine)
            self._vectors.record_choice()
            yield Writer(self._engine, self._vectors)
        finally:
            lock.release()

    @contextmanager
    def unchanging(self) -> Iterator[None]:
        """Within, all that this thread reads is of one state of the index, whatever others write meanwhile.

        Several reads that belong together need it: a report that is replaced between two would count as silent.
        """
        if self._pinned_connection is not None:
            yield
            return
        self._check_open()
        with database.snapshot(self._engine) as connection:
            self._pinned.connection = connection
            try:
                yield
            finally:
                self._pinned.connection = None

    def _check_open(self) -> None:
        # The database's connections would be made anew, and never let go of.
        if self._is_closed:
            raise IndexFolderError("This index has been closed; open it anew to ask it.")

    @property
    def _pinned_connection(self) -> Connection | None:
        return getattr(self._pinned, "connection", None)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A connection whose statements all see the same state: this thread's own, within `unchanging`."""
        pinned = self._pinned_connection
        if pinned is not None:
            yield pinned
            return
        self._check_open()
        with database.snapshot(self._engine) as connection:
            yield connection

    def reports(self, scope: Scope = _EVERYTHING) -> list[Report]:
        """The reports in scope, ordered by region, body and year; what is unknown comes last.

        Here and below, a report that a later version replaced is left out unless the scope says otherwise.
        """
        return list(self.remember(("reports", scope), lambda: self._find_reports(scope)))

    def _find_reports(self, scope: Scope) -> tuple[Report, ...]:
        with self._reading() as connection:
            everything = self._all_reports(connection)
            if scope == _EVERYTHING:
                return tuple(report for report in everything.values() if report.superseded_by is None)
            conditions = report_conditions(scope)
            found = set(connection.execute(select(schema.reports.c.key).where(*conditions)).scalars())
        return tuple(report for key, report in everything.items() if key in found)

    def remember(self, key: Hashable, make: Callable[[], S]) -> S:
        """What ``make`` works out from the index, kept under a key until the index changes.

        What it gives is shared by all who ask, so they must not change it.
        """
        with self._reading() as connection:
            generation = database.generation(connection)
        return self._remembered.get(generation, key, make)

    def report(self, report_id: str) -> Report:
        """The report of that id, or of the only id that begins so.

        Raises:
            KeyError: There is none, or several.
        """
        with self._reading() as connection:
            return self._all_reports(connection)[read_report_key(connection, report_id)]

    def pictures(self, report_id: str) -> list[ReportPicture]:
        """The pictures that stand where tables belong, in the order of the text; empty if there are none."""
        with self._reading() as connection:
            return read_pictures(connection, report_id)

    def contents(self, report_id: str, *, uncorrected: bool = False) -> ReportContents:
        """All that is kept of a report, as it was put; KeyError if there is none of exactly that id.

        Args:
            uncorrected: As it was read, before corrections.
        """
        with self._reading() as connection:
            reports = {report.report_id: (key, report) for key, report in self._all_reports(connection).items()}
            key, report = reports[report_id]
            return read_contents(connection, key, report, uncorrected=uncorrected)

    def corrections(self, report_id: str | None = None) -> list[Correction]:
        """The corrections of one report or of all, also of reports that have gone, in the order they were made."""
        with self._reading() as connection:
            return read_corrections(connection, report_id)

    def text(self, report_id: str) -> str:
        """The canonical text of a report, to which all its spans refer; KeyError if there is none."""
        return self.texts([report_id])[report_id]

    def texts(self, report_ids: Collection[str]) -> dict[str, str]:
        """The canonical texts of several reports, by id, in few queries; KeyError if one of them isn't there."""
        with self._reading() as connection:
            found = read_texts(connection, report_ids)
        absent = next((report_id for report_id in report_ids if report_id not in found), None)
        if absent is not None:
            raise KeyError(absent)
        return found

    def bodies(self, scope: Scope = _EVERYTHING) -> list[Body]:
        """The bodies that report or are reported about, ordered by name; years in the scope don't narrow."""
        conditions = body_conditions(scope)
        with self._reading() as connection:
            everything = self._all_bodies(connection)
            if not conditions:
                return list(everything.values())
            found = set(connection.execute(select(schema.bodies.c.key).where(*conditions)).scalars())
        return [body for key, body in everything.items() if key in found]

    def register(self, scope: Scope = _EVERYTHING) -> list[RegisteredBody] | None:
        """The bodies in scope that should report, as the register lists them; ``None`` without a register.

        Years in the scope leave out those that aren't due in any of them.
        """
        register = self._current_register()
        return None if register is None else register.within(scope)

    def missing(self, scope: Scope = _EVERYTHING) -> list[MissingReports] | None:
        """The registered bodies in scope that should have reported on one of its years and haven't.

        Without years: on one of those that the index holds reports of. ``None`` without a register.
        """
        register = self._current_register()
        if register is None:
            return None
        return list(self.remember(("missing", scope), lambda: tuple(register.missing(scope))))

    def figures(self, scope: Scope = _EVERYTHING, metric_ids: Collection[str] | None = None) -> list[ResolvedFigure]:
        """What answers use, each with all its readings.

        Args:
            scope: Kinds, regions, names and ids are of the body that the figure is about, years are the figure's.
            metric_ids: Full ids, ``applications_new`` or ``applications_new__natural_person``; ``None`` for all.

        Returns:
            Ordered by the body's region and name, the year, the report, then the form's order of metrics.
        """
        with self._reading() as connection:
            generation, bodies = database.generation(connection), self._all_bodies(connection)
            return self._figures.read(connection, generation, bodies, scope, metric_ids)

    def mentions(self, scope: Scope = _EVERYTHING, words: str | None = None) -> list[Mention]:
        """Other numbers that the prose states, in the order of reports and texts.

        Args:
            scope: As for figures.
            words: What must be counted: what a mention counts holds these words, or is part of them.
        """
        with self._reading() as connection:
            return read_mentions(connection, scope, words)

    def mentions_near(
        self, requirement: prefilter.Requirement, accepts: Callable[[str, str], bool], scope: Scope = _EVERYTHING
    ) -> list[tuple[Mention, str]]:
        """The accepted mentions of the passages that satisfy a requirement, each with its clause, by report and place.

        Args:
            accepts: Whether a mention is wanted, by what it counts (folded) and its clause (as it stands). It is
                asked before the mention is made, since of very many few are.
        """
        conditions = subject_conditions(scope, schema.mentions)
        with self._reading() as connection:
            statement = prefilter.mentions_in_passages(requirement, conditions)
            return [
                (rows.mention_of(row, row.report_id, row.body_id), row.clause)
                for row in connection.execute(statement)
                if accepts(row.folded_counted, row.clause)
            ]

    def reports_near(self, requirements: Collection[prefilter.Requirement | None]) -> set[str] | None:
        """The ids of the reports that, for every requirement, have a passage that satisfies it.

        ``None`` where nothing is required, so that any report may do.
        """
        known = [requirement for requirement in requirements if requirement is not None]
        if not known:
            return None
        with self._reading() as connection:
            keys = set.intersection(*(prefilter.report_keys(connection, requirement) for requirement in known))
            reports = self._all_reports(connection)
        return {reports[key].report_id for key in keys}

    def checks(self, scope: Scope = _EVERYTHING, holds: bool | EllipsisType | None = ...) -> list[Check]:
        """The checks of the reports in scope, in the order of reports.

        Args:
            holds: Only those that hold, that fail, or (``None``) that cannot be judged; all by default.
        """
        with self._reading() as connection:
            return read_checks(connection, scope, holds)

    def failed_checks(self, scope: Scope = _EVERYTHING) -> Sequence[Check]:
        """The checks that fail, also those between two years, in the order of `reports`, then of the text."""
        if scope == _EVERYTHING:
            return self.remember("failed checks", lambda: self._failed_checks(scope))
        return self._failed_checks(scope)

    def _failed_checks(self, scope: Scope) -> tuple[Check, ...]:
        suspected = scope
        if not scope.report_ids:
            with self._reading() as connection:
                suspected = replace(scope, report_ids=tuple(sorted(suspected_years(connection))))
        known = {report.report_id: position for position, report in enumerate(self.reports(scope))}
        between = check_years(self, suspected) if suspected.report_ids else []
        failed = [*self.checks(scope, False), *(check for check in between if check.holds is False)]
        return tuple(sorted((c for c in failed if c.report_id in known), key=lambda check: known[check.report_id]))

    def verdicts(self, report_ids: Collection[str] | None = None) -> list[Verdict]:
        """What people found on checks, of some reports or of all, also of those that have gone, oldest first.

        Never remembered: a verdict doesn't count as a change of the index.
        """
        with self._reading() as connection:
            return read_verdicts(connection, report_ids)

    def cells(self, places: Collection[tuple[str, Span]]) -> dict[tuple[str, Span], Figure]:
        """The figures that cells of tables state, by the cell's place: report id and characters. No ``body_id``.

        Places that aren't such cells are left out.
        """
        with self._reading() as connection:
            return read_cells(connection, frozenset(places))

    def tally_checks(self, scope: Scope = _EVERYTHING) -> CheckTally:
        """How many checks of the reports in scope hold, fail or can't be judged, by rule and subject."""
        with self._reading() as connection:
            return tally_checks(connection, scope)

    def tally_failures(self, scope: Scope = _EVERYTHING) -> dict[str, dict[str, int]]:
        """For each report in scope with checks that fail: how many, by rule."""
        with self._reading() as connection:
            return tally_failures(connection, scope)

    def told_of_year_before(self, scope: Scope = _EVERYTHING) -> set[tuple[str, str]]:
        """The reports in scope that state figures of the year before, each with the full id of a metric."""
        with self._reading() as connection:
            return told_of_year_before(connection, scope)

    def tally_states(self, scope: Scope, states: Collection[State]) -> dict[str, int]:
        """How many figures of its own body and year each report in scope has in one of the states; none: left out."""
        with self._reading() as connection:
            return tally_states(connection, scope, states)

    def passages(self, report_id: str) -> list[Passage]:
        """The passages of a report in the order of its text; empty if there is no such report."""
        with self._reading() as connection:
            return read_passages(connection, report_id)

    def passage_extents(self, report_ids: Collection[str]) -> dict[str, list[PassageExtent]]:
        """Where the passages of each of these reports stand, in the order of its text; of one that isn't there none."""
        with self._reading() as connection:
            return read_passage_extents(connection, report_ids)

    def passage_at(self, report_id: str, start: int, end: int) -> Passage | None:
        """The passage that covers a span's start; of several the shortest that covers it all."""
        return passage_at(self.passages(report_id), start, end)

    def passage_ids_at(self, places: Sequence[tuple[str, int, int]]) -> list[tuple[str, int | None] | None]:
        """Id and page of the passage that `passage_at` gives for each place (report id, start, end), in few queries."""
        with self._reading() as connection:
            return read_passage_ids_at(connection, places)

    def search(
        self,
        query: str,
        scope: Scope = _EVERYTHING,
        k: int = 10,
        roles: Collection[SectionRole] | None = None,
        ranking: Ranking = DEFAULT,
    ) -> list[Hit]:
        """Passages that answer a query, best first: full text and vectors, fused.

        What the query quotes, and its numbers, stand in every passage found. What several reports say alike is
        one hit.

        Args:
            scope: Which reports to look in; their issuer's kind, region and name, their year.
            k: At most so many.
            roles: Only passages of sections about these; ``None`` for all.

        Raises:
            ModelMismatchError, RerankerError: The index's model, or the reranker, cannot be used.
        """
        from vectorstore.retrieval.searching import retrieve

        with self._reading() as connection:
            found, likelihood = retrieve(
                connection, self._vectors, self._frequencies, query, scope, k, roles, ranking, self._reranker
            )
            reports = self._all_reports(connection)
        return [
            Hit(
                rows.passage_of(one.row, one.row.report_id),
                reports[one.row.report_key],
                one.score,
                one.scores,
                one.sentences,
                one.repeats,
                one.share,
                likelihood,
            )
            for one in found
        ]

    @cached_property
    def _reranker(self) -> Reranker | None:
        from vectorstore.reranking import chosen_reranker

        return chosen_reranker(self._reranker_name)

    def sources(self, report_id: str | None = None, paths: Collection[str] | None = None) -> list[SourceFile]:
        """The files that were ingested or could not be, ordered by path.

        Args:
            report_id: Only those of one report.
            paths: Only those at these paths.
        """
        with self._reading() as connection:
            return read_sources(connection, report_id, paths)

    def departure(self, report_id: str) -> Departure | None:
        """What is remembered of a report that has gone; ``None`` where there is, or was, no such report."""
        with self._reading() as connection:
            return read_departure(connection, report_id)

    def heirs(self, report_id: str) -> list[str]:
        """The ids of the reports that may hold what that report says, whether it is here or has gone; likeliest first.

        First itself, or the last of its known later readings; then what the files that it was read from hold now; then
        what the index has of the same body and year.
        """
        with self._reading() as connection:
            return read_heirs(connection, report_id)

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that change when reports come or go, were read by another version of the reader, are
        corrected, or others should be there.
        """
        return self.remember("fingerprint", self._read_fingerprint)

    def _read_fingerprint(self) -> str:
        with self._reading() as connection:
            return read_fingerprint(connection)

    @property
    def model_name(self) -> str:
        """The embedding model of this index: ``bundled`` or the name or path that was given."""
        return self._vectors.model_name

    @property
    def next_model_name(self) -> str | None:
        """The model that a change begun by ``reembed`` and not yet finished leads to; ``None`` without one."""
        return self._vectors.next_model_name

    def _current_register(self) -> Register | None:
        """Matched with the index's bodies; again only after a change."""
        with self._reading() as connection:
            generation = database.generation(connection)
            kept = self._register
            if kept is None or kept[0] != generation:
                entries = read_register(connection)
                bodies, reports = self._all_bodies(connection), self._all_reports(connection)
                counting = [report for report in reports.values() if report.superseded_by is None]
                register = Register(entries, bodies.values(), counting) if entries else None
                self._register = kept = (generation, register)
            return kept[1]

    def _all_bodies(self, connection: Connection) -> dict[int, Body]:
        """By key, in the order of names; read again only after a change."""
        generation = database.generation(connection)
        kept = self._bodies
        if kept is not None and kept[0] == generation:
            return kept[1]
        read = read_bodies(connection)
        if kept is None or kept[0] < generation:
            self._bodies = (generation, read)
        return read

    def _all_reports(self, connection: Connection) -> dict[int, Report]:
        """By key, in the order of region, body and year; read again only after a change."""
        generation = database.generation(connection)
        kept = self._reports
        if kept is not None and kept[0] == generation:
            return kept[1]
        read = read_reports(connection)
        if kept is None or kept[0] < generation:
            self._reports = (generation, read)
        return read
