"""How often something may be tried in a minute."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from fastapi import Request

from api.auth.principal import Principal
from api.errors import TooManyRequestsError
from api.settings import ServiceSettings

#: Most keys that are remembered; beyond, the one used longest ago is forgotten.
_KEYS = 50_000


class RateLimit:
    """At most so many a minute for each key, over a sliding window.

    Kept in the memory of this process: several processes of the service count each for itself, and a restart counts
    anew.

    Parameters
    ----------
    what : what there were too many of, in Chinese.
    most : so many a minute.
    clock : seconds that only grow.
    """

    def __init__(self, what: str, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.what, self.most, self.clock = what, most, clock
        self._taken: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count one.

        Raises
        ------
        TooManyRequestsError : there were enough in the last minute.
        """
        with self._lock:
            moment = self.clock()
            times = self._taken.setdefault(key, deque())
            self._taken.move_to_end(key)
            while times and times[0] <= moment - 60:
                times.popleft()
            if len(times) >= self.most:
                raise TooManyRequestsError(self.what, seconds=max(1, ceil(times[0] + 60 - moment)))
            times.append(moment)
            if len(self._taken) > _KEYS:
                self._taken.popitem(last=False)

    def give_back(self, key: str) -> None:
        """Take back the last one counted: it was none of those that the limit is for."""
        with self._lock:
            times = self._taken.get(key)
            if times:
                times.pop()


@dataclass(frozen=True)
class Limits:
    """The limits of one application, ``app.state.limits``."""

    sign_ins: RateLimit
    uploads: RateLimit

    @classmethod
    def of(cls, settings: ServiceSettings) -> Limits:
        """As the settings say."""
        return cls(
            RateLimit("登录尝试过于频繁", settings.sign_ins_per_minute),
            RateLimit("上传过于频繁", settings.uploads_per_minute),
        )


def limits_of(request: Request) -> Limits:
    """The limits of the application that serves a request."""
    limits: Limits = request.app.state.limits
    return limits


def count_upload(request: Request, principal: Principal) -> None:
    """Count an upload of a user; nobody is limited on their own machine.

    Raises
    ------
    TooManyRequestsError : there were enough in the last minute.
    """
    if principal.method != "local":
        limits_of(request).uploads.take(principal.id)


def address_key(address: str) -> str:
    """An address as a key: whoever has one IPv6 address has its whole /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network(f"{parsed}/64", strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
