"""The weekly bulletin, the evening briefing, targets: frozen figures of how the cleaning goes."""
