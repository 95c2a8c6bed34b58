"""Who may: actors, and decisions on actions, purposes, attributes and jurisdiction."""
