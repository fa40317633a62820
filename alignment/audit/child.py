"""The auditing process: options in, then documents one by one, rows out.

``alignment.audit.engine`` starts it. The first message is the pickled options, answered by the pickled identity or the
error that stands in its way; each further one is a pickled (name, bytes), answered by a pickled ``AuditedDocument``.
"""

from __future__ import annotations

import pickle

from corpora.errors import DuibiaoError
from corpora.processes import Pipes

#: Bytes that one document may take beyond what the process held before it.
_MEMORY = 4 << 30


def main() -> None:
    """Serve documents until the input ends; the auditor is built once."""
    pipes = Pipes()
    from alignment.audit.work import Auditor
    from corpora.parsers.rlimits import forbid_core_dumps, lift, limit_memory

    forbid_core_dumps()
    messages = iter(pipes)
    try:
        auditor = Auditor(pickle.loads(next(messages)))
    except DuibiaoError as error:
        pipes.send(pickle.dumps(error))
        return
    pipes.send(pickle.dumps(auditor.identity))
    for message in messages:
        name, data = pickle.loads(message)
        limit_memory(_MEMORY)
        result = auditor.audit(name, data)
        lift()
        pipes.send(pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
