"""Whether the log is being sealed, and whether its key is where it must be."""

from __future__ import annotations

import stat

from dancu.audit.errors import AuditError
from dancu.audit.internal import keys
from dancu.audit.queries import last_check
from dancu.audit.state import OLDEST, seal_state
from dancu.kernel.clock import system_clock
from dancu.operation.doctor import Finding, bad, check, good, warning

_WORKER = "look whether the worker runs (`dancu up` starts it), and at var/log/worker.log"


@check("seal", label="Seal of the access log", needs_database=True)
def log_is_sealed() -> Finding:
    """The key is there and private, and the last head is not older than two minutes."""
    try:
        keys.signer()
    except AuditError as error:
        return bad(str(error), error.remedy_text())
    if loose := _readable_by_others():
        return bad(f"others may read {loose}", f"chmod -R go= {keys.folder()}")
    checked = last_check()
    if checked and checked.findings:
        return bad(checked.findings[0], "run `dancu audit verify`, and tell the auditor")
    state, now = seal_state(), system_clock()
    if state.at is None:
        return warning("nothing is sealed yet", _WORKER)
    words = f"{state.size:,} records, last head of {state.at:%Y-%m-%d %H:%M:%S} UTC"
    if state.is_late(now):
        return warning(f"{words}: older than {OLDEST.seconds // 60} minutes", _WORKER)
    return good(words)


def _readable_by_others() -> str:
    paths = sorted(keys.folder().glob("*.pem"))
    return ", ".join(p.name for p in paths if stat.S_IMODE(p.stat().st_mode) & 0o077)
