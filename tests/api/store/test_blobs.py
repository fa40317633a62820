"""Blobs: under their digest, whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.store.blobs import BlobError, Blobs

DATA = "网店运营".encode() * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """An empty folder of blobs."""
    return Blobs(tmp_path / "data" / "blobs")


def test_bytes_come_back(blobs: Blobs) -> None:
    """They stand under their digest, in a folder by its first two digits, for the owner only."""
    assert blobs.put(DATA) == DIGEST
    assert blobs.read(DIGEST) == DATA
    assert blobs.holds(DIGEST)
    assert blobs.path(DIGEST) == blobs.folder / DIGEST[:2] / DIGEST
    assert blobs.path(DIGEST).stat().st_mode & 0o077 == 0


def test_the_same_bytes_are_kept_once(blobs: Blobs) -> None:
    """Putting them again writes nothing, and makes them young again."""
    blobs.put(DATA)
    before = blobs.path(DIGEST).stat().st_ino
    os.utime(blobs.path(DIGEST), (1, 1))
    assert blobs.age(DIGEST) > 1e6
    assert blobs.put(DATA) == DIGEST
    assert blobs.path(DIGEST).stat().st_ino == before
    assert blobs.age(DIGEST) < 60
    assert list(blobs.digests()) == [DIGEST]


def test_a_file_is_kept_from_where_it_stands(blobs: Blobs) -> None:
    """Its digest and size come back; nothing is left beside it."""
    file = io.BytesIO(b"head" + DATA)
    file.seek(4)
    assert blobs.put_file(file) == (DIGEST, len(DATA))
    assert blobs.put_file(io.BytesIO(DATA)) == (DIGEST, len(DATA))
    assert [path.name for path in blobs.folder.rglob("*") if path.is_file()] == [DIGEST]


def test_deleted_bytes_are_gone(blobs: Blobs) -> None:
    """Deleting twice does no harm; reading then tells what is missing, in Chinese."""
    blobs.put(DATA)
    blobs.delete(DIGEST)
    blobs.delete(DIGEST)
    assert not blobs.holds(DIGEST)
    assert blobs.age(DIGEST) == 0
    with pytest.raises(BlobError, match="缺少文件"):
        blobs.read(DIGEST)


def test_changed_bytes_are_not_given_out(blobs: Blobs) -> None:
    """A disk that loses a bit is noticed."""
    blobs.put(DATA)
    blobs.path(DIGEST).write_bytes(DATA[:-1] + b"x")
    with pytest.raises(BlobError, match="已损坏"):
        blobs.read(DIGEST)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "0" * 62 + "/x"])
def test_only_digests_become_paths(blobs: Blobs, name: str) -> None:
    """Whatever else is asked for is refused before the disk is touched."""
    for ask in (blobs.path, blobs.read, blobs.holds, blobs.delete):
        with pytest.raises(ValueError, match="no digest"):
            ask(name)


def test_a_write_that_fails_leaves_nothing(blobs: Blobs) -> None:
    """Neither under the digest nor beside it."""

    class Breaking(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        blobs.put_file(Breaking())
    assert [path for path in blobs.folder.rglob("*") if path.is_file()] == []


def test_a_killed_writer_leaves_nothing_half(tmp_path: Path) -> None:
    """A process that is killed in the middle of a write leaves no blob; its remains go when they are old enough."""
    code = (
        "import sys, io\nfrom pathlib import Path\nfrom api.store.blobs import Blobs\n"
        "class Slow(io.RawIOBase):\n"
        "    def read(self, size=-1):\n        print('reading', flush=True)\n        return b'x' * 1000\n"
        "Blobs(Path(sys.argv[1])).put_file(Slow())\n"
    )
    folder = tmp_path / "blobs"
    with subprocess.Popen([sys.executable, "-c", code, folder], stdout=subprocess.PIPE, cwd=_ROOT) as writer:
        assert writer.stdout is not None
        for _ in range(3):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
    blobs = Blobs(folder)
    remains = list(folder.glob("*.part"))
    assert list(blobs.digests()) == []
    assert len(remains) == 1  # perhaps of a writer that is still at work
    os.utime(remains[0], (time.time() - 7200,) * 2)
    Blobs(folder)
    assert list(folder.iterdir()) == []


def test_many_put_the_same_at_once(blobs: Blobs) -> None:
    """All succeed, and there is one file."""
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(blobs.put, [DATA] * 40)) == {DIGEST}
    assert blobs.read(DIGEST) == DATA
    assert len([path for path in blobs.folder.rglob("*") if path.is_file()]) == 1


_ROOT = Path(__file__).resolve().parents[3]
