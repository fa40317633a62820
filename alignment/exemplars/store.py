"""The user's corpus on disk: documents added, removed, indexed anew; whole after a crash at any point.

::

    corpus/manifest.json            what was added under which name (alignment.exemplars.manifest)
    corpus/documents/<sha256>.json  the passages of each document; the file itself is not kept
    corpus/<state>.vectors, .words  the index of all passages, made from the above

A change parses first, then writes new index files, then the manifest, and only then deletes what it replaces.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

from alignment.exemplars.corpus import Exemplars, word_index
from alignment.exemplars.files import Batch, Incoming
from alignment.exemplars.manifest import NAME, Collected, Entry, Manifest, read_manifest, write_manifest, write_whole
from alignment.exemplars.model import Exemplar, Record
from alignment.exemplars.reading import record_from, record_of, record_text
from alignment.exemplars.shipped import bank_exemplars, sample_exemplars
from alignment.exemplars.words import WordIndex
from corpora.errors import DocumentError, DuibiaoError, IndexFormatError, UsageError
from corpora.parsers import read_bytes
from index.locking import writer_lock
from index.protocols import Encoder
from index.segment_index import SegmentIndex

_REBUILD = "请运行 duibiao corpus rebuild"
_STATE_CHARS = 24


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one file of an ``add``.

    Parameters
    ----------
    number, total : which file of how many.
    name : of the file.
    passages : how many it gave; 0 with a ``problem``.
    known : whether nothing had to be read, because its content was read before.
    problem : why it was left out, in Chinese; "" when it was taken.
    """

    number: int
    total: int
    name: str
    passages: int = 0
    known: bool = False
    problem: str = ""


class ExemplarStore:
    """The corpus in a folder.

    Parameters
    ----------
    folder : made when something is added.
    standards : folder of imported standards, whose banks belong to the corpus.
    """

    def __init__(self, folder: Path, standards: Path | None = None) -> None:
        self.folder, self.standards = folder, standards

    @property
    def manifest(self) -> Manifest:
        """What is in it now; raises as ``read_manifest`` does."""
        return read_manifest(self.folder) or Manifest()

    def open(self, encoder: Encoder) -> Exemplars:
        """The corpus, mapped from disk.

        Raises
        ------
        IndexFormatError : its files are damaged or gone, or another encoder made them.
        """
        manifest = self.manifest
        try:
            return self._open(manifest, encoder)
        except IndexFormatError as error:
            if self.manifest != manifest:  # replaced while it was being opened
                return self._open(self.manifest, encoder)
            raise IndexFormatError(f"语料库的索引不能用（{error.what}）", where=error.where, advice=_REBUILD) from error

    def add(self, batches: Sequence[Batch], standard: str, encoder: Encoder, tell: Callable[[Step], None]) -> Manifest:
        """Read files and take them in; what was read before, even by an interrupted call, is not read again.

        Parameters
        ----------
        batches : under a known name, its documents are brought up to date: those of known file names give way.
        standard : code that they are filed under, "" for none.
        encoder : gives the vectors.
        tell : is told of every file.

        Raises
        ------
        DocumentError : no file could be taken.
        UsageError : another program changes the corpus, or the folder cannot be written.
        """
        self._make()
        with writer_lock(self.folder / NAME):
            manifest, taken = self.manifest, 0
            files = [(batch.name, file) for batch in batches for file in batch.files]
            for number, (name, file) in enumerate(files, 1):
                step, entry = self._take(file, number, len(files))
                tell(step)
                if entry is not None:
                    manifest, taken = _with(manifest, name, standard, entry), taken + 1
            if not taken:
                raise DocumentError("没有一份文件能收入语料库", advice="原因见上面各行")
            return self._commit(manifest, encoder)

    def remove(self, name: str, encoder: Encoder) -> Collected:
        """Take out what was added under a name; what others hold too stays. Returns what it was.

        Raises
        ------
        UsageError : there is no such name, or another program changes the corpus.
        """
        _check(self.manifest, name)
        with writer_lock(self.folder / NAME):
            manifest = self.manifest
            gone = _check(manifest, name)
            self._commit(replace(manifest, sources=tuple(s for s in manifest.sources if s is not gone)), encoder)
            return gone

    def rebuild(self, encoder: Encoder) -> Manifest:
        """Make the index of everything anew, with this encoder.

        Raises
        ------
        UsageError : nothing was added, or another program changes the corpus.
        IndexFormatError : the passages of a document are damaged or gone.
        """
        if not self.manifest.sources:
            raise UsageError("语料库里还没有自己的资料", advice="请先用 duibiao corpus add 加入")
        with writer_lock(self.folder / NAME):
            return self._commit(self.manifest, encoder, afresh=True)

    def _make(self) -> None:
        try:
            (self.folder / "documents").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            what = f"数据文件夹写不进去（{error.strerror}）"
            advice = "请用环境变量 DUIBIAO_DATA 指定可写的文件夹"
            raise UsageError(what, where=str(self.folder), advice=advice) from error

    def _take(self, file: Incoming, number: int, total: int) -> tuple[Step, Entry | None]:
        """Read one file unless its content is known."""
        try:
            data = file.read()
            sha256 = hashlib.sha256(data).hexdigest()
            record, known = self._known(sha256), True
            if record is None:
                record, known = record_of(read_bytes(Path(file.name).name, data)), False
                write_whole(self._path(sha256), record_text(record))
        except UsageError:
            raise
        except DuibiaoError as error:
            return Step(number, total, file.name, problem=f"{error.what}。{error.advice}".rstrip("。")), None
        count = len(record.lines)
        return Step(number, total, file.name, count, known), Entry(file.name, sha256, record.title, count)

    def _known(self, sha256: str) -> Record | None:
        """The passages of a document that was read before; None where they are not kept, or damaged."""
        try:
            return self._record(sha256)
        except IndexFormatError:
            return None

    def _record(self, sha256: str) -> Record:
        path = self._path(sha256)
        try:
            return record_from(path.read_bytes(), path.name)
        except OSError as error:
            raise IndexFormatError(
                f"语料库里的文档记录读不出来（{error.strerror}）",
                where=path.name,
                advice="请用 duibiao corpus add 重新加入",
            ) from error

    def _path(self, sha256: str) -> Path:
        return self.folder / "documents" / f"{sha256}.json"

    def _files(self, state: str) -> tuple[Path, Path]:
        return self.folder / f"{state}.vectors", self.folder / f"{state}.words"

    def _open(self, manifest: Manifest, encoder: Encoder) -> Exemplars:
        vectors, words = self._files(manifest.index)
        return Exemplars(SegmentIndex.load(vectors, encoder, mmap=True), WordIndex.load(words))

    def _commit(self, manifest: Manifest, encoder: Encoder, afresh: bool = False) -> Manifest:
        """Bring the index up to a manifest, write both, delete what they replace."""
        before = self.manifest
        if not manifest.sources:
            (self.folder / NAME).unlink(missing_ok=True)
            self._sweep(Manifest())
            return Manifest()
        records = {sha256: self._record(sha256) for sha256 in manifest.filed}
        exemplars = [*chain(bank_exemplars(self.standards), sample_exemplars(), _users(manifest, records))]
        state = _state(exemplars, encoder.fingerprint)
        if afresh or state != before.index or not all(path.is_file() for path in self._files(state)):
            index = SegmentIndex(encoder) if afresh else self._last(before, encoder)
            if not _bring_up(index, exemplars):  # a document is read otherwise than when it was indexed
                index = SegmentIndex(encoder)
                _bring_up(index, exemplars)
            vectors, words = self._files(state)
            index.save(vectors)
            word_index(exemplars).save(words)
        manifest = replace(manifest, index=state, encoder=encoder.fingerprint)
        if manifest != before:
            write_manifest(self.folder, manifest)
        self._sweep(manifest)
        return manifest

    def _last(self, before: Manifest, encoder: Encoder) -> SegmentIndex:
        """The index as it stands, to be changed; an empty one where there is none of this encoder."""
        with suppress(IndexFormatError):
            return SegmentIndex.load(self._files(before.index)[0], encoder)
        return SegmentIndex(encoder)

    def _sweep(self, manifest: Manifest) -> None:
        """Delete files that the manifest does not name."""
        keep = {path.name for path in self._files(manifest.index)} | {f"{sha256}.json" for sha256 in manifest.filed}
        for path in chain(
            self.folder.glob("*.vectors"), self.folder.glob("*.words"), self.folder.glob("documents/*.json")
        ):
            if path.name not in keep:
                with suppress(OSError):  # a reader on Windows may hold it; the next change tries again
                    path.unlink()


def _check(manifest: Manifest, name: str) -> Collected:
    found = manifest.source(name)
    if found is None:
        names = "、".join(source.name for source in manifest.sources)
        advice = f"现有：{names}" if names else "语料库里还没有自己的资料"
        raise UsageError(f"语料库里没有“{name}”", advice=advice)
    return found


def _with(manifest: Manifest, name: str, standard: str, entry: Entry) -> Manifest:
    """A manifest with a document added under a name, in the place of one of the same file name."""
    known = manifest.source(name) or Collected(name, standard, "", ())
    if entry in known.documents and known.standard == standard:
        return manifest
    others = [held for held in known.documents if held.name != entry.name]
    documents = tuple(sorted([*others, entry], key=lambda held: held.name))
    changed = Collected(name, standard, date.today().isoformat(), documents)
    sources = [source for source in manifest.sources if source.name != name]
    return replace(manifest, sources=tuple(sorted([*sources, changed], key=lambda source: source.name)))


def _users(manifest: Manifest, records: dict[str, Record]) -> Iterator[Exemplar]:
    for sha256, standard in manifest.filed.items():
        yield from records[sha256].exemplars("user", standard)


def _state(exemplars: Iterable[Exemplar], fingerprint: str) -> str:
    """Digest of all that an index depends on."""
    digest = hashlib.sha256(fingerprint.encode())
    for exemplar in exemplars:
        digest.update(f"\0{exemplar.id}\0{exemplar.line}\0{exemplar.title}".encode())
    return digest.hexdigest()[:_STATE_CHARS]


def _bring_up(index: SegmentIndex, exemplars: Sequence[Exemplar]) -> bool:
    """Make an index hold these passages, and encode only what is new to it; whether it holds nothing else."""
    wanted = {exemplar.group for exemplar in exemplars}
    for group in set(index.groups) - wanted:
        index.remove_group(group)
    index.add((exemplar.passage() for exemplar in exemplars), dedup=False)
    return len(index) == len(exemplars)
