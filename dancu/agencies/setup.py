"""Agencies, their offices and sources, before anybody acts for them."""

from __future__ import annotations

from dancu.agencies.models import Agency
from dancu.agencies.services import load_agencies
from dancu.operation.setup_steps import step
from dancu.operation.terminal import Report


@step("agencies.offices", label="Agencies and offices", order=200, is_done=Agency.objects.exists)
def bring_in_agencies(report: Report) -> None:
    """Load what the catalogue declares, and the offices of every commune served."""
    report(1, 1, f"{load_agencies():,}")
