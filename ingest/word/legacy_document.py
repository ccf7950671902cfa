"""Reads what only an office program reads (.doc, .wps, .rtf, .odt), through LibreOffice where it is installed.

Each conversion has a profile of its own that is thrown away: LibreOffice refuses to run twice on one profile, and a
user's own settings and macros stay out of it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from ingest.documents import Document
from ingest.word.document import read_word_document
from vectorstore.errors import ReadError

TIMEOUT = 90
"""In seconds, for one file. A report takes two."""
_MOST_MEMORY = 4 * 1024**3
_MOST_OUTPUT = 200 * 1024 * 1024
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD_HEADER = b"\xec\xa5"
_ENCRYPTED = 0x0100
_NAMES = ("soffice", "libreoffice")
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/usr/lib64/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
)
# Macros never run, linked files and pictures are not fetched, and whatever still tries to reach the network is sent to
# a port where nothing listens.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
</item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName" oor:op="fuse">
<value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value>
</prop></item>
</oor:items>
"""


@cache
def find_libreoffice() -> str | None:
    """The command that starts LibreOffice; ``None`` if it isn't found on the path or in the usual places."""
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    roots = [Path(os.environ[name]) for name in ("ProgramFiles", "ProgramFiles(x86)") if name in os.environ]
    places = [*map(Path, _PLACES), *(root / "LibreOffice" / "program" / "soffice.com" for root in roots)]
    places += sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)
    return next((str(place) for place in places if place.is_file()), None)


def read_legacy_word_document(data: bytes, source: str) -> Document:
    """The Document of a file in an older format: .doc, .wps, .rtf, .odt, or the XML of Word 2003.

    Raises:
        ReadError: LibreOffice isn't installed, couldn't read the file or took too long; or the file is protected with
            a password, or holds no text.
    """
    return read_word_document(convert_to_docx(data, source), source)


def convert_to_docx(data: bytes, source: str) -> bytes:
    """The file as .docx. Raises ReadError as ``read_legacy_word_document`` does."""
    if is_encrypted(data):
        raise ReadError(f"{source} is protected with a password; save it without one.")
    command = find_libreoffice()
    if command is None:
        raise ReadError(
            f"{source} is in an older format that only LibreOffice reads, which isn't installed; install LibreOffice, "
            "or open the report in Word or WPS and save it as .docx."
        )
    with tempfile.TemporaryDirectory(prefix="nianbao-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        settings = place / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
        file = place / f"report{_extension(data)}"
        file.write_bytes(data)
        _run(
            [
                command,
                "--headless",
                "--norestore",
                "--nologo",
                "--nolockcheck",
                f"-env:UserInstallation={(place / 'profile').as_uri()}",
                "--convert-to",
                "docx:MS Word 2007 XML",
                "--outdir",
                str(place / "out"),
                str(file),
            ],
            source,
        )
        converted = place / "out" / "report.docx"
        if not converted.is_file() or not 0 < converted.stat().st_size <= _MOST_OUTPUT:
            raise ReadError(
                f"{source} could not be read by LibreOffice; it may be damaged or protected. "
                "Open it in Word or WPS and save it as .docx."
            )
        return converted.read_bytes()


def _extension(data: bytes) -> str:
    """The extension that goes with the contents: LibreOffice goes by both."""
    if data.startswith(b"PK"):
        return ".odt"
    if data.lstrip().startswith(b"{\\rtf"):
        return ".rtf"
    return ".doc" if data.startswith(_COMPOUND) else ".xml"


def is_encrypted(data: bytes) -> bool:
    """Whether a compound file, of the old Word or wrapping one of the new, is protected with a password."""
    if not data.startswith(_COMPOUND):
        return False
    if _directory_entry(data, "EncryptedPackage") is not None:
        return True
    entry = _directory_entry(data, "WordDocument")
    if entry is None:
        return False
    # The entry names the stream's first sector, and the document's own header begins there.
    sector_size = 1 << min(int.from_bytes(data[30:32], "little"), 16)
    header = (int.from_bytes(data[entry + 116 : entry + 120], "little") + 1) * sector_size
    flags = int.from_bytes(data[header + 10 : header + 12], "little")
    return data[header : header + 2] == _WORD_HEADER and bool(flags & _ENCRYPTED)


def _directory_entry(data: bytes, stream: str) -> int | None:
    """Where a compound file's directory lists a stream; each entry begins with the name and has 128 bytes."""
    name = stream.encode("utf-16-le") + b"\x00\x00"
    at = data.find(name)
    while at >= 0 and at % 128:
        at = data.find(name, at + 1)
    return at if at >= 0 else None


def _run(command: list[str], source: str) -> None:
    """Run the command to its end, and end it with all that it started if it takes too long."""
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        raise ReadError(f"{source} could not be converted: LibreOffice doesn't start ({error.strerror}).") from error
    try:
        _limit(process.pid)
        process.wait(TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise ReadError(
            f"{source} kept LibreOffice busy for more than {TIMEOUT} seconds; "
            "open it in Word or WPS and save it as .docx."
        ) from error
    finally:
        _end(process)


def _limit(pid: int) -> None:
    """Bound processor time and memory, so that even a conversion that outlives this process comes to an end."""
    if sys.platform == "linux":
        import resource

        for limit, most in ((resource.RLIMIT_CPU, TIMEOUT), (resource.RLIMIT_AS, _MOST_MEMORY)):
            try:
                resource.prlimit(pid, limit, (most, most))
            except (OSError, ValueError):
                return


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process with its children; the one that converts is a child of the one that was started."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    process.wait()
