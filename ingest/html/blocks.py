"""What a web page is made of, before the article is found in it: lines, tables and pictures, with their containers."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.document_writer import CellText


@dataclass(slots=True)
class TextLine:
    """One line of text.

    Attributes:
        container: Index into ``Page.containers`` of the innermost block that holds it.
        linked: How many of its characters stand in links.
    """

    text: str
    container: int
    linked: int = 0


@dataclass(slots=True)
class DataTable:
    """A table of data; its cells stand at their true grid positions."""

    rows: list[list[CellText]]
    container: int
    linked: int = 0

    def text(self) -> str:
        """All cells, each behind a space."""
        return " ".join(cell.text for row in self.rows for cell in row)


@dataclass(slots=True)
class PagePicture:
    """A picture that may say something; ``image`` is the file's bytes where the page carries them."""

    name: str
    container: int
    image: bytes | None = None


PageBlock = TextLine | DataTable | PagePicture


@dataclass(slots=True)
class SourceCell:
    """A ``<td>`` as the markup has it; spans are unchecked, 0 for a row span to the end of its group."""

    blocks: list[PageBlock]
    column_span: int = 1
    row_span: int = 1


@dataclass(slots=True)
class SourceTable:
    """A ``<table>`` as the markup has it.

    Attributes:
        rows: Groups of rows (``<thead>``, ``<tbody>`` …), which no row span crosses.
        loose, trailing: What stands in the table outside its cells, before its rows and behind: a caption, misplaced
            text, all that follows a table that is never closed.
    """

    container: int
    rows: list[list[list[SourceCell]]] = field(default_factory=list)
    loose: list[PageBlock] = field(default_factory=list)
    trailing: list[PageBlock] = field(default_factory=list)


@dataclass(slots=True)
class Container:
    """A block element: the index of the one around it (-1 for the outermost) and whether it looks like furniture."""

    parent: int
    is_furniture: bool = False


@dataclass(slots=True)
class Page:
    """A parsed page.

    Attributes:
        blocks: In reading order.
        containers: Parents before children.
        metas: ``<meta>`` names in lower case with their first non-empty content.
        title: Of ``<title>``.
        canonical_url: Of ``<link rel="canonical">`` or what a browser noted when it saved the page.
        has_hidden: Whether something was left out because the page hides it.
        attachments: Names of documents that the page shows in a frame or links to.
        fragments: Markup kept as data, in form fields, from which a script makes the visible page.
    """

    blocks: list[PageBlock] = field(default_factory=list)
    containers: list[Container] = field(default_factory=lambda: [Container(-1)])
    metas: dict[str, str] = field(default_factory=dict)
    title: str = ""
    canonical_url: str = ""
    has_hidden: bool = False
    attachments: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
