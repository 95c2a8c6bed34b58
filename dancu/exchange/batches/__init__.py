"""Verifying whole files: reading them, queueing them fairly, and giving each row an answer."""
