"""What a running service does beside its jobs: lost ones are found again, and old things deleted daily."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from api.service import Service
from api.services.reconcile import reconcile
from api.services.retention import expire

_LOG = logging.getLogger(__name__)
_DAY = 24 * 3600.0
#: Seconds between two looks for jobs that nobody works on.
_OFTEN = 300.0


@contextmanager
def keep_up(service: Service) -> Iterator[None]:
    """Look after a service in a thread of its own, until the end of the ``with``."""
    over = threading.Event()
    thread = threading.Thread(target=_look_after, args=[service, over], name="upkeep", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _look_after(service: Service, over: threading.Event) -> None:
    cleaned = -_DAY
    while True:
        _attempt("reconcile", lambda: reconcile(service))
        if monotonic() - cleaned >= _DAY:
            cleaned = monotonic()
            _attempt("expire", lambda: expire(service.settings, service.store, service.jobs))
            _attempt("sweep", service.jobs.sweep)
        _attempt("adopt", service.jobs.adopt)
        if over.wait(_OFTEN):
            return


def _attempt(name: str, action: Callable[[], object]) -> None:
    """Do something that may fail without harm to the rest; it is tried again the next time."""
    try:
        action()
    except Exception:
        _LOG.exception("upkeep: %s failed", name)
