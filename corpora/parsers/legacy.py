"""Reads Word 97-2003 documents (doc), RTF and OpenDocument text by converting them with LibreOffice; draws pictures.

Without LibreOffice, a doc is read by antiword as bare text; that loses tables and is said in an ErrorItem.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from corpora.document import Document
from corpora.document_builder import DocumentBuilder
from corpora.errors import DamagedDocumentError, MissingExtraError, ParserLimitError
from corpora.parsers.base import Source
from corpora.parsers.docx import DocxParser
from corpora.parsers.enumerators import leading_number
from corpora.parsers.ole import SIGNATURE
from corpora.parsers.rlimits import lift

_OFFICE_NAMES = ("soffice", "libreoffice")
_OFFICE_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
_CONVERT_SECONDS = 90.0
#: A flat OpenDocument text with one picture that fills its page.
_PAGE = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document office:version="1.3" '
    'office:mimetype="application/vnd.oasis.opendocument.text" '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"><office:body><office:text><text:p>'
    '<draw:frame text:anchor-type="as-char" svg:width="17cm" svg:height="24cm"><draw:image>'
    "<office:binary-data>{}</office:binary-data></draw:image></draw:frame></text:p></office:text></office:body>"
    "</office:document>"
)
_ANTIWORD_SECONDS = 30.0


class DocParser:
    """Parser of the format ``doc``."""

    def parse(self, source: Source) -> Document:
        """Read an old Word document; see ``corpora.parsers.base.Parser``.

        Raises
        ------
        MissingExtraError : neither LibreOffice nor antiword is installed.
        DamagedDocumentError : the converter makes nothing of the file.
        ParserLimitError : the converter does not finish in time.
        """
        office = find_office()
        if office is not None:
            return _read_converted(source, convert_to_docx(source, office))
        antiword = shutil.which("antiword")
        if antiword is not None and source.data.startswith(SIGNATURE):
            return _read_plain(source, _antiword_text(source, antiword))
        raise MissingExtraError(
            "读取 doc、rtf 需要 LibreOffice，本机没有找到",
            where=source.name,
            advice="请安装 LibreOffice（Debian/Ubuntu：apt-get install libreoffice-writer-nogui），或另存为 docx 再试",
        )


def find_office() -> str | None:
    """The LibreOffice program of this machine, None when there is none."""
    found = (shutil.which(name) for name in _OFFICE_NAMES)
    return next((path for path in (*found, *_OFFICE_PLACES) if path and Path(path).exists()), None)


def convert_to_docx(source: Source, office: str) -> bytes:
    """The document as a docx; see ``convert``."""
    suffix = PurePath(source.name).suffix.lower()
    return convert(source, office, suffix if suffix.isascii() and suffix[1:].isalnum() else ".doc", "docx")


def convert(source: Source, office: str, suffix: str, target: str) -> bytes:
    """Convert a file with LibreOffice in a profile of its own, so that a running one does not interfere.

    Parameters
    ----------
    source : the file.
    office : the LibreOffice program.
    suffix : its extension, by which LibreOffice tells its format, with the dot.
    target : the extension wanted, without.

    Returns
    -------
    Bytes of the converted file.
    """
    with tempfile.TemporaryDirectory(prefix="duibiao-") as folder:
        work = Path(folder)
        given = work / f"input{suffix}"
        given.write_bytes(source.data)
        command = [
            office,
            f"-env:UserInstallation={(work / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--convert-to", target, "--outdir", str(work / "out")),
            str(given),
        ]
        _run(command, min(_CONVERT_SECONDS, source.options.limits.wall_seconds * 0.8), source.name)
        made = next((work / "out").glob(f"*.{target}"), None)
        if made is None:
            raise DamagedDocumentError(
                "LibreOffice 打不开这个文件，文件可能已损坏",
                where=source.name,
                advice="请用 Word/WPS 打开后另存为 docx 再试",
            )
        return made.read_bytes()


def drawn_as_pdf(picture: Source) -> bytes:
    """A vector picture as a PDF of one page, by LibreOffice Writer (its drawing program need not be there).

    Raises
    ------
    MissingExtraError : LibreOffice is not installed.
    DamagedDocumentError, ParserLimitError : it makes nothing of the picture, or not in time.
    """
    office = find_office()
    if office is None:
        raise MissingExtraError("读取这种矢量图需要 LibreOffice", where=picture.name, advice="请安装 LibreOffice")
    page = _PAGE.format(b64encode(picture.data).decode()).encode()
    return convert(replace(picture, data=page), office, ".fodt", "pdf")


def _read_converted(source: Source, converted: bytes) -> Document:
    document = DocxParser().parse(replace(source, data=converted))
    own = DocumentBuilder(source.name, source.data, "doc").build()
    return replace(document, sha256=own.sha256, format=own.format)


def _antiword_text(source: Source, antiword: str) -> str:
    with tempfile.TemporaryDirectory(prefix="duibiao-") as folder:
        given = Path(folder) / "input.doc"
        given.write_bytes(source.data)
        text = _run([antiword, "-m", "UTF-8.txt", "-w", "0", str(given)], _ANTIWORD_SECONDS, source.name)
    return text.decode("utf-8", "replace")


def _read_plain(source: Source, text: str) -> Document:
    builder = DocumentBuilder(source.name, source.data, "doc")
    for line in text.splitlines():
        number = leading_number(line)
        builder.add("list_item" if number else "paragraph", line, number=number)
    builder.add_error(source.name, "没有 LibreOffice，由 antiword 读出纯文字，表格结构已丢失")
    return builder.build()


def _run(command: Sequence[str], seconds: float, where: str) -> bytes:
    """Run a converter outside our memory limit with a clock of its own; what it writes to its output is given back."""
    posix = os.name == "posix"
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=lift if posix else None,
        start_new_session=posix,
    ) as process:
        try:
            return process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired as error:
            _kill_all(process)
            raise ParserLimitError(
                f"转换超过 {seconds:g} 秒，已终止", where=where, advice="请用 Word/WPS 打开后另存为 docx 再试"
            ) from error


def _kill_all(process: subprocess.Popen[bytes]) -> None:
    """End a converter and the processes that it started."""
    if sys.platform == "win32":
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
