"""The parts of a docx container: finds them by their relationships and parses them safely."""

from __future__ import annotations

import posixpath
import zipfile
import zlib

from lxml import etree

from corpora.errors import DamagedDocumentError
from corpora.parsers.base import Source
from corpora.parsers.docx.xml import Element
from corpora.parsers.zip_guard import open_guarded

_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/", b"http://schemas.openxmlformats.org/wordprocessingml/2006/"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)
_ADVICE = "请重新下载，或用 Word/WPS 打开后另存为 docx 再试"


class DocxPackage:
    """An open docx.

    Parameters
    ----------
    source : the file.

    Attributes
    ----------
    damaged : names of parts that were not well-formed and were read as far as possible.
    """

    def __init__(self, source: Source) -> None:
        self._where = source.name
        self._zip = open_guarded(source.data, source.options.limits, source.name)
        self._names = {name.replace("\\", "/").lower(): name for name in self._zip.namelist()}
        self.damaged: list[str] = []
        main = next(iter(self._targets("", "officeDocument").values()), "word/document.xml")
        self._main = main if main.lower() in self._names else "word/document.xml"
        self._related = self._relationships(self._main)

    def main(self) -> Element:
        """The root of the main document part.

        Raises
        ------
        DamagedDocumentError : it is missing or holds nothing readable.
        """
        root = self._xml(self._main)
        if root is None:
            raise DamagedDocumentError("正文部分缺失或损坏", where=self._where, advice=_ADVICE)
        return root

    def related(self, kind: str) -> Element | None:
        """The root of the first part related to the main one, by the last word of the relationship's type."""
        for relation, target in self._related.values():
            if relation == kind:
                return self._xml(target)
        return None

    def by_id(self, identifier: str) -> Element | None:
        """The root of the part that a relationship id of the main part points at."""
        found = self._related.get(identifier)
        return self._xml(found[1]) if found else None

    def picture(self, identifier: str) -> tuple[str, bytes] | None:
        """File name and bytes of the picture that a relationship id of the main part points at."""
        relation, target = self._related.get(identifier, ("", ""))
        stored = self._names.get(target.lower())
        if relation != "image" or stored is None:
            return None
        return posixpath.basename(stored), self._bytes(stored)

    def core_title(self) -> str:
        """The title in the core properties, "" when there is none."""
        for target in self._targets("", "core-properties").values():
            root = self._xml(target)
            title = None if root is None else root.findtext("{http://purl.org/dc/elements/1.1/}title")
            return (title or "").strip()
        return ""

    def _targets(self, part: str, kind: str) -> dict[str, str]:
        return {key: target for key, (relation, target) in self._relationships(part).items() if relation == kind}

    def _relationships(self, part: str) -> dict[str, tuple[str, str]]:
        folder, base = posixpath.split(part)
        root = self._xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for relation in () if root is None else root:
            if relation.get("TargetMode") != "External" and isinstance(relation.tag, str):
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
                found[relation.get("Id", "")] = (relation.get("Type", "").rsplit("/", 1)[-1], target.lstrip("/"))
        return found

    def _xml(self, name: str) -> Element | None:
        stored = self._names.get(name.lower())
        if stored is None:
            return None
        data = self._bytes(stored)
        if b"purl.oclc.org" in data[:8192]:
            for strict, transitional in _STRICT:
                data = data.replace(strict, transitional)
        return self._parse(stored, data)

    def _bytes(self, stored: str) -> bytes:
        try:
            return self._zip.read(stored)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise DamagedDocumentError(f"文件已损坏（{stored} 解不开）", where=self._where, advice=_ADVICE) from error

    def _parse(self, name: str, data: bytes) -> Element | None:
        try:
            return etree.fromstring(data, _parser(recover=False))
        except etree.XMLSyntaxError:
            self.damaged.append(name)
        try:
            return etree.fromstring(data, _parser(recover=True))
        except etree.XMLSyntaxError:
            return None


def _parser(recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, recover=recover
    )
