"""General checks and rounds from door to door: who is visited where, and what was found."""
