"""What was understood of the files that are about to go in, as HTML: a line a file, and what is to be done with all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.previewing import Preview, Standing
from ui.adding.batches import AddedFile, Batch, FileState
from ui.texts import Texts
from ui.web.adding.problems import problem_in_words
from ui.web.markup import escape, place_name, report_link
from ui.web.site import data
from vectorstore.catalogue import catalogue, kind_name

A_PAGE = 50
FILTERS = ("all", "attention", "failed", "there")


@dataclass(frozen=True, slots=True)
class _Twins:
    """By text, and by body and year: the first file of the batch that has it."""

    texts: dict[str, str]
    bodies: dict[tuple[str, int], str]


class Review:
    """A batch as it is looked at before it goes in.

    Args:
        shown: One of `FILTERS`.
        page: From 1.
    """

    def __init__(self, batch: Batch, words: Texts, shown: str = "all", page: int = 1) -> None:
        self._batch, self._words = batch, words
        self._shown = shown if shown in FILTERS else "all"
        files = sorted(batch.files.values(), key=lambda file: file.name)
        self._twins = _twins_of(files)
        self._found = [file for file in files if self._is_shown(file)]
        self.pages = max(1, -(-len(self._found) // A_PAGE))
        self.page = min(max(1, page), self.pages)

    def rows(self) -> list[AddedFile]:
        """The files of the page that is shown."""
        return self._found[(self.page - 1) * A_PAGE : self.page * A_PAGE]

    def status(self) -> str:
        """How far reading is, in a sentence."""
        files, words = self._batch.files.values(), self._words
        read = sum(file.state in (FileState.READ, FileState.FAILED) for file in files)
        parts = [words("adding.count_read", n=len(files), read=read)]
        if self._batch.passed_over:
            parts.append(words("adding.count_passed_over", n=self._batch.passed_over))
        return " · ".join(parts)

    def controls(self) -> dict[str, Any]:
        """What the script sets around the rows."""
        files = list(self._batch.files.values())
        taken = sum(file.is_taken for file in files)
        read = sum(file.state in (FileState.READ, FileState.FAILED) for file in files)
        return {
            "id": self._batch.id,
            "status": self.status(),
            "read": read,
            "files": len(files),
            "taken": taken,
            "take": self._words("adding.take", n=taken) if taken else self._words("adding.take_none"),
            "can_take": bool(taken) and not any(file.state is FileState.UNPACKING for file in files),
            "page": self.page,
            "pages": self.pages,
            "page_of": self._words("adding.page_of", page=self.page, pages=self.pages) if self.pages > 1 else "",
            "nothing": "" if self._found else self._words("adding.nothing_here"),
        }

    def _is_shown(self, file: AddedFile) -> bool:
        match self._shown:
            case "attention":
                return needs_attention(file)
            case "failed":
                return file.state is FileState.FAILED
            case "there":
                return file.preview is not None and file.preview.standing is Standing.SAME
        return True

    def row(self, file: AddedFile) -> str:
        """One file, as a list item."""
        words = self._words
        name = escape(file.name)
        can_go = file.state is not FileState.FAILED and file.state is not FileState.UNPACKING
        box = (
            f'<input type="checkbox" data-choose="{file.number}"{" checked" if file.is_taken else ""}'
            f'{"" if can_go else " disabled"} aria-label="{escape(words("adding.chosen", name=file.name))}">'
        )
        edit = ""
        if can_go:
            edit = (
                f'<button type="button" class="nb-quiet" data-edit="{file.number}" data-said="{data(file.entry)}"'
                f' data-read="{data(_as_read(file))}" aria-label="{escape(words("adding.edit_of", name=file.name))}">'
                f"{escape(words('adding.edit'))}</button>"
            )
        kind = " nb-added-failed" if file.state is FileState.FAILED else "" if file.is_taken else " nb-added-out"
        return (
            f'<li class="nb-added{kind}" data-file="{file.number}" data-version="{file.version}">{box}'
            f"<div>{''.join(self._lines(file))}"
            f'<p class="nb-added-name" title="{name}">{name} <span>{size_in_words(file.size)}</span></p></div>'
            f"{edit}</li>"
        )

    def _lines(self, file: AddedFile) -> Iterator[str]:
        words = self._words
        if file.state is FileState.FAILED:
            problem = file.problem or ""
            yield f'<p class="nb-added-problem">{escape(problem_in_words(problem, words))}</p>'
            if words.language != "en":
                yield (
                    f'<details class="nb-added-original"><summary>{escape(words("adding.original"))}</summary>'
                    f'<p lang="en">{escape(problem)}</p></details>'
                )
            return
        if file.preview is None or file.state is not FileState.READ:
            yield f'<p class="nb-soft">{escape(words(f"adding.state_{file.state.value}"))}</p>'
            return
        found = file.preview
        yield f'<p class="nb-added-report">{"".join(_identity(found, words))}</p>'
        yield f'<p class="nb-added-figures">{" · ".join(escape(part) for part in _figures(found, words))}</p>'
        tags = "".join(_tags(found, words))
        if tags:
            yield f'<p class="nb-added-tags">{tags}</p>'
        remarks = [*found.warnings, *self._beside(file, found)]
        remarks += [one.reason for one in found.related if one.reason]
        if found.standing is Standing.SAME and found.related[0].reason:
            remarks.append(words("adding.kept_new" if found.related[0].is_replaced else "adding.kept_there"))
        if file.entry:
            said = "、".join(words(f"adding.field_{column}") for column in file.entry)
            remarks.append(words("adding.said", columns=said))
        if remarks:
            yield f'<ul class="nb-added-remarks">{"".join(f"<li>{escape(r)}</li>" for r in remarks)}</ul>'

    def _beside(self, file: AddedFile, found: Preview) -> Iterator[str]:
        twin = self._twins.texts.get(found.report_id, file.name)
        if twin != file.name:
            yield self._words("adding.twin_here", name=twin)
        elif found.year is not None:
            sibling = self._twins.bodies.get((found.body_id, found.year), file.name)
            if sibling != file.name:
                yield self._words("adding.sibling_here", name=sibling)


def needs_attention(file: AddedFile) -> bool:
    """Whether a person should look at the file before it goes in."""
    found = file.preview
    if found is None:
        return file.state is FileState.FAILED
    return bool(found.failed or found.warnings or found.pictures or found.related or found.year is None)


def _twins_of(files: list[AddedFile]) -> _Twins:
    twins = _Twins({}, {})
    for file in files:
        if file.preview is not None:
            twins.texts.setdefault(file.preview.report_id, file.name)
            if file.preview.year is not None:
                twins.bodies.setdefault((file.preview.body_id, file.preview.year), file.name)
    return twins


def _identity(found: Preview, words: Texts) -> Iterator[str]:
    yield f"<b>{escape(found.body)}</b> "
    if found.year is None:
        yield f'<span class="nb-unknown">{escape(words("adding.year_unknown"))}</span> '
    else:
        yield f"<span>{escape(words('adding.year_of', year=found.year))}</span> "
    yield f'<span class="nb-soft">{escape(kind_name(found.kind, words.language))}</span> '
    if found.region is None:
        yield f'<span class="nb-unknown">{escape(words("adding.region_unknown"))}</span>'
    else:
        yield f'<span class="nb-soft">{escape(place_name(found.region))}</span>'


def _figures(found: Preview, words: Texts) -> Iterator[str]:
    for table in found.tables:
        name = catalogue().table_name(table.name, words.language)
        if not table.is_found and not table.known and not table.unreadable:
            yield words("adding.figures_none", table=name)
        elif table.unreadable and not table.known:
            yield words("adding.figures_unknown", table=name, n=table.unreadable)
        elif table.unreadable:
            yield words("adding.figures_unreadable", table=name, n=table.known, unreadable=table.unreadable)
        else:
            yield words("adding.figures", table=name, n=table.known)
    yield words("adding.figures_prose", n=found.prose)


def _tags(found: Preview, words: Texts) -> Iterator[str]:
    if found.failed:
        yield _tag("bad", words("adding.checks_failed", n=found.failed))
    if found.doubtful:
        yield _tag("warn", words("adding.checks_doubtful", n=found.doubtful))
    if found.pictures:
        yield _tag("warn", words("adding.only_picture", n=found.pictures))
    if found.related:
        first = found.related[0]
        yield _tag("", words(f"adding.standing_{first.standing.value}"))
        yield f'<a href="{report_link(first.report_id)}">{escape(words("adding.see_report"))}</a>'


def _tag(kind: str, text: str) -> str:
    return f'<span class="nb-tag{f" nb-{kind}" if kind else ""}">{escape(text)}</span> '


def _as_read(file: AddedFile) -> dict[str, Any]:
    found = file.preview
    if found is None:
        return {}
    return {
        "body": found.body,
        "kind": found.kind.value,
        "region": found.region or "",
        "year": found.year or "",
        "url": found.url or "",
        "retrieved_on": found.retrieved_on or "",
    }


def size_in_words(size: int) -> str:
    """A file's size: 12 KB, 3.4 MB."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
