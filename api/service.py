"""The running service: its settings and the parts that requests and jobs share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alignment.aligner import Aligner
from alignment.finder import StatementFinder
from api.jobs.queue import Jobs
from api.settings import Settings
from api.store.database import Store
from corpora.standard import Standard


@dataclass(frozen=True)
class Service:
    """Built once by ``api.wiring.build_service``; requests reach it through ``api.http.deps``.

    Parameters
    ----------
    settings : as read at the start.
    store : rows and blobs.
    jobs : durable jobs.
    aligner : the aligner, built at the first call.
    standard : a shipped or imported standard by code, read again only when its file has changed; raises
        UnknownStandardError.
    finder : search over the statements of a standard, by code.
    """

    settings: Settings
    store: Store
    jobs: Jobs
    aligner: Callable[[], Aligner]
    standard: Callable[[str], Standard]
    finder: Callable[[str], StatementFinder]

    def close(self) -> None:
        """End the jobs (running ones are taken up at the next start) and let go of the database."""
        self.jobs.close()
        self.store.close()
