"""A ward with streets, alleys and a hamlet, and its officers."""

from __future__ import annotations

from tests.console.conftest import map_loaded  # noqa: F401
