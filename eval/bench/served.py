"""A service in a process of its own, as ``duibiao serve`` starts it, and how much memory it holds."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

from corpora.errors import DuibiaoError

#: What the command line does, with a data folder of its own and nothing else of this environment's settings.
_ENTRY = (
    "import os, sys\n"
    "for name in [n for n in os.environ if n.startswith('DUIBIAO_')]: del os.environ[name]\n"
    "os.environ['DUIBIAO_DATA'] = sys.argv.pop(1)\n"
    "os.environ['DUIBIAO_UPLOADS_PER_MINUTE'] = '100000'\n"
    "from api.cli import main\n"
    "main()\n"
)
_PATIENCE = 60.0
_EVERY = 0.25
_MIB = 1 << 20


class ServiceDiedError(DuibiaoError):
    """The service that is measured does not start, or ends by itself."""


class Served:
    """A running service on a free port of this machine; ends it when left.

    Parameters
    ----------
    folder : of its data and its log.

    Attributes
    ----------
    port : where it answers on 127.0.0.1.
    memory : bytes that its main process held, at every quarter of a second; empty where the system does not tell.
    """

    def __init__(self, folder: Path) -> None:
        self.port = 0
        self.memory: list[int] = []
        self._log = folder / "service.log"
        self._data = folder / "data"
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Served:
        command = [sys.executable, "-c", _ENTRY, str(self._data), "serve", "--port", "0"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8")
        guard = threading.Timer(_PATIENCE, self._process.kill)
        guard.start()
        try:
            self.port = self._read_port()
        finally:
            guard.cancel()
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def check(self) -> None:
        """Raises ServiceDiedError where the service is no more."""
        if self._process.poll() is not None:
            raise self._died()

    def _read_port(self) -> int:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                return int(found[1])
        self._process.wait()
        self._process.stdout.close()
        raise self._died()

    def _died(self) -> ServiceDiedError:
        last = self._log.read_text("utf-8", "replace").strip().splitlines()[-1:]
        return ServiceDiedError(f"服务没有启动，或自行结束（{''.join(last)[:200]}）")

    def _watch(self) -> None:
        status = Path(f"/proc/{self._process.pid}/status")
        while not self._over.wait(_EVERY):
            try:
                found = re.search(r"^VmRSS:\s+(\d+) kB", status.read_text(), re.MULTILINE)
            except OSError:
                return
            if found:
                self.memory.append(int(found[1]) * 1024)


def mebibytes(size: float) -> float:
    """Bytes in MiB, with one digit."""
    return round(size / _MIB, 1)
