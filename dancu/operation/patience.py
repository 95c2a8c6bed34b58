"""How long somebody waits who fails again and again, and how that is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import ngettext

_MINUTE = 60
_MOST_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Patience:
    """``free`` failures cost nothing; each further one doubles the delay, up to ``longest``."""

    free: int
    first: timedelta = timedelta(seconds=10)
    longest: timedelta = timedelta(minutes=15)

    def delay(self, failures: int) -> timedelta:
        """Return how long to wait after so many failures."""
        over = failures - self.free
        if over <= 0:
            return timedelta()
        doublings: int = 2 ** min(over - 1, _MOST_DOUBLINGS)
        return min(self.first * doublings, self.longest)


def wait_words(wait: timedelta) -> str:
    """Return a time to wait in words, rounded up."""
    seconds = max(1, -int(-wait.total_seconds() // 1))
    if seconds < _MINUTE:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    minutes = -(-seconds // _MINUTE)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
