"""Quality as figures: rules examined over everybody, issues with history, scores over time."""
