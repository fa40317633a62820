"""What follows when rows were deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.store.database import Store
from api.store.removal import Removed, clear

if TYPE_CHECKING:
    from api.jobs.queue import Jobs


def put_away(store: Store, jobs: Jobs | None, removed: Removed) -> None:
    """Forget the jobs and delete the blobs of what was deleted, when the transaction that did it is committed."""
    if jobs is not None:
        jobs.forget(removed.jobs)
    clear(store, removed.digests)
    store.settle()
