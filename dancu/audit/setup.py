"""The key that signs the log, before anything is written into it."""

from __future__ import annotations

from dancu.audit.models import SigningKey
from dancu.audit.services import make_key
from dancu.kernel.clock import system_clock
from dancu.operation.setup_steps import step
from dancu.operation.terminal import Report


@step("audit.key", label="Key of the access log", order=50, is_done=SigningKey.objects.exists)
def make_signing_key(report: Report) -> None:
    """Make the key and keep its private half in var/audit."""
    make_key(at=system_clock())
    report(1, 1, "Ed25519")
