"""A process that seals the logs again and again, as the platform's worker does.

Started by ``verify`` as ``python -m dancu.bench.sealing`` and stopped by its process id.
"""

from __future__ import annotations

import os
import sys
import time

#: The worker seals every 30 s; oftener here, so that every window holds its share of the work.
EVERY = 2.0


def main() -> None:
    """Seal until stopped."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.house.settings")
    import django

    django.setup()
    from dancu.audit.services import seal
    from dancu.kernel.clock import system_clock

    seal(at=system_clock.now())
    # The parent waits for a line.
    sys.stdout.write("sealing\n")
    sys.stdout.flush()
    while True:
        time.sleep(EVERY)
        seal(at=system_clock.now())


if __name__ == "__main__":
    main()
