"""The audit log: who saw and changed what. Entries are only ever added, and hold no text of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from api.store.models import LogEntry

if TYPE_CHECKING:
    from api.auth.principal import Principal
    from api.store.database import Store


class Keeper(Protocol):
    """Whatever has the store: the service, or the command line."""

    @property
    def store(self) -> Store: ...


def entry(
    principal: Principal,
    action: str,
    object_kind: str = "",
    object_id: str = "",
    department_id: str | None = None,
    address: str = "",
    **detail: Any,
) -> LogEntry:
    """An entry for the transaction that makes the change itself: ``session.add(entry(...))``.

    Parameters
    ----------
    action : what was done, of ``ACTIONS``.
    object_kind, object_id : to what.
    department_id : whose auditors may read it.
    address : where from; the principal's where it is not given.
    detail : names and numbers, never text of documents.
    """
    return LogEntry(
        user_id=principal.id,
        user_name=principal.name,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        department_id=department_id,
        address=address or principal.address,
        detail=detail,
    )


def record(
    keeper: Keeper,
    principal: Principal,
    action: str,
    object_kind: str = "",
    object_id: str = "",
    department_id: str | None = None,
    address: str = "",
    **detail: Any,
) -> None:
    """Add an entry in a transaction of its own; not to be called while another is open. See ``entry``."""
    with keeper.store.begin() as session:
        session.add(entry(principal, action, object_kind, object_id, department_id, address, **detail))
