"""The user's corpus on disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from alignment.exemplars import store as module
from alignment.exemplars.files import batch_of
from alignment.exemplars.manifest import NAME, read_manifest
from alignment.exemplars.shipped import bank_exemplars, sample_exemplars
from alignment.exemplars.store import ExemplarStore, Step
from corpora.errors import DocumentError, IndexFormatError, UsageError
from index.locking import writer_lock
from index.protocols import Encoder, Vectors
from tests.alignment.exemplars.conftest import BAKERY, ORCHARD, Add

ROOT = Path(__file__).resolve().parents[3]


def texts(store: ExemplarStore, encoder: Encoder) -> set[str]:
    """Texts of the user's passages as a search finds them."""
    found = store.open(encoder).find("果树修剪 酵母发酵 蛋糕面糊", 50, "", ("user",))
    return {item.exemplar.line.text for item in found}


def test_documents_are_added_with_names_and_counts(
    add: Add, store: ExemplarStore, books: Path, encoder: Encoder
) -> None:
    """And found again, filed under their standard, beside what the product ships."""
    manifest, steps = add(books, standard="530701")
    assert [(step.name, step.passages, step.known, step.problem) for step in steps] == [
        ("果树.md", 3, False, ""),
        ("烘焙/烘焙.md", 3, False, ""),
    ]
    (source,) = manifest.sources
    assert (source.name, source.standard, source.passages, len(source.documents)) == ("教材", "530701", 6, 2)
    assert store.manifest == manifest
    corpus = store.open(encoder)
    assert len(corpus) == 6 + len(list(bank_exemplars(None))) + len(list(sample_exemplars()))
    best = corpus.find("动手修剪果树", 1)[0].exemplar
    assert (best.line.text, best.document) == ("到果园动手修剪果树，每人完成三株。", "果树.md")
    assert best.line.heading_path[-1] == "第一章 修剪"
    assert best.group[:2] == ("user", "530701")


def test_what_was_read_is_not_read_again(
    add: Add, books: Path, store: ExemplarStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is anything written when nothing is new."""
    add(books)
    before = {path: path.stat().st_mtime_ns for path in store.folder.rglob("*") if path.is_file()}
    monkeypatch.setattr(module, "read_bytes", None)
    _, steps = add(books)
    assert [step.known for step in steps] == [True, True]
    assert {path: path.stat().st_mtime_ns for path in store.folder.rglob("*") if path.is_file()} == before


def test_only_what_is_new_is_encoded(add: Add, store: ExemplarStore, books: Path, encoder: Encoder) -> None:
    """A second document costs its own passages."""
    add(books / "果树.md")
    counting = Counting(encoder)
    store.add([batch_of(books / "烘焙")], "", counting, lambda _: None)
    assert counting.texts == 3


def test_a_changed_file_takes_the_place_of_the_old_one(
    add: Add, store: ExemplarStore, books: Path, encoder: Encoder
) -> None:
    """Under the same name; others of the source stay."""
    add(books)
    (books / "果树.md").write_text(ORCHARD.replace("每人完成三株", "两人一组"), encoding="utf-8")
    manifest, steps = add(books)
    assert [step.known for step in steps] == [False, True]
    assert len(manifest.sources[0].documents) == 2
    found = texts(store, encoder)
    assert "到果园动手修剪果树，两人一组。" in found
    assert "到果园动手修剪果树，每人完成三株。" not in found
    assert len(list((store.folder / "documents").iterdir())) == 2


def test_a_file_that_cannot_be_read_leaves_the_others(add: Add, books: Path) -> None:
    """It is said which, and why; when none can be read nothing is kept."""
    (books / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    manifest, steps = add(books)
    assert [step.name for step in steps if step.problem] == ["坏.docx"]
    assert len(manifest.sources[0].documents) == 2
    with pytest.raises(DocumentError, match="没有一份"):
        add(books / "坏.docx", name="坏")
    assert manifest == add(books)[0]


def test_what_two_sources_hold_stays_until_both_are_gone(
    add: Add, store: ExemplarStore, books: Path, encoder: Encoder
) -> None:
    """Removing the last source leaves nothing behind."""
    add(books)
    add(books / "果树.md", name="另一份")
    assert store.remove("教材", encoder).passages == 6
    assert texts(store, encoder) == {"第一章 修剪", "到果园动手修剪果树，每人完成三株。", "讲解冬季剪枝的方法与时机。"}
    store.remove("另一份", encoder)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []
    assert store.manifest.sources == ()


def test_an_unknown_name_is_refused(add: Add, store: ExemplarStore, books: Path, encoder: Encoder) -> None:
    """The error tells the names there are."""
    with pytest.raises(UsageError, match="还没有自己的资料"):
        store.remove("教材", encoder)
    with pytest.raises(UsageError, match="还没有自己的资料"):
        store.rebuild(encoder)
    add(books)
    with pytest.raises(UsageError, match="现有：教材"):
        store.remove("没有", encoder)


KILLED = """
import os, signal, sys
from pathlib import Path
from alignment.exemplars.files import batch_of
from alignment.exemplars.store import ExemplarStore
from index.encoders import load_encoder

folder, books, where = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
store = ExemplarStore(folder)
if where == "index":
    import alignment.exemplars.store as module
    module.write_manifest = die
store.add([batch_of(books)], "", load_encoder(), die if where == "read" else lambda step: None)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills itself")
@pytest.mark.parametrize("where", ["read", "index"])
def test_a_killed_add_harms_nothing_and_is_taken_up(
    where: str, add: Add, store: ExemplarStore, books: Path, encoder: Encoder
) -> None:
    """What was there is there; what was read before the end is not read again."""
    (books.parent / "旧").mkdir()
    (books.parent / "旧" / "烘焙.md").write_text(BAKERY.replace("温度计", "发酵箱"), encoding="utf-8")
    before, _ = add(books.parent / "旧")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(store.folder), str(books), where],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert store.manifest == before
    assert "用发酵箱控制酵母发酵的过程。" in texts(store, encoder)
    manifest, steps = add(books)
    assert [step.known for step in steps] == [True, where == "index"]
    assert [source.name for source in manifest.sources] == ["教材", "旧"]
    assert len(texts(store, encoder)) == 7
    assert len(list(store.folder.glob("*.vectors"))) == len(list(store.folder.glob("*.words"))) == 1


@pytest.mark.parametrize("suffix", ["vectors", "words"])
@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_a_damaged_index_is_named_and_rebuilt(
    suffix: str, harm: str, add: Add, store: ExemplarStore, books: Path, encoder: Encoder
) -> None:
    """Without the files that were added."""
    add(books)
    for file in books.rglob("*.md"):
        file.unlink()
    (path,) = store.folder.glob(f"*.{suffix}")
    path.write_bytes(path.read_bytes()[:-100]) if harm == "cut" else path.unlink()
    with pytest.raises(IndexFormatError, match="corpus rebuild"):
        store.open(encoder)
    manifest = read_manifest(store.folder)
    assert store.rebuild(encoder) == manifest
    assert len(texts(store, encoder)) == 6


def test_another_encoder_needs_a_rebuild(add: Add, store: ExemplarStore, books: Path, encoder: Encoder) -> None:
    """Vectors of two models cannot be compared."""
    add(books)
    other = Counting(encoder, "另一个")
    with pytest.raises(IndexFormatError, match="corpus rebuild"):
        store.open(other)
    store.rebuild(other)
    assert store.manifest.encoder == "另一个"
    assert len(store.open(other)) > 4


def test_a_damaged_record_is_read_again(add: Add, store: ExemplarStore, books: Path, encoder: Encoder) -> None:
    """From the user's file; a rebuild alone says which one."""
    add(books)
    path = next(iter((store.folder / "documents").iterdir()))
    path.write_text("{", encoding="utf-8")
    with pytest.raises(IndexFormatError, match="corpus add"):
        store.rebuild(encoder)
    add(books)
    store.rebuild(encoder)
    assert len(texts(store, encoder)) == 6


def test_a_damaged_manifest_is_said(add: Add, store: ExemplarStore, books: Path) -> None:
    """With what to do."""
    add(books)
    (store.folder / NAME).write_text("{}", encoding="utf-8")
    with pytest.raises(IndexFormatError, match="清单读不出来"):
        _ = store.manifest


def test_two_programs_do_not_write_at_once(add: Add, store: ExemplarStore, books: Path, encoder: Encoder) -> None:
    """The second is told so, and nothing is lost."""
    add(books)
    with writer_lock(store.folder / NAME):
        with pytest.raises(UsageError, match="正在写"):
            add(books / "果树.md", name="另一份")
        with pytest.raises(UsageError, match="正在写"):
            store.remove("教材", encoder)
    assert [source.name for source in store.manifest.sources] == ["教材"]


def test_steps_are_told_as_they_happen(store: ExemplarStore, books: Path, encoder: Encoder) -> None:
    """With how many there are."""
    steps: list[Step] = []
    store.add([batch_of(books), batch_of(books / "果树.md")], "", encoder, steps.append)
    assert [(step.number, step.total) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    assert [step.known for step in steps] == [False, False, True]


class Counting:
    """An encoder that counts what it is asked for, and may go under another name."""

    def __init__(self, encoder: Encoder, fingerprint: str = "") -> None:
        self._encoder, self._fingerprint, self.texts = encoder, fingerprint, 0

    @property
    def dimension(self) -> int:
        """As the encoder behind it."""
        return self._encoder.dimension

    @property
    def fingerprint(self) -> str:
        """Its own name, if it has one."""
        return self._fingerprint or self._encoder.fingerprint

    def encode(self, texts: list[str]) -> Vectors:
        """As the encoder behind it."""
        self.texts += len(texts)
        return self._encoder.encode(texts)
