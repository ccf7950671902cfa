"""Reports added over HTTP: files arrive, a job takes them in, and asking goes on meanwhile.

It is the web chat's own adding: files are kept in the index's folder under ``uploads/``, one job is taken in at a time,
and a bad file harms no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from assistant.tools.calls import file_name
from ui.api import records
from ui.api.filters import NO_PARAMETERS
from ui.api.receiving import Receiving
from ui.api.records import without_paths
from ui.api.service import Service, responses
from ui.api.work import encode
from ui.errors import SaidError
from ui.http_serving.problems import ProblemError
from ui.listing import report_record
from ui.texts import Texts, texts
from vectorstore.errors import ReadError

if TYPE_CHECKING:
    from ui.adding.additions import Additions
    from ui.adding.batches import Batch
    from vectorstore.index import Index

_PIECE = 1024 * 1024
_MOST_WAITING = 20
_MOST_FIELDS = 20


_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                            "description": "Word, PDF, HTML, text, pictures, or .zip of these.",
                        }
                    },
                }
            }
        },
    }
}


def routes(service: Service) -> APIRouter:
    """``/v1/ingestions``, and taking reports out."""
    router = APIRouter(tags=["Adding and removing"], dependencies=NO_PARAMETERS)
    _add_beginning(router, service)
    _add_jobs(router, service)
    _add_ending(router, service)
    _add_removal(router, service)
    return router


def _add_beginning(router: APIRouter, service: Service) -> None:
    receiving = Receiving(service.settings.quiet_seconds)

    @router.post(
        "/ingestions",
        response_model=records.Ingestion,
        status_code=202,
        responses=responses(408, 413),
        openapi_extra=_FORM,
        operation_id="ingest",
    )
    async def ingest(request: Request) -> Response:
        """Add the files of a multipart form (field `files`). The job that takes them in can be looked at meanwhile."""
        # Before a byte is read: whether anything may be added at all.
        additions = service.additions
        if sum(batch.state == "waiting" for batch in additions.jobs()) >= _MOST_WAITING:
            raise ProblemError("rate_limited", "Too many jobs wait; add these when some are done.", retry_after=30)
        size = int(request.headers.get("content-length", service.settings.upload_bytes))
        async with (
            receiving.turn(size),
            request.form(max_files=service.settings.upload_files, max_fields=_MOST_FIELDS) as form,
        ):
            sent = [value for name, value in form.multi_items() if name == "files" and isinstance(value, UploadFile)]
            if not sent:
                errors = [{"where": "body.files", "what": "There is no file in it"}]
                raise ProblemError("invalid_request", "Send files in the form's field `files`.", errors=errors)
            record = await to_thread.run_sync(lambda: _begin(service, additions, sent))
        headers = {"location": f"/v1/ingestions/{record['id']}"}
        return Response(encode(record), 202, headers, "application/json")


def _add_jobs(router: APIRouter, service: Service) -> None:
    index = service.assistant.index

    @router.get("/ingestions", response_model=records.Ingestions, responses=responses(), operation_id="ingestions")
    async def ingestions(request: Request) -> Response:
        """The jobs, the latest first; also those that a restart of the server cut short."""
        additions = service.additions
        return await service.workers.json(
            request, lambda: {"items": [_record(batch, index) for batch in additions.jobs()]}
        )

    @router.get(
        "/ingestions/{ingestion_id}",
        response_model=records.Ingestion,
        responses=responses(404),
        operation_id="ingestion",
    )
    async def ingestion(request: Request, ingestion_id: str) -> Response:
        """How far a job is, and in the end what it did."""
        additions = service.additions
        return await service.workers.json(request, lambda: _record(_job(additions, ingestion_id), index))


def _add_ending(router: APIRouter, service: Service) -> None:
    index = service.assistant.index

    @router.post(
        "/ingestions/{ingestion_id}/stop",
        response_model=records.Ingestion,
        responses=responses(404),
        operation_id="stop_ingestion",
    )
    async def stop(request: Request, ingestion_id: str) -> Response:
        """Stop a job soon: what is in stays in."""
        additions = service.additions

        def do() -> dict[str, Any]:
            additions.stop(_job(additions, ingestion_id).id)
            return _record(_job(additions, ingestion_id), index)

        return await service.workers.json(request, do)

    @router.post(
        "/ingestions/{ingestion_id}/resume",
        response_model=records.Ingestion,
        responses=responses(404, 409),
        operation_id="resume_ingestion",
    )
    async def resume(request: Request, ingestion_id: str) -> Response:
        """Go on with a job that was stopped, failed or was cut short."""
        additions = service.additions

        def do() -> dict[str, Any]:
            job = _job(additions, ingestion_id)
            if job.state not in ("stopped", "failed"):
                raise ProblemError("job_state", f"The job is {job.state.value}; only one that ended early can go on.")
            try:
                additions.take_in(job.id, texts("en"))
            except ReadError as error:
                raise ProblemError("job_state", str(error)) from None
            return _record(job, index)

        return await service.workers.json(request, do)


def _add_removal(router: APIRouter, service: Service) -> None:
    @router.delete(
        "/reports/{report_id}",
        response_model=records.Report,
        responses=responses(404, 409),
        operation_id="remove_report",
    )
    async def remove_report(request: Request, report_id: str) -> Response:
        """Take a report out of the index, by its whole id. Its files stay; one that was uploaded is set aside."""
        additions = service.additions

        def do() -> dict[str, Any]:
            from ui.adding.removal import remove

            try:
                removed = remove(service.assistant.index, additions, report_id)
            except SaidError:
                raise ProblemError("not_found", "There is no report of just this id; /v1/reports lists them.") from None
            return dict(without_paths(report_record(removed.report)))

        return await service.workers.json(request, do)


def _begin(service: Service, additions: Additions, sent: Sequence[UploadFile]) -> dict[str, Any]:
    """Put the files into a batch of their own and have it taken in."""
    from ui.adding.batches import BatchState, FileState, new_batch, safe_name

    batch, words = new_batch(service.assistant.index.folder), texts("en")
    try:
        for file in sent:
            name = file.filename or ""
            try:
                _receive(service, batch, name, file, words)
            except ReadError as error:
                added = batch.add(batch.free_name(safe_name(name) or "?"), 0, FileState.FAILED)
                added.problem = _said(str(error), batch)
        if not any(file.is_taken for file in batch.files.values()):
            errors = [{"where": file.name, "what": file.problem or ""} for file in batch.files.values()]
            raise ProblemError("no_usable_file", "None of the files can be taken in; `errors` says why.", errors=errors)
        # As one that can be gone on with, so that what was refused stays in its list.
        batch.state = BatchState.STOPPED
        additions.take_in_filled(batch, words)
        return _record(batch, service.assistant.index)
    except BaseException:
        if batch.id not in additions.batches:
            batch.delete()
        raise


def _receive(service: Service, batch: Batch, sent: str, file: Any, words: Texts) -> None:
    from ui.adding.arrivals import Arrival, name_of, require_disk

    name = name_of(sent, words)
    if name is None:
        raise ReadError(words("adding.not_read", name=file_name(sent)))
    require_disk(words, service.assistant.index.folder, file.size or 0)

    def arrived(path: Path, name: str, size: int, digest: str) -> int:
        added = batch.add(batch.free_name(name), size)
        added.digest = digest
        place = batch.path_of(added)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
        return added.number

    arrival = Arrival(batch, name, words, arrived)
    try:
        while piece := file.file.read(_PIECE):
            arrival.write(piece)
        arrival.finish()
    except BaseException:
        arrival.give_up()
        raise


def _job(additions: Additions, ingestion_id: str) -> Batch:
    found = next((batch for batch in additions.jobs() if batch.id == ingestion_id), None)
    if found is None:
        raise ProblemError("not_found", "There is no job of this id; /v1/ingestions lists them.")
    return found


def _record(batch: Batch, index: Index) -> dict[str, Any]:
    summary = batch.summary
    if summary is not None:
        summary = summary | {"report_ids": _report_ids(batch, index, summary)}
        said = [{"source": one["source"], "problem": _said(one["problem"], batch)} for one in summary["failed"]]
        summary = summary | {"failed": said}
        summary["notes"] = [_said(note, batch) for note in summary["notes"]]
        summary["unmatched"] = [_said(line, batch) for line in summary["unmatched"]]
    return {
        "id": batch.id,
        "state": batch.state.value,
        "stage": batch.stage,
        "done": batch.done,
        "total": batch.total,
        "problem": _problem(batch),
        "files": [
            {"name": file.name, "size": file.size, "problem": file.problem} for file in list(batch.files.values())
        ],
        "summary": summary,
    }


def _report_ids(batch: Batch, index: Index, summary: dict[str, Any]) -> dict[str, str]:
    """By the names of the files whose reports are in the index now."""
    home = batch.files_folder.resolve()
    outcomes = [summary.get(outcome, ()) for outcome in ("new", "changed", "unchanged", "duplicates", "kept")]
    names = {(home / name).as_posix(): name for names in outcomes for name in names}
    files = index.sources(paths=list(names))
    return {names[file.path]: file.report_id for file in files if file.report_id is not None}


def _problem(batch: Batch) -> str | None:
    if batch.is_refused_as_busy:
        return "Another process was writing to the index; resume it when that is done."
    if batch.is_cut_short:
        return "The server ended meanwhile; resume it."
    if batch.problem is None:
        return None
    return _said(batch.problem, batch) or "It failed for a reason that wasn't foreseen; the server's log has it."


def _said(sentence: str, batch: Batch) -> str:
    """A sentence of ingestion without the folders of this computer."""
    for folder in (batch.files_folder, batch.folder, batch.folder.parent, batch.folder.parent.parent):
        for written in (str(folder.resolve()), str(folder)):
            sentence = sentence.replace(f"{written}/", "").replace(written, "the index")
    return sentence
