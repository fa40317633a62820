"""EPUB: the chapters in the order of the book's spine, each through the HTML walker."""

from __future__ import annotations

import posixpath
import re
import zlib
from dataclasses import dataclass
from html.entities import html5
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

from corpora.document import Document
from corpora.document_builder import DocumentBuilder
from corpora.errors import DamagedDocumentError, EmptyDocumentError, EncryptedDocumentError
from corpora.parsers.base import Source
from corpora.parsers.cleaning import one_line
from corpora.parsers.decoding import decode
from corpora.parsers.html_walker import pieces_of, tag_of
from corpora.parsers.outline import Piece, TablePiece, add_pieces

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_ENTITY = re.compile(r"&(\w+);")
_XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>", re.IGNORECASE)


class EpubParser:
    """Reads EPUB 2 and 3 books without copy protection."""

    def parse(self, source: Source) -> Document:
        """Read a book; a chapter that cannot be read becomes an error item.

        Raises
        ------
        EncryptedDocumentError : its chapters are encrypted.
        DamagedDocumentError : it is no zip file, or its package file is missing.
        EmptyDocumentError : no chapter has any text.
        """
        builder = DocumentBuilder(source.name, source.data, "epub")
        try:
            with ZipFile(BytesIO(source.data)) as archive:
                book = _Book(archive, source.name)
                pieces = [piece for path in book.spine for piece in _chapter(book, path, builder)]
                builder.title = book.title
        except (BadZipFile, KeyError, ValueError, OSError, RuntimeError, zlib.error, _BadPackage) as error:
            raise DamagedDocumentError("电子书已损坏或不完整", where=source.name, advice="请重新下载后再试") from error
        add_pieces(builder, pieces)
        document = builder.build()
        if not document.blocks:
            raise EmptyDocumentError("电子书中没有文字", where=source.name)
        return document


class _BadPackage(Exception):
    """The container or package file says nothing usable."""


@dataclass(frozen=True, slots=True)
class _Item:
    """An entry of the manifest: its path in the archive, media type and properties."""

    path: str
    media_type: str
    properties: str


class _Book:
    """The package file of a book: title, reading order and the chapter names of its table of contents."""

    def __init__(self, archive: ZipFile, name: str) -> None:
        self._archive, self._name = archive, name
        container = _xml(archive.read(_CONTAINER))
        rootfile = next((e for e in container.iter() if tag_of(e) == "rootfile"), None)
        if rootfile is None or not rootfile.get("full-path"):
            raise _BadPackage
        path = rootfile.get("full-path")
        package = _xml(archive.read(path))
        self._items = _manifest(package, posixpath.dirname(path))
        references = [e.get("idref") for e in package.iter() if tag_of(e) == "itemref"]
        chapters = [self._items[name] for name in references if name in self._items]
        self.spine = [c.path for c in chapters if "nav" not in c.properties.split()]
        self.title = next((one_line(e.text or "") for e in package.iter() if tag_of(e) == "title"), "")
        self._refuse_encrypted()
        self.names = self._contents()

    def tree(self, path: str) -> Any:
        """The root element of a chapter."""
        return _xml(self._archive.read(path))

    def _refuse_encrypted(self) -> None:
        if _ENCRYPTION not in self._archive.namelist():
            return
        for entry in _xml(self._archive.read(_ENCRYPTION)).iter():
            if tag_of(entry) != "encrypteddata":
                continue
            method = next((e.get("Algorithm", "") for e in entry.iter() if tag_of(e) == "encryptionmethod"), "")
            target = next((unquote(e.get("URI", "")) for e in entry.iter() if tag_of(e) == "cipherreference"), "")
            if method not in _FONT_SCRAMBLING and target.lstrip("/") in self.spine:
                raise EncryptedDocumentError(
                    "电子书有版权保护（DRM），无法读取", where=self._name, advice="请使用未加密的版本"
                )

    def _contents(self) -> dict[str, str]:
        """Chapter names by path, from the navigation document or the NCX."""
        names: dict[str, str] = {}
        for item in self._items.values():
            if "nav" not in item.properties.split() and not item.media_type.endswith("dtbncx+xml"):
                continue
            try:
                root = self.tree(item.path)
            except Exception:
                continue
            for path, name in _links(root, posixpath.dirname(item.path)):
                names.setdefault(path, name)
        return names


def _manifest(package: Any, folder: str) -> dict[str, _Item]:
    return {
        e.get("id"): _Item(
            posixpath.normpath(posixpath.join(folder, unquote(e.get("href", "")))),
            e.get("media-type", ""),
            e.get("properties", ""),
        )
        for e in package.iter()
        if tag_of(e) == "item" and e.get("id")
    }


def _links(root: Any, folder: str) -> list[tuple[str, str]]:
    """(path, name) of each entry of a navigation document (``a``) or an NCX (``navPoint``)."""
    found = []
    for entry in root.iter():
        if tag_of(entry) == "a":
            target, name = entry.get("href", ""), "".join(entry.itertext())
        elif tag_of(entry) == "navpoint":
            target = next((e.get("src", "") for e in entry.iter() if tag_of(e) == "content"), "")
            name = next((e.text or "" for e in entry.iter() if tag_of(e) == "text"), "")
        else:
            continue
        path = posixpath.normpath(posixpath.join(folder, unquote(target.partition("#")[0])))
        found.append((path, one_line(name)))
    return found


def _chapter(book: _Book, path: str, builder: DocumentBuilder) -> list[Piece | TablePiece]:
    """A chapter's pieces, headed by its name in the table of contents when it has no heading itself."""
    try:
        pieces = pieces_of(book.tree(path))
    except Exception as error:
        builder.add_error(path, f"这一章无法读取（{type(error).__name__}）")
        return []
    name = book.names.get(path, "")
    headed = any(isinstance(piece, Piece) and piece.kind == "heading" for piece in pieces)
    if name and pieces and not headed and not (isinstance(pieces[0], Piece) and pieces[0].text == name):
        pieces.insert(0, Piece(name, "heading", 1))
    return pieces


def _xml(data: bytes) -> Any:
    """Parsed XML; named HTML entities are resolved, a document type with its entities is ignored."""
    from lxml import etree

    declared = _DECLARED.match(data)
    text = _DECLARATION.sub("", decode(data, declared[1].decode("ascii") if declared else ""))
    text = _ENTITY.sub(_entity, _DOCTYPE.sub("", text))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(text.encode("utf-8"), parser)
    if root is None:
        raise _BadPackage
    return root


def _entity(match: re.Match[str]) -> str:
    name = match[1]
    return match[0] if name in _XML_ENTITIES else html5.get(f"{name};", "")
