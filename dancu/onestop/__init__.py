"""The one-stop desk: one question instead of a paper, the step that succeeded, sealed extracts."""
