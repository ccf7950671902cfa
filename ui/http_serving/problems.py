"""What can go wrong, each with a status, a code that stays and a sentence: RFC 9457 problem details.

Under the addresses that speak as OpenAI's do, the same is said as OpenAI says it.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import Response

from vectorstore.errors import IndexBusyError, NianbaoError, QuestionError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
OPENAI_PATHS = (
    "/v1/chat/", "/v1/models",
    # Which there aren't, but whose clients show nothing of an error in another form.
    "/v1/audio/", "/v1/completions", "/v1/embeddings", "/v1/images/", "/v1/moderations", "/v1/responses",
)  # fmt: skip

KINDS: dict[str, tuple[int, str]] = {
    "invalid_request": (422, "The request isn't as the schema says"),
    "question_refused": (422, "The question can't be asked"),
    "too_broad": (422, "Too much for one request"),
    "no_usable_file": (422, "None of the files can be taken in"),
    "unauthorized": (401, "A token is needed"),
    "other_site": (403, "Another site's page may not ask"),
    "ingestion_off": (403, "Reports can't be added or removed here"),
    "not_found": (404, "There is no such thing"),
    "method_not_allowed": (405, "Not with this method"),
    "timed_out": (504, "It took too long"),
    "index_busy": (409, "Someone else is writing to the index"),
    "job_state": (409, "The job isn't in a state for that"),
    "too_large": (413, "The body is too large"),
    "too_slow": (408, "The body came too slowly"),
    "other_host": (421, "Asked for under another name"),
    "rate_limited": (429, "Too many requests"),
    "overloaded": (503, "Too much at once"),
    "unavailable": (503, "The index can't be used now"),
    "unexpected": (500, "Something unforeseen"),
}
"""By code: the status, and the title, which is the same every time."""


class Place(BaseModel):
    """What of a request is wrong."""

    where: str = Field(description="A path into the request: query.year, body.question.")
    what: str


class ProblemDetails(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str = Field(description="urn:nianbao:problem: and the code")
    title: str
    status: int
    detail: str = Field(description="A sentence: what is wrong, and what to do.")
    code: str = Field(description="Stays the same in later versions.", json_schema_extra={"enum": [*sorted(KINDS)]})
    errors: list[Place] | None = Field(default=None, description="Only of invalid_request.")


class ProblemError(Exception):
    """Ends a request with a problem.

    Args:
        retry_after: Seconds after which the same may succeed.
        param: The field of the request that is wrong, for OpenAI's form.
        openai_code: As OpenAI calls it, where its clients look for that.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: list[dict[str, str]] | None = None,
        retry_after: int | None = None,
        param: str | None = None,
        openai_code: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.code, self.detail, self.errors = code, detail, errors
        self.retry_after, self.param, self.openai_code = retry_after, param, openai_code

    @property
    def status(self) -> int:
        return KINDS[self.code][0]

    def record(self) -> dict[str, Any]:
        """As `ProblemDetails`."""
        status, title = KINDS[self.code]
        record: dict[str, Any] = {
            "type": f"urn:nianbao:problem:{self.code}",
            "title": title,
            "status": status,
            "detail": self.detail,
            "code": self.code,
        }
        return record | ({"errors": self.errors} if self.errors else {})

    def openai_record(self) -> dict[str, Any]:
        """As OpenAI's clients expect it."""
        types = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
        kind = types.get(self.status, "invalid_request_error" if self.status < 500 else "server_error")
        detail = self.detail
        if self.errors:
            # There is no list of them in this form.
            detail = "The request isn't as the schema at /openapi.json says: " + " ".join(
                f"{one['where']}: {one['what']}." for one in self.errors
            )
        code = self.openai_code or {"unauthorized": "invalid_api_key"}.get(self.code, self.code)
        return {"error": {"message": detail, "type": kind, "param": self.param, "code": code}}

    def response(self, path: str) -> Response:
        """The response, in the form that is spoken under the path."""
        headers = {"cache-control": "no-store"}
        if self.retry_after is not None:
            headers["retry-after"] = str(self.retry_after)
        if self.status == 401:
            headers["www-authenticate"] = 'Bearer realm="nianbao"'
        is_openai = path.startswith(OPENAI_PATHS)
        record = self.openai_record() if is_openai else self.record()
        # OpenAI's clients know no 422.
        status = 400 if is_openai and self.status == 422 else self.status
        media_type = "application/json" if is_openai else MEDIA_TYPE
        return Response(json.dumps(record), status, headers, media_type)


def problem_of(error: Exception) -> ProblemError:
    """The problem that an error is told as. No sentence that may name a folder of this computer is passed on."""
    match error:
        case ProblemError():
            return error
        case QuestionError():
            return ProblemError("question_refused", str(error))
        case IndexBusyError():
            detail = "Reports are being added or removed just now. Try again when that is done."
            return ProblemError("index_busy", detail, retry_after=5)
        case OSError():
            logger.error("%s: %s", type(error).__name__, error)
            return ProblemError("unavailable", "The server's disk or system refused; its log says why.")
        case NianbaoError():
            logger.error("%s: %s", type(error).__name__, error)
            return ProblemError("unavailable", "The index can't be used now; the server's log says why.")
        case _:
            return ProblemError("unexpected", "That wasn't foreseen; the server's log has it. Nothing was changed.")
