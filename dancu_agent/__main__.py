"""``python -m dancu_agent`` is the command ``dancu-agent``."""

from __future__ import annotations

import sys

from dancu_agent.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
