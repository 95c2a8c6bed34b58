"""The feed: changes that an agency may know, at least once and in order per person."""
