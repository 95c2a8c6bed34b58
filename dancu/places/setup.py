"""The administrative map, before anything that lies on it."""

from __future__ import annotations

from dancu.operation.setup_steps import step
from dancu.operation.terminal import Report
from dancu.places.models import Unit
from dancu.places.services import load_units


@step("places.units", label="Administrative units", order=100, is_done=Unit.objects.exists)
def bring_in_units(report: Report) -> None:
    """Load the maps of both times and the links between them."""
    report(1, 1, f"{load_units():,}")
