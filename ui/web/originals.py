"""What leads from a report to its original: the pictures of its tables, its file, the pages of its PDF.

Only what the index records is ever served, and only if it is still what was read: an address names a report, never a
path. Whatever a file holds can neither run in the browser nor reach the pages: pages are shown without scripts in an
origin of their own, and what isn't known to be harmless is only downloaded.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encoded

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ingest.files.originals import original_name, read_original
from ingest.pdf.page_pictures import NoSuchPageError, PagePicture, picture_page
from ui.exact_report import exact_report
from ui.texts import Texts, texts
from ui.web import static_files
from ui.web.markup import escape, link, place_in_address
from ui.web.site import Site, language_of
from vectorstore.errors import OriginalChangedError, ReadError

if TYPE_CHECKING:
    from collections.abc import Callable

    from vectorstore.records import Report, SourceFile

PICTURE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff")
_SHOWN = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "bmp": "image/bmp",
}
"""By extension: what a browser shows without running anything of it."""
_DOWNLOADED = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text",
}
_PLAIN = ("txt", "md", "markdown")
_PAGES = ("html", "htm", "shtml", "xhtml")
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
ZOOMS = (1.0, 1.5, 2.0, 3.0)
_DPI = 110
_PRIVATE = {"cache-control": "private, no-cache"}
_LONGEST_QUOTE = 2_000
_PARTS = ("base.css", "report.css", "base.js", "report.js")


def routes(site: Site) -> list[BaseRoute]:
    """The addresses of originals, to be served beside the pages."""
    originals = Originals(site)
    return [
        Route("/nb/picture/{report_id}/{number}", originals.picture),
        Route("/nb/original/{report_id}", originals.original),
        Route("/nb/page/{report_id}/{number}.png", originals.page_picture),
        Route("/nb/page/{report_id}/{number}", originals.page),
    ]


def picture_link(report_id: str, number: int) -> str:
    """Where the picture of a table is, by its place among the report's pictures, from 1."""
    return link(f"nb/picture/{report_id}/{number}")


def original_link(report_id: str, *, file: int = 1, download: bool = False) -> str:
    """Where the file is that a report was read from; of several by its place in `original_files`, from 1."""
    return link(f"nb/original/{report_id}", file=None if file == 1 else file, download="1" if download else None)


def page_link(
    report_id: str, page: int, start: int | None = None, end: int | None = None, zoom: float | None = None
) -> str:
    """Where a page of a report's PDF is shown, with the characters from ``start`` to ``end`` of its text marked."""
    return link(
        f"nb/page/{report_id}/{page}",
        at=None if start is None else f"{start}-{end}",
        zoom=None if zoom in (None, 1.0) else f"{zoom:g}",
    )


def original_files(site: Site, report_id: str) -> list[SourceFile]:
    """The files that a report was read from, the one whose reading is kept first."""
    return sorted(site.assistant.index.sources(report_id), key=lambda file: (file.content_id != report_id, file.path))


def is_pdf(file: SourceFile) -> bool:
    """Whether pages of the file can be shown."""
    return _extension(original_name(file)) == "pdf"


class Originals:
    """The addresses' answers, over one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def picture(self, request: Request) -> Response:
        """The picture of a table."""
        return await run_in_threadpool(self._guarded, request, self._picture)

    async def original(self, request: Request) -> Response:
        """The file that a report was read from."""
        return await run_in_threadpool(self._guarded, request, self._original)

    async def page(self, request: Request) -> Response:
        """A page of a report's PDF, as a page to look at."""
        return await run_in_threadpool(self._guarded, request, self._page)

    async def page_picture(self, request: Request) -> Response:
        """A page of a report's PDF as a picture."""
        return await run_in_threadpool(self._guarded, request, self._page_picture)

    def _guarded(self, request: Request, answer: Callable[[Request, Report, Texts], Response]) -> Response:
        words = texts(language_of(request))
        tell = partial(_told, request, words)
        report = exact_report(self._site.assistant.index, request.path_params["report_id"])
        if report is None:
            return tell("no_report")
        try:
            return answer(request, report, words)
        except OriginalChangedError:
            return tell("changed", report, status=410)
        except NoSuchPageError:
            return tell("no_page", report)
        except ReadError:
            return tell("gone", report, status=410)
        except _MissingError as missing:
            return tell(str(missing), report)

    def _picture(self, request: Request, report: Report, words: Texts) -> Response:
        pictures = self._site.assistant.index.pictures(report.report_id)
        number = _number(request, "no_picture")
        if not 1 <= number <= len(pictures):
            raise _MissingError("no_picture")
        picture = pictures[number - 1]
        if picture.media_type not in PICTURE_TYPES:
            raise _MissingError("no_picture")
        name = f"{report.title or report.report_id}-{number}.{picture.media_type.rpartition('/')[2]}"
        return _file(picture.image, picture.media_type, name, is_shown=picture.media_type != "image/tiff")

    def _original(self, request: Request, report: Report, words: Texts) -> Response:
        file = self._file_of(report, request.query_params.get("file", "1"))
        data, name = read_original(file), original_name(file)
        extension = _extension(name)
        wants_file = bool(request.query_params.get("download"))
        if extension in _SHOWN:
            is_what_it_says = extension != "pdf" or b"%PDF-" in data[:1024]
            return _file(data, _SHOWN[extension], name, is_shown=is_what_it_says and not wants_file)
        if extension in _PLAIN:
            return _file(data, f"text/plain; charset={_charset(data)}", name, is_shown=not wants_file)
        if extension in _PAGES and not wants_file:
            return _file(data, "text/html", name, is_shown=True)
        return _file(data, _DOWNLOADED.get(extension, "application/octet-stream"), name, is_shown=False)

    def _file_of(self, report: Report, number: str) -> SourceFile:
        files = original_files(self._site, report.report_id)
        if not re.fullmatch(r"[0-9]{1,6}", number) or not 1 <= int(number) <= len(files):
            raise _MissingError("no_original")
        return files[int(number) - 1]

    def _draw(self, request: Request, report: Report, zoom: float) -> PagePicture:
        file = next((file for file in original_files(self._site, report.report_id) if is_pdf(file)), None)
        if file is None:
            raise _MissingError("no_pdf")
        quote = ""
        if span := place_in_address(request.query_params.get("at", "")):
            quote = self._site.assistant.index.text(report.report_id)[slice(*span)][:_LONGEST_QUOTE]
        data = read_original(file)
        return picture_page(data, original_name(file), _number(request), quote=quote, dpi=_DPI * zoom)

    def _page_picture(self, request: Request, report: Report, words: Texts) -> Response:
        drawn = self._draw(request, report, _zoom(request))
        return _file(drawn.png, "image/png", f"{report.report_id}-{_number(request)}.png", is_shown=True)

    def _page(self, request: Request, report: Report, words: Texts) -> Response:
        # Drawn small only to know its size, the number of pages and where the marks are.
        drawn = self._draw(request, report, 0.4)
        view = _PageView(report, _number(request), place_in_address(request.query_params.get("at", "")), _zoom(request))
        return _document(request, words, report.title, view.render(drawn, words))


class _MissingError(Exception):
    """There is no such thing; the name of the words that say so."""


class _PageView:
    """A page of a PDF with what leads on from it."""

    def __init__(self, report: Report, number: int, at: tuple[int, int] | None, zoom: float) -> None:
        self._report = report
        self._number = number
        self._at = at
        self._zoom = zoom

    def render(self, drawn: PagePicture, words: Texts) -> str:
        number, pages = self._number, drawn.pages
        back = link("reports", id=self._report.report_id, at=self._at and f"{self._at[0]}-{self._at[1]}")
        smaller = max((zoom for zoom in ZOOMS if zoom < self._zoom), default=None)
        larger = min((zoom for zoom in ZOOMS if zoom > self._zoom), default=None)
        bar = (
            f'<a class="nb-back" href="{back}">{escape(words("original.back"))}</a>'
            f'<h1>{escape(self._report.title)}</h1><nav aria-label="{escape(words("original.pages"))}">'
            + self._step(words("original.previous"), number - 1 if number > 1 else None, self._zoom)
            + f"<span>{escape(words('original.page_of', page=number, pages=pages))}</span>"
            + self._step(words("original.next"), number + 1 if number < pages else None, self._zoom)
            + self._step(words("original.smaller"), number if smaller else None, smaller)
            + f"<span>{self._zoom:.0%}</span>"
            + self._step(words("original.larger"), number if larger else None, larger)
            + f'<a class="nb-button" href="{original_link(self._report.report_id)}">'
            f"{escape(words('original.file'))}</a></nav>"
        )
        note = ""
        if self._at is not None:
            key = "original.marked" if drawn.marks else "original.not_marked"
            note = f'<p class="nb-lead">{escape(words(key))}</p>'
        picture = link(
            f"nb/page/{self._report.report_id}/{number}.png",
            at=self._at and f"{self._at[0]}-{self._at[1]}",
            # Fine enough for a screen with small pixels, also where the page is as wide as the window.
            zoom=f"{min(max(self._zoom, 1.5), ZOOMS[-1]):g}",
        )
        anchor = f'<span id="nb-marked" style="top:{drawn.marks[0].top:.1%}"></span>' if drawn.marks else ""
        alt = words("original.page_alt", page=number, title=self._report.title)
        return (
            f'<header class="nb-page-bar">{bar}</header><main>{note}<div class="nb-sheets" tabindex="0">'
            f'<div class="nb-sheet" style="width:{self._zoom:.0%};max-width:{56 * self._zoom:g}rem">{anchor}'
            f'<img src="{picture}" alt="{escape(alt)}" width="{drawn.width}" height="{drawn.height}">'
            "</div></div></main>"
        )

    def _step(self, label: str, number: int | None, zoom: float | None) -> str:
        if number is None:
            return f'<span class="nb-button" aria-disabled="true">{escape(label)}</span>'
        start, end = self._at or (None, None)
        address = page_link(self._report.report_id, number, start, end, zoom)
        return f'<a class="nb-button" href="{address}">{escape(label)}</a>'


def _told(request: Request, words: Texts, reason: str, report: Report | None = None, status: int = 404) -> Response:
    """A page that says why there is nothing to show."""
    back = link("reports", id=report.report_id) if report else link("reports")
    way = words("original.back" if report else "original.to_reports")
    content = (
        f'<main class="nb-main"><h1>{escape(words(f"original.{reason}"))}</h1>'
        f'<p class="nb-lead">{escape(words(f"original.{reason}_what"))}</p>'
        f'<p class="nb-lead"><a href="{back}">{escape(way)}</a></p></main>'
    )
    return _document(request, words, words(f"original.{reason}"), content, status)


def _document(request: Request, words: Texts, title: str, content: str, status: int = 200) -> Response:
    """A page of its own, in the look of the others. Its addresses count from where these are served."""
    # Relative, as all addresses are: each part of ours under ``nb/`` is a step up.
    base = "../" * (len(request.path_params) + 1)
    html = (
        f'<!doctype html><html lang="{"zh-CN" if words.language == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<base href="{base}"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>{static_files.head(_PARTS)}</head>"
        f'<body class="nb-alone"><div id="nb-page" class="nb-page-original">{content}</div></body></html>'
    )
    return Response(html, status, {**_PRIVATE, "content-type": "text/html; charset=utf-8"})


def _file(data: bytes, media_type: str, name: str, *, is_shown: bool) -> Response:
    headers = {
        **_PRIVATE,
        "content-type": media_type,
        "content-disposition": disposition(name, is_shown=is_shown),
    }
    if media_type != "application/pdf":  # whose viewer is itself a page that a sandbox would keep from working
        headers["content-security-policy"] = _SANDBOX
    return Response(data, headers=headers)


def disposition(name: str, *, is_shown: bool) -> str:
    """The header that says how a file is called (RFC 6266), in ASCII and, for all browsers of today, as it is."""
    plain = "".join(c for c in name if c.isprintable() and c not in '\\/"') or "report"
    ascii_name = re.sub(r"[^A-Za-z0-9._ -]+", "_", plain)
    sort = "inline" if is_shown else "attachment"
    return f"{sort}; filename=\"{ascii_name}\"; filename*=UTF-8''{percent_encoded(plain, safe='')}"


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _charset(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _number(request: Request, missing: str = "no_page") -> int:
    """The number in the address; `_MissingError` where it is none that anything could have.

    Starlette's own would fail: Python reads no number of thousands of digits.
    """
    written = request.path_params["number"]
    if not re.fullmatch(r"[0-9]{1,9}", written):
        raise _MissingError(missing)
    return int(written)


def _zoom(request: Request) -> float:
    written = request.query_params.get("zoom", "")
    return next((zoom for zoom in ZOOMS if f"{zoom:g}" == written), 1.0)
