"""Reports added over HTTP: only where that is allowed, safely, and without stopping anyone who asks."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.assistant import Assistant
from ui.adding.batches import BatchState, kept_batches, new_batch

Serve = Callable[..., httpx.Client]


def report(body: str = "云溪镇人民政府", year: int = 2023, applications: int = 7) -> bytes:
    return (
        f"{body}{year}年政府信息公开工作年度报告\n\n一、总体情况\n{body}认真落实条例。\n"
        f"（二）依申请公开情况\n{year}年，本机关共收到政府信息公开申请{applications}件，均已按期答复。\n"
    ).encode()


@pytest.fixture
def own(own_index: Path) -> Iterator[Assistant]:
    with Assistant.open(own_index) as assistant:
        yield assistant


@pytest.fixture
def client(own: Assistant, serve: Serve) -> httpx.Client:
    """Of a server where reports may be added."""
    return serve(own, allows_ingestion=True)


def send(client: httpx.Client, *files: tuple[str, bytes]) -> httpx.Response:
    return client.post("/v1/ingestions", files=[("files", file) for file in files])


def finished(client: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    for _ in range(600):
        found: dict[str, Any] = client.get(f"/v1/ingestions/{job['id']}").json()
        if found["state"] not in ("waiting", "running"):
            return found
        time.sleep(0.05)
    raise AssertionError("The job doesn't end.")


def count(client: httpx.Client) -> int:
    return int(client.get("/v1/status").json()["reports"])


def test_without_leave_nothing_is_added_or_removed(own: Assistant, serve: Serve) -> None:
    client = serve(own)
    report_id = client.get("/v1/reports").json()["items"][0]["report_id"]
    for response in (
        send(client, ("a.txt", report())),
        client.get("/v1/ingestions"),
        client.delete(f"/v1/reports/{report_id}"),
    ):
        assert (response.status_code, response.json()["code"]) == (403, "ingestion_off")
    assert not (own.index.folder / "uploads").exists()


def test_a_file_is_taken_in_by_a_job_and_can_be_asked_about(client: httpx.Client) -> None:
    before = count(client)
    accepted = send(client, ("云溪镇.txt", report()))
    assert accepted.status_code == 202
    assert accepted.headers["location"] == f"/v1/ingestions/{accepted.json()['id']}"
    job = finished(client, accepted.json())
    assert (job["state"], job["summary"]["new"]) == ("done", ["云溪镇.txt"])
    assert count(client) == before + 1
    answer = client.post("/v1/ask", json={"question": "云溪镇2023年收到多少件申请？"}).json()
    assert answer["value"] == 7
    assert answer["citations"][0]["source"] == "云溪镇.txt"
    assert job["summary"]["report_ids"] == {"云溪镇.txt": answer["citations"][0]["report_id"]}
    assert [one["id"] for one in client.get("/v1/ingestions").json()["items"]] == [job["id"]]


def test_bad_files_are_told_one_by_one_and_harm_no_other(client: httpx.Client, own: Assistant) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("柳溪镇.txt", report("柳溪镇人民政府"))
        archive.writestr("../../escaped.txt", report("逃逸镇人民政府"))
        archive.writestr("broken.pdf", b"%PDF-1.7 broken")
    files = [
        ("../../etc/云溪镇.txt", report()),
        ("noise.pdf", b"\x00\x01 no pdf"),
        ("program.exe", b"MZ"),
        ("reports.zip", packed.getvalue()),
        ("empty.txt", b""),
    ]
    before = count(client)
    job = finished(client, send(client, *files).json())
    assert job["state"] == "done"
    assert count(client) >= before + 2
    assert {one["name"]: one["problem"] is None for one in job["files"]}["program.exe"] is False
    assert {"noise.pdf", "empty.txt"} <= {one["source"] for one in job["summary"]["failed"]}
    uploads = own.index.folder / "uploads"
    assert not list(own.index.folder.parent.rglob("escaped.txt"))
    assert all(path.is_relative_to(uploads) for path in own.index.folder.parent.rglob("云溪镇.txt"))
    assert str(own.index.folder) not in str(job)
    taken = {*job["summary"]["new"], *job["summary"]["duplicates"]}
    assert {*job["summary"]["report_ids"]} == taken
    assert {client.get(f"/v1/reports/{one}").status_code for one in job["summary"]["report_ids"].values()} == {200}


def test_where_no_file_can_be_taken_in_nothing_is_kept(client: httpx.Client, own: Assistant) -> None:
    response = send(client, ("program.exe", b"MZ"), ("", b"x"))
    assert response.status_code == 422
    assert not list((own.index.folder / "uploads").rglob("*.exe"))
    assert client.get("/v1/ingestions").json()["items"] == []


@pytest.mark.parametrize("sent", [{"data": {"files": "no file"}}, {"json": {}}, {"content": b"x"}, {}])
def test_what_holds_no_file_is_refused(client: httpx.Client, sent: dict[str, Any]) -> None:
    assert client.post("/v1/ingestions", **sent).json()["code"] == "invalid_request"


def test_an_upload_that_is_too_large_leaves_nothing(own: Assistant, serve: Serve) -> None:
    client = serve(own, allows_ingestion=True, upload_bytes=5000)
    assert send(client, ("a.txt", b"x" * 6000)).status_code == 413
    assert not (own.index.folder / "uploads").exists()


def test_asking_goes_on_while_a_job_runs_and_removal_waits(client: httpx.Client, own: Assistant) -> None:
    report_id = client.get("/v1/reports").json()["items"][0]["report_id"]
    with own.index.writing():
        job = send(client, ("云溪镇.txt", report())).json()
        assert client.post("/v1/ask", json={"question": "2023年有多少件申请"}).status_code == 200
        refused = client.delete(f"/v1/reports/{report_id}")
        assert (refused.status_code, refused.json()["code"]) == (409, "index_busy")
        failed = finished(client, job)
        assert (failed["state"], "resume" in failed["problem"]) == ("failed", True)
    resumed = client.post(f"/v1/ingestions/{job['id']}/resume").json()
    done = finished(client, resumed)
    assert (done["state"], done["summary"]["new"]) == ("done", ["云溪镇.txt"])
    assert client.post(f"/v1/ingestions/{job['id']}/resume").json()["code"] == "job_state"


def test_a_removed_report_is_gone_and_its_uploaded_file_is_kept(client: httpx.Client, own: Assistant) -> None:
    finished(client, send(client, ("云溪镇.txt", report())).json())
    (found,) = client.get("/v1/reports", params={"body": "云溪镇"}).json()["items"]
    # Its beginning leads to it, but what is taken out is named whole.
    assert client.get(f"/v1/reports/{found['report_id'][:12]}").status_code == 200
    assert client.delete(f"/v1/reports/{found['report_id'][:12]}").status_code == 404
    removed = client.delete(f"/v1/reports/{found['report_id']}")
    assert removed.json() == found
    for path in ("", "/text", "/checks"):
        assert client.get(f"/v1/reports/{found['report_id']}{path}").status_code == 404
    assert client.delete(f"/v1/reports/{found['report_id']}").status_code == 404
    assert list((own.index.folder / "uploads").rglob("removed/云溪镇.txt"))


def test_two_uploads_at_once_are_two_jobs_one_after_the_other(client: httpx.Client) -> None:
    before = count(client)
    jobs = [send(client, (f"{name}.txt", report(f"{name}人民政府"))).json() for name in ("云溪镇", "柳溪镇", "桃溪镇")]
    assert len({job["id"] for job in jobs}) == 3
    assert [finished(client, job)["state"] for job in jobs] == ["done"] * 3
    assert count(client) == before + 3


def test_what_a_restart_cut_short_can_be_gone_on_with(own: Assistant, serve: Serve) -> None:
    batch = new_batch(own.index.folder)
    batch.files_folder.mkdir(parents=True)
    (batch.files_folder / "云溪镇.txt").write_bytes(report())
    batch.add("云溪镇.txt", 10)
    batch.state = BatchState.RUNNING
    batch.save()
    client = serve(own, allows_ingestion=True)
    (job,) = client.get("/v1/ingestions").json()["items"]
    assert (job["state"], job["problem"]) == ("stopped", "The server ended meanwhile; resume it.")
    client.post(f"/v1/ingestions/{job['id']}/resume")
    assert finished(client, job)["state"] == "done"
    assert kept_batches(own.index.folder)[0].state is BatchState.DONE


def test_a_page_of_another_site_adds_nothing(client: httpx.Client) -> None:
    headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    response = client.post("/v1/ingestions", files=[("files", ("a.txt", report()))], headers=headers)
    assert response.json()["code"] == "other_site"
