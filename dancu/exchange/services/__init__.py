"""What the exchange answers: verifications and look-ups."""

from dancu.exchange.services.gate import check
from dancu.exchange.services.looking_up import look_up
from dancu.exchange.services.verifying import verify, verify_many

__all__ = ["check", "look_up", "verify", "verify_many"]
