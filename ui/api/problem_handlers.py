"""Tells every error of a route as a problem."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import compile_path

from ui.http_serving.problems import ProblemError, problem_of
from vectorstore.errors import NianbaoError


def handle_problems(app: FastAPI) -> None:
    """Tell every error as a problem."""

    async def tell(request: Request, error: Exception) -> Response:
        return problem_of(error).response(request.url.path)

    async def tell_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _invalid(error).response(request.url.path)

    async def tell_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        response = _of_http(error).response(request.url.path)
        if error.status_code == 405:
            response.headers["allow"] = ", ".join(sorted(_methods(app, request.url.path)))
        return response

    async def tell_nobody(request: Request, error: Exception) -> Response:
        return Response(status_code=499)

    app.add_exception_handler(ClientDisconnect, tell_nobody)
    app.add_exception_handler(ProblemError, tell)
    app.add_exception_handler(NianbaoError, tell)
    app.add_exception_handler(OSError, tell)
    app.add_exception_handler(RequestValidationError, tell_invalid)
    app.add_exception_handler(HTTPException, tell_http)
    app.add_exception_handler(Exception, tell)


def _methods(app: FastAPI, path: str) -> set[str]:
    """The methods that an address takes. Each route knows its own only, and several may share an address."""
    found = (
        operations for template, operations in app.openapi()["paths"].items() if compile_path(template)[0].match(path)
    )
    return {method.upper() for operations in found for method in operations}


def _invalid(error: RequestValidationError) -> ProblemError:
    errors = [
        {
            "where": ".".join(str(part) for part in one["loc"]),
            "what": one["msg"].removeprefix("Value error, ").rstrip("."),
        }
        for one in error.errors()
    ]
    detail = "The request isn't as the schema at /openapi.json says; `errors` says where."
    path = errors[0]["where"].removeprefix("body.") if errors else None
    return ProblemError("invalid_request", detail, errors=errors, param=path)


def _of_http(error: HTTPException) -> ProblemError:
    if error.status_code == 404:
        return ProblemError("not_found", "There is nothing at this address; /docs lists what there is.")
    if error.status_code == 405:
        return ProblemError("method_not_allowed", "This address doesn't take this method; /docs lists what there is.")
    if error.status_code == 413:
        return ProblemError("too_large", "The body is larger than this server takes.")
    if error.status_code >= 500:
        return ProblemError("unexpected", "That wasn't foreseen; the server's log has it.")
    # Starlette's of a body that can't be parsed: a broken multipart form, JSON that is none.
    return ProblemError("invalid_request", str(error.detail) or "The request can't be read.")
