"""The exchange's own process: questions that wait are answered together."""
