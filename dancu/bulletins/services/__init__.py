"""Making bulletins, and setting targets."""

from dancu.bulletins.services.producing import produce
from dancu.bulletins.services.targets import end_target, set_target

__all__ = ["end_target", "produce", "set_target"]
