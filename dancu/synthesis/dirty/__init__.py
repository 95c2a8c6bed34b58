"""Specialised files with planted errors, and the truth about them."""
