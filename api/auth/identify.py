"""Who sent a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Request

from api.auth.principal import LOCAL, NotSignedInError, Principal

if TYPE_CHECKING:
    from api.service import Service


def identify(request: Request, service: Service) -> Principal:
    """The user behind a request.

    Raises
    ------
    NotSignedInError : accounts are on, and neither a session cookie nor a token proves who it is.
    """
    if not service.settings.service.auth:
        return LOCAL
    raise NotSignedInError()
