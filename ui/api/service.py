"""What all routes stand on: the assistant, the threads that work, and what is being added."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ui.api.work import Workers
from ui.http_serving.problems import ProblemError
from ui.http_serving.settings import ServerSettings

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from ui.adding.additions import Additions
    from vectorstore.records import Report

VERSION = version("nianbao")
_DAYS = 4
"""Assistants that are kept for other days than today: each knows how to read questions on its day."""


class Service:
    """One index, served."""

    def __init__(self, assistant: Assistant, settings: ServerSettings) -> None:
        self.assistant = assistant
        self.settings = settings
        self.workers = Workers(settings)
        self._of_day: OrderedDict[date, Assistant] = OrderedDict()
        self._additions: Additions | None = None
        self._lock = threading.Lock()

    def assistant_of(self, today: date | None) -> Assistant:
        """The assistant that counts 去年 and 近三年 from a day; by default from today."""
        if today is None:
            return self.assistant
        from assistant.assistant import Assistant

        with self._lock:
            found = self._of_day.pop(today, None)
            if found is None:
                own = self.assistant
                found = Assistant(own.index, today=today, language_model=own.language_model)
            self._of_day[today] = found
            while len(self._of_day) > _DAYS:
                self._of_day.popitem(last=False)
            return found

    @property
    def additions(self) -> Additions:
        """What is being added to the index.

        Raises:
            ProblemError: Nothing may be.
        """
        if not self.settings.allows_ingestion:
            raise ProblemError(
                "ingestion_off",
                "This server was started without --allow-ingest: reports are neither added nor removed.",
            )
        from ui.adding.additions import Additions

        with self._lock:
            if self._additions is None:
                self._additions = Additions(self.assistant.index)
            return self._additions

    def report(self, report_id: str) -> Report:
        """The report of that id, or of the only id that begins so; ProblemError if there is none."""
        try:
            return self.assistant.index.report(report_id)
        except KeyError:
            detail = "There is no report of this id, or several whose ids begin so; /v1/reports lists them."
            raise ProblemError("not_found", detail) from None

    def close(self) -> None:
        """Begin nothing new; wait for what is being written."""
        self.workers.close()
        if self._additions is not None:
            for batch in self._additions.jobs():
                self._additions.stop(batch.id)
            self._additions.wait(10)


def responses(*codes: int, **ok: Any) -> dict[int | str, dict[str, Any]]:
    """What a route can answer besides its own, for the schema: the problems of these statuses and the usual ones.

    Args:
        ok: What the response 200 says besides its model.
    """
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    usual = (400, 401, 403, 421, 422, 429, 500, 503, 504)
    found: dict[int | str, dict[str, Any]] = {
        code: {"description": _MEANINGS[code], "content": problem} for code in sorted({*codes, *usual})
    }
    return found | ({200: ok} if ok else {})


_MEANINGS = {
    400: "The request can't be read",
    401: "No token, or a wrong one",
    403: "Not allowed here",
    404: "There is no such thing",
    408: "The body came too slowly",
    409: "Not in this state",
    413: "The body is too large",
    421: "Asked for under another name",
    422: "The request isn't as the schema says, or can't be answered",
    429: "Too many requests; Retry-After says when again",
    500: "Something unforeseen",
    503: "Not now",
    504: "It took too long",
}
