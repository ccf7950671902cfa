"""From a file's bytes to everything that it says as a report: what is done side by side for many files."""

from __future__ import annotations

from ingest.files.readers import read_bytes
from ingest.manifest import ManifestEntry
from ingest.understanding import understand
from vectorstore.errors import ReadError
from vectorstore.records import ReportContents


def read_report(data: bytes, source: str, entry: ManifestEntry | None = None) -> ReportContents:
    """Everything that a file's bytes say as a report. Pure, so that reports can be read side by side.

    Args:
        source: How the file is called; its extension names the format where the bytes don't.
        entry: What a manifest says of the file.

    Raises:
        ReadError: It can't be read; the message is one line.
    """
    try:
        return understand(read_bytes(data, source), entry)
    except ReadError as error:
        raise type(error)(" ".join(str(error).split())) from error
    except MemoryError as error:
        raise ReadError(f"{source} takes more memory to read than a report does; split it or take it out.") from error
    except RecursionError as error:
        raise ReadError(f"{source} is nested deeper than a report is; save it in another format.") from error
    except Exception as error:
        # Whatever a strange file sets off in the reading of it, the other files must still go in.
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise ReadError(
            f"{source} could not be understood ({reason[:200]}); please report it with the file."
        ) from error
