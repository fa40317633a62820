"""Many callers at once: each with a connection of its own, each call timed, each that fails counted."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from time import perf_counter
from typing import Any

_TIMEOUT = 60.0


class Caller:
    """One who calls a service on this machine over one connection, which is kept.

    Parameters
    ----------
    port : of the service.
    tally : where the calls are counted.
    """

    def __init__(self, port: int, tally: Tally) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
        self._tally = tally

    def get(self, path: str) -> bytes:
        """The body of an answer; b"" where the call failed."""
        return self.call("GET", path)

    def call(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
        """The body of an answer; b"" where the call failed."""
        start = perf_counter()
        try:
            status, answer = self._send(method, path, body, headers or {})
        except (OSError, HTTPException) as error:
            self._connection.close()
            self._tally.fail(type(error).__name__)
            return b""
        if status >= 400:
            self._tally.fail(f"{status} {method} {path.partition('?')[0]}")
            return b""
        self._tally.add(perf_counter() - start)
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Send; once more over a new connection where the server has closed the one kept, as it may between calls."""
        kept = self._connection.sock is not None
        try:
            self._connection.request(method, path, body or None, dict(headers))
            answer = self._connection.getresponse()
        except (ConnectionError, HTTPException):
            self._connection.close()
            if not kept:
                raise
            self._connection.request(method, path, body or None, dict(headers))
            answer = self._connection.getresponse()
        return answer.status, answer.read()

    def upload(self, name: str, data: bytes) -> str:
        """Send a document; its id, "" where that failed."""
        head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        content = head + data + b"\r\n--edge--\r\n"
        answer = self.call("POST", "/api/v1/documents", content, {"Content-Type": "multipart/form-data; boundary=edge"})
        return str(json.loads(answer)["id"]) if answer else ""

    def report(self, document: str, wait: int = 0) -> dict[str, Any]:
        """Ask for a report; what is told of it, empty where that failed."""
        headers = {"Content-Type": "application/json", **({"Prefer": f"wait={wait}"} if wait else {})}
        answer = self.call("POST", "/api/v1/reports", json.dumps({"document": document}).encode(), headers)
        found: dict[str, Any] = json.loads(answer) if answer else {}
        return found


@dataclass
class Tally:
    """Seconds of the calls that succeeded, and what the others failed of; for many threads."""

    seconds: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, seconds: float) -> None:
        """Count a success."""
        with self._lock:
            self.seconds.append(seconds)

    def fail(self, what: str) -> None:
        """Count a failure."""
        with self._lock:
            self.failures[what] += 1

    def percentile(self, share: float) -> float:
        """Seconds within which this share of the calls was answered (nearest rank); 0 without calls."""
        ranked = sorted(self.seconds)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0


class Readers:
    """Readers that call one path after the other, at random, thinking between two.

    Parameters
    ----------
    port : of the service.
    paths : what they read.
    number : of readers.
    pause : seconds that a reader thinks on average; half of it at least, three halves at most.
    """

    def __init__(self, port: int, paths: Sequence[str], number: int, pause: float) -> None:
        self.tally = Tally()
        self._over = threading.Event()
        self._pause = pause
        self._threads = [
            threading.Thread(target=self._read, args=(port, paths, Random(index)), daemon=True)
            for index in range(number)
        ]

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _read(self, port: int, paths: Sequence[str], random: Random) -> None:
        caller = Caller(port, self.tally)
        while not self._over.wait(self._pause * random.uniform(0.5, 1.5)):
            caller.get(random.choice(paths))
        caller.close()


def at_once(acts: Sequence[Callable[[], None]]) -> None:
    """Do all of them at the same time, and wait for all."""
    threads = [threading.Thread(target=act, daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
