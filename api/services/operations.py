"""Whether the service is well, and its figures."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from api.service import Service
from api.store.database import Store
from api.store.models import Document, JobState, Report, Result

#: Free bytes below which no upload can be expected to be kept.
LEAST_FREE = 64 << 20
#: Seconds for which the size of the files counts as known.
_SIZE_FOR = 60.0


@dataclass(frozen=True, slots=True)
class Health:
    """What the service needs, and whether it has it."""

    database_kind: str
    database: bool
    jobs: bool
    disk_free: int

    @property
    def ready(self) -> bool:
        """Whether uploads can be taken and worked on."""
        return self.database and self.jobs and self.disk_free >= LEAST_FREE


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of what is kept; ``stages`` as of ``Jobs.seconds``."""

    reports: Mapping[str, int]
    documents: int
    results: int
    result_seconds: float
    blob_bytes: int
    disk_free: int
    stages: Mapping[str, tuple[int, float]]


def health(service: Service) -> Health:
    """Look at everything that the service needs."""
    return Health(
        service.store.dialect, answers(service.store), service.jobs.healthy(), free_space(service.settings.data)
    )


def figures(service: Service) -> Figures:
    """Count."""
    with service.store.read() as session:
        by_state = select(Report.state, func.count().label("number")).group_by(Report.state)
        counts = {row.state: row.number for row in session.execute(by_state)}
        documents = session.scalar(select(func.count()).select_from(Document)) or 0
        results, seconds = session.execute(select(func.count(), func.sum(Result.seconds)).select_from(Result)).one()
    return Figures(
        reports={state: counts.get(state, 0) for state in get_args(JobState)},
        documents=documents,
        results=results,
        result_seconds=seconds or 0.0,
        blob_bytes=_SIZES.of(service.store.blobs.folder),
        disk_free=free_space(service.settings.data),
        stages=service.jobs.seconds,
    )


def answers(store: Store) -> bool:
    """Whether the database answers."""
    try:
        with store.read() as session:
            session.execute(text("SELECT 1"))
    except DBAPIError:
        return False
    return True


def free_space(folder: Path) -> int:
    """Free bytes of the disk that a folder is on, 0 where the folder cannot be reached."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


class _Sizes:
    """Sizes of folders of blobs, looked up again only after a while, for there may be very many files."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[float, int]] = {}

    def of(self, folder: Path) -> int:
        """Bytes of the files in the folders of a folder."""
        since, size = self._known.get(folder, (-_SIZE_FOR, 0))
        if time.monotonic() - since >= _SIZE_FOR:
            size = sum(entry.stat().st_size for part in folder.iterdir() if part.is_dir() for entry in os.scandir(part))
            self._known[folder] = time.monotonic(), size
        return size


_SIZES = _Sizes()
