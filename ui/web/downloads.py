"""Answers and tables as files to download, and an answer as text to paste elsewhere."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Collection
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from assistant.export.characters import one_line
from assistant.export.document import ExportDocument, ExportTable
from assistant.export.formats import FORMATS, REFERENCE_FORMATS, ExportError, format_of, write
from assistant.export.pasting import as_html, as_text
from ui.exporting import answer_document
from ui.texts import Texts, texts
from ui.web.asked import Asked, read_token
from ui.web.markup import escape, link
from ui.web.site import Site, language_of
from vectorstore.errors import NianbaoError, OutdatedAnswerError, QuestionError

logger = logging.getLogger(__name__)

ANSWER_FORMATS = ("docx", "xlsx", "csv", "md", *REFERENCE_FORMATS)
"""Those that an answer is offered in, in the order of a menu; ``export.docx`` … are their names in words."""

TABLE_FORMATS = ("xlsx", "csv", "docx", "md")
"""Those of lists and tables, in the order in which they are offered; ``export.short_xlsx`` … are their names."""

_NOT_IN_NAMES = re.compile(r"[\\/:*?\"<>|\x00-\x1f\x7f]+")
_LONGEST_NAME = 60
_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def respond(content: ExportDocument | ExportTable, extension: str, name: str) -> Response:
    """A file to download.

    Args:
        extension: Of a format of `assistant.export.formats`: ``csv``, ``docx``, ``bib`` ….
        name: What to call the file, without its extension; any text.

    Raises:
        ExportError: There is no such format; `answering` makes a response of it.
    """
    return file_response(write(content, format_of(extension).extension), extension, name)


def file_response(written: bytes, extension: str, name: str) -> Response:
    """A file of a format to download, already written; arguments as of `respond`."""
    chosen = format_of(extension)
    headers = {"content-type": chosen.media_type, "content-disposition": disposition(name, chosen.extension)}
    return Response(written, headers=headers | _HEADERS)


def file_name(name: str) -> str:
    """A name that every file system takes, of at most 60 characters: without what hides, turns or parts a name."""
    visible = "".join(
        character for character in name if unicodedata.category(character) not in ("Cf", "Cs", "Co", "Cn")
    )
    plain = one_line(_NOT_IN_NAMES.sub(" ", visible))[:_LONGEST_NAME].strip(" .")
    return plain or "nianbao"


def disposition(name: str, extension: str) -> str:
    """The header that names a file: in UTF-8 as RFC 5987 has it, and in ASCII for what doesn't know that."""
    encoded = quote(f"{file_name(name)}.{extension}", safe="")
    return f"attachment; filename=\"nianbao.{extension}\"; filename*=UTF-8''{encoded}"


def failed(sentence: str, status: int = 400) -> Response:
    """A sentence in place of a file that can't be made."""
    return Response(sentence, status, headers={"content-type": "text/plain; charset=utf-8"} | _HEADERS)


def words_for(request: Request) -> Texts:
    """The words in the language that the address names (``lang``), else in the one chosen or the browser's."""
    return texts(language_of(request))


def answering(make: Callable[[Request, Texts], Response]) -> Callable[[Request], Response]:
    """An endpoint whose errors are sentences with their status.

    Args:
        make: Gives the file for a request; what the address has of it is in ``path_params`` and ``query_params``.
    """

    def endpoint(request: Request) -> Response:
        words = words_for(request)
        try:
            return make(request, words)
        except ExportError:
            extension = str(request.path_params.get("extension", ""))
            return failed(words("export.unknown_format", extension=extension, offered=", ".join(FORMATS)), 404)
        except QuestionError:
            return failed(words("export.unreadable"), 400)
        except OutdatedAnswerError:
            return failed(words("export.outdated"), 409)
        except NianbaoError as error:
            return failed(words("export.failed", error=error), 500)
        except Exception:
            logger.exception("A download failed: %s", request.url.path)
            return failed(words("site.unexpected"), 500)

    return endpoint


def file_links(formats: Collection[str], address: Callable[[str], str], words: Texts) -> str:
    """Links to the files of a list or a table, the same on every page: Excel, CSV, Word, Markdown.

    Args:
        address: Gives the address of the file with an extension, escaped for an attribute.
    """
    return " ".join(
        f'<a href="{address(name)}" download>{escape(words(f"export.short_{name}"))}</a>'
        for name in TABLE_FORMATS
        if name in formats
    )


def answer_address(asked: Asked, extension: str, words: Texts) -> str:
    """Where the answer to what was asked is downloaded, escaped for an attribute."""
    return link(f"nb/answer.{extension}", a=asked.token, lang=words.language)


def routes(site: Site) -> list[BaseRoute]:
    """``nb/answer.{csv,docx,bib,csl.json…}?a=TOKEN&lang=zh|en``: the answer to what was asked (`Asked.token`).

    Its content is in the answer's language; ``lang`` is that of errors.
    """

    def answer(request: Request, words: Texts) -> Response:
        extension = format_of(request.path_params["extension"]).extension
        asked = read_token(request.query_params.get("a", ""))
        document = answer_document(site.assistant, site.answers.answer(asked))
        return respond(document, extension, document.title)

    return [Route("/nb/answer.{extension}", answering(answer))]


def copied(site: Site, asked: Asked, words: Texts) -> dict[str, str]:
    """The answer to what was asked, to be pasted: ``text``, and ``html`` for programs that take formatted text.

    Both hold the answer with its markers and below the references in GB/T 7714—2015, in the answer's language; the
    HTML also its tables.

    Raises:
        QuestionError, OutdatedAnswerError: As `Answers.answer`, and as its citations.
    """
    document = answer_document(site.assistant, site.answers.answer(asked))
    return {"text": as_text(document), "html": as_html(document)}
